//! Rules as data: what each says, on what subject, with which severity, documentation and examples.

use std::collections::BTreeMap;

use crate::model::{Applicability, Compliance, Engine, Pillar, Severity, SubjectKind};

/// What a person reads about a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// What goes wrong, concretely.
    pub why: String,
    /// What to do, with the line to write, and whether a reload or restart is needed.
    pub how: String,
    /// Pages that say so.
    pub references: Vec<String>,
}

/// How a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// A condition, as data.
    Table,
    /// A function of `checks/`.
    Native,
    /// A question to a running server.
    Query,
}

/// One rule, loaded and checked.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, which is its file name.
    pub id: String,
    /// One line.
    pub title: String,
    /// The severity cases, weightiest possible first to ask: see [`Rule::highest_severity`].
    pub severities: Vec<Severity>,
    /// Pillar.
    pub pillar: Pillar,
    /// Checklist items that it counts for.
    pub items: Vec<String>,
    /// Engines that it is about; empty for rules about deployments.
    pub engines: Vec<Engine>,
    /// Kind of subject.
    pub subject: SubjectKind,
    /// How it decides.
    pub kind: CheckKind,
    /// How safely its fix can be made, when it has one.
    pub fix: Option<Applicability>,
    /// Documentation.
    pub docs: Docs,
    /// Compliance references.
    pub compliance: Compliance,
    /// Whether it is embedded in the binary, rather than brought by the user.
    pub shipped: bool,
}

impl Rule {
    /// The highest severity that the rule can have.
    #[must_use]
    pub fn highest_severity(&self) -> Severity {
        self.severities.iter().copied().max().unwrap_or(Severity::Info)
    }

    /// The prefix of its id: `postgresql`, `hba`, `compose`, …
    #[must_use]
    pub fn area(&self) -> &str {
        self.id.split('-').next().unwrap_or(&self.id)
    }
}

/// All rules in force, by id.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// By id.
    pub rules: BTreeMap<String, Rule>,
    /// SHA-256 over all rule texts, in hexadecimal.
    pub digest: String,
}

impl RuleSet {
    /// A rule by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }
}
