//! The decision: blockers, plans, what cannot be evaluated, several instances, profiles.

use gonogo::config::{Criterion, Criticality, PlanFor};
use gonogo::model::{Engine, Environment, Outcome, OutcomeOf, Purpose, Reach, ReachKnown, Severity, SubjectKind, SubjectRef, Unseen};
use gonogo::verdict::scorecard::{Decision, ItemStatus, ReasonKind};
use gonogo::verdict::{History, headline};

use crate::project::{Project, accepted, day, finding, instance, outcome, reach, unknown};

fn spoilt(spoil: impl Fn(&mut Project)) -> Project {
    let mut project = Project::ready();
    spoil(&mut project);
    project
}

#[test]
fn a_blocker_that_is_not_shown_is_no_go_and_says_so() {
    let project = spoilt(|project| project.say("hba-trust-remote", unknown("pg_hba.conf was not given")));
    let verdict = project.verdict();
    assert_eq!(verdict.decision, Decision::NoGo);
    let [blocker] = verdict.blockers.as_slice() else { panic!("{:#?}", verdict.blockers) };
    assert_eq!(blocker.kind, ReasonKind::Unproven);
    assert!(blocker.message.contains("not shown yet: pg_hba.conf was not given"), "{}", blocker.message);
    assert!(blocker.next.contains("name the file"), "{}", blocker.next);
    assert!(project.criterion("security").status == gonogo::verdict::scorecard::CriterionStatus::Met, "the ratio alone would be met");
}

#[test]
fn every_blocker_item_blocks() {
    for (spoil, item) in [
        ("hba-trust-remote", "security/authentication"),
        ("postgresql-tls-off", "security/tls"),
        ("postgresql-fsync-off", "configuration/durability"),
        ("compose-data-on-tmpfs", "configuration/persistent-storage"),
        ("backup-no-schedule", "backup/scheduled"),
    ] {
        let verdict = spoilt(|project| project.fail(spoil, Severity::Low)).verdict();
        assert_eq!(verdict.decision, Decision::NoGo);
        assert!(
            verdict.blockers.iter().any(|blocker| blocker.item.as_deref() == Some(item) && blocker.kind == ReasonKind::Defect),
            "{item}"
        );
    }
    let expired = spoilt(|project| project.attest("backup/restore-tested", "2026-08-19", "duration = \"38m\"")).verdict();
    assert_eq!((expired.decision, expired.blockers[0].kind), (Decision::NoGo, ReasonKind::Expired));
    let exposed = spoilt(|project| project.instances[0].reach = reach(Reach::Any)).verdict();
    assert_eq!(exposed.blockers[0].item.as_deref(), Some("security/firewall"));
    let unclear = spoilt(|project| {
        project.instances[0].reach = ReachKnown { least: Reach::None, most: Reach::Any, chain: Vec::new(), presumed: Vec::new() }
    });
    assert_eq!(unclear.decision(), Decision::NoGo);
}

#[test]
fn copies_on_the_same_host_block_and_copies_not_shown_do_not() {
    let failing = spoilt(|project| project.attest("backup/off-site", "2026-11-01", "result = \"fail\""));
    assert!(failing.verdict().blockers.iter().any(|blocker| blocker.item.as_deref() == Some("backup/off-site")));
    let open = spoilt(|project| project.forget("backup/off-site"));
    assert!(open.verdict().blockers.is_empty());
}

#[test]
fn a_critical_failure_blocks_whoever_accepts_it_and_wherever_it_is() {
    let rule = "compose-db-port-published";
    for said in [Outcome::Fail(vec![finding(rule, Severity::Critical)]), accepted(rule, Severity::Critical)] {
        let verdict = spoilt(|project| project.say(rule, said.clone())).verdict();
        assert_eq!((verdict.decision, verdict.blockers[0].rule.as_deref()), (Decision::NoGo, Some(rule)));
    }
    let lowered = gonogo::model::Finding { severity: Severity::Low, ..finding(rule, Severity::Critical) };
    assert_eq!(spoilt(|project| project.say(rule, Outcome::Fail(vec![lowered.clone()]))).decision(), Decision::NoGo);
    let of_project = |instances: Vec<String>| OutcomeOf {
        rule: rule.into(),
        subject: SubjectRef { kind: SubjectKind::Service, id: "web".into() }.into(),
        instances: instances.into(),
        outcome: Outcome::Fail(vec![finding(rule, Severity::Critical)]),
        withdrawn: None,
    };
    for instances in [vec![], vec!["web".to_owned()]] {
        let project = spoilt(|project| project.outcomes.push(of_project(instances.clone())));
        assert_eq!(project.decision(), Decision::NoGo, "what belongs to no known database belongs to the project");
    }
}

#[test]
fn slightly_below_is_go_with_a_plan_and_no_go_without() {
    let slightly = |project: &mut Project| project.forget("alert xid-wraparound");
    let verdict = spoilt(slightly).verdict();
    assert_eq!(verdict.decision, Decision::NoGo);
    let reason = verdict.reasons.iter().find(|reason| reason.kind == ReasonKind::Plan).unwrap();
    assert!(reason.next.contains("[[plan]]\ncriterion = \"monitoring\"") && reason.next.contains("due = 2026-12-04"), "{}", reason.next);
    // Live on the 27th of November: due at most seven days later.
    for (due, expected) in [
        ("2026-11-20", Decision::GoWithReservations),
        ("2026-12-04", Decision::GoWithReservations),
        ("2026-11-19", Decision::NoGo),
        ("2026-12-05", Decision::NoGo),
    ] {
        let mut project = spoilt(slightly);
        project.plan("monitoring", due);
        assert_eq!(project.decision(), expected, "{due}");
    }
    let mut project = spoilt(slightly);
    project.plan("backup", "2026-11-25");
    assert_eq!(project.decision(), Decision::NoGo, "a plan for another criterion");
}

#[test]
fn a_plan_after_going_live_counts_from_the_first_run_that_saw_it() {
    let mut project = spoilt(|project| {
        project.forget("alert xid-wraparound");
        project.state("release", "[release]\ngo_live = 2026-06-01");
        project.plan("monitoring", "2026-11-25");
    });
    let since = |project: &mut Project| project.stated.get_mut("plan monitoring").unwrap().push_str("\nsince = 2026-11-19");
    since(&mut project);
    assert_eq!(project.decision(), Decision::NoGo, "what a plan says of itself is no history");
    project.history = Some(History { first_seen: [(PlanFor::Criterion(Criterion::Monitoring), day("2026-11-18"))].into() });
    assert_eq!(project.decision(), Decision::GoWithReservations);
    project.history = Some(History { first_seen: [(PlanFor::Criterion(Criterion::Monitoring), day("2026-11-17"))].into() });
    assert_eq!(project.decision(), Decision::NoGo);
}

#[test]
fn two_may_be_slightly_below_and_three_may_not() {
    let mut project = spoilt(|project| {
        project.forget("alert xid-wraparound");
        project.forget("backup/retention");
    });
    project.plan("monitoring", "2026-11-25");
    project.plan("backup", "2026-11-25");
    assert_eq!(project.decision(), Decision::GoWithReservations);
    project.forget("runbook storage-full");
    project.plan("documentation", "2026-11-25");
    assert_eq!(project.decision(), Decision::NoGo);
}

#[test]
fn each_rule_with_open_findings_of_high_severity_is_a_reservation() {
    let rules = ["compose-db-port-published", "compose-latest-tag", "postgresql-autovacuum-off"];
    let plan = |project: &mut Project, rule: &str| {
        let lines = format!("[[plan]]\nrule = \"{rule}\"\nowner = \"SRE\"\naction = \"repair it\"\ndue = 2026-11-25");
        project.state(&format!("plan {rule}"), &lines);
    };
    let mut project = spoilt(|project| project.fail(rules[0], Severity::High));
    let verdict = project.verdict();
    assert_eq!((verdict.decision, verdict.blockers.len()), (Decision::NoGo, 0));
    let reason = verdict.reasons.iter().find(|reason| reason.kind == ReasonKind::Plan).unwrap();
    assert_eq!(reason.rule.as_deref(), Some(rules[0]));
    assert!(reason.next.contains("[[plan]]\nrule = \"compose-db-port-published\""), "{}", reason.next);
    plan(&mut project, rules[0]);
    assert_eq!(project.decision(), Decision::GoWithReservations);
    project.fail(rules[1], Severity::High);
    plan(&mut project, rules[1]);
    assert_eq!(project.decision(), Decision::GoWithReservations);
    project.fail(rules[2], Severity::High);
    plan(&mut project, rules[2]);
    assert_eq!(project.decision(), Decision::NoGo, "three are too many");

    project.say(rules[2], accepted(rules[2], Severity::High));
    assert_eq!(project.decision(), Decision::GoWithReservations, "what somebody answers for is not open");
    let medium = spoilt(|project| project.fail(rules[0], Severity::Medium));
    assert_eq!(medium.decision(), Decision::Go);
}

#[test]
fn high_findings_count_where_a_voting_instance_has_them() {
    let mut project = Project::ready();
    let mut other = instance("other");
    other.environment = Environment::Development;
    project.instances.push(other);
    let of = |instances: &[&str]| OutcomeOf {
        instances: instances.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>().into(),
        ..outcome("compose-db-port-published", "db", Outcome::Fail(vec![finding("compose-db-port-published", Severity::High)]))
    };
    for (instances, decision) in [(&["other"][..], Decision::Go), (&[][..], Decision::NoGo), (&["web"][..], Decision::NoGo)] {
        project.outcomes.retain(|outcome| &*outcome.rule != "compose-db-port-published");
        project.outcomes.push(of(instances));
        assert_eq!(project.decision(), decision, "{instances:?}");
    }
}

fn unseen(workload: &str) -> Unseen {
    Unseen { workload: workload.to_owned(), database: None, reason: "looks like a database".to_owned(), next: "look at it".to_owned() }
}

#[test]
fn what_could_not_be_looked_at_is_not_evaluated_unless_it_is_no_go_anyway() {
    let incomplete = spoilt(|project| project.incomplete = true);
    assert_eq!(incomplete.decision(), Decision::NotEvaluated);
    let with_oracle = |project: &mut Project| project.unseen = vec![unseen("oracle")];
    let mut project = spoilt(with_oracle);
    assert_eq!(project.decision(), Decision::NotEvaluated);
    assert!(project.verdict().reasons[0].message.contains("oracle"));
    project.state("target oracle", "[[target]]\nname = \"oracle\"");
    assert_eq!(project.decision(), Decision::Go);
    project.unseen.push(unseen("other"));
    project.fail("hba-trust-remote", Severity::High);
    assert_eq!(project.decision(), Decision::NoGo);
    let nothing = spoilt(|project| project.instances.clear());
    assert_eq!(nothing.decision(), Decision::NotEvaluated);
}

#[test]
fn a_first_run_tells_defects_first_and_the_rest_together() {
    let mut project = Project::ready();
    project.stated.clear();
    for rule in ["compose-latest-tag", "postgresql-shared-buffers-ratio"] {
        project.fail(rule, Severity::Medium);
    }
    let verdict = project.verdict();
    assert_eq!(verdict.decision, Decision::NoGo);
    assert_eq!(verdict.reasons[0].kind, ReasonKind::Defect);
    assert!(verdict.reasons.is_sorted_by_key(|reason| reason.kind));
    assert!(verdict.reasons.len() < 12, "{:#?}", verdict.reasons);
    assert!(verdict.reasons.iter().all(|reason| !reason.message.is_empty() && !reason.next.is_empty()));
}

#[test]
fn only_production_votes_and_each_instance_has_its_own_verdict() {
    let mut project = Project::ready();
    let mut other = instance("other");
    other.environment = Environment::Development;
    project.instances.push(other);
    assert_eq!(project.decision(), Decision::Go);
    let card = project.judge();
    assert!(card.instances[1].votes.is_err());
    assert_eq!(card.instances[1].verdict.as_ref().unwrap().decision, Decision::NoGo);
    project.say_of("compose-db-port-public", "other", Outcome::Fail(vec![finding("compose-db-port-public", Severity::Critical)]));
    assert_eq!(project.decision(), Decision::Go, "what is wrong with a development server does not stop production");
    project.instances[1].environment = Environment::Production;
    assert_eq!(project.decision(), Decision::NoGo);
}

#[test]
fn when_several_vote_evidence_names_its_database() {
    let mut project = Project::ready();
    project.instances.push(instance("other"));
    let passing: Vec<OutcomeOf> = project.outcomes.iter().map(|known| outcome(&known.rule, "other", Outcome::Pass)).collect();
    project.outcomes.extend(passing);
    let item = project.item("backup/restore-tested");
    assert_eq!(item.status, ItemStatus::Unknown);
    assert!(item.reason.contains("names no database"), "{}", item.reason);
    for id in [
        "backup/restore-tested",
        "backup/retention",
        "backup/off-site",
        "backup/point-in-time",
        "backup/dr-test",
        "backup/access-controlled",
        "backup/scheduled",
        "documentation/load-test",
        "failover-test",
    ] {
        let block = project.stated[id].clone();
        for database in ["db", "other"] {
            project.state(&format!("{id} {database}"), &format!("{block}\ndatabase = \"{database}\""));
        }
        project.forget(id);
    }
    assert_eq!(project.decision(), Decision::Go, "{:#?}", project.verdict().reasons);
    assert_eq!(project.verdict().total, 2 * project.judge().instances[0].verdict.as_ref().unwrap().total);
    assert!(project.judge().remarks.iter().any(|remark| remark.code == "evidence-proof-shared"));
}

#[test]
fn a_replication_group_shares_backup_documentation_and_load() {
    let mut project = Project::ready();
    project.instances.push(instance("replica"));
    for member in &mut project.instances {
        member.group = Some("shop".to_owned());
    }
    let rest: Vec<OutcomeOf> = project
        .outcomes
        .iter()
        .filter(|known| !known.rule.starts_with("backup-"))
        .map(|known| outcome(&known.rule, "replica", Outcome::Pass))
        .collect();
    project.outcomes.extend(rest);
    project.state_alert("replication-broken", "2026-11-01");
    project.state_runbook("failover", "2026-11-01");
    assert_eq!(project.decision(), Decision::Go, "{:#?}", project.verdict().reasons);
    let alone = Project::ready().verdict().total;
    assert!(project.verdict().total < 2 * alone, "what is shared is counted once");
}

#[test]
fn a_cache_is_go_without_any_backup() {
    let mut project = Project::ready();
    project.instances[0].engine = Engine::Redis;
    project.instances[0].purpose = Purpose::Cache;
    project.instances[0].reach = reach(Reach::Host);
    project.stated.retain(|name, _| !name.starts_with("backup/"));
    project.outcomes.retain(|known| !known.rule.starts_with("postgresql") && !known.rule.starts_with("hba"));
    for item in ["listen", "authentication", "audit-logging"] {
        project.attest(&format!("security/{item}"), "2026-11-01", "");
    }
    for item in ["buffer-memory", "work-memory", "max-connections"] {
        project.attest(&format!("configuration/{item}"), "2026-11-01", "");
    }
    project.state_alert("memory-near-limit", "2026-11-01");
    project.state_runbook("memory-full", "2026-11-01");
    assert_eq!(project.decision(), Decision::Go, "{:#?}", project.verdict().reasons);
    project.instances[0].purpose = Purpose::Queue;
    assert_eq!(project.decision(), Decision::NoGo);
}

#[test]
fn profile_high_wants_rehearsals_audits_and_second_eyes() {
    let mut project = Project::ready();
    project.options.criticality = Some(Criticality::High);
    project.instances[0].group = Some("bank".to_owned());
    project.state_alert("replication-broken", "2026-11-01");
    project.state_runbook("failover", "2026-11-01");
    assert_eq!(project.decision(), Decision::Go, "{:#?}", project.verdict().reasons);
    for item in ["failover-test", "external-audit", "certification", "backup/point-in-time", "backup/dr-test", "backup/high-availability"] {
        let mut project = project.clone();
        project.forget(item);
        assert_eq!(project.decision(), Decision::NoGo, "{item}");
    }
    let block = project.stated["backup/restore-tested"].replace("reviewed_by = \"SRE\"", "reviewed_by = \"DBA on call\"");
    project.state("backup/restore-tested", &block);
    assert_eq!(project.decision(), Decision::NoGo);
    assert!(project.item("backup/restore-tested").reason.contains("reviewed by nobody else"));
}

#[test]
fn maturity_is_the_highest_level_without_gaps() {
    let level = |spoil: &dyn Fn(&mut Project)| spoilt(|project| spoil(project)).judge().instances[0].maturity.clone().unwrap();
    assert_eq!(level(&|_| {}).level, 4);
    let old = level(&|project| project.attest("backup/restore-tested", "2026-10-01", "duration = \"38m\""));
    assert_eq!((old.level, old.next), (1, vec!["backup/restore-tested".to_owned()]));
    assert_eq!(level(&|project| project.forget("chaos-exercise")).level, 3);
    assert_eq!(level(&|project| project.stated.clear()).level, 0);
}

#[test]
fn the_headline_says_what_it_rests_on() {
    let verdict = Project::ready().verdict();
    let open = verdict.total - verdict.verified - verdict.attested - verdict.not_applicable;
    assert_eq!(open, 0);
    let expected = format!(
        "GO: {} of {} verified, {} attested, {} not applicable",
        verdict.verified, verdict.total, verdict.attested, verdict.not_applicable
    );
    assert_eq!(headline(&verdict), expected);
}
