//! Files of TLS, put to gonogo and, where `GONOGO_POSTGRES` names some, to real servers.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use super::helpers::servers::{run, servers};
use crate::common::{Project, Ran};

/// The account that servers run as when the tests run as root.
const SERVER: u32 = 65534;

/// Rules about what stops a server.
const RULES: [&str; 2] = ["postgresql-start-tls-files", "postgresql-tls-key-permissions"];

struct Case {
    name: String,
    settings: String,
    /// Name, fixture, mode, owner.
    files: Vec<(String, String, u32, u32)>,
    answer: String,
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(format!("{}/tests/vectors/postgresql_tls.txt", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let of_line = |line: &str| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let file = |written: &str| {
            let (name, rest) = written.split_once('=').unwrap();
            let parts: Vec<&str> = rest.split(':').collect();
            let owner = match parts.get(2).copied() {
                Some("root") => 0,
                Some("other") => 1234,
                _ => SERVER,
            };
            (name.to_owned(), parts[0].to_owned(), u32::from_str_radix(parts[1], 8).unwrap(), owner)
        };
        let files = parts[2].split_whitespace().map(file).collect();
        Case { name: parts[0].to_owned(), settings: parts[1].to_owned(), files, answer: parts[3].to_owned() }
    };
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(of_line).collect()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

impl Case {
    /// Only root can give files away.
    fn can_be_laid_out(&self) -> bool {
        is_root() || self.files.iter().all(|(_, _, _, owner)| *owner == SERVER)
    }

    fn lay_out(&self, folder: &Path) {
        for (name, fixture, mode, owner) in &self.files {
            let path = folder.join(name);
            fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(fixture), &path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
            if is_root() {
                chown(&path, Some(*owner), Some(SERVER)).unwrap();
            }
        }
    }
}

#[test]
fn gonogo_says_what_the_servers_said() {
    for case in cases().iter().filter(|case| case.can_be_laid_out()) {
        let project = Project::with(&[("PG_VERSION", "17\n"), ("postgresql.conf", &format!("ssl = on\n{}\n", case.settings))]);
        if is_root() {
            chown(project.path("PG_VERSION"), Some(SERVER), Some(SERVER)).unwrap();
        }
        case.lay_out(&project.path(""));
        let ran = project.run(&["lint", ".", "--format", "json", "--now", "2026-11-20"]);
        let fires = ran.rules().iter().any(|rule| RULES.contains(&rule.as_str()));
        assert_eq!(fires, case.answer != "starts", "{}: {}", case.name, ran.out);
        let json = ran.json();
        let mut undecided = json["outcomes"].as_array().unwrap().iter().filter(|outcome| {
            RULES.contains(&outcome["rule"].as_str().unwrap()) && outcome["status"] == "unknown" && case.answer == "starts"
        });
        assert_eq!(undecided.next(), None, "{}", case.name);
    }
}

/// What became of a rule, and its finding's message.
fn outcome(ran: &Ran, rule: &str) -> (String, String) {
    let json = ran.json();
    let outcomes = json["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|outcome| outcome["rule"] == rule).unwrap();
    let finding = json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule).cloned();
    let message = finding.map(|finding| finding["message"].as_str().unwrap().to_owned()).unwrap_or_default();
    (outcome["status"].as_str().unwrap().to_owned(), message)
}

#[test]
fn a_compose_project_is_followed_through_its_mounts() {
    let compose = "services:
  db:
    image: postgres:17
    command: -c ssl=on -c ssl_cert_file=/etc/tls/soon.crt -c ssl_key_file=/run/secrets/key
    volumes: [\"./tls:/etc/tls:ro\"]
    secrets: [key]
secrets:
  key:
    file: ./tls/good.key
";
    let project = Project::with(&[("compose.yaml", compose)]);
    for file in ["soon.crt", "good.key"] {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(file)).unwrap();
        project.write(&format!("tls/{file}"), &bytes);
    }
    fs::set_permissions(project.path("tls/good.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let lint = || project.run(&["lint", ".", "--format", "json", "--now", "2026-11-20"]);
    let ran = lint();
    let (status, message) = outcome(&ran, "postgresql-tls-cert-expiry");
    assert_eq!((status.as_str(), message.contains("tls/soon.crt expires on 2026-12-05")), ("fail", true), "{message}");
    let (_, message) = outcome(&ran, "postgresql-start-tls-files");
    assert!(message.contains("does not belong to the certificate"), "{message}");
    assert!(outcome(&ran, "postgresql-tls-key-permissions").1.contains("mode 0644"));
    let inputs = ran.json()["inputs"].to_string();
    assert!(inputs.contains("tls/soon.crt") && inputs.contains("tls/good.key"), "{inputs}");

    // Of the owner's alone, it depends on who that is to the container.
    fs::set_permissions(project.path("tls/good.key"), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(outcome(&lint(), "postgresql-tls-key-permissions").0, "unknown");
    if is_root() {
        chown(project.path("tls/good.key"), Some(999), None).unwrap();
        assert_eq!(outcome(&lint(), "postgresql-tls-key-permissions").0, "pass");
    }

    // In a working copy of git the mode is whatever the umask made of it.
    fs::create_dir(project.path(".git")).unwrap();
    assert_eq!(outcome(&lint(), "postgresql-tls-key-permissions").0, "unknown");
}

#[test]
fn what_is_not_there_is_missing_only_where_that_was_seen() {
    let conf = "ssl = on\nssl_cert_file = '/etc/tls/server.crt'\nssl_key_file = '/etc/tls/server.key'\n";
    let compose = "services:
  db:
    image: postgres:17
    command: -c config_file=/etc/postgresql.conf
    volumes: [\"./db.conf:/etc/postgresql.conf:ro\", \"./tls:/etc/tls:ro\"]
";
    let project = Project::with(&[("compose.yaml", compose), ("db.conf", conf)]);
    let status = || outcome(&project.run(&["lint", ".", "--format", "json"]), "postgresql-start-tls-files").0;
    assert_eq!(status(), "unknown", "the folder that is mounted was not given");
    project.write("tls/README.md", b"put certificates here\n");
    assert_eq!(status(), "fail");
    std::os::unix::fs::symlink("/nowhere/server.crt", project.path("tls/server.crt")).unwrap();
    std::os::unix::fs::symlink("/nowhere/server.key", project.path("tls/server.key")).unwrap();
    assert_eq!(status(), "unknown", "links may lead somewhere on the machine");
    fs::remove_file(project.path("tls/server.crt")).unwrap();
    fs::remove_file(project.path("tls/server.key")).unwrap();
    fs::create_dir(project.path(".git")).unwrap();
    assert_eq!(status(), "unknown", "keys are seldom in git");
}

#[test]
fn a_certificate_that_is_named_is_looked_into_where_a_setting_names_it() {
    let project = Project::with(&[("postgresql.conf", "ssl = on\nssl_cert_file = '/etc/ssl/certs/soon.crt'\n")]);
    project.lay_over("fixtures/tls");
    let ran = project.run(&["lint", "postgresql.conf", "soon.crt", "--format", "json", "--now", "2026-11-20"]);
    assert_eq!(outcome(&ran, "postgresql-tls-cert-expiry").0, "fail");
    assert_eq!(ran.code, 1, "{}", ran.all());
    // What lies beside the main file belongs to it; elsewhere, it is what is named that is looked for.
    let project = Project::with(&[("postgresql.conf", "ssl = on\nssl_cert_file = '/etc/ssl/certs/soon.crt'\n")]);
    fs::create_dir(project.path("tls")).unwrap();
    project.lay_into("tls", "fixtures/tls");
    let ran = project.run(&["lint", "postgresql.conf", "tls/ca.crt", "--format", "json", "--fail-on", "never"]);
    assert_eq!(ran.code, 4, "{}", ran.all());
    assert!(ran.out.contains("no setting of the given files names it"), "{}", ran.out);
    assert_eq!(outcome(&ran, "postgresql-tls-cert-expiry").0, "unknown");
}

#[test]
fn the_servers_say_it_still() {
    for (major, program) in servers() {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            chown(folder.path(), Some(SERVER), Some(SERVER)).unwrap();
        }
        let data = folder.path().join("data");
        let initdb = Path::new(&program).with_file_name("initdb");
        let (_, complaint, made) =
            run(initdb.to_str().unwrap(), folder.path(), &["-D", data.to_str().unwrap(), "-U", "postgres", "-A", "trust", "-N"]);
        assert!(made, "{complaint}");
        let fresh: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let main = fs::read_to_string(data.join("postgresql.conf")).unwrap();
        for case in cases().iter().filter(|case| case.can_be_laid_out()) {
            for entry in fs::read_dir(&data).unwrap().map(|entry| entry.unwrap()).filter(|entry| !fresh.contains(&entry.file_name())) {
                fs::remove_file(entry.path()).unwrap();
            }
            case.lay_out(&data);
            // A socket in a folder that does not exist ends the server right after TLS was set up.
            let end = "listen_addresses = ''\nunix_socket_directories = '/nonexistent'\nssl = on\n";
            fs::write(data.join("postgresql.conf"), format!("{main}\n{end}{}\n", case.settings)).unwrap();
            let (_, said, _) = run(&program, folder.path(), &["-D", data.to_str().unwrap()]);
            let expected = if case.answer == "starts" { "could not create lock file" } else { case.answer.as_str() };
            assert!(said.contains(expected), "{major}, {}: {said}", case.name);
        }
    }
}
