//! What `gonogo rules` lists.

pub mod vocabulary;

use serde_json::{Value, json};

use super::{Rule, RuleSet, compliance};
use crate::model::{Engine, Pillar, Severity};

/// Which rules to list; everything that is not set lets all through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Rules about this engine.
    pub engine: Option<Engine>,
    /// Rules of this pillar.
    pub pillar: Option<Pillar>,
    /// Rules that can reach this severity.
    pub severity: Option<Severity>,
    /// Rules that a compliance framework refers to.
    pub framework: Option<String>,
}

impl Filter {
    /// Whether a rule is listed.
    #[must_use]
    pub fn admits(&self, rule: &Rule) -> bool {
        self.engine.is_none_or(|engine| rule.engines.contains(&engine))
            && self.pillar.is_none_or(|pillar| rule.pillar == pillar)
            && self.severity.is_none_or(|severity| rule.highest_severity() >= severity)
            && self.framework.as_ref().is_none_or(|framework| compliance::speaks_to(rule, framework))
    }
}

/// Head of the table; of one framework, its requirements stand beside each rule.
#[must_use]
pub fn columns(filter: &Filter) -> &'static [&'static str] {
    if filter.framework.is_some() {
        &["rule", "severity", "requirements", "title"]
    } else {
        &["rule", "severity", "pillar", "engines", "kind", "title"]
    }
}

/// Rows of the table, in the order of the ids.
#[must_use]
pub fn rows(rules: &RuleSet, filter: &Filter) -> Vec<Vec<String>> {
    let row = |rule: &Rule| {
        let (id, severity, title) = (rule.id.to_string(), severity_text(rule), rule.title.to_string());
        match &filter.framework {
            Some(framework) => vec![id, severity, compliance::requirements(rule).remove(framework).unwrap_or_default().join(", "), title],
            None => vec![id, severity, rule.pillar.to_string(), words(&rule.engines), rule.kind.word().to_owned(), title],
        }
    };
    listed(rules, filter).map(row).collect()
}

/// The same rules as JSON.
#[must_use]
pub fn json(rules: &RuleSet, filter: &Filter) -> Value {
    Value::Array(listed(rules, filter).map(entry).collect())
}

/// One rule as the JSON listing has it.
#[must_use]
pub fn entry(rule: &Rule) -> Value {
    let engines: Vec<_> = rule.engines.iter().map(|engine| engine.word()).collect();
    json!({
        "id": rule.id,
        "title": rule.title,
        "engines": engines,
        "area": rule.area(),
        "severity": rule.highest_severity().word(),
        "pillar": rule.pillar.word(),
        "items": rule.items,
        "versions": (!rule.logic.versions.is_empty()).then(|| rule.logic.versions.to_string()),
        "kind": rule.kind.word(),
        "fixable": rule.is_fixable(),
        "compliance": compliance::requirements(rule),
        "url": rule.url(),
    })
}

/// The severities that a rule can have, weightiest first: "high, medium".
#[must_use]
pub fn severity_text(rule: &Rule) -> String {
    let mut severities = rule.severities.to_vec();
    severities.sort_unstable_by(|left, right| right.cmp(left));
    severities.dedup();
    severities.iter().map(|severity| severity.word()).collect::<Vec<_>>().join(", ")
}

fn listed<'r>(rules: &'r RuleSet, filter: &'r Filter) -> impl Iterator<Item = &'r Rule> {
    rules.iter().filter(|rule| filter.admits(rule))
}

fn words(engines: &[Engine]) -> String {
    engines.iter().map(|engine| engine.word()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_keys_of_the_listing() {
        let rules: RuleSet = RuleSet::shipped().get("postgresql-worst-case-memory").cloned().into_iter().collect();
        let listed = |filter: &Filter| rows(&rules, filter).iter().any(|row| row[0] == "postgresql-worst-case-memory");
        assert!(listed(&Filter::default()));
        assert!(listed(&Filter { engine: Some(Engine::Postgresql), severity: Some(Severity::High), ..Filter::default() }));
        assert!(!listed(&Filter { engine: Some(Engine::Redis), ..Filter::default() }));
        assert!(!listed(&Filter { severity: Some(Severity::Critical), ..Filter::default() }));
        assert!(!listed(&Filter { framework: Some("cis".to_owned()), ..Filter::default() }));
        let entry = entry(rules.get("postgresql-worst-case-memory").unwrap());
        let keys: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["id", "title", "engines", "area", "severity", "pillar", "items", "versions", "kind", "fixable", "compliance", "url"];
        assert_eq!(keys, expected);
    }
}
