//! What is suspected and what is undecided: how it is said, what it does to the exit code, and what hides it.

use serde_json::Value;

use crate::common::{Project, Ran};

/// A server whose last word stands in a file that was not given.
const IN_DOUBT: &str = "fsync = off\ninclude '/etc/site/last.conf'\n";

fn lint(project: &Project, more: &[&str]) -> Ran {
    project.run(&[&["lint", ".", "--now", "2026-11-20", "--engine-version", "17"], more].concat())
}

fn suspicion<'j>(json: &'j Value, rule: &str) -> &'j Value {
    let mut findings = json["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["rule"] == rule && finding["certainty"] == "suspected").unwrap_or_else(|| panic!("{json:#}"))
}

#[test]
fn what_a_later_file_may_set_again_is_said_with_what_it_depends_on() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    let ran = lint(&project, &[]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    for part in ["suspected high: `fsync` is off", "if what was not read does not change this", "checks could not be decided:"] {
        assert!(ran.out.replace("\n  ", " ").contains(part), "{part}: {}", ran.out);
    }
    let json = lint(&project, &["--format", "json"]).json();
    let fsync = suspicion(&json, "postgresql-fsync-off");
    assert_eq!((&fsync["severity"], &fsync["line"]), (&"high".into(), &1.into()));
    assert!(fsync["depends_on"][0].as_str().unwrap().contains("/etc/site/last.conf"), "{fsync:#}");
    let (suspected, undecided) = (json["summary"]["suspected"].as_u64().unwrap(), json["summary"]["undecided"].as_u64().unwrap());
    let causes = json["undecided"].as_array().unwrap();
    assert!(suspected >= 1 && undecided > suspected);
    assert_eq!(causes.iter().map(|cause| cause["count"].as_u64().unwrap()).sum::<u64>(), undecided);
    let unknown = json["outcomes"].as_array().unwrap().iter().filter(|outcome| outcome["status"] == "unknown").count();
    assert_eq!(u64::try_from(unknown).unwrap(), undecided);
}

#[test]
fn the_exit_code_hears_weighty_suspicions_unless_it_is_told_otherwise() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    // 4: the file that it includes was not given.
    let mild = Project::with(&[("postgresql.conf", "listen_addresses = '10.0.0.5'\nssl = off\n")]);
    for (project, options, code) in [
        (&project, &[][..], 1),
        (&project, &["--certain"], 4),
        (&project, &["--fail-on-suspected", "never"], 4),
        (&project, &["--fail-on-suspected", "critical"], 4),
        (&project, &["--fail-on", "never"], 4),
        (&project, &["--fail-on", "critical"], 4),
        (&mild, &["--fail-on-suspected", "medium"], 1),
        (&mild, &["--select", "postgresql-tls-off", "--strict"], 0),
        (&mild, &["--select", "postgresql-tls-off"], 0),
        (&mild, &["--select", "postgresql-tls-off", "--fail-on-suspected", "medium"], 1),
    ] {
        let ran = lint(project, options);
        assert_eq!(ran.code, code, "{options:?}: {}", ran.all());
    }
    let named = mild.run(&["lint", "postgresql.conf", "--now", "2026-11-20", "--ignore", "postgresql", "--strict"]);
    assert_eq!(named.code, 4, "{}", named.all());
    assert!(named.err.contains("--strict: checks of severity high or critical could not be decided"), "{}", named.all());
}

#[test]
fn what_is_certain_alone_is_shown_without_suspicions_and_still_counts_what_is_undecided() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    let json = lint(&project, &["--certain", "--format", "json"]).json();
    assert!(json["findings"].as_array().unwrap().iter().all(|finding| finding["certainty"] == "certain"), "{json:#}");
    assert_eq!(json["summary"]["suspected"], 0);
    assert!(json["summary"]["undecided"].as_u64().unwrap() > 0);
}

#[test]
fn a_fingerprint_knows_nothing_of_certainty_and_a_baseline_holds_suspicions() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    let fingerprint = |project: &Project| {
        let json = lint(project, &["--format", "json"]).json();
        let mut findings = json["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["rule"] == "postgresql-fsync-off").unwrap()["fingerprint"].clone()
    };
    assert_eq!(fingerprint(&project), fingerprint(&Project::with(&[("postgresql.conf", "fsync = off\n")])));
    lint(&project, &["--certain", "--write-baseline", "known.json"]);
    assert!(project.read("known.json").contains("postgresql-fsync-off"));
    let again = lint(&project, &["--baseline", "known.json"]);
    assert_eq!(again.code, 4, "{}", again.all());
}

#[test]
fn a_comment_hides_a_suspicion_and_accepting_it_proves_nothing() {
    let commented = "fsync = off # gonogo: ignore[postgresql-fsync-off] set by the site\ninclude '/etc/site/last.conf'\n";
    let ran = lint(&Project::with(&[("postgresql.conf", commented)]), &[]);
    assert_eq!(ran.code, 4, "{}", ran.all());
    let accept = "[[accept]]\nrule = \"postgresql-fsync-off\"\npath = \"postgresql.conf\"\nowner = \"DBA\"\nuntil = 2026-12-20\nreason = \"set by the site\"\n";
    let project = Project::with(&[("postgresql.conf", IN_DOUBT), ("gonogo.toml", accept)]);
    let json = project.run(&["audit", ".", "--now", "2026-11-20", "--engine-version", "17", "--format", "json"]).json();
    assert_eq!(suspicion(&json, "postgresql-fsync-off")["suppressed"]["kind"], "accepted");
    let mut outcomes = json["outcomes"].as_array().unwrap().iter();
    assert_eq!(outcomes.find(|outcome| outcome["rule"] == "postgresql-fsync-off").unwrap()["status"], "unknown");
}

#[test]
fn a_suspicion_is_no_defect_in_the_verdict() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    let json = project.run(&["audit", ".", "--now", "2026-11-20", "--engine-version", "17", "--format", "json"]).json();
    suspicion(&json, "postgresql-fsync-off");
    let defects = json["verdict"]["blockers"].as_array().unwrap().iter().filter(|blocker| blocker["kind"] == "defect");
    assert_eq!(defects.count(), 0, "{:#}", json["verdict"]);
}

#[test]
fn code_scanning_sees_a_result_with_its_certainty_and_a_notification_for_each_cause() {
    let project = Project::with(&[("postgresql.conf", IN_DOUBT)]);
    let sarif = lint(&project, &["--format", "sarif"]).json();
    let run = &sarif["runs"][0];
    let mut results = run["results"].as_array().unwrap().iter();
    let fsync = results.find(|result| result["ruleId"] == "postgresql-fsync-off").unwrap();
    assert_eq!((&fsync["kind"], &fsync["level"]), (&"fail".into(), &"error".into()));
    assert_eq!(fsync["properties"]["certainty"], "suspected");
    let mut notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().iter();
    assert!(notifications.any(|notification| notification["descriptor"]["id"] == "undecided"), "{:#}", run["invocations"]);
}

#[test]
fn nothing_found_stands_alone_where_everything_was_decided() {
    let project = Project::with(&[("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")]);
    let ran = lint(&project, &[]);
    assert!(!ran.out.contains("could not be decided") || ran.out.contains("check"), "{}", ran.out);
    let alone = lint(&Project::with(&[("postgresql.conf", "port = 5432\n")]), &["--min-severity", "critical"]);
    assert!(alone.out.contains("could not be decided"), "{}", alone.out);
}

#[test]
fn a_suspicion_is_about_the_server_that_the_report_names() {
    let files = ["a", "b"].map(|place| (format!("{place}/etc/postgresql/17/main/postgresql.conf"), IN_DOUBT));
    let project = Project::with(&files.each_ref().map(|(path, text)| (path.as_str(), *text)));
    let json = lint(&project, &["--format", "json"]).json();
    let of_json = |list: &str| json[list].as_array().unwrap().clone();
    let known: Vec<Value> = of_json("instances").iter().map(|instance| instance["id"].clone()).collect();
    assert_eq!(known.len(), 2, "{json:#}");
    let suspected: Vec<Value> = of_json("findings").into_iter().filter(|finding| finding["certainty"] == "suspected").collect();
    assert!(!suspected.is_empty(), "{json:#}");
    for finding in suspected {
        let named = finding["instances"].as_array().unwrap();
        assert!(named.iter().all(|id| known.contains(id)), "{known:?}: {finding:#}");
    }
}
