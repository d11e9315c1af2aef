//! Which requirements of compliance frameworks a rule speaks to.
//!
//! A benchmark that has a number for a setting stands in the rule's own file. General frameworks speak of themes, and
//! `rules/data/compliance.toml` says which themes the checklist items of a rule belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Rule;
use crate::formats::shipped;
use crate::model::Compliance;

/// A framework of the mapping.
#[derive(Debug, Deserialize)]
pub struct Framework {
    /// Its full name and edition, to which the numbers of requirements refer.
    pub title: String,
    /// Where it is published.
    pub page: String,
}

#[derive(Debug, Default, Deserialize)]
struct Written {
    framework: BTreeMap<String, Framework>,
    theme: BTreeMap<String, Theme>,
}

#[derive(Debug, Deserialize)]
struct Theme {
    items: Vec<String>,
    #[serde(flatten)]
    requirements: Compliance,
}

/// A test of the project keeps the file right.
static MAPPING: LazyLock<Written> = LazyLock::new(|| shipped::read(include_str!("../../rules/data/compliance.toml")).unwrap_or_default());

/// The frameworks that gonogo knows, by the name that `--framework` takes.
#[must_use]
pub fn frameworks() -> &'static BTreeMap<String, Framework> {
    &MAPPING.framework
}

impl Theme {
    /// Whether one of the items of a rule belongs to it.
    fn is_of(&self, rule: &Rule) -> bool {
        rule.items.iter().any(|item| self.items.iter().any(|known| known == item))
    }
}

/// What a rule gives evidence for: framework → requirements, each list sorted.
#[must_use]
pub fn requirements(rule: &Rule) -> Compliance {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let themes = MAPPING.theme.values().filter(|theme| theme.is_of(rule));
    for (framework, requirements) in themes.flat_map(|theme| &theme.requirements).chain(rule.benchmarks.iter()) {
        all.entry(framework).or_default().extend(requirements.iter().map(String::as_str));
    }
    let owned = |list: BTreeSet<&str>| list.into_iter().map(ToOwned::to_owned).collect();
    all.into_iter().map(|(framework, list)| (framework.to_owned(), owned(list))).collect()
}

/// Whether a framework has a requirement that a rule speaks to.
#[must_use]
pub fn speaks_to(rule: &Rule, framework: &str) -> bool {
    let of_theme = |theme: &Theme| theme.requirements.contains_key(framework) && theme.is_of(rule);
    rule.benchmarks.contains_key(framework) || MAPPING.theme.values().any(of_theme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    const CHECKLIST: &str = include_str!("../../rules/checklist.toml");

    fn written() -> Written {
        shipped::read(include_str!("../../rules/data/compliance.toml")).unwrap()
    }

    #[test]
    fn every_item_of_the_checklist_has_one_theme_and_every_theme_known_items_and_frameworks() {
        let Written { framework, theme } = written();
        let listed: Vec<&String> = theme.values().flat_map(|theme| &theme.items).collect();
        let distinct: BTreeSet<&String> = listed.iter().copied().collect();
        assert_eq!(listed.len(), distinct.len(), "an item stands in two themes");
        let ids = CHECKLIST.split("\n[[item]]\n").skip(1).filter_map(|item| item.strip_prefix("id = \"")?.split('"').next());
        assert_eq!(distinct, ids.map(ToOwned::to_owned).collect::<BTreeSet<_>>().iter().collect());
        for (name, theme) in &theme {
            let unknown: Vec<_> = theme.requirements.keys().filter(|named| !framework.contains_key(*named)).collect();
            assert!(unknown.is_empty(), "{name}: no framework {unknown:?}");
        }
    }

    #[test]
    fn a_rule_speaks_to_its_benchmark_and_to_the_themes_of_its_items() {
        let rules = RuleSet::shipped();
        let rule = rules.get("postgresql-tls-off").unwrap();
        let compliance = requirements(rule);
        assert_eq!(compliance["cis"], ["6.8"]);
        assert_eq!(compliance["pci-dss-4"], ["2.2.7", "4.2.1"]);
        assert!(speaks_to(rule, "nist-csf-2") && speaks_to(rule, "cis") && !speaks_to(rule, "iso-9001"));
    }

    #[test]
    fn benchmarks_that_rules_name_are_known_frameworks() {
        for rule in RuleSet::shipped().iter() {
            let unknown: Vec<_> = rule.benchmarks.keys().filter(|named| !frameworks().contains_key(*named)).collect();
            assert!(unknown.is_empty(), "{}: no framework {unknown:?} in rules/data/compliance.toml", rule.id);
        }
    }
}
