//! No false GO: whatever is taken away or found wrong never makes the decision better.

use gonogo::config::Criticality;
use gonogo::model::{Environment, Outcome, Reach, Severity};
use gonogo::verdict::scorecard::Decision;
use proptest::prelude::*;

use crate::project::{Project, RULES, accept_block, accepted, finding, instance, reach, unknown};

/// One way to spoil a project.
#[derive(Clone, Debug)]
enum Spoil {
    Forget(prop::sample::Index),
    Fail(prop::sample::Index, Severity),
    Hide(prop::sample::Index),
    Unask(prop::sample::Index),
}

impl Spoil {
    fn apply(&self, project: &mut Project) {
        let rule = |index: &prop::sample::Index| *index.get(RULES);
        match self {
            Self::Forget(index) => {
                // Only what speaks for the project: a declaration or a record of failure speaks against some of it.
                let names: Vec<String> =
                    project.stated.iter().filter(|(_, block)| speaks_for(block)).map(|(name, _)| name.clone()).collect();
                if !names.is_empty() {
                    project.forget(index.get(&names).as_str());
                }
            }
            Self::Fail(index, severity) => {
                let rule = rule(index);
                project.outcomes.push(crate::project::outcome(rule, "db", Outcome::Fail(vec![finding(rule, *severity)])));
            }
            Self::Hide(index) => {
                let rule = rule(index);
                // What failed before must not be hidden with it.
                let mut known = project.outcomes.iter().filter(|known| *known.rule == *rule).peekable();
                if known.peek().is_some() && known.all(|known| known.outcome == Outcome::Pass) {
                    project.say(rule, unknown("it was not given"));
                }
            }
            Self::Unask(index) => {
                let rule = rule(index);
                project
                    .outcomes
                    .retain(|known| *known.rule != *rule || !matches!(known.outcome, Outcome::Pass) || !rule.starts_with("hba"));
            }
        }
    }
}

fn speaks_for(block: &str) -> bool {
    ["[[evidence]]", "[[alert]]", "[[plan]]", "[team]"].iter().any(|head| block.starts_with(head)) && !block.contains("result = \"fail\"")
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let index = || any::<prop::sample::Index>();
    prop_oneof![
        4 => index().prop_map(Spoil::Forget),
        2 => (index(), prop::sample::select(Severity::ALL)).prop_map(|(index, severity)| Spoil::Fail(index, severity)),
        2 => index().prop_map(Spoil::Hide),
        1 => index().prop_map(Spoil::Unask),
    ]
}

/// The order of decisions, from bad to good.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::NoGo => 0,
        Decision::NotEvaluated => 1,
        Decision::GoWithReservations => 2,
        Decision::Go => 3,
    }
}

fn base(criticality: Criticality, far: Reach, second: bool, accepts: &[prop::sample::Index]) -> Project {
    let mut project = Project::ready();
    project.options.criticality = Some(criticality);
    project.instances[0].reach = reach(far);
    if second {
        let mut other = instance("other");
        other.environment = Environment::Staging;
        project.instances.push(other);
    }
    for criterion in ["security", "configuration", "monitoring", "backup", "documentation", "load-test", "team"] {
        project.plan(criterion, "2026-11-27");
    }
    for index in accepts {
        let rule = *index.get(RULES);
        project.say(rule, accepted(rule, Severity::Medium));
        project.state(&format!("accept {rule}"), &accept_block(rule));
    }
    project
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn spoiling_never_improves_the_decision(
        criticality in prop::sample::select(Criticality::ALL),
        far in prop::sample::select(&[Reach::None, Reach::Host, Reach::Private][..]),
        second in any::<bool>(),
        accepts in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        spoils in prop::collection::vec(spoil(), 1..5),
    ) {
        let mut project = base(criticality, far, second, &accepts);
        let mut before = project.decision();
        for spoil in &spoils {
            spoil.apply(&mut project);
            let after = project.decision();
            prop_assert!(rank(after) <= rank(before), "{before} became {after} by {spoil:?}");
            before = after;
        }
    }
}
