//! Which compose files the project is, said with `--compose-file` or in gonogo.toml.

use crate::common::{Project, Ran};

const BASE: &str = "services:\n  db:\n    image: postgres:17.6\n    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/pw}\n    volumes: [data:/var/lib/postgresql/data]\nvolumes: {data: {}}\n";
const FSYNC: &str = "services:\n  db:\n    command: postgres -c fsync=off\n    networks: [nowhere]\n";

/// What Docker Compose reads by itself, an environment beside it, and something else.
fn tree() -> Project {
    Project::with(&[
        (".env", "COMPOSE_FILE=compose.yaml:compose.prod.yaml\n"),
        ("compose.yaml", BASE),
        ("compose.override.yaml", "services:\n  db:\n    ports: [\"5432:5432\"]\n"),
        ("compose.prod.yaml", FSYNC),
        ("other/stack.yml", "services:\n  cache:\n    image: redis:7.2.5\n    privileged: true\n"),
        ("note.txt", "hello\n"),
        ("list.yaml", "- a\n"),
    ])
}

fn lint(project: &Project, arguments: &[&str]) -> Ran {
    project.run(&[&["lint", "--format", "json"], arguments].concat())
}

fn has(ran: &Ran, rule: &str) -> bool {
    ran.rules().iter().any(|known| known == rule)
}

fn skipped(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let inputs = json["inputs"].as_array().unwrap().iter().filter(|input| input["status"] == "skipped");
    inputs.map(|input| input["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_named_files_are_the_project_and_what_docker_compose_would_take_in_their_place_is_not() {
    let project = tree();
    let base = lint(&project, &["--compose-file", "compose.yaml"]);
    assert!(!has(&base, "compose-db-port-public") && !has(&base, "postgresql-fsync-off"), "{}", base.all());
    assert_eq!(skipped(&base), ["compose.override.yaml", "compose.prod.yaml"]);
    let both = lint(&project, &["--compose-file", "compose.yaml", "--compose-file", "compose.prod.yaml"]);
    assert!(has(&both, "postgresql-fsync-off") && !has(&both, "compose-db-port-public"), "{}", both.all());
    assert!(has(&both, "compose-undefined-reference"), "all of the project is known: {}", both.all());
    assert_eq!(skipped(&both), ["compose.override.yaml"]);
    let other = lint(&project, &["--compose-file", "compose.yaml", "--compose-file", "compose.override.yaml"]);
    assert!(has(&other, "compose-db-port-public") && !has(&other, "postgresql-fsync-off"), "{}", other.all());
}

#[test]
fn a_file_in_another_folder_is_judged_nevertheless_and_one_of_any_name_can_be_laid_over() {
    let project = tree();
    project.write("over.txt", b"services:\n  db:\n    ports: [\"5432:5432\"]\n");
    let ran = lint(&project, &["--compose-file", "compose.yaml", "--compose-file", "over.txt"]);
    assert!(has(&ran, "compose-db-port-public"), "{}", ran.all());
    assert!(ran.json()["inputs"].to_string().contains("other/stack.yml"), "{}", ran.all());
    assert!(!skipped(&ran).contains(&"other/stack.yml".to_owned()), "{}", ran.all());
}

#[test]
fn gonogo_toml_names_them_too_and_the_option_wins() {
    let project = tree();
    project.write("gonogo.toml", b"[project]\ncompose_files = [\"compose.yaml\", \"compose.override.yaml\"]\n");
    let stated = lint(&project, &[]);
    assert!(has(&stated, "compose-db-port-public") && !has(&stated, "postgresql-fsync-off"), "{}", stated.all());
    let given = lint(&project, &["--compose-file", "compose.yaml"]);
    assert!(!has(&given, "compose-db-port-public"), "{}", given.all());
    let elsewhere = lint(&project, &["other"]);
    assert!(elsewhere.code != 2 && skipped(&elsewhere).is_empty(), "{}", elsewhere.all());
    for (files, error) in [
        ("\"../compose.yaml\"", "leads out of the project"),
        ("\"/etc/passwd\"", "leads out of the project"),
        ("\"compose.yml\"", "no such file"),
        ("\"other\"", "a directory"),
        ("\"note.txt\"", "not a compose file"),
    ] {
        project.write("gonogo.toml", format!("[project]\ncompose_files = [{files}]\n").as_bytes());
        let ran = lint(&project, &[]);
        assert!(ran.code == 2 && ran.all().contains(error) && ran.all().contains("gonogo.toml:2"), "{files}: {}", ran.all());
    }
}

#[test]
fn what_is_no_compose_file_of_the_tree_is_refused_with_the_reason() {
    let project = tree();
    for (file, error) in [
        ("none.yaml", "no such file"),
        ("other", "a directory"),
        ("note.txt", "not a compose file"),
        ("list.yaml", "not a compose file"),
        ("-", "standard input has no folder"),
    ] {
        let ran = lint(&project, &["--compose-file", file]);
        assert!(ran.code == 2 && ran.all().contains(error), "{file}: {}", ran.all());
    }
    let outside = lint(&project, &["other", "--compose-file", "compose.yaml"]);
    assert!(outside.code == 2 && outside.all().contains("outside the given paths"), "{}", outside.all());
}

/// The ready project with one more key in the service of its database.
fn with_key(key: &str) -> Ran {
    let project = Project::copy_of("fixtures/webshop-ready");
    let image = "    image: postgres:16.14-bookworm\n";
    let compose = project.read("compose.yaml");
    assert!(compose.contains(image));
    project.write("compose.yaml", compose.replace(image, &format!("{image}    {key}\n")).as_bytes());
    project.run(&["audit", "--now", "2026-11-20", "--format", "json"])
}

#[test]
fn a_key_that_changes_nothing_leaves_the_verdict_and_one_that_is_not_taken_in_does_not() {
    let decision = |ran: &Ran| ran.json()["verdict"]["decision"].as_str().unwrap().to_owned();
    for key in ["tty: true", "cpu_shares: 512", "dns_search: example.com", "x-mine: {a: b}", "annotations: {a: b}"] {
        let ran = with_key(key);
        assert_eq!(decision(&ran), "go", "{key}: {}", ran.all());
    }
    for key in [
        "pre_start: [{image: alpine, command: /prepare}]",
        "provider: {type: cloud}",
        "privilegd: true",
        "use_api_socket: true",
        "volumes_from: [backup]",
    ] {
        let ran = with_key(key);
        assert!(!decision(&ran).starts_with("go"), "{key}: {}", ran.all());
    }
    let nested = with_key("ulimits: {nofile: 1024}\n    post_start: [{comand: /x}]");
    assert!(has(&nested, "compose-unknown-key") && nested.all().contains("`command`, which was probably meant"), "{}", nested.all());
}
