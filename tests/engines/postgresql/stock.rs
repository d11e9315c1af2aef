//! What gonogo says of a cluster as `initdb` leaves it, for each release where `GONOGO_POSTGRES` names the programs.
//!
//! The snapshots say which rules find something: each finding was read and is true of the files. With `trust`, initdb's own
//! default, there are findings about that; with `scram-sha-256` there must be none that is critical or high.

use std::collections::BTreeSet;

use super::helpers::instance::Cluster;
use super::helpers::servers::servers;
use crate::common::Project;

/// A day on which every one of these releases was maintained.
const NOW: &str = "2025-06-01";

/// The three files of a fresh cluster, with its `PG_VERSION`.
fn stock(major: u32, program: &str, arguments: &[&str]) -> Project {
    let cluster = Cluster::create(major, program, arguments);
    let project = Project::new();
    for name in ["postgresql.conf", "pg_hba.conf", "pg_ident.conf", "PG_VERSION"] {
        project.write(&format!("data/{name}"), &std::fs::read(cluster.data().join(name)).unwrap());
    }
    project
}

/// `severity rule` of every rule with a finding.
fn findings(project: &Project) -> BTreeSet<String> {
    let ran = project.run(&["lint", "data", "--format", "json", "--fail-on", "never", "--now", NOW]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let json = ran.json();
    let finding = |finding: &serde_json::Value| format!("{} {}", finding["severity"].as_str().unwrap(), finding["rule"].as_str().unwrap());
    json["findings"].as_array().unwrap().iter().map(finding).collect()
}

#[test]
fn a_fresh_cluster_has_the_findings_that_are_true_of_it() {
    let password = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(password.path(), "not-a-secret\n").unwrap();
    // Read by the user that owns the cluster.
    std::fs::set_permissions(password.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let file = format!("--pwfile={}", password.path().display());
    for (major, program) in servers() {
        let mut shown = String::new();
        for (kind, arguments) in [("trust", vec!["--auth=trust"]), ("scram-sha-256", vec!["--auth=scram-sha-256", &file])] {
            let found = findings(&stock(major, &program, &arguments));
            let grave = found.iter().any(|finding| finding.starts_with("critical") || finding.starts_with("high"));
            assert!(!grave || kind == "trust", "{found:?}");
            shown += &format!("initdb --auth={kind}\n");
            found.iter().for_each(|finding| shown += &format!("  {finding}\n"));
        }
        insta::assert_snapshot!(format!("stock_{major}"), shown);
    }
}
