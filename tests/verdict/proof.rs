//! What shows an item, by engine and by platform: nothing is shown by a rule about something else.

use gonogo::model::{Engine, Outcome, Platform};
use gonogo::verdict::checklist::Item;
use gonogo::verdict::scorecard::{Basis, ItemStatus};

use crate::project::{Project, RULES, checklist, outcome, rule_of};

fn platforms() -> Vec<Option<Platform>> {
    std::iter::once(None).chain(Platform::ALL.iter().copied().map(Some)).collect()
}

/// Whether the item names sets for the engine and the platform, or asks nothing of them.
fn names(item: &Item, engine: Engine, platform: Option<Platform>) -> bool {
    let engines = item.proof.engine.is_empty() || item.proof.engine.contains_key(&engine);
    let platforms = platform.is_none_or(|platform| item.proof.platform.is_empty() || item.proof.platform.contains_key(&platform));
    engines && platforms
}

/// A project of one server on which every rule passes that `speaks` admits; the others are not about it.
fn project(engine: Engine, platform: Option<Platform>, speaks: impl Fn(&gonogo::rules::Rule) -> bool) -> Project {
    let mut project = Project::ready();
    project.instances[0].engine = engine;
    project.instances[0].platform = platform;
    let said = |rule: &&str| if speaks(&rule_of(rule)) { Outcome::Pass } else { Outcome::NotApplicable("another".to_owned()) };
    project.outcomes = RULES.iter().map(|rule| outcome(rule, "db", said(rule))).collect();
    project.stated.retain(|name, _| !name.starts_with("evidence"));
    project
}

fn verified(project: &Project) -> Vec<String> {
    let card = project.judge();
    let items = card.instances[0].pillars.iter().flat_map(|pillar| &pillar.items).chain(&card.instances[0].attestations);
    let shown = items.filter(|item| item.status == ItemStatus::Pass && item.basis == Some(Basis::Verified));
    shown.map(|item| item.id.clone()).collect()
}

/// The rules of the engine and of the platform pass, those of others do not apply: the item is shown where it names both.
#[test]
fn no_item_is_shown_by_rules_about_another_engine_or_platform() {
    let checklist = checklist();
    for &engine in Engine::ALL {
        for platform in platforms() {
            let speaks = |rule: &gonogo::rules::Rule| {
                let of_engine = rule.engines.is_empty() || rule.engines.contains(&engine);
                let of_platform = rule.platforms.is_empty() || platform.is_some_and(|platform| rule.platforms.contains(&platform));
                of_engine && of_platform
            };
            // Even where a rule about something else passes by mistake, it shows nothing.
            for project in [project(engine, platform, speaks), project(engine, platform, |_| true)] {
                for id in verified(&project) {
                    let item = checklist.item(&id).unwrap();
                    assert!(item.proof.is_empty() || names(item, engine, platform), "{id} is verified for {engine} on {platform:?}");
                }
            }
        }
    }
}

/// On a machine without a platform an item that only platforms show is not shown, and one that engines show is.
#[test]
fn a_platform_that_is_not_there_says_nothing() {
    let bare = verified(&project(Engine::Postgresql, None, |rule| rule.platforms.is_empty()));
    assert!(bare.contains(&"security/listen".to_owned()) && bare.contains(&"configuration/durability".to_owned()), "{bare:?}");
    assert!(!bare.contains(&"configuration/resource-limits".to_owned()), "{bare:?}");
    let contained = verified(&project(Engine::Postgresql, Some(Platform::Compose), |_| true));
    assert!(contained.contains(&"configuration/resource-limits".to_owned()), "{contained:?}");
}

/// The published port of a container says nothing of the addresses that its server listens on.
#[test]
fn both_kinds_of_set_must_hold() {
    let mut project = project(Engine::Postgresql, Some(Platform::Compose), |_| true);
    assert!(verified(&project).contains(&"security/listen".to_owned()));
    project.say("postgresql-listen-all-interfaces", crate::project::unknown("postgresql.conf was not given"));
    assert!(!verified(&project).contains(&"security/listen".to_owned()));
    project.say("postgresql-listen-all-interfaces", Outcome::NotApplicable("in a container".to_owned()));
    assert!(verified(&project).contains(&"security/listen".to_owned()), "what does not apply asks nothing");
    project.say("compose-db-port-public", crate::project::unknown("the ports could not be read"));
    assert!(!verified(&project).contains(&"security/listen".to_owned()));
}
