//! The language of rules: what a rule can say, how its file is read and checked, and how it is packed into the program.
//!
//! A rule is a TOML file. `load` turns it into a [`Rule`], or into errors with their places; `packed` writes its logic
//! when the program is built, and reads it back when it runs. Nothing here judges, reads a file or asks a clock.

pub mod catalogue;
pub mod condition;
mod documentation;
pub mod error;
pub mod examples;
pub mod few;
mod head;
pub mod load;
pub mod message;
pub mod packed;
pub mod quantity;
pub mod query;
pub(crate) mod reader;
#[cfg(test)]
mod toy;
pub mod versions;
pub mod vocabulary;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use crate::model::Severity;

pub use catalogue::SettingCatalogue;
pub use documentation::{Docs, Documentation};
pub use error::RuleError;
pub use head::Head;
pub use load::{Known, Literal, Loader, Overrides, area_of};

use condition::{Condition, Operand};
use few::Few;
use message::Message;
use packed::Benchmarks;
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

    /// The kind of a check.
    #[must_use]
    pub const fn of(check: &Check) -> Self {
        match check {
            Check::Table(_) => Self::Table,
            Check::Native { .. } => Self::Native,
            Check::Query(_) => Self::Query,
        }
    }
}

/// How a rule decides, with what it takes to do so.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// The good state, as a condition.
    Table(Condition),
    /// A function, and what it must see before it is called.
    Native {
        /// Its name, by which the program finds the function.
        name: Cow<'static, str>,
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
#[derive(Clone, Debug, PartialEq)]
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
    Set(Vec<(Cow<'static, str>, Cow<'static, str>)>),
    /// What stands at a place becomes another word.
    Replace(Place, Message),
    /// The lines of the record go.
    Remove,
    /// The problem is repaired as it says itself.
    Correct,
}

/// How a rule decides and what it says then; the rest of a [`Rule`] describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Logic {
    /// Versions that the rule is for, by engine.
    pub versions: Versions,
    /// `when`: the rule concerns only subjects of which this holds.
    pub guard: Option<Condition>,
    /// What decides.
    pub check: Check,
    /// Severity by case; the last one holds always.
    pub severity_cases: Few<SeverityCase>,
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
    pub yields_to: Vec<Cow<'static, str>>,
    /// Whether the defaults of an image alone make it fail.
    pub on_image_defaults: bool,
    /// What its fix changes.
    pub remedy: Option<Remedy>,
    /// Thresholds, as shipped or as gonogo.toml changes them.
    pub params: BTreeMap<String, Literal>,
}

impl Default for Logic {
    /// A rule that always holds, for tests that only need a rule's description.
    fn default() -> Self {
        Self {
            versions: Versions::default(),
            guard: None,
            check: Check::Table(Condition::All(Vec::new())),
            severity_cases: Few::default(),
            message: None,
            found: None,
            expected: None,
            at: None,
            also_at: Vec::new(),
            yields_to: Vec::new(),
            on_image_defaults: false,
            remedy: None,
            params: BTreeMap::new(),
        }
    }
}

/// One rule, loaded and checked.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is known of it without its logic.
    pub head: Cow<'static, Head>,
    /// Documentation.
    pub docs: Documentation,
    /// Requirements that its own file names: numbers of a benchmark of its engine.
    pub benchmarks: Benchmarks,
    /// Whether it is embedded in the binary, rather than brought by the user.
    pub shipped: bool,
    /// How it decides.
    pub logic: Logic,
    /// The rule file, with its examples.
    pub text: Cow<'static, str>,
}

impl Deref for Rule {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Rule {
    /// The page to read first.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.docs.references.first().map(String::as_str)
    }
}
