//! Conditions: the good state of something, as data.
//!
//! A condition can be asked whether it holds (`evaluate/`), what decides it, and what it needs to
//! see; that is why rules are tables and not programs.

use std::borrow::Cow;
use std::collections::BTreeMap;
#[cfg(feature = "program")]
use std::sync::OnceLock;

#[cfg(feature = "program")]
use regex::Regex;

use super::few::Few;
use crate::model::Value;
use crate::model::words::words;

/// What can be true, false, or unknown of a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one holds.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// The opposite holds.
    Not(Box<Self>),
    /// It holds of records.
    Records(Box<Records>),
    /// One value is as it should be.
    Test(Box<Test>),
}

words! {
    /// Of how many records something must hold.
    Quantifier {
        /// Of each that `where` picks, `require` must hold.
        Each = "each",
        /// At least one is picked by `where`.
        Some = "some",
        /// None is picked by `where`.
        None = "none",
    }
}

/// A condition over all records of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    /// Of how many.
    pub quantifier: Quantifier,
    /// Kind of record.
    pub kind: &'static str,
    /// `where`: which records are meant; all of them without it.
    pub filter: Option<Condition>,
    /// `require`: what must hold of them; only with `each`.
    pub require: Option<Condition>,
}

/// The names that lead to a field: one mostly, and after it those of the records that fields name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    pub(super) first: &'static str,
    pub(super) deeper: Vec<&'static str>,
}

impl FieldPath {
    /// A field of the record at hand.
    #[must_use]
    pub const fn new(first: &'static str) -> Self {
        Self { first, deeper: Vec::new() }
    }

    /// A field of the record that this one names.
    #[must_use]
    pub fn then(mut self, name: &'static str) -> Self {
        self.deeper.push(name);
        self
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.first).chain(self.deeper.iter().copied())
    }

    /// Its name, where it is a field of the record at hand.
    #[must_use]
    pub fn own(&self) -> Option<&'static str> {
        self.deeper.is_empty().then_some(self.first)
    }
}

/// What a test looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A setting in effect, by its canonical name.
    Setting(Cow<'static, str>),
    /// One key of a setting that is a connection string.
    Key {
        /// The setting.
        setting: Cow<'static, str>,
        /// The key, as `sslmode`.
        key: Cow<'static, str>,
    },
    /// A fact of the subject.
    Fact(&'static str),
    /// A field of the record at hand; more than one name descends into the records that fields name.
    Field(FieldPath),
}

impl Operand {
    /// The name that messages use.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Setting(name) => name.to_string(),
            Self::Key { setting, key } => format!("{key} of {setting}"),
            Self::Fact(name) => (*name).to_owned(),
            Self::Field(path) => path.names().collect::<Vec<_>>().join("."),
        }
    }
}

/// Every predicate must hold of the operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is looked at.
    pub operand: Operand,
    /// What must hold of it.
    pub predicates: Few<Predicate>,
    /// What comparisons make of values that are no size, time or count, as `off` for 0.
    pub special: BTreeMap<Cow<'static, str>, Special>,
}

words! {
    /// What a comparison makes of a special value.
    Special {
        /// It holds.
        Passes = "passes",
        /// It does not hold.
        Fails = "fails",
        /// It cannot be told.
        Unknown = "unknown",
    }
}

/// What can be asked of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// `is`, `one_of`.
    OneOf(Few<Value>),
    /// `is_not`, `none_of`.
    NoneOf(Few<Value>),
    /// `same_as`.
    SameAs(Operand),
    /// `at_least`.
    AtLeast(Amount),
    /// `at_most`.
    AtMost(Amount),
    /// `between`, both ends included.
    Between(Amount, Amount),
    /// `has`: a list has this element.
    Has(Cow<'static, str>),
    /// `lacks`: a list has no such element.
    Lacks(Cow<'static, str>),
    /// `starts_with`.
    StartsWith(Cow<'static, str>),
    /// `ends_with`.
    EndsWith(Cow<'static, str>),
    /// `includes`: the text stands somewhere within.
    Includes(Cow<'static, str>),
    /// `matches`: the whole value.
    Matches(Pattern),
    /// `written`: whether a file, the environment or a command line sets it.
    Written(bool),
    /// `present`: whether its value is known and not empty.
    Present(bool),
}

/// A bound of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// A literal.
    Fixed(Value),
    /// `"15% of memory"`, `"50% of setting shared_buffers"`.
    Share {
        /// Per cent.
        percent: f64,
        /// Of what.
        of: Operand,
    },
    /// `"2 per cpu"`.
    PerCpu(Value),
}

/// A regular expression over a whole value, compiled when it is first needed.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: Cow<'static, str>,
    #[cfg(feature = "program")]
    compiled: OnceLock<Option<Regex>>,
}

impl PartialEq for Pattern {
    /// Two patterns are the same where they are written the same, compiled or not.
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Pattern {
    /// A pattern that nobody has compiled yet.
    #[must_use]
    pub fn new(written: impl Into<Cow<'static, str>>) -> Self {
        Self {
            written: written.into(),
            #[cfg(feature = "program")]
            compiled: OnceLock::new(),
        }
    }

    /// As written in the rule.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Why it cannot be compiled, if it cannot.
    ///
    /// # Errors
    /// The last line of the compiler's complaint, which says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let reason = |error: regex_syntax::Error| error.to_string().lines().last().unwrap_or_default().trim().to_owned();
        regex_syntax::parse(&self.whole()).map(|_| ()).map_err(reason)
    }

    /// The expression that the whole value must match.
    fn whole(&self) -> String {
        format!(r"\A(?:{})\z", self.written)
    }

    /// Whether the whole text matches; `None` for a pattern that does not compile.
    #[cfg(feature = "program")]
    #[must_use]
    pub fn matches(&self, text: &str) -> Option<bool> {
        self.compiled.get_or_init(|| Regex::new(&self.whole()).ok()).as_ref().map(|regex| regex.is_match(text))
    }
}
