//! Status of an item: the first that holds, and the days on which evidence ends.

use gonogo::config::Criticality;
use gonogo::model::{Deployment, Engine, Outcome, Purpose, Reach, ReachKnown, Relied, Severity, Touch, Version};
use gonogo::verdict::scorecard::{Basis, Decision, ItemStatus};

use crate::project::{Project, accept_block, accepted, day, reach, unknown};

#[test]
fn a_ready_project_is_go() {
    let verdict = Project::ready().verdict();
    assert_eq!(verdict.decision, Decision::Go, "{:#?}", verdict.reasons);
    assert!(verdict.reasons.is_empty() && verdict.blockers.is_empty());
}

#[test]
fn the_first_status_that_holds_is_taken() {
    let item = "security/tls";
    let mut project = Project::ready();
    assert_eq!((project.status(item), project.item(item).basis), (ItemStatus::Pass, Some(Basis::Verified)));
    project.say("hba-plain-host", unknown("pg_hba.conf was not given"));
    assert_eq!(project.status(item), ItemStatus::Unknown);
    project.attest(item, "2026-11-01", "");
    assert_eq!((project.status(item), project.item(item).basis), (ItemStatus::Pass, Some(Basis::Attested)));
    project.attest(item, "2025-11-01", "");
    assert_eq!(project.status(item), ItemStatus::Expired);
    assert!(project.item(item).reason.starts_with("expired since 2026-04-30"), "{}", project.item(item).reason);
    project.attest(item, "2026-11-01", "");
    project.fail("hba-plain-host", Severity::Low);
    assert_eq!(project.status(item), ItemStatus::Fail, "a rule of a proof set fails its item whatever its severity");
    assert!(project.judge().remarks.iter().any(|remark| remark.code == "evidence-contradicted"));
    project.instances[0].reach = reach(Reach::Host);
    assert_eq!(project.status(item), ItemStatus::NotApplicable);
}

#[test]
fn a_rule_outside_the_proof_sets_fails_its_item_only_from_high_on() {
    let mut project = Project::ready();
    project.fail("hba-trust-local", Severity::Medium);
    let item = project.item("security/authentication");
    assert_eq!(item.status, ItemStatus::Pass);
    assert!(item.rules.iter().any(|rule| rule.rule == "hba-trust-local" && rule.status == "fail"));
    project.fail("hba-trust-local", Severity::High);
    assert_eq!(project.status("security/authentication"), ItemStatus::Fail);
}

#[test]
fn rules_that_do_not_apply_prove_nothing() {
    let mut project = Project::ready();
    project.say("compose-db-no-healthcheck", Outcome::NotApplicable("no container".to_owned()));
    assert_eq!(project.status("configuration/health-check"), ItemStatus::Unknown);
    project.outcomes.retain(|outcome| !outcome.rule.starts_with("compose-") && !outcome.rule.starts_with("dotenv-"));
    assert_eq!(project.status("configuration/persistent-storage"), ItemStatus::Unknown);
    assert_eq!(project.status("security/no-secrets-in-files"), ItemStatus::Pass, "nothing that was read holds a secret");
}

#[test]
fn a_rule_that_was_not_asked_shows_nothing() {
    let mut project = Project::ready();
    project.outcomes.retain(|outcome| *outcome.rule != *"hba-trust-remote");
    assert_eq!(project.status("security/authentication"), ItemStatus::Unknown);
}

#[test]
fn evidence_does_not_decide_what_files_alone_decide_or_show_in_part() {
    let mut project = Project::ready();
    project.say("postgresql-fsync-off", unknown("it depends on ${FSYNC}"));
    project.attest("configuration/durability", "2026-11-01", "");
    assert_eq!(project.status("configuration/durability"), ItemStatus::Unknown);
    for rule in ["postgresql-full-page-writes-off", "postgresql-synchronous-commit-off"] {
        project.say(rule, unknown("postgresql.conf was not given"));
    }
    assert_eq!(project.status("configuration/durability"), ItemStatus::Pass);
}

#[test]
fn a_test_that_went_wrong_fails_until_a_later_one_went_well() {
    let mut project = Project::ready();
    project.attest("backup/dr-test", "2026-11-05", "result = \"fail\"");
    assert_eq!(project.status("backup/dr-test"), ItemStatus::Fail);
    let later = project.stated["backup/dr-test"].replace("2026-11-05", "2026-11-06").replace("result = \"fail\"", "");
    project.state("backup/dr-test again", &later);
    assert_eq!(project.status("backup/dr-test"), ItemStatus::Pass);
}

#[test]
fn declarations_hold_where_nothing_fails_and_never_for_what_blocks() {
    let mut project = Project::ready();
    project.forget("backup/high-availability");
    project.state("declared", "[[not_applicable]]\nitem = \"backup/high-availability\"\nreason = \"one server is enough\"\nby = \"CTO\"");
    assert_eq!(project.status("backup/high-availability"), ItemStatus::NotApplicable);
    project.options.criticality = Some(Criticality::High);
    assert_eq!(project.status("backup/high-availability"), ItemStatus::Unknown);
    let mut project = Project::ready();
    let block = "[[not_applicable]]\nitem = \"configuration/startup-order\"\nreason = \"nothing depends on it\"\nby = \"SRE\"";
    project.state("declared", block);
    assert_eq!(project.status("configuration/startup-order"), ItemStatus::NotApplicable);
    project.fail("compose-depends-on-no-condition", Severity::Low);
    assert_eq!(project.status("configuration/startup-order"), ItemStatus::Fail);
}

#[test]
fn accepted_failures_leave_the_denominator_up_to_a_cap_in_the_order_of_the_file() {
    let rules = ["compose-latest-tag", "compose-no-memory-limit", "compose-no-log-rotation"];
    let items = ["configuration/pinned-version", "configuration/resource-limits", "configuration/log-rotation"];
    let mut project = Project::ready();
    for (at, rule) in rules.iter().enumerate() {
        project.say(rule, accepted(rule, Severity::Medium));
        project.state(&format!("accept {}", 9 - at), &accept_block(rule));
    }
    // Seventeen items apply: one may be accepted, and the last rule stands first in the file.
    assert_eq!(items.map(|item| project.status(item)), [ItemStatus::Fail, ItemStatus::Fail, ItemStatus::Accepted]);
    project.options.criticality = Some(Criticality::High);
    assert_eq!(items.map(|item| project.status(item)), [ItemStatus::Fail; 3]);
}

#[test]
fn what_blocks_cannot_be_accepted() {
    let mut project = Project::ready();
    project.say("postgresql-fsync-off", accepted("postgresql-fsync-off", Severity::High));
    project.state("accept", &accept_block("postgresql-fsync-off"));
    assert_eq!(project.status("configuration/durability"), ItemStatus::Fail);
    assert_eq!(project.decision(), Decision::NoGo);
}

#[test]
fn the_firewall_fails_only_when_anybody_can_reach_the_server() {
    let item = "security/firewall";
    for (least, most, expected) in [
        (Reach::None, Reach::None, ItemStatus::Pass),
        (Reach::Private, Reach::Private, ItemStatus::Pass),
        (Reach::None, Reach::Private, ItemStatus::Pass),
        (Reach::Any, Reach::Any, ItemStatus::Fail),
        (Reach::Host, Reach::Any, ItemStatus::Unknown),
    ] {
        let mut project = Project::ready();
        project.instances[0].reach = ReachKnown { least, most, chain: Vec::new(), presumed: Vec::new() };
        assert_eq!(project.status(item), expected, "{least} to {most}");
        project.attest(item, "2026-11-01", "");
        let attested = if expected == ItemStatus::Unknown { ItemStatus::Pass } else { expected };
        assert_eq!(project.status(item), attested, "{least} to {most} with evidence");
    }
}

#[test]
fn what_does_not_concern_an_instance_is_derived() {
    let mut project = Project::ready();
    assert_eq!(project.status("security/row-level-security"), ItemStatus::NotApplicable);
    assert_eq!(project.status("configuration/pooling"), ItemStatus::NotApplicable);
    assert_eq!(project.status("configuration/async-io"), ItemStatus::Pass);
    project.state("target", "[[target]]\nname = \"db\"\nmulti_tenant = true\nobjectives = { peak_clients = 300 }");
    project.instances[0].versions.candidates = vec![Version(vec![17])];
    assert_eq!(project.status("security/row-level-security"), ItemStatus::Pass);
    assert_eq!(project.status("configuration/pooling"), ItemStatus::Unknown);
    assert_eq!(project.status("configuration/async-io"), ItemStatus::NotApplicable);
}

#[test]
fn deployments_and_purposes_decide_who_satisfies_an_item() {
    let status = |deployment, item: &str| {
        let mut project = Project::ready();
        project.instances[0].deployment = deployment;
        project.status(item) == ItemStatus::NotApplicable
    };
    for item in ["checksums", "certificates"] {
        assert!(status(Deployment::Managed, &format!("security/{item}")), "{item}");
    }
    for item in ["starts-on-boot", "health-check", "startup-order", "log-rotation", "resource-limits", "persistent-storage", "async-io"] {
        assert!(status(Deployment::Managed, &format!("configuration/{item}")), "{item}");
    }
    for item in ["starts-on-boot", "startup-order", "log-rotation"] {
        assert!(status(Deployment::Kubernetes, &format!("configuration/{item}")), "{item}");
    }
    for item in ["health-check", "startup-order", "resource-limits", "pinned-version"] {
        assert!(status(Deployment::SelfManaged, &format!("configuration/{item}")), "{item}");
    }
    let mut cache = Project::ready();
    cache.instances[0].engine = Engine::Redis;
    cache.instances[0].purpose = Purpose::Cache;
    for item in
        ["configuration/durability", "configuration/persistent-storage", "backup/scheduled", "backup/restore-tested", "backup/off-site"]
    {
        assert_eq!(cache.status(item), ItemStatus::NotApplicable, "{item}");
    }
}

#[test]
fn a_stated_deployment_counts_only_where_files_leave_it_open() {
    let mut project = Project::ready();
    project.options.deployment = Some(Deployment::Managed);
    assert_eq!(project.judge().instances[0].deployment, Deployment::Container);
    project.instances[0].deployment = Deployment::SelfManaged;
    project.instances[0].service = None;
    assert_eq!(project.judge().instances[0].deployment, Deployment::Managed);
}

#[test]
fn evidence_counts_up_to_its_last_day() {
    let mut project = Project::ready();
    project.attest("backup/restore-tested", "2026-08-20", "duration = \"38m\"");
    assert_eq!(project.status("backup/restore-tested"), ItemStatus::Pass, "92 days");
    project.now = day("2026-11-21");
    assert_eq!(project.status("backup/restore-tested"), ItemStatus::Expired, "93 days");
    project.attest("backup/restore-tested", "2026-11-10", "duration = \"38m\"\nvalid_days = 10");
    assert_eq!(project.status("backup/restore-tested"), ItemStatus::Expired, "valid_days shortens");
    project.attest("backup/restore-tested", "2026-08-01", "duration = \"38m\"\nvalid_days = 1000");
    assert_eq!(project.status("backup/restore-tested"), ItemStatus::Expired, "valid_days never lengthens");
}

#[test]
fn what_rests_on_the_word_of_a_reader_is_attested() {
    let relied = |touch, instance: &str| Relied {
        instances: vec![instance.to_owned()],
        touch,
        path: "db/init.sh".to_owned(),
        source: None,
        told: "db/init.sh was read by DBA on 2026-11-02".to_owned(),
    };
    for (touch, attested, verified) in [
        (Touch::Settings, "configuration/durability", "backup/retention"),
        (Touch::Access, "security/authentication", "backup/retention"),
        (Touch::Roles, "security/app-not-superuser", "configuration/durability"),
    ] {
        let mut project = Project::ready();
        let before = project.item(verified).basis;
        assert_eq!(project.item(attested).basis, Some(Basis::Verified), "{attested}");
        let id = project.instances[0].id.clone();
        project.relied = vec![relied(touch, &id)];
        let item = project.item(attested);
        assert_eq!((item.status, item.basis), (ItemStatus::Pass, Some(Basis::Attested)), "{attested}");
        assert!(item.reason.contains("db/init.sh was read by DBA on 2026-11-02"), "{}", item.reason);
        assert_eq!(project.item(verified).basis, before, "{verified}");
        project.relied = vec![relied(touch, "another")];
        assert_eq!(project.item(attested).basis, Some(Basis::Verified), "{attested}");
    }
}
