//! A password that stands in any input never appears in any output.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod common;

use common::Project;

const CANARY: &str = "Kanarie9vogel";

/// Inputs in which a password stands everywhere that one can stand, well-formed and broken.
fn project() -> Project {
    let compose = format!(
        "services:
  db:
    image: postgres:16
    command: postgres -c primary_conninfo='host=a password={CANARY}'
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: {CANARY}
      PGPASSWORD: \"{CANARY}\"
    healthcheck:
      test: [\"CMD-SHELL\", \"PGPASSWORD={CANARY} psql -h localhost -c 'select 1'\"]
  cache:
    image: redis:7
    command: redis-server --requirepass {CANARY}
    healthcheck:
      test: redis-cli -a {CANARY} ping
  api:
    image: api:1
    environment:
      - DATABASE_URL=postgres://shop:{CANARY}@db:5432/shop
      - API_TOKEN={CANARY}
      - FALLBACK_PASSWORD=${{NOWHERE:-{CANARY}}}
    command: [\"api\", \"--db\", \"postgres://shop:{CANARY}@db/shop\"]
  unknown:
    image: api:1
    enviroment:
      DB_PASSWORD: {CANARY}
    ports: [\"5432:5432\"]
"
    );
    Project::with(&[
        ("compose.yaml", &compose),
        (".env", &format!("DB_PASSWORD={CANARY}\nexport SECRET_KEY='{CANARY}'\nBROKEN PASSWORD {CANARY}\nURL=redis://:{CANARY}@cache\n")),
        (
            "db/postgresql.conf",
            &format!(
                "primary_conninfo = 'host=10.0.0.1 user=r password={CANARY}'\nssl_passphrase_command = 'echo {CANARY}'\narchive_command = 'PGPASSWORD={CANARY} cp %p /x'\nprimary_conninfo = host=a password={CANARY}\nnosuch_password = '{CANARY}'\n"
            ),
        ),
        ("ok/postgresql.conf", &format!("primary_conninfo = 'host=10.0.0.1 user=r password={CANARY}'\nfsync = off\n")),
        (
            "db/pg_hba.conf",
            &format!(
                "host all all 10.0.0.0/8 ldap ldapserver=x ldapprefix=\"cn=\" ldapbindpasswd={CANARY}\nhost all all 10.0.0.0/8 radius radiusservers=a radiussecrets={CANARY}\nhost all all 10.0.0.0/8 trust password={CANARY}\nhost all all 10.0.0.0/8 ldap ldapbindpasswd {CANARY}\n"
            ),
        ),
        (
            "broken/compose.yaml",
            &format!("services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: {CANARY}\n   bad: [\n"),
        ),
        ("gonogo.toml", &format!("[[target]]\nname = \"db\"\nurl = \"postgres://auditor:{CANARY}@db.internal/shop\"\npaths = [\"db\"]\n")),
    ])
}

#[test]
fn no_output_shows_a_password() {
    let project = project();
    let formats = ["terminal", "json", "sarif", "markdown", "junit", "gitlab", "github"];
    let mut runs: Vec<Vec<&str>> = Vec::new();
    for format in formats {
        runs.push(vec!["audit", ".", "--format", format]);
        runs.push(vec!["lint", ".", "--format", format, "--no-ignores"]);
        runs.push(vec!["lint", "compose.yaml", ".env", "broken/compose.yaml", "--format", format]);
    }
    for format in ["terminal", "json"] {
        runs.push(vec!["show", ".", "--format", format]);
        runs.push(vec!["show", "ok", "--format", format]);
        runs.push(vec!["show", ".", "--setting", "primary_conninfo", "--format", format]);
        runs.push(vec!["show", ".", "--who-can-connect", "--format", format]);
    }
    runs.push(vec!["init", ".", "--output", "-"]);
    runs.push(vec!["fix", ".", "--unsafe"]);
    runs.push(vec!["fix", "--unsafe", "ok/postgresql.conf", "compose.yaml"]);
    runs.push(vec!["fix", ".", "--unsafe", "--apply"]);
    for arguments in runs {
        let ran = project.run(&arguments);
        assert!(ran.code >= 0, "{arguments:?} was ended by a signal");
        assert!(!ran.err.contains("panicked"), "{arguments:?}: {}", ran.err);
        assert!(!ran.all().contains(CANARY), "{arguments:?} shows it:\n{}", line_with(&ran.all()));
    }
}

#[test]
fn errors_in_gonogo_toml_show_no_password() {
    for broken in [
        format!("[[target]]\nname = \"db\"\nurl = \"postgres://a:{CANARY}@db\n"),
        format!("[[target]]\nname = \"db\"\nurll = \"postgres://a:{CANARY}@db\"\n"),
        format!("[[target]]\nname = 5 # postgres://a:{CANARY}@db\n"),
        format!("[[evidence]]\nproof = \"https://u:{CANARY}@wiki/x\"\n"),
    ] {
        let project = Project::with(&[("postgresql.conf", "fsync = on\n"), ("gonogo.toml", &broken)]);
        let ran = project.run(&["audit", "."]);
        assert_eq!(ran.code, 2, "{broken}: {}", ran.all());
        assert!(!ran.all().contains(CANARY), "{}", ran.all());
    }
}

#[test]
fn a_password_on_our_own_command_line_is_not_echoed() {
    let project = Project::with(&[("postgresql.conf", "fsync = on\n")]);
    let ran = project.run(&["audit", ".", &format!("--nosuch=postgres://a:{CANARY}@db")]);
    assert_eq!(ran.code, 2);
    assert!(!ran.all().contains(CANARY), "{}", ran.all());
}

fn line_with(text: &str) -> String {
    text.lines().filter(|line| line.contains(CANARY)).take(5).collect::<Vec<_>>().join("\n")
}
