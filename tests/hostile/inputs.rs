//! Bad input: a clear message, the right exit code, and the rest still audited.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use crate::common::{Project, Ran};

const GOOD_CONF: (&str, &str) = ("db/postgresql.conf", "fsync = off\n");

/// The finding on the good file is still there.
#[track_caller]
fn rest_is_audited(ran: &Ran) {
    assert!(ran.rules().contains(&"postgresql-fsync-off".to_owned()), "{}", ran.all());
}

#[track_caller]
fn says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.all().contains(word), "`{word}` is not in:\n{}", ran.all());
    }
}

/// What `inputs` says of a path.
#[track_caller]
fn input(ran: &Ran, path: &str) -> (String, String) {
    let json = ran.json();
    let found = json["inputs"].as_array().unwrap().iter().find(|input| input["path"] == path).cloned();
    let found = found.unwrap_or_else(|| panic!("{path} is not in inputs: {}", json["inputs"]));
    (found["status"].as_str().unwrap().to_owned(), found["reason"].as_str().unwrap_or_default().to_owned())
}

fn lint(project: &Project) -> Ran {
    project.run(&["lint", ".", "--format", "json", "--now", "2026-11-20"])
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    let ran = Project::new().run(&["lint", "--formt", "json"]);
    assert_eq!(ran.code, 2);
    says(&ran, &["--formt", "--format"]);
}

#[test]
fn an_unknown_format_names_those_that_exist() {
    let ran = Project::with(&[GOOD_CONF]).run(&["lint", ".", "--format", "xml"]);
    assert_eq!(ran.code, 2);
    says(&ran, &["xml", "sarif", "json"]);
}

#[test]
fn a_missing_path_leaves_the_audit_incomplete() {
    let ran = Project::with(&[GOOD_CONF]).run(&["lint", "db", "nowhere", "--fail-on", "never", "--format", "json"]);
    assert_eq!(ran.code, 4, "{}", ran.all());
    rest_is_audited(&ran);
    assert_eq!(input(&ran, "nowhere").0, "unreadable");
}

#[test]
fn an_empty_folder_has_nothing_to_audit() {
    assert_eq!(Project::new().run(&["lint", "."]).code, 3);
    assert_eq!(Project::new().run(&["audit", "."]).code, 3);
}

#[test]
fn a_broken_gonogo_toml_is_placed() {
    let project = Project::with(&[GOOD_CONF, ("gonogo.toml", "[release]\ngo_live = 2026-13-02\n")]);
    let ran = project.run(&["audit", "."]);
    assert_eq!(ran.code, 2);
    says(&ran, &["gonogo.toml", "2"]);
    let project = Project::with(&[GOOD_CONF, ("gonogo.toml", "[profile]\ncriticallity = \"low\"\n")]);
    let ran = project.run(&["audit", "."]);
    assert_eq!(ran.code, 2);
    says(&ran, &["gonogo.toml", "criticallity", "criticality"]);
}

#[test]
fn a_broken_rule_file_is_placed() {
    let project = Project::with(&[GOOD_CONF, ("more/postgresql-mine.toml", "id = \"postgresql-mine\"\ntitel = \"x\"\n")]);
    let ran = project.run(&["lint", "db", "--rules", "more"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    says(&ran, &["postgresql-mine.toml", "titel", "title"]);
}

#[test]
fn bytes_that_are_not_utf8_are_read_and_placed() {
    let project = Project::with(&[GOOD_CONF]);
    project.write("latin/postgresql.conf", b"# caf\xe9\nfsync = on\n");
    let ran = lint(&project);
    rest_is_audited(&ran);
    let (status, reason) = input(&ran, "latin/postgresql.conf");
    assert_eq!(status, "parsed", "as its server reads it");
    assert!(reason.contains("line 1: byte 0xE9 is not UTF-8"), "{reason}");
}

#[test]
fn a_file_without_permission_is_listed() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(&[GOOD_CONF, ("locked/postgresql.conf", "fsync = on\n")]);
    let locked = project.path("locked/postgresql.conf");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&locked).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let ran = lint(&project);
    rest_is_audited(&ran);
    assert_eq!(input(&ran, "locked/postgresql.conf").0, "unreadable");
}

#[test]
fn a_file_of_100_mb_is_not_read() {
    let project = Project::with(&[GOOD_CONF]);
    project.write("big/postgresql.conf", b"fsync = on\n");
    fs::OpenOptions::new().write(true).open(project.path("big/postgresql.conf")).unwrap().set_len(100 << 20).unwrap();
    let ran = lint(&project);
    rest_is_audited(&ran);
    let (status, reason) = input(&ran, "big/postgresql.conf");
    assert_eq!(status, "unreadable");
    assert!(reason.contains("104857600"), "{reason}");
}

#[test]
fn a_fifo_is_not_opened() {
    let project = Project::with(&[GOOD_CONF]);
    fs::create_dir(project.path("pipe")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(project.path("pipe/postgresql.conf")).status().unwrap();
    assert!(made.success());
    let ran = lint(&project);
    rest_is_audited(&ran);
    assert!(input(&ran, "pipe/postgresql.conf").1.contains("not a regular file"));
    let ran = project.run(&["lint", "db", "pipe/postgresql.conf", "--format", "json", "--fail-on", "never"]);
    assert_eq!(ran.code, 4);
}

#[test]
fn links_are_not_followed_out_of_the_tree() {
    let outside = Project::with(&[("postgresql.conf", "full_page_writes = off\n")]);
    let project = Project::with(&[GOOD_CONF]);
    fs::create_dir(project.path("linked")).unwrap();
    std::os::unix::fs::symlink(outside.path("postgresql.conf"), project.path("linked/postgresql.conf")).unwrap();
    std::os::unix::fs::symlink("circle", project.path("circle")).unwrap();
    let ran = lint(&project);
    rest_is_audited(&ran);
    assert!(!ran.rules().contains(&"postgresql-full-page-writes-off".to_owned()), "{:?}", ran.rules());
    assert_eq!(input(&ran, "linked/postgresql.conf").0, "unreadable");
}

#[test]
fn a_yaml_bomb_and_deep_nesting_end_soon() {
    let mut bomb = String::from("services:\n  db:\n    image: postgres:16\nx0: &x0 [a, a, a, a, a, a, a, a, a]\n");
    for level in 1..40 {
        let inner = level - 1;
        let aliases = vec![format!("*x{inner}"); 9].join(", ");
        writeln!(bomb, "x{level}: &x{level} [{aliases}]").unwrap();
    }
    let deep = format!("services:\n  db:\n    image: postgres:16\n    command: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let blocks: String = (0..3_000).fold(String::from("services:\n"), |mut text, level| {
        let _ = writeln!(text, "{}a:", " ".repeat(level + 1));
        text
    });
    let project = Project::with(&[GOOD_CONF, ("bomb/compose.yaml", &bomb), ("deep/compose.yaml", &deep), ("blocks/compose.yaml", &blocks)]);
    let start = Instant::now();
    let ran = lint(&project);
    assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
    rest_is_audited(&ran);
    for path in ["deep/compose.yaml", "blocks/compose.yaml"] {
        assert_ne!(input(&ran, path).0, "parsed", "{path}");
    }
}

#[test]
fn an_include_cycle_is_a_finding() {
    let project = Project::with(&[
        ("db/postgresql.conf", "fsync = off\ninclude 'a.conf'\n"),
        ("db/a.conf", "include 'b.conf'\n"),
        ("db/b.conf", "include 'a.conf'\n"),
    ]);
    let ran = lint(&project);
    assert!(ran.rules().iter().any(|rule| rule.starts_with("postgresql-include")), "{:?}", ran.rules());
}

#[test]
fn an_include_that_leads_out_of_the_tree_makes_settings_unknown() {
    let project = Project::with(&[("db/postgresql.conf", "fsync = off\ninclude '/etc/shadow'\n")]);
    let ran = project.run(&["lint", "db", "--format", "json", "--fail-on", "never"]);
    assert_eq!(ran.code, 4, "{}", ran.all());
    let json = ran.json();
    let mut findings = json["findings"].as_array().unwrap().iter();
    let fsync = findings.find(|finding| finding["rule"] == "postgresql-fsync-off").unwrap();
    assert_eq!(fsync["certainty"], "suspected", "the include may set it again: {fsync:#}");
    let unknown = ran.json()["outcomes"].as_array().unwrap().iter().any(|outcome| {
        outcome["rule"] == "postgresql-fsync-off"
            && outcome["status"] == "unknown"
            && outcome["reason"].as_str().unwrap().contains("/etc/shadow")
    });
    assert!(unknown, "{}", ran.json()["outcomes"]);
}

#[test]
fn a_template_is_skipped_by_name() {
    let project = Project::with(&[GOOD_CONF, ("t/pg_hba.conf", "{% for host in hosts %}\nhost all all {{ host }}/32 md5\n{% endfor %}\n")]);
    let ran = lint(&project);
    rest_is_audited(&ran);
    let (status, reason) = input(&ran, "t/pg_hba.conf");
    assert_eq!(status, "skipped");
    assert!(reason.contains("template"), "{reason}");
}

#[test]
fn an_example_is_skipped_until_it_is_named_or_mounted() {
    let project = Project::with(&[GOOD_CONF, ("db/pg_hba.conf.sample", "host all all 0.0.0.0/0 trust\n")]);
    let ran = lint(&project);
    rest_is_audited(&ran);
    let (status, reason) = input(&ran, "db/pg_hba.conf.sample");
    assert_eq!(status, "skipped");
    assert!(reason.contains("which no server reads"), "{reason}");
    let trusts = |ran: &Ran| ran.json()["findings"].to_string().contains("hba-trust-");
    assert!(!trusts(&ran), "{}", ran.out);
    assert!(project.run(&["lint", "db/pg_hba.conf.sample"]).out.contains("hba-trust-"));

    let mount = "services:\n  db:\n    image: postgres:17\n    command: -c hba_file=/etc/hba.conf\n    volumes:\n      - ./db/pg_hba.conf.sample:/etc/hba.conf\n";
    project.write("compose.yaml", mount.as_bytes());
    let ran = lint(&project);
    assert_eq!(input(&ran, "db/pg_hba.conf.sample").0, "parsed");
    assert!(trusts(&ran), "{}", ran.out);
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let project = Project::with(&[("postgresql.conf", "fsync = off # \u{1b}[31mred\u{7}\nnosuch\u{1b}[2J = 1\n")]);
    let ran = project.run(&["lint", "."]);
    assert!(!ran.out.contains("\u{1b}[2J") && !ran.out.contains('\u{7}'), "{:?}", ran.out);
}

#[test]
fn hiding_a_database_keeps_the_verdict_open() {
    let audit = |project: &Project| project.run(&["audit", ".", "--now", "2026-11-20", "--format", "json"]);
    let project = Project::copy_of("fixtures/webshop-ready");
    assert_eq!(audit(&project).json()["verdict"]["decision"], "go");
    project.write("other/postgresql.conf", b"fsync = off\n");
    assert_eq!(audit(&project).json()["verdict"]["decision"], "no-go");
    project.write(".gonogoignore", b"other/\n");
    let ran = audit(&project);
    assert_eq!((ran.code, &ran.json()["verdict"]["decision"]), (4, &"not-evaluated".into()), "{}", ran.all());
    says(&ran, &["hides 1 file", "hidden by .gonogoignore"]);
    assert!(input(&ran, "other/postgresql.conf").1.contains("hidden"), "{}", ran.all());
    // What is no file of a database may be hidden.
    project.write(".gonogoignore", b"docs/notes/\n");
    project.remove("other/postgresql.conf");
    project.write("docs/notes/a.txt", b"x\n");
    assert_eq!(audit(&project).json()["verdict"]["decision"], "go");
}
