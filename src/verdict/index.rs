//! Outcomes by the instance that they belong to, so that a thousand instances do not each look at the outcomes of all.

use std::collections::{HashMap, HashSet};

use crate::model::OutcomeOf;

/// Outcomes that belong to more instances than this are looked through: of a project of a thousand databases, each
/// application belongs to all of them.
const FEW: usize = 8;

/// Positions of outcomes in their order.
#[derive(Default)]
struct ByRule<'a>(HashMap<&'a str, Vec<usize>>);

/// Outcomes by instance and rule.
pub(super) struct Index<'a> {
    outcomes: &'a [OutcomeOf],
    of_few: HashMap<&'a str, ByRule<'a>>,
    /// Those of many instances, and of none that is known.
    others: ByRule<'a>,
}

impl<'a> ByRule<'a> {
    fn add(&mut self, rule: &'a str, at: usize) {
        self.0.entry(rule).or_default().push(at);
    }

    fn of(&self, rule: &str) -> impl Iterator<Item = usize> {
        self.0.get(rule).into_iter().flatten().copied()
    }

    fn all(&self) -> impl Iterator<Item = usize> {
        self.0.values().flatten().copied()
    }
}

impl<'a> Index<'a> {
    /// `ids` are those of all instances that are known.
    pub(super) fn of(outcomes: &'a [OutcomeOf], ids: &HashSet<&str>) -> Self {
        let mut index = Self { outcomes, of_few: HashMap::new(), others: ByRule::default() };
        for (at, outcome) in outcomes.iter().enumerate() {
            match outcome.instances.as_slice() {
                few if few.len() <= FEW && few.iter().any(|id| ids.contains(id.as_str())) => {
                    let mut few: Vec<&str> = few.iter().map(String::as_str).collect();
                    few.sort_unstable();
                    few.dedup();
                    few.into_iter().for_each(|id| index.of_few.entry(id).or_default().add(&outcome.rule, at));
                }
                _ => index.others.add(&outcome.rule, at),
            }
        }
        index
    }

    /// The outcomes of a rule that belong to an instance, and those of `others` that are asked for, in their order.
    pub(super) fn of_rule(&self, rule: &str, instance: &str, others: impl Fn(&OutcomeOf) -> bool) -> Vec<&'a OutcomeOf> {
        let own = self.of_few.get(instance).into_iter().flat_map(|by_rule| by_rule.of(rule));
        self.in_order(own, self.others.of(rule), instance, others)
    }

    /// The outcomes of every rule that belong to an instance, in their order.
    pub(super) fn of_instance(&self, instance: &str) -> Vec<&'a OutcomeOf> {
        let own = self.of_few.get(instance).into_iter().flat_map(ByRule::all);
        self.in_order(own, self.others.all(), instance, |_| false)
    }

    fn in_order(
        &self,
        own: impl Iterator<Item = usize>,
        others: impl Iterator<Item = usize>,
        instance: &str,
        wanted: impl Fn(&OutcomeOf) -> bool,
    ) -> Vec<&'a OutcomeOf> {
        let asked =
            |at: &usize| self.outcomes.get(*at).is_some_and(|outcome| outcome.instances.iter().any(|id| id == instance) || wanted(outcome));
        let mut found: Vec<usize> = own.chain(others.filter(asked)).collect();
        found.sort_unstable();
        found.into_iter().filter_map(|at| self.outcomes.get(at)).collect()
    }
}
