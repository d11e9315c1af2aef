//! Backups that the machine makes itself, by cron tables and scripts that lie beside the configuration.

use crate::common::{Project, Ran};
use crate::verdict_projects::{TODAY, machine};
use serde_json::Value;

const TABLE: &str = "5 0 * * * root /opt/shop/ops/pg-backup.sh\n";
const HIDES: &str = "#!/bin/bash\nset -e\npg_dumpall -U postgres | gzip > /srv/backup/shop.sql.gz\n\
    find /srv/backup -mtime +7 -delete\necho done\n";
const TELLS: &str = "#!/bin/bash\nset -euo pipefail\npg_dumpall -U postgres | gzip > /srv/backup/shop.part\n\
    mv /srv/backup/shop.part /srv/backup/shop.sql.gz\nfind /srv/backup -mtime +7 -delete\n";

fn with(files: &[(&str, &str)]) -> Project {
    let project = machine();
    files.iter().for_each(|(path, text)| project.write(path, text.as_bytes()));
    project
}

fn decision(project: &Project) -> String {
    let ran = project.run(&["audit", ".", "--now", TODAY, "--format", "json"]);
    ran.json()["verdict"]["decision"].as_str().unwrap().to_owned()
}

/// Rule, path and line of every finding about backups.
fn found(ran: &Ran) -> Vec<String> {
    let findings: Vec<Value> = ran.json()["findings"].as_array().unwrap().clone();
    let of_backups = findings.into_iter().filter(|finding| finding["rule"].as_str().unwrap().starts_with("backup-"));
    let shown = |finding: Value| format!("{} {}:{}", finding["rule"].as_str().unwrap(), finding["path"].as_str().unwrap(), finding["line"]);
    of_backups.map(shown).collect()
}

fn lint(files: &[(&str, &str)]) -> Vec<String> {
    found(&Project::with(files).run(&["lint", ".", "--format", "json", "--now", TODAY, "--fail-on", "never"]))
}

#[test]
fn a_cron_job_that_hides_failures_holds_the_release_back() {
    assert_eq!(decision(&machine()), "go");
    assert_eq!(decision(&with(&[("ops/crontab", TABLE), ("ops/pg-backup.sh", HIDES)])), "no-go");
    assert_eq!(decision(&with(&[("ops/crontab", TABLE), ("ops/pg-backup.sh", TELLS)])), "go");
}

#[test]
fn the_finding_is_on_the_line_of_the_script() {
    let hidden = "backup-failure-hidden ops/pg-backup.sh:3";
    assert_eq!(lint(&[("ops/crontab", TABLE), ("ops/pg-backup.sh", HIDES)]), [hidden]);
    // Alone, its name says that it is a backup; nothing is said of who runs it.
    assert_eq!(lint(&[("ops/pg-backup.sh", HIDES)]), [hidden]);
    assert_eq!(lint(&[("ops/pg-backup.sh", TELLS)]), [""; 0]);
}

#[test]
fn a_dump_that_is_on_its_way_elsewhere_is_no_backup() {
    let pull = "#!/bin/bash\nssh shop pg_dump shop | psql shop_test\necho done\n";
    assert_eq!(lint(&[("bin/pull-database.sh", pull)]), [""; 0]);
}

#[test]
fn a_script_that_a_container_runs_is_judged_there() {
    let compose = "services:\n  backup:\n    image: postgres:17.2\n    command: bash /ops/pg-backup.sh\n    volumes: ['./ops:/ops:ro', 'dumps:/srv/backup']\n  \
        db:\n    image: postgres:17.2\n    volumes: ['data:/var/lib/postgresql/data']\nvolumes: {data: {}, dumps: {}}\n";
    let found = lint(&[("compose.yaml", compose), ("ops/pg-backup.sh", HIDES)]);
    assert_eq!(found.iter().filter(|found| found.starts_with("backup-failure-hidden")).count(), 1, "{found:?}");
}
