//! A password that stands in any input never appears in any output.

use crate::common::Project;

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
        (
            "patroni.yml",
            &format!(
                "scope: shop\nname: a\nrestapi:\n  authentication: {{username: x, password: {CANARY}}}\nbootstrap:\n  dcs:\n    postgresql:\n      parameters:\n        port: 5433\n  users:\n    app:\n      password: '{CANARY}'\npostgresql:\n  listen: 0.0.0.0:5432\n  pg_hba:\n    - host all all 0.0.0.0/0 ldap ldapserver=x ldapbindpasswd={CANARY}\n    - host all all 0.0.0.0/0 ldap ldapserver=x ldapbindpasswd {CANARY}\n  authentication:\n    superuser:\n      password: >-\n        {CANARY}\n  parameters:\n    primary_conninfo: host=a password={CANARY}\n    app.jwt_secret: {CANARY}\n    archive_command: PGPASSWORD={CANARY} cp %p /x\netcd:\n  host: a\n  password: \"{CANARY}\"\n  url: http://root:{CANARY}@etcd:2379\n"
            ),
        ),
        (
            "broken/patroni.yml",
            &format!(
                "scope: shop\nname: a\npostgresql:\n  authentication:\n    superuser:\n      password: {CANARY}\n   bad: [\n  password: {CANARY}\n"
            ),
        ),
        ("tls/postgresql.conf", "ssl = on\nssl_cert_file = 'server.key'\nssl_key_file = 'server.key'\nssl_ca_file = 'root.crt'\n"),
        ("tls/server.key", &format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n")),
        ("tls/root.crt", &format!("-----BEGIN CERTIFICATE-----\n{CANARY}\n-----END CERTIFICATE-----\n")),
        (
            "inline/compose.yaml",
            &format!(
                "services:\n  db:\n    image: postgres:16\n    environment:\n      TLS_PEM: \"-----BEGIN RSA PRIVATE KEY-----\\n{CANARY}\"\n    configs:\n      - source: k\n        target: /k\nconfigs:\n  k:\n    content: |\n      -----BEGIN PRIVATE KEY-----\n      {CANARY}\n      {CANARY}: [\n      -----END PRIVATE KEY-----\n  k: {{}}\n"
            ),
        ),
        ("inline/.env", &format!("TLS_PEM=\"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----\"\n")),
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
        runs.push(vec!["lint", "tls/server.key", "tls/postgresql.conf", "--format", format]);
        runs.push(vec!["lint", "tls/server.key", "--as", "postgresql.conf", "--format", format]);
    }
    for format in ["terminal", "json"] {
        runs.push(vec!["show", ".", "--format", format]);
        runs.push(vec!["show", "ok", "--format", format]);
        runs.push(vec!["show", ".", "--setting", "primary_conninfo", "--format", format]);
        runs.push(vec!["show", ".", "--who-can-connect", "--format", format]);
        runs.push(vec!["show", ".", "--sizing", "--memory", "16GB", "--format", format]);
        runs.push(vec!["show", ".", "--target-version", "18", "--format", format]);
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

/// A key that is in order is looked into all the way; no line of it comes out.
#[test]
fn no_output_shows_a_private_key() {
    let project = Project::with(&[("postgresql.conf", "ssl = on\nssl_cert_file = 'good.crt'\nssl_key_file = 'good.key'\n")]);
    project.lay_over("fixtures/tls");
    let key = project.read("good.key");
    let body: Vec<&str> = key.lines().filter(|line| line.len() > 40).collect();
    assert!(body.len() > 20);
    for arguments in [
        &["audit", "."][..],
        &["lint", ".", "--format", "json"],
        &["lint", ".", "--format", "sarif"],
        &["show", ".", "--format", "json"],
        &["lint", "good.key", "postgresql.conf"],
        &["lint", "good.key", "--as", "postgresql.conf"],
    ] {
        let ran = project.run(arguments);
        assert!(body.iter().all(|line| !ran.all().contains(line)), "{arguments:?} shows it");
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
