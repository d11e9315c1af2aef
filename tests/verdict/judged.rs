//! Projects that an expert judged by hand, each with the verdict that the expert gave.
//!
//! They are the projects of PostgreSQL and compose. The store and the cache of Redis that such projects often
//! have beside them are left out: gonogo does not evaluate Redis yet, and says so instead of a verdict (the last
//! test).

use crate::common::Project;
use crate::verdict_projects::{TODAY, as_it_is, machine, replace, shop, state, stated_beside, without_statement};
use serde_json::Value;

fn audit(project: &Project) -> Value {
    let ran = project.run(&["audit", ".", "--now", TODAY, "--format", "json"]);
    let report = ran.json();
    let code = match report["verdict"]["decision"].as_str().unwrap() {
        "go" | "go-with-reservations" => 0,
        "not-evaluated" => 3,
        _ => 1,
    };
    assert_eq!(ran.code, code, "{}", report["verdict"]["decision"]);
    report
}

#[track_caller]
fn is(project: &Project, decision: &str) -> Value {
    let report = audit(project);
    assert_eq!(report["verdict"]["decision"], decision, "{:#}\n{:#}", report["verdict"]["blockers"], report["verdict"]["reasons"]);
    report
}

fn field<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Item and kind of every blocker.
fn blockers(report: &Value) -> Vec<(&str, &str)> {
    let list = report["verdict"]["blockers"].as_array().unwrap();
    list.iter().map(|blocker| (field(blocker, "item"), field(blocker, "kind"))).collect()
}

fn criterion<'r>(report: &'r Value, id: &str) -> &'r str {
    let criteria = report["verdict"]["criteria"].as_array().unwrap();
    criteria.iter().find(|criterion| criterion["id"] == id).map_or("", |criterion| field(criterion, "status"))
}

fn item<'r>(report: &'r Value, id: &str) -> &'r Value {
    let pillars = report["instances"][0]["pillars"].as_array().unwrap();
    pillars.iter().flat_map(|pillar| pillar["items"].as_array().unwrap()).find(|item| item["id"] == id).unwrap()
}

const AS_WRITTEN: &str = "compose-production-as-written";

#[test]
fn a_production_compose_as_articles_write_it_is_stopped() {
    let report = is(&as_it_is(AS_WRITTEN), "no-go");
    let blockers = blockers(&report);
    for blocker in [
        // The password is one that everybody guesses; initdb of 14 takes no `-c`; tar copies a running database.
        ("security/authentication", "defect"),
        ("configuration/tested-in-staging", "defect"),
        ("backup/scheduled", "defect"),
        ("backup/restore-tested", "unproven"),
    ] {
        assert!(blockers.contains(&blocker), "{blocker:?} is not in {blockers:?}");
    }
    let failed =
        ["security/supported-version", "security/app-not-superuser", "security/no-secrets-in-files", "configuration/resource-limits"];
    for id in failed {
        assert_eq!(item(&report, id)["status"], "fail", "{id}");
    }
    for id in ["configuration/log-rotation", "configuration/health-check", "configuration/startup-order"] {
        assert_eq!(item(&report, id)["status"], "pass", "{id}");
    }
}

#[test]
fn no_statement_makes_the_production_compose_a_go() {
    let report = is(&stated_beside(AS_WRITTEN), "no-go");
    assert!(blockers(&report).len() >= 3, "{:?}", blockers(&report));
    // That backups are made is stated with evidence, and the files show what they are.
    assert!(field(item(&report, "backup/scheduled"), "reason").contains("says otherwise"));
    let low = stated_beside(AS_WRITTEN);
    replace(&low, "gonogo.toml", "criticality = \"medium\"", "criticality = \"low\"");
    is(&low, "no-go");
}

#[test]
fn the_production_compose_repaired_is_a_go_where_little_depends_on_it() {
    let report = is(&as_it_is("compose-production-repaired"), "go");
    assert_eq!(report["summary"]["critical"].as_u64().unwrap() + report["summary"]["high"].as_u64().unwrap(), 0);
    // Where more depends on it, more is to be shown.
    let project = as_it_is("compose-production-repaired");
    replace(&project, "gonogo.toml", "criticality = \"low\"", "criticality = \"medium\"");
    is(&project, "no-go");
}

#[test]
fn no_repair_may_be_missing() {
    let compose = "docker-compose.yml";
    for (from, to) in [
        ("${ORDERS_APP_PASSWORD:?}", "letmein"),
        ("POSTGRES_PASSWORD_FILE=/run/secrets/orders_owner", "POSTGRES_PASSWORD=letmein"),
        ("POSTGRES_PASSWORD_FILE=/run/secrets/orders_owner", "POSTGRES_HOST_AUTH_METHOD=trust"),
        ("      - db_files:/var/lib/postgresql/data\n", "      - ./db/init.sql:/docker-entrypoint-initdb.d/init.sql:ro\n"),
        ("max_connections=100\"]", "fsync=off\"]"),
        ("command: [\"bash\", \"/backup.sh\"]", "command: [\"tar\", \"-czf\", \"/dumps/db.tgz\", \"/db\"]"),
    ] {
        let project = as_it_is("compose-production-repaired");
        replace(&project, compose, from, to);
        if from.starts_with("command") {
            replace(&project, compose, "      - ./backup/backup.sh:/backup.sh:ro\n", "      - db_files:/db\n");
        }
        let report = audit(&project);
        // A password in a URL is a high finding: it fails its item, and one of seven may miss where little depends on it.
        let high = from.starts_with("${");
        assert!(high || report["verdict"]["decision"] == "no-go", "{to}: {:#}", report["verdict"]["decision"]);
        assert!(!high || item(&report, "security/no-secrets-in-files")["status"] == "fail", "{to}");
    }
}

const HBA_MOUNT: &str = "      - ./db/pg_hba.conf:/etc/postgresql/pg_hba.conf:ro\n";

#[test]
fn authentication_that_is_not_shown_is_no_go() {
    let project = shop();
    replace(&project, "compose.yaml", HBA_MOUNT, "");
    project.remove("db/pg_hba.conf");
    let report = is(&project, "no-go");
    assert_eq!(blockers(&report), [("security/authentication", "unproven")]);
    let shown = item(&report, "security/authentication");
    assert!(field(shown, "reason").contains("pg_hba.conf"), "{shown:#}");
    // Somebody who looked at it may say so.
    state(
        &project,
        "[[evidence]]\nitem = \"security/authentication\"\non = 2026-11-18\nby = \"DBA on call\"\nproof = \"https://wiki.example.com/webshop/access\"\n",
    );
    is(&project, "go");

    let machine = machine();
    machine.remove("db/pg_hba.conf");
    let report = is(&machine, "no-go");
    assert!(blockers(&report).contains(&("security/authentication", "unproven")), "{:?}", blockers(&report));
}

#[test]
fn dumps_on_the_own_disk_alone_are_no_go() {
    let project = shop();
    replace(&project, "backup/backup.sh", "    rclone copy /backups offsite:webshop-backups\n", "");
    without_statement(&project, "item", "backup/off-site");
    let report = is(&project, "no-go");
    assert_eq!(criterion(&report, "backup"), "slightly-below");
    // A plan for the coming days may carry a system whose second copy nobody has shown; it is never a plain GO.
    state(
        &project,
        "[[plan]]\ncriterion = \"backup\"\nowner = \"SRE\"\naction = \"copy the dumps away\"\nsince = 2026-11-20\ndue = 2026-11-27\n",
    );
    // The script shows that nothing carries them away: that has its own plan.
    is(&project, "no-go");
    state(
        &project,
        "[[plan]]\nrule = \"backup-stays-on-machine\"\nowner = \"SRE\"\naction = \"copy the dumps away\"\nsince = 2026-11-20\ndue = 2026-11-27\n",
    );
    is(&project, "go-with-reservations");
    // Once somebody has seen that there is none, no plan helps.
    state(
        &project,
        "[[evidence]]\nitem = \"backup/off-site\"\non = 2026-11-18\nby = \"SRE\"\nresult = \"fail\"\nproof = \"https://wiki.example.com/webshop/no-second-site\"\n",
    );
    let report = is(&project, "no-go");
    assert_eq!(blockers(&report), [("backup/off-site", "defect")]);
}

#[test]
fn a_machine_with_tls_for_everybody_is_a_go() {
    let report = is(&machine(), "go");
    let instance = &report["instances"][0];
    assert_eq!((field(instance, "deployment"), field(instance, "reach")), ("self-managed", "private"));
    assert_eq!(item(&report, "security/tls")["basis"], "verified");
    assert_eq!(item(&report, "security/certificates")["basis"], "attested");
}

#[test]
fn a_machine_that_admits_plain_connections_is_stopped() {
    let plain = machine();
    replace(&plain, "db/pg_hba.conf", "hostssl  orders    orders_app", "host     orders    orders_app");
    assert_eq!(blockers(&is(&plain, "no-go")), [("security/tls", "defect")]);

    // Without TLS the lines that need it match nobody: no client gets in, and none of the lines is in force.
    let off = machine();
    replace(&off, "db/postgresql.conf", "ssl = on\n", "ssl = off\n");
    assert_eq!(blockers(&is(&off, "no-go")), [("security/authentication", "defect")]);

    for (method, kind) in [("trust", "defect"), ("password", "defect"), ("md5", "defect"), ("ident", "defect")] {
        let weak = machine();
        replace(&weak, "db/pg_hba.conf", "10.20.4.0/24    scram-sha-256", &format!("10.20.4.0/24    {method}"));
        assert!(blockers(&is(&weak, "no-go")).contains(&("security/authentication", kind)), "{method}");
    }

    let open = machine();
    replace(&open, "db/postgresql.conf", "'localhost, 10.20.0.5'", "'*'");
    replace(&open, "db/pg_hba.conf", "10.20.4.0/24 ", "0.0.0.0/0    ");
    assert!(blockers(&is(&open, "no-go")).iter().any(|(item, _)| *item == "security/firewall"));

    let untested = machine();
    without_statement(&untested, "item", "backup/restore-tested");
    assert!(blockers(&is(&untested, "no-go")).contains(&("backup/restore-tested", "unproven")));
}

#[test]
fn a_finding_that_another_rule_tells_better_counts_once_and_as_much_as_it_weighs() {
    let project = shop();
    replace(&project, "compose.yaml", "16.14-bookworm", "18.7-bookworm");
    replace(&project, "compose.yaml", "db_data:/var/lib/postgresql/data", "db_data:/var/lib/postgresql");
    is(&project, "go");
    replace(&project, "db/postgresql.conf", "# Statistics\n", "# Statistics\nio_method = async\n");
    let report = is(&project, "no-go");
    assert_eq!(report["verdict"]["blockers"].as_array().unwrap().len(), 1, "{:#}", report["verdict"]["blockers"]);
    // The item of the rule that gave way fails in the words of the other.
    let reason = field(item(&report, "configuration/async-io"), "reason");
    assert!(reason.contains("async"), "{reason}");

    // On a network of containers that any address is admitted weighs little, whatever rule tells it.
    let project = shop();
    let hba = project.read("db/pg_hba.conf") + "host shop reports 0.0.0.0/0 password\n";
    project.write("db/pg_hba.conf", hba.as_bytes());
    let report = is(&project, "no-go");
    assert_eq!(item(&report, "security/network-isolation")["status"], "pass");
}

/// A service beside the database of the repaired project.
fn beside(service: &str) -> Project {
    let project = as_it_is("compose-production-repaired");
    replace(&project, "docker-compose.yml", "  backup:\n    #", &format!("{service}\n  backup:\n    #"));
    project
}

#[test]
fn a_store_that_is_not_read_leaves_the_verdict_open() {
    for (service, name) in [
        ("  cache:\n    image: redis:8.2.1-alpine\n    volumes: ['/srv/cache:/data']\n    restart: always\n", "cache"),
        (
            "  books:\n    image: mcr.microsoft.com/mssql/server:2022-CU14-ubuntu-22.04\n    volumes: ['/srv/books:/var/opt/mssql']\n",
            "books",
        ),
    ] {
        let project = beside(service);
        let report = is(&project, "not-evaluated");
        assert!(report["verdict"]["reasons"].to_string().contains(name), "{:#}", report["verdict"]["reasons"]);
        // Whoever looks at it by other means says so by its name.
        state(&project, &format!("[[target]]\nname = \"{name}\"\n"));
        is(&project, "go");
    }
}

#[test]
fn what_is_included_and_not_given_leaves_the_verdict_open() {
    let project = as_it_is("compose-production-repaired");
    replace(&project, "docker-compose.yml", "services:\n  proxy", "include:\n  - more/compose.yaml\nservices:\n  proxy");
    let ran = project.run(&["audit", ".", "--now", TODAY, "--format", "json"]);
    assert_eq!((ran.code, field(&ran.json()["verdict"], "decision")), (4, "not-evaluated"), "{}", ran.all());
}

/// The rule and the place of every finding from high on.
fn weighty(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let weighty = findings.filter(|finding| matches!(field(finding, "severity"), "high" | "critical"));
    weighty.map(|finding| format!("{} {}", field(finding, "rule"), field(&finding["location"], "path"))).collect()
}

/// A script of the first start of the webshop's server.
fn first_start(name: &str, text: &str) -> Project {
    let project = shop();
    replace(&project, "compose.yaml", HBA_MOUNT, &format!("{HBA_MOUNT}      - ./db/init:/docker-entrypoint-initdb.d:ro\n"));
    project.write(&format!("db/init/{name}"), text.as_bytes());
    project
}

#[test]
fn a_first_start_that_makes_the_role_of_the_application_is_a_go() {
    let script = "#!/bin/bash\nset -euo pipefail\npsql -v ON_ERROR_STOP=1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" <<-EOSQL\n\
                  \tCREATE ROLE shop_app LOGIN PASSWORD '$SHOP_APP_PASSWORD';\n\tGRANT CONNECT ON DATABASE shop TO shop_app;\nEOSQL\n";
    is(&first_start("10-roles.sh", script), "go");
    is(&first_start("10-extensions.sql", "CREATE EXTENSION pg_stat_statements;\nCREATE SCHEMA shop;\n"), "go");
}

#[test]
fn a_first_start_is_read_for_what_it_sets_and_grants() {
    let report = is(&first_start("10.sql", "ALTER SYSTEM SET fsync = off;\n"), "no-go");
    assert!(blockers(&report).contains(&("configuration/durability", "defect")), "{:?}", blockers(&report));
    let report = is(&first_start("10.sh", "psql -c 'ALTER ROLE shop_app SUPERUSER'\n"), "no-go");
    assert_eq!(item(&report, "security/app-not-superuser")["status"], "fail", "{:?}", weighty(&report));
}

#[test]
fn a_first_start_that_is_not_understood_leaves_open_what_it_can_change_and_no_more() {
    let report = is(&first_start("10.sh", "python3 /setup.py\n"), "no-go");
    for id in ["configuration/durability", "security/app-not-superuser"] {
        assert_eq!(item(&report, id)["status"], "unknown", "{id}");
    }
    // Mounts, limits and health checks are what they are.
    for id in ["configuration/persistent-storage", "configuration/resource-limits", "configuration/health-check"] {
        assert_eq!(item(&report, id)["status"], "pass", "{id}");
    }
    assert_eq!(report["instances"].as_array().unwrap().len(), 1);
}

#[test]
fn a_backup_script_is_judged_by_what_it_does() {
    let report = is(&shop(), "go");
    assert_eq!(item(&report, "backup/scheduled")["basis"], "verified");
    for (from, to) in [
        ("pg_dump --format", "pg_dump --schema-only --format"),
        ("    pg_dump --format", "    # pg_dump --format"),
        ("while true", "while false"),
        ("sleep 86400", "sleep 30d"),
        ("set -euo pipefail", "set -u"),
    ] {
        let project = shop();
        replace(&project, "backup/backup.sh", from, to);
        let report = is(&project, "no-go");
        // It is stated all the same, and what is seen counts.
        assert_eq!(blockers(&report), [("backup/scheduled", "defect")], "{to}");
        assert!(field(item(&report, "backup/scheduled"), "reason").contains("says otherwise"), "{to}");
    }
    // What cannot be followed is not verified; who knows it may state it.
    let project = shop();
    replace(
        &project,
        "backup/backup.sh",
        "    pg_dump --format",
        "    if [ -e /backups/wanted ]; then sleep 60; continue; fi\n    pg_dump --format",
    );
    let report = is(&project, "go");
    assert_eq!(item(&report, "backup/scheduled")["basis"], "attested");
    without_statement(&project, "item", "backup/scheduled");
    is(&project, "no-go");
}

#[test]
fn a_runbook_that_says_nothing_is_not_shown() {
    for text in ["TODO\n", "# Restore\n\n## Commands\nTBD\n", "Call the DBA.\n"] {
        let project = shop();
        project.write("docs/runbooks/restore.md", text.as_bytes());
        let report = is(&project, "no-go");
        assert_eq!(criterion(&report, "documentation"), "below", "{text}");
    }
}
