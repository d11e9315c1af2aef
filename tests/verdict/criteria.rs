//! The criteria that are no ratios: what is met, what is slightly below, what is below.

use gonogo::config::{Criticality, Size};
use gonogo::model::{Engine, Purpose, Reach, Severity};
use gonogo::verdict::scorecard::CriterionStatus::{self, Below, Met, NotApplicable, SlightlyBelow};

use crate::project::{Project, reach, unknown};

fn status(project: &Project, criterion: &str) -> CriterionStatus {
    let shown = project.criterion(criterion);
    assert!(!shown.explanation.is_empty() && !shown.value.is_empty());
    shown.status
}

#[test]
fn a_restore_is_fresh_for_31_days_and_slightly_old_for_92() {
    for (on, medium, low) in [
        ("2026-10-20", Met, Met),
        ("2026-10-19", SlightlyBelow, Met),
        ("2026-08-20", SlightlyBelow, Met),
        ("2026-08-19", Below, Met),
        ("2026-05-20", Below, Met),
        ("2026-05-19", Below, Below),
    ] {
        let mut project = Project::ready();
        project.attest("backup/restore-tested", on, "duration = \"38m\"");
        assert_eq!(status(&project, "backup"), medium, "{on}");
        project.options.criticality = Some(Criticality::Low);
        assert_eq!(status(&project, "backup"), low, "{on} in profile low");
    }
}

#[test]
fn backup_allows_exactly_one_slight_lack() {
    let backup = |spoil: &dyn Fn(&mut Project)| {
        let mut project = Project::ready();
        spoil(&mut project);
        status(&project, "backup")
    };
    let restore = |on: &'static str, more: &'static str| move |project: &mut Project| project.attest("backup/restore-tested", on, more);
    assert_eq!(backup(&restore("2026-11-02", "")), SlightlyBelow, "untimed");
    assert_eq!(backup(&restore("2026-11-02", "duration = \"3h\"")), SlightlyBelow, "over rto");
    assert_eq!(backup(&restore("2026-10-01", "")), Below, "old and untimed");
    for item in ["backup/retention", "backup/off-site", "backup/access-controlled"] {
        assert_eq!(backup(&|project| project.forget(item)), SlightlyBelow, "{item} not shown");
        assert_eq!(backup(&|project| project.attest(item, "2026-11-01", "result = \"fail\"")), Below, "{item} fails");
    }
    let two = |project: &mut Project| {
        project.forget("backup/retention");
        project.forget("backup/off-site");
    };
    assert_eq!(backup(&two), Below);
    assert_eq!(backup(&|project| project.say("backup-no-schedule", unknown("no job was found"))), Met, "the evidence remains");
    assert_eq!(backup(&|project| project.forget("backup/scheduled")), Below, "nothing tells the interval");
}

#[test]
fn the_interval_is_held_against_the_rpo() {
    let backup = |rpo: &str, interval: &str, point_in_time: bool| {
        let mut project = Project::ready();
        project.state("objectives", &format!("[objectives]\n{rpo}"));
        project.attest("backup/scheduled", "2026-11-02", &format!("interval = \"{interval}\""));
        if !point_in_time {
            project.forget("backup/point-in-time");
        }
        status(&project, "backup")
    };
    assert_eq!(backup("", "24h", false), Met, "a day is the default");
    assert_eq!(backup("", "25h", false), Below);
    assert_eq!(backup("rpo = \"1h\"", "24h", false), Below);
    assert_eq!(backup("rpo = \"1h\"", "24h", true), Met);
}

#[test]
fn monitoring_wants_every_alert_and_a_test() {
    let monitoring = |spoil: &dyn Fn(&mut Project)| {
        let mut project = Project::ready();
        spoil(&mut project);
        status(&project, "monitoring")
    };
    assert_eq!(monitoring(&|project| project.forget("alert xid-wraparound")), SlightlyBelow);
    for essential in ["instance-down", "backup-failed-or-old", "storage-nearly-full"] {
        assert_eq!(monitoring(&|project| project.forget(&format!("alert {essential}"))), Below, "{essential}");
    }
    let unrouted = |project: &mut Project| {
        let block = project.stated["alert xid-wraparound"].replace("receiver = \"pagerduty:db\"", "");
        project.state("alert xid-wraparound", &block);
    };
    assert_eq!(monitoring(&unrouted), SlightlyBelow);
    let two = |project: &mut Project| {
        project.forget("alert xid-wraparound");
        project.forget("alert connections-saturated");
    };
    assert_eq!(monitoring(&two), Below);
    // The 20th of August is 92 days ago. A test of all alerts together serves for each.
    let tested = |on: &'static str, together: Option<&'static str>| {
        move |project: &mut Project| {
            project.state_alert("xid-wraparound", on);
            if let Some(day) = together {
                project.attest("monitoring/alert-test", day, "");
            }
        }
    };
    assert_eq!(monitoring(&tested("2026-08-20", None)), Met);
    assert_eq!(monitoring(&tested("2026-08-19", None)), SlightlyBelow);
    assert_eq!(monitoring(&tested("2026-08-19", Some("2026-08-20"))), Met);
    assert_eq!(monitoring(&tested("2026-08-19", Some("2026-08-19"))), SlightlyBelow);
}

#[test]
fn documentation_wants_every_runbook() {
    let documentation = |spoil: &dyn Fn(&mut Project)| {
        let mut project = Project::ready();
        spoil(&mut project);
        status(&project, "documentation")
    };
    assert_eq!(documentation(&|project| project.forget("runbook storage-full")), SlightlyBelow);
    assert_eq!(documentation(&|project| project.forget("runbook restore")), Below);
    assert_eq!(documentation(&|project| project.state_runbook("storage-full", "2026-05-24")), Met, "180 days");
    assert_eq!(documentation(&|project| project.state_runbook("storage-full", "2026-05-23")), SlightlyBelow, "181 days");
    let small = |project: &mut Project| {
        project.options.size = Some(Size::Startup);
        for runbook in ["connections-saturated", "credentials-rotation", "wraparound-or-bloat"] {
            project.forget(&format!("runbook {runbook}"));
        }
    };
    assert_eq!(documentation(&small), Met);
    let replicated = |project: &mut Project| project.instances[0].group = Some("shop".to_owned());
    assert_eq!(documentation(&replicated), SlightlyBelow, "a replica asks for a failover runbook");
    let large = |project: &mut Project| {
        project.options.size = Some(Size::Enterprise);
        project.forget("backup/high-availability");
    };
    assert_eq!(documentation(&large), SlightlyBelow);
}

#[test]
fn the_load_test_carries_half_as_much_again() {
    for (achieved, expected) in
        [("600 tps", Met), ("599.999 tps", SlightlyBelow), ("540 tps", SlightlyBelow), ("539 tps", Below), ("600 rps", Below)]
    {
        let mut project = Project::ready();
        project.attest("documentation/load-test", "2026-10-02", &format!("achieved = \"{achieved}\""));
        assert_eq!(status(&project, "load-test"), expected, "{achieved}");
    }
    let mut project = Project::ready();
    project.attest("documentation/load-test", "2026-10-02", "expected = \"100 tps\"\nachieved = \"150 tps\"");
    assert_eq!(status(&project, "load-test"), Below, "the stated objective asks for more");
    project.attest("documentation/load-test", "2026-05-23", "achieved = \"600 tps\"");
    assert_eq!(status(&project, "load-test"), Below, "181 days");
}

#[test]
fn the_whole_team_is_trained() {
    for (members, trained, on, expected) in [
        (3, 3, "on = 2026-10-15", Met),
        (3, 2, "on = 2026-10-15", SlightlyBelow),
        (2, 1, "on = 2026-10-15", Below),
        (20, 18, "on = 2026-10-15", SlightlyBelow),
        (20, 17, "on = 2026-10-15", Below),
        (3, 3, "", Below),
        (3, 3, "on = 2025-11-20", Met),
        (3, 3, "on = 2025-11-19", Below),
    ] {
        let mut project = Project::ready();
        project.state("team", &format!("[team]\nmembers = {members}\ntrained = {trained}\n{on}"));
        assert_eq!(status(&project, "team"), expected, "{trained} of {members} {on}");
    }
}

#[test]
fn a_cache_needs_no_backup_and_a_queue_does() {
    let mut project = Project::ready();
    project.instances[0].engine = Engine::Redis;
    project.instances[0].purpose = Purpose::Cache;
    assert_eq!(status(&project, "backup"), NotApplicable);
    project.instances[0].purpose = Purpose::Queue;
    project.forget("backup/restore-tested");
    assert_eq!(status(&project, "backup"), Below);
}

#[test]
fn profile_low_asks_for_the_basic_items_only() {
    let mut project = Project::ready();
    project.options.criticality = Some(Criticality::Low);
    for rule in ["compose-db-on-shared-network", "compose-app-uses-superuser"] {
        project.fail(rule, Severity::Medium);
    }
    // Six of eight pass: 70 % asks for six.
    assert_eq!(project.criterion("security").value, "6 / 8");
    assert_eq!(status(&project, "security"), Met);
    project.fail("postgresql-eol", Severity::Medium);
    assert_eq!(status(&project, "security"), SlightlyBelow);
    project.instances[0].reach = reach(Reach::Private);
    project.fail("postgresql-tls-off", Severity::Medium);
    assert!(project.verdict().blockers.is_empty(), "in profile low, TLS blocks only where anybody can reach the server");
}

#[test]
fn in_profile_high_every_security_item_and_the_shown_ratios_count() {
    let mut project = Project::ready();
    project.options.criticality = Some(Criticality::High);
    assert_eq!(status(&project, "security"), Met);
    project.forget("security/vulnerability-scan");
    assert_eq!(status(&project, "security"), SlightlyBelow);
    for item in ["metrics-stack", "dashboard", "central-logs"] {
        project.forget(&format!("monitoring/{item}"));
    }
    assert_eq!(status(&project, "monitoring"), Below, "5 of 8");
    project.options.criticality = Some(Criticality::Medium);
    assert_eq!(status(&project, "monitoring"), Met);
}
