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

use crate::engines::frame::{Advice, Joint, Line, Sizing};
use crate::model::{Subject, Why, format_bytes};
use plan::Plan;

/// The rule about what the settings ask for together.
const WORST_CASE: &str = "postgresql-worst-case-memory";

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
    let joint = Joint { rule: WORST_CASE, first: worst_case::largest_lever(subject).to_owned() };
    Ok(Sizing { machine: machine.shown(), lines, joint: Some(joint) })
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
