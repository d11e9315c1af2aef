//! How much `lint` says about compose files, and how often it says one thing.

use crate::common::{Project, Ran};
use serde_json::Value;

fn lint(files: &[(&str, &str)]) -> Ran {
    Project::with(files).run(&["lint", ".", "--format", "json", "--now", "2026-11-20"])
}

fn findings(ran: &Ran) -> Vec<Value> {
    ran.json()["findings"].as_array().unwrap().clone()
}

/// Rules with their severity.
fn said(ran: &Ran) -> Vec<String> {
    findings(ran).iter().map(|finding| format!("{} {}", finding["severity"].as_str().unwrap(), finding["rule"].as_str().unwrap())).collect()
}

/// A database in a container as it should be, with nothing tuned.
const PLAIN: &str = r#"services:
  db:
    image: postgres:17
    restart: unless-stopped
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1"]
    secrets:
      - db_password
volumes:
  data:
secrets:
  db_password:
    file: /etc/secrets/db_password
"#;

#[test]
fn a_container_on_defaults_is_no_alarm() {
    let ran = lint(&[("compose.yaml", PLAIN)]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let expected = [
        "low compose-no-log-rotation",
        "low compose-no-memory-limit",
        "low compose-no-shm-size",
        "low compose-tag-without-distribution",
        "low postgresql-archive-mode-off",
        "info postgresql-audit-logging-off",
        "low postgresql-idle-in-transaction-timeout",
        "low postgresql-log-connections-off",
        "info postgresql-log-line-prefix",
        "info postgresql-log-lock-waits-off",
        "info postgresql-log-min-duration-off",
        "low postgresql-pg-stat-statements-missing",
    ];
    assert_eq!(said(&ran), expected);
}

#[test]
fn a_decision_weighs_more_than_a_default() {
    let command = "    command:\n      - postgres\n      - -c\n      - log_connections=off\n    volumes:";
    let ran = lint(&[("compose.yaml", &PLAIN.replace("    volumes:", command))]);
    assert!(said(&ran).contains(&"medium postgresql-log-connections-off".to_owned()), "{}", ran.all());
    // The value, not the switch on the line before it.
    let finding = findings(&ran).into_iter().find(|finding| finding["rule"] == "postgresql-log-connections-off").unwrap();
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64(), finding["end_column"].as_u64()), (Some(10), Some(9), Some(28)));
}

#[test]
fn a_project_without_a_database_raises_no_alarm() {
    let web = "services:\n  web:\n    image: nginx\n    privileged: true\nnetworks:\n  edge:\n";
    let ran = lint(&[("compose.yaml", web)]);
    assert_eq!((said(&ran), ran.code), (Vec::<String>::new(), 0));
}

#[test]
fn one_line_is_one_finding() {
    let shared = r"x-env: &env
  DATABASE_URL: postgresql://owner:${DB_PASSWORD}@db/shop
services:
  api:
    build: .
    environment: *env
  mailer:
    build: .
    environment: *env
  worker:
    build: .
    environment: *env
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: owner
volumes:
  data:
";
    let ran = lint(&[("compose.yaml", shared)]);
    let superuser: Vec<Value> = findings(&ran).into_iter().filter(|finding| finding["rule"] == "compose-app-uses-superuser").collect();
    let [only] = superuser.as_slice() else { panic!("{superuser:#?}") };
    assert_eq!((only["line"].as_u64(), only["subject"]["id"].as_str()), (Some(2), Some("api")));
    assert!(only["message"].as_str().unwrap().ends_with("; this line serves mailer and worker too"), "{only}");
    assert_eq!(only["related"][0]["line"], 16);
}

#[test]
fn a_file_that_compose_refuses_has_one_cause() {
    let ran = lint(&[("compose.yaml", "<<<<<<< HEAD\nservices:\n=======\nservices: {}\n>>>>>>> other\n")]);
    assert_eq!(said(&ran), ["critical compose-syntax-error"]);
    assert_eq!(ran.code, 1);
}
