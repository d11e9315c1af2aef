//! The family on a platform: what the platform describes, what its rules say of it, and what only both show.

use gonogo::deployments::Platforms;
use gonogo::deployments::compose::Compose;
use gonogo::model::{Engine, Platform, Severity};
use gonogo::report::{Format, RenderOptions, Report, Shown, render};
use gonogo::verdict::scorecard::{Basis, ItemStatus};

use super::stack::Stack;
use super::{audited, checklist, item, places};

/// The shop as the toy platform runs it.
const SHOP: &str = "# shop\nrun db\n  image mysql:8.4\n  publish 3306\n  mount my.toy /etc/my.toy\nrun web\n  image nginx:1.27\n";

const GOOD: &str = "[server]\nlocal_infile = off\nrequire_secure_transport = on\nbind_address = 10.0.0.5\n";

fn shop(stack: &str, options: &str) -> Report {
    audited(&[("shop/shop.stack", stack), ("shop/my.toy", options)], |_| {})
}

fn outcome(report: &Report, rule: &str, subject: &str) -> &'static str {
    let is_it = |of: &&gonogo::model::OutcomeOf| &*of.rule == rule && *of.subject.id == *subject;
    report.outcomes.iter().find(is_it).map_or("not asked", |of| of.outcome.word())
}

#[test]
fn a_workload_of_the_platform_is_a_server_with_the_file_that_it_mounts() {
    let report = shop(SHOP, "[server]\nlocal_infile = on\n");
    let card = &report.scorecard.instances[0];
    assert_eq!((card.id.as_str(), card.engine, report.scorecard.instances.len()), ("db", Engine::Mysql, 1));
    let found = places(&report);
    assert!(found.contains(&"mysql-toy-local-infile shop/my.toy:2 on".to_owned()), "{found:?}");
    assert!(found.contains(&"k8s-toy-published shop/shop.stack:4 publish 3306".to_owned()), "{found:?}");
    let kinds: Vec<_> = report.inputs.iter().map(|input| (input.path.as_str(), input.kind.as_str())).collect();
    assert_eq!(kinds, [("shop/my.toy", "toy option file"), ("shop/shop.stack", "toy stack")]);
}

#[test]
fn rules_of_another_platform_are_not_asked() {
    let report = shop(SHOP, GOOD);
    assert_eq!(outcome(&report, "k8s-toy-published", "db"), "fail");
    assert_eq!(outcome(&report, "compose-db-port-public", "db"), "not asked");
    let compose = "services:\n  db:\n    image: mysql:8.4\n    ports: ['3306:3306']\n";
    let report = audited(&[("compose.yaml", compose)], |request| request.platforms = gonogo::deployments::ALL);
    assert_eq!(outcome(&report, "k8s-toy-published", "db"), "not asked");
    assert_eq!(outcome(&report, "compose-db-port-public", "db"), "fail");
}

#[test]
fn an_item_is_shown_where_the_rules_of_the_engine_and_of_the_platform_hold() {
    let status = |stack: &str, options: &str| {
        let shown = item(&shop(stack, options), 0, "security/least-privilege");
        (shown.status, shown.basis)
    };
    let closed = SHOP.replace("  publish 3306\n", "");
    assert_eq!(status(&closed, GOOD), (ItemStatus::Pass, Some(Basis::Verified)));
    assert_eq!(status(SHOP, GOOD).0, ItemStatus::Fail, "the platform publishes the port");
    assert_eq!(status(&closed, "[server]\nlocal_infile = on\n").0, ItemStatus::Fail, "the engine says so");
    let inherited = closed.replace("image mysql:8.4", "image mysql:8.4\n  inherits base");
    assert_eq!(status(&inherited, GOOD).0, ItemStatus::Unknown, "the ports of what it inherits were not read");
}

/// Each engine of the family, on no platform, on the toy platform and on Docker Compose, with everything good in sight.
#[test]
fn no_item_is_verified_by_rules_about_another_engine_or_platform() {
    static BOTH: Platforms = Platforms(&[&Compose, &Stack]);
    let checklist = checklist();
    for (engine, file, image) in [(Engine::Mysql, "my.toy", "mysql:8.4"), (Engine::Mariadb, "maria.toy", "mariadb:10.11")] {
        let stack = format!("run db\n  image {image}\n  mount {file} /etc/my.toy\n");
        let compose = format!("services:\n  db:\n    image: {image}\n    volumes: ['./{file}:/etc/my.toy:ro']\n");
        let described =
            [(None, "", ""), (Some(Platform::Kubernetes), "a.stack", &*stack), (Some(Platform::Compose), "compose.yaml", &*compose)];
        for (platform, path, text) in described {
            let tree: Vec<_> = [(file, GOOD), (path, text)].into_iter().filter(|(path, _)| !path.is_empty()).collect();
            let report = audited(&tree, |request| request.platforms = BOTH);
            let card = &report.scorecard.instances[0];
            assert_eq!((card.engine, report.scorecard.instances.len()), (engine, 1), "{tree:?}");
            let items = card.pillars.iter().flat_map(|pillar| &pillar.items);
            let verified: Vec<_> = items.filter(|item| item.basis == Some(Basis::Verified) && item.status == ItemStatus::Pass).collect();
            for shown in &verified {
                let proof = &checklist.item(&shown.id).unwrap().proof;
                assert!(proof.engine.is_empty() || proof.engine.contains_key(&engine), "{} for {engine}", shown.id);
                let by_platform = platform.is_none_or(|platform| proof.platform.is_empty() || proof.platform.contains_key(&platform));
                assert!(by_platform, "{} on {platform:?}", shown.id);
            }
            let expected = platform != Some(Platform::Compose);
            assert_eq!(verified.iter().any(|item| item.id == "security/least-privilege"), expected, "{engine} on {platform:?}");
        }
    }
}

#[test]
fn what_the_platform_could_not_read_is_said() {
    let report = shop(&format!("{SHOP}include other.stack\nrun x\n  spin\n"), GOOD);
    assert!(places(&report).contains(&"k8s-toy-syntax shop/shop.stack:10 spin".to_owned()), "{:?}", places(&report));
    assert_eq!(report.incomplete.len(), 1, "{:?}", report.incomplete);
    let templated = shop("run {{ name }}\n", GOOD);
    assert!(templated.inputs.iter().any(|input| input.path == "shop/shop.stack" && input.kind == "toy stack"));
    assert_eq!(templated.scorecard.instances[0].id, "shop/my.toy", "a template describes no workload");
}

#[test]
fn comments_and_sarif_need_nothing_but_the_kind_of_file() {
    let options = RenderOptions { colour: false, width: 100, exit_code: 1 };
    let shown = Shown { min_severity: Severity::Info, suppressed: true, full: false };
    let text = render(&shop(SHOP, GOOD), Format::Sarif, shown, options).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&text).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "k8s-toy-published").unwrap();
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&"shop/shop.stack".into(), &4.into()));
    let commented = SHOP.replace("publish 3306", "publish 3306 # gonogo: ignore[k8s-toy-published] the firewall of the rack");
    let report = shop(&commented, GOOD);
    let finding = report.findings.iter().find(|finding| finding.rule == "k8s-toy-published").unwrap();
    assert!(finding.suppressed.is_some(), "{finding:?}");
}

#[test]
fn the_platform_is_the_word_of_the_platform_that_it_stands_for() {
    assert_eq!(Platform::Kubernetes.word(), "kubernetes");
    assert_eq!(format!("{:?}", super::stack::PLATFORMS), "[Kubernetes]");
}
