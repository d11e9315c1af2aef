//! Sizing: which values the settings of memory, WAL, workers and disk should have on a machine, and how they come about.
//!
//! [`advise`] answers one line per setting, each with its arithmetic. Nothing is advised without knowing the memory.
//! Thresholds (what is too low or too high) are those of the rules; here are only the values to write.

mod formulas;
mod machine;
mod plan;
pub mod worst_case;

pub use formulas::FORMULAS;
pub use machine::Machine;

use crate::model::{Subject, Why, format_bytes};
use plan::Plan;

/// What is advised for one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The setting.
    pub name: &'static str,
    /// The value to write, or what is missing to tell it.
    pub advice: Result<Advice, Why>,
    /// Rules that judge the value in effect.
    pub rules: &'static [&'static str],
}

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// As postgresql.conf takes it.
    pub value: String,
    /// The same as a number, to compare with the value in effect: bytes, or as it is; none for a word.
    pub number: Option<f64>,
    /// The arithmetic and its source: "25 % of 16GB = 4GB (the documentation, pgtune)".
    pub reason: String,
}

/// The advice for one server.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizing {
    /// What it rests on.
    pub machine: Machine,
    /// One line per setting, in the order of `postgresql.conf.sample`.
    pub lines: Vec<Line>,
}

/// Sizes a server.
///
/// # Errors
/// Why nothing can be advised: the memory is not known, or is less than the formulas hold for.
pub fn advise(subject: &Subject) -> Result<Sizing, Why> {
    let machine = Machine::of(subject)?;
    let plan = Plan::of(&machine);
    let suits = |formula: &&formulas::Formula| formula.majors.contains(&machine.major);
    let line = |formula: &formulas::Formula| Line { name: formula.name, advice: (formula.advise)(&plan), rules: formula.rules };
    let lines = FORMULAS.iter().filter(suits).map(line).collect();
    Ok(Sizing { machine, lines })
}

/// One mebibyte.
const MB: i64 = 1 << 20;

/// One gibibyte.
const GB: i64 = 1 << 30;

/// Whole mebibytes, so that the value is one that people write.
const fn whole_mb(bytes: i64) -> i64 {
    bytes / MB * MB
}

/// A size as sentences show it, in whole mebibytes.
fn shown(bytes: i64) -> String {
    format_bytes(if bytes < MB { bytes } else { whole_mb(bytes) })
}
