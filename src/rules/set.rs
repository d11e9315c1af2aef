//! The rules in force: the shipped ones, those whose thresholds gonogo.toml changes, and those that the user brought.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::{Head, Known, Loader, Overrides, Rule, RuleError, checks, shipped};
use crate::engines;
use crate::text::Source;

/// All rules in force, by id.
///
/// The head of every rule is at hand. The logic of a shipped rule is read when it is first asked for: a run without a
/// subject of an engine never reads the rules of that engine.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// The shipped rules, in the order of their index, as far as they were asked for; empty where none is in force.
    shipped: Vec<OnceLock<Option<Box<Rule>>>>,
    /// Rules that are not as they are shipped, or not shipped at all.
    own: BTreeMap<String, Rule>,
    /// SHA-256 over all rule texts, in hexadecimal.
    pub digest: String,
}

impl FromIterator<Rule> for RuleSet {
    /// These rules and no others.
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        let own = rules.into_iter().map(|rule| (rule.id.to_string(), rule)).collect();
        Self { shipped: Vec::new(), own, digest: String::new() }
    }
}

impl RuleSet {
    /// The shipped rules as they are.
    #[must_use]
    pub fn shipped() -> Self {
        let shipped = (0..shipped::count()).map(|_| OnceLock::new()).collect();
        Self { shipped, own: BTreeMap::new(), digest: shipped::digest().to_owned() }
    }

    /// Reads the shipped rules whose thresholds gonogo.toml changes. `items` are the ids of the checklist.
    ///
    /// # Errors
    /// What is wrong with a rule once a threshold is another.
    pub fn change(&mut self, overrides: &Overrides, items: &[&str]) -> Result<(), Vec<RuleError>> {
        let ids = known_ids();
        let loader = Loader::new(known(items, &ids)).with_overrides(overrides);
        let mut errors = Vec::new();
        for id in overrides.keys() {
            let Some(text) = shipped::text(id) else { continue };
            match loader.shipped(id, text) {
                Ok(rule) => _ = self.own.insert(id.clone(), rule),
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Adds the rules that the user brought, each a file of the form of ours.
    ///
    /// # Errors
    /// What is wrong with them; then none is added.
    pub fn add(&mut self, sources: &[&Source], overrides: &Overrides, items: &[&str]) -> Result<(), Vec<RuleError>> {
        let ids = known_ids();
        let brought = Loader::new(known(items, &ids)).with_overrides(overrides).brought(sources)?;
        let mut digest = Sha256::new();
        digest.update(&self.digest);
        sources.iter().for_each(|source| digest.update(source.text()));
        self.digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.own.extend(brought.into_iter().map(|rule| (rule.id.to_string(), rule)));
        Ok(())
    }

    /// What is wrong with thresholds of gonogo.toml: rule, name, and why it cannot be used.
    #[must_use]
    pub fn wrong_overrides(&self, overrides: &Overrides) -> Vec<(String, String, String)> {
        let of_rule = |(id, given): (&String, _)| {
            let wrong = super::load::wrong_overrides(id, self.get(id).map(|rule| &rule.logic.params), given);
            wrong.into_iter().map(|(name, reason)| (id.clone(), name, reason)).collect::<Vec<_>>()
        };
        overrides.iter().flat_map(of_rule).collect()
    }

    /// A rule by its id, with its logic.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.own.get(id).or_else(|| self.shipped_rule(shipped::position(id)?))
    }

    /// What is known of a rule without its logic.
    #[must_use]
    pub fn head(&self, id: &str) -> Option<&Head> {
        let shipped = || shipped::heads().nth(shipped::position(id)?).filter(|_| !self.shipped.is_empty());
        self.own.get(id).map(|rule| &*rule.head).or_else(shipped)
    }

    /// The heads of all rules, in the order of their ids.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        let mut shipped = self.shipped_heads().peekable();
        let mut own = self.own.values().map(|rule| &*rule.head).peekable();
        std::iter::from_fn(move || match (shipped.peek(), own.peek()) {
            (Some(one), Some(other)) => match one.id.cmp(&other.id) {
                Ordering::Less => shipped.next(),
                Ordering::Greater => own.next(),
                Ordering::Equal => {
                    shipped.next();
                    own.next()
                }
            },
            (Some(_), None) => shipped.next(),
            (None, _) => own.next(),
        })
    }

    /// All rules with their logic, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.heads().filter_map(|head| self.get(&head.id))
    }

    fn shipped_heads(&self) -> impl Iterator<Item = &'static Head> + use<> {
        shipped::heads().take(self.shipped.len())
    }

    fn shipped_rule(&self, position: usize) -> Option<&Rule> {
        self.shipped.get(position)?.get_or_init(|| shipped::rule(position).map(Box::new)).as_deref()
    }
}

/// The ids of the shipped rules.
fn known_ids() -> Vec<&'static str> {
    shipped::ids().collect()
}

/// What rules may name.
fn known<'l>(items: &'l [&'l str], ids: &'l [&'l str]) -> Known<'l> {
    Known { catalogue: &engines::ALL, items, natives: checks::NAMES, rules: ids }
}
