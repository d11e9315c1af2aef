//! Compose files as articles and tutorials show them: which rules must speak, on which line, and which must not.
//!
//! Each lies in a folder of its own below `fixtures/golden/`; some are fragments, whose other half nobody gave.
//! Lists name what the file was written to show. Whatever else is found is another test's matter.

use crate::common::Project;

/// The folder, what must be found (line, rule), and what must not.
type Golden = (&'static str, &'static [(u64, &'static str)], &'static [&'static str]);

const GOLDEN: &[Golden] = &[
    (
        "01-three-services",
        &[
            (1, "compose-version-key"),
            (4, "compose-no-restart-policy"),
            (5, "compose-latest-tag"),
            (13, "compose-no-restart-policy"),
            (23, "compose-db-no-healthcheck"),
            (23, "compose-no-restart-policy"),
            (23, "compose-no-memory-limit"),
            (23, "compose-no-log-rotation"),
            (24, "compose-latest-tag"),
            (26, "compose-weak-password-literal"),
            // `latest` is 18 or newer, and keeps its data elsewhere.
            (28, "compose-postgres-volume-path-18"),
        ],
        // There is no health check to wait for; a weak literal is told as weak, and the pinned major is another file's.
        &["compose-depends-on-no-condition", "compose-literal-db-password", "compose-db-port-public", "compose-eol-image"],
    ),
    (
        "02-client",
        // Nothing here is a database, or near one.
        &[],
        &["compose-no-restart-policy", "compose-latest-tag", "compose-undefined-reference", "compose-depends-on-missing-service"],
    ),
    ("03-client-variables", &[], &["compose-no-restart-policy", "compose-latest-tag", "compose-eol-image", "compose-undefined-reference"]),
    (
        "04-application",
        &[(9, "compose-credential-in-url")],
        // The services that it names may stand in the other half; the cache has no password to find.
        &["compose-undefined-reference", "compose-depends-on-missing-service", "compose-app-uses-superuser", "compose-no-restart-policy"],
    ),
    (
        "05-whole-stack",
        &[
            (1, "compose-version-key"),
            (17, "compose-app-uses-superuser"),
            (17, "compose-credential-in-url"),
            (27, "compose-eol-image"),
            (30, "compose-literal-db-password"),
            (39, "compose-healthcheck-init-race"),
        ],
        &[
            "compose-seed-sql-with-password",
            "compose-weak-password-literal",
            "compose-latest-tag",
            "compose-db-on-shared-network",
            "compose-depends-on-no-condition",
            "compose-db-port-public",
            "compose-no-restart-policy",
        ],
    ),
    ("06-proxy", &[], &["compose-latest-tag", "compose-undefined-reference", "compose-db-port-public", "compose-no-restart-policy"]),
    ("07-proxy-health", &[], &["compose-no-restart-policy", "compose-latest-tag", "compose-healthcheck-false-positive"]),
    (
        "08-production",
        &[
            (1, "compose-version-key"),
            (22, "compose-credential-in-url"),
            (22, "compose-app-uses-superuser"),
            (39, "compose-no-memory-limit"),
            (40, "compose-eol-image"),
            (43, "compose-weak-password-literal"),
            // initdb before 16 knows no `-c`: the first start breaks.
            (45, "compose-postgres-initdb-args-settings"),
            (60, "compose-no-memory-limit"),
            (62, "compose-password-on-command-line"),
            (62, "compose-weak-password-literal"),
            (69, "compose-healthcheck-unauthenticated"),
            (69, "compose-healthcheck-writes"),
        ],
        &[
            "compose-no-log-rotation",
            "compose-depends-on-no-condition",
            "compose-db-port-public",
            "compose-db-port-published",
            "compose-postgres-volume-path-18",
        ],
    ),
    (
        "09-copies-of-files",
        &[(10, "compose-backup-raw-data-copy"), (11, "compose-backup-raw-data-copy")],
        &["compose-undefined-reference", "compose-dollar-not-escaped", "backup-no-schedule"],
    ),
    (
        "10-database",
        &[
            (3, "compose-eol-image"),
            (6, "compose-literal-db-password"),
            (8, "compose-postgres-initdb-args-settings"),
            (10, "compose-db-port-public"),
        ],
        &[
            "compose-no-log-rotation",
            "compose-weak-password-literal",
            "compose-latest-tag",
            "compose-no-data-volume",
            "compose-db-no-healthcheck",
        ],
    ),
    (
        "11-database-tuned",
        &[(3, "compose-eol-image"), (6, "compose-weak-password-literal"), (9, "compose-postgres-initdb-args-settings")],
        // What the server is told stands in a file that was not given: nothing is said about what it sets.
        &["compose-undefined-reference", "postgresql-shared-buffers-ratio", "postgresql-log-connections-off"],
    ),
    (
        "12-dumps",
        &[(3, "compose-eol-image"), (5, "compose-literal-db-password")],
        &["compose-backup-raw-data-copy", "backup-no-schedule", "compose-undefined-reference"],
    ),
];

/// Severities that the same rule has here and not elsewhere.
const SEVERITIES: &[(&str, &str, &str)] = &[
    ("01-three-services", "compose-weak-password-literal", "critical"),
    ("01-three-services", "compose-postgres-volume-path-18", "critical"),
    ("08-production", "compose-postgres-initdb-args-settings", "critical"),
    ("08-production", "compose-weak-password-literal", "critical"),
    ("09-copies-of-files", "compose-backup-raw-data-copy", "critical"),
    ("10-database", "compose-db-port-public", "high"),
    ("10-database", "compose-eol-image", "high"),
];

/// Line, rule and severity of every finding in the compose file of a folder.
fn found(folder: &str) -> Vec<(u64, String, String)> {
    let ran = Project::copy_of(&format!("fixtures/golden/{folder}")).run(&["lint", ".", "--now", "2026-11-20", "--format", "json"]);
    let report = ran.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (finding["line"].as_u64().unwrap(), text(&finding["rule"]), text(&finding["severity"]))).collect()
}

#[test]
fn what_a_file_shows_is_found_and_nothing_that_it_does_not() {
    let mut wrong = Vec::new();
    for (folder, fires, never) in GOLDEN {
        let found = found(folder);
        let on = |rule: &str| found.iter().filter(|(_, other, _)| other == rule).map(|(line, ..)| *line).collect::<Vec<_>>();
        // A rule that is named is found on exactly the lines that are named.
        for (_, rule) in *fires {
            let expected: Vec<u64> = fires.iter().filter(|(_, other)| other == rule).map(|(line, _)| *line).collect();
            if on(rule) != expected {
                wrong.push(format!("{folder}: {rule} on {:?}, expected on {expected:?}", on(rule)));
            }
        }
        wrong.extend(
            never.iter().filter(|rule| !on(rule).is_empty()).map(|rule| format!("{folder}: {rule} on {:?}, expected nowhere", on(rule))),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_breaks_a_start_or_loses_data_weighs_most() {
    for (folder, rule, severity) in SEVERITIES {
        let found = found(folder);
        let here: Vec<&str> = found.iter().filter(|(_, other, _)| other == rule).map(|(.., severity)| severity.as_str()).collect();
        assert!(!here.is_empty() && here.iter().all(|found| found == severity), "{folder}: {rule} is {here:?}, expected {severity}");
    }
}
