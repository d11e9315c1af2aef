//! Native checks: arithmetic over several settings, and joins of records, that no table can express.
//!
//! One file each, in the folder of its engine, and one line in `table.in`. A check is called only when everything that its rule
//! `reads` was seen; it is pure, and sees nothing but the subject, the rule's parameters and the
//! context.

mod exceptions;
mod mysql;
mod pgbouncer;
mod postgresql;

use crate::model::{Date, Outcome, SettingState, Subject, Value};
use crate::rules::Rule;
use crate::rules::load::Literal;

/// What a check knows beside its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The date that ages are counted from.
    pub now: Date,
    /// Whether a rule that does not concern a subject says why. Half of all outcomes of a large tree are of that kind,
    /// and most reports do not show them.
    pub says_why_not: bool,
    /// Whether findings offer what remedies them.
    pub offers_fixes: bool,
}

/// A native check.
pub type Run = fn(rule: &Rule, subject: &Subject, context: &Context) -> Outcome;

/// The functions by name, and the names alone.
macro_rules! native_checks {
    ($($name:literal => $run:path),+ $(,)?) => {
        const CHECKS: &[(&str, Run)] = &[$(($name, $run)),+];

        /// The name of every native check.
        pub const NAMES: &[&str] = &[$($name),+];
    };
}
include!("table.in");

/// The check of a name.
#[must_use]
pub fn find(name: &str) -> Option<Run> {
    CHECKS.iter().find(|(known, _)| *known == name).map(|(_, run)| *run)
}

/// The number of a setting (bytes, microseconds, or as it is), when it is known and an amount.
#[must_use]
pub fn setting_number(subject: &Subject, name: &str) -> Option<f64> {
    subject.setting_number(name)
}

/// The text of a setting, when it is known.
#[must_use]
pub fn setting_text<'s>(subject: &'s Subject, name: &str) -> Option<&'s str> {
    match subject.settings.get(name)? {
        SettingState::Known(setting) => setting.value.as_text(),
        _ => None,
    }
}

/// The number of a fact, when it is known.
#[must_use]
pub fn fact_number(subject: &Subject, name: &str) -> Option<f64> {
    subject.facts.get(name)?.datum.known().and_then(Value::as_number)
}

/// A threshold of the rule; its file must state it.
#[must_use]
pub fn param_number(rule: &Rule, name: &str) -> Option<f64> {
    rule.logic.params.get(name).map(Literal::untyped).and_then(|value| value.as_number())
}
