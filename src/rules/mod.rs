//! Rules as data: what each says, on what subject, with which severity, documentation and examples.
//!
//! A rule is a TOML file. `load` turns it into a [`Rule`], or into errors with their places;
//! `evaluate` holds a rule against a subject and answers with an outcome. Nothing here reads a file
//! or a clock: whatever a rule needs is a fact, setting or record of its subject.

pub mod catalogue;
pub mod checks;
pub mod compliance;
pub mod condition;
mod documentation;
pub mod embedded;
pub mod error;
pub mod evaluate;
pub mod examples;
pub mod explain;
pub mod listing;
pub mod load;
pub mod message;
pub mod quantity;
pub mod query;
mod reader;
#[cfg(test)]
mod toy;
pub mod versions;
pub mod vocabulary;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Applicability, Compliance, Engine, Pillar, Platform, Severity, Subject, SubjectKind};

pub use catalogue::SettingCatalogue;
pub use checks::Context;
pub use documentation::{Docs, Documentation};
pub use error::RuleError;
pub use evaluate::{Footprint, Views, fingerprints, judge, judge_instance, yield_to_better};
pub use load::{Literal, Loader, Overrides};

use condition::{Condition, Operand};
use message::Message;
use query::Query;
use versions::Versions;

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

impl CheckKind {
    /// The word of the listing.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Native => "native",
            Self::Query => "query",
        }
    }

    const fn of(check: &Check) -> Self {
        match check {
            Check::Table(_) => Self::Table,
            Check::Native { .. } => Self::Native,
            Check::Query(_) => Self::Query,
        }
    }
}

/// How a rule decides, with what it takes to do so.
#[derive(Clone, Debug)]
pub enum Check {
    /// The good state, as a condition.
    Table(Condition),
    /// A function, and what it must see before it is called.
    Native {
        /// Its name in the table of `checks/`.
        name: String,
        /// The function.
        run: checks::Run,
        /// What it reads.
        reads: Vec<Read>,
    },
    /// Questions to a running server.
    Query(Vec<Query>),
}

/// Something that a native check reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// All records of a kind.
    Records(&'static str),
    /// A setting or fact.
    Value(Operand),
}

/// One case of a severity.
#[derive(Clone, Debug)]
pub struct SeverityCase {
    /// The severity, in this case.
    pub severity: Severity,
    /// When the case holds; always, without it.
    pub when: Option<Condition>,
}

/// A place that a rule points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The record as a whole.
    Record,
    /// Where a value stands.
    Value(Operand),
}

/// A further place, with what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedPlace {
    /// The place.
    pub place: Place,
    /// What to say there.
    pub message: Message,
}

/// What a fix changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Settings of the instance, or keys of the service, get values: name and value, without quotes.
    Set(Vec<(String, String)>),
    /// What stands at a place becomes another word.
    Replace(Place, Message),
    /// The lines of the record go.
    Remove,
    /// The problem is repaired as it says itself.
    Correct,
}

/// How a rule decides and what it says then; the rest of a [`Rule`] describes it.
#[derive(Clone, Debug)]
pub struct Logic {
    /// Versions that the rule is for, by engine.
    pub versions: Versions,
    /// `when`: the rule concerns only subjects of which this holds.
    pub guard: Option<Condition>,
    /// What decides.
    pub check: Check,
    /// Severity by case; the last one holds always.
    pub severity_cases: Vec<SeverityCase>,
    /// Message of a finding; derived from the condition without it.
    pub message: Option<Message>,
    /// What a finding says was found; derived from the condition without it.
    pub found: Option<Message>,
    /// What a finding says was expected; derived from the condition without it.
    pub expected: Option<Message>,
    /// Primary place; derived from the condition without it.
    pub at: Option<Place>,
    /// Further places.
    pub also_at: Vec<RelatedPlace>,
    /// Rules that say the same better.
    pub yields_to: Vec<String>,
    /// Whether the defaults of an image alone make it fail.
    pub on_image_defaults: bool,
    /// What its fix changes.
    pub remedy: Option<Remedy>,
    /// Thresholds, as shipped or as gonogo.toml changes them.
    pub params: BTreeMap<String, Literal>,
    /// The rule file, with its examples.
    pub text: Cow<'static, str>,
}

impl Default for Logic {
    /// A rule that always holds, for tests that only need a rule's description.
    fn default() -> Self {
        Self {
            versions: Versions::default(),
            guard: None,
            check: Check::Table(Condition::All(Vec::new())),
            severity_cases: Vec::new(),
            message: None,
            found: None,
            expected: None,
            at: None,
            also_at: Vec::new(),
            yields_to: Vec::new(),
            on_image_defaults: false,
            remedy: None,
            params: BTreeMap::new(),
            text: Cow::Borrowed(""),
        }
    }
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
    /// Platforms whose workloads and files it is about; empty where it reads nothing that only one platform writes.
    pub platforms: Vec<Platform>,
    /// Kind of subject.
    pub subject: SubjectKind,
    /// How it decides.
    pub kind: CheckKind,
    /// How safely its fix can be made, when it has one.
    pub fix: Option<Applicability>,
    /// Documentation.
    pub docs: Documentation,
    /// Requirements that its own file names: numbers of a benchmark of its engine. See [`Rule::compliance`] for all.
    pub benchmarks: Compliance,
    /// Whether it is embedded in the binary, rather than brought by the user.
    pub shipped: bool,
    /// How it decides.
    pub logic: Logic,
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
        embedded::area_of(&self.id)
    }

    /// Whether the rule is about subjects of this kind, engine and platform.
    #[must_use]
    pub fn concerns(&self, subject: &Subject) -> bool {
        let engine_fits = self.engines.is_empty() || subject.engine.is_some_and(|engine| self.engines.contains(&engine));
        self.subject == subject.kind && engine_fits && self.fits_platform(subject)
    }

    /// Whether the rule is about what the platform of a subject describes.
    #[must_use]
    pub fn fits_platform(&self, subject: &Subject) -> bool {
        self.platforms.is_empty() || subject.platform.is_some_and(|platform| self.platforms.contains(&platform))
    }

    /// The page to read first.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.docs.references.first().map(String::as_str)
    }

    /// Whether `fix` can write something that remedies it.
    #[must_use]
    pub fn is_fixable(&self) -> bool {
        self.fix.is_some_and(|applicability| applicability != Applicability::Display)
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
