//! Rules at work: which are in force, what each says of a subject, and what a person is told of them.
//!
//! The language that they are written in is the package `gonogo-language`. `build.rs` has checked the shipped rules and
//! made them part of the program; `evaluate` holds a rule against a subject and answers with an outcome. Nothing here reads
//! a file or a clock: whatever a rule needs is a fact, setting or record of its subject.

pub mod catalogue;
pub mod checks;
pub mod compliance;
pub mod evaluate;
pub mod explain;
pub mod listing;
pub mod presumptions;
mod set;
pub mod shipped;
#[cfg(test)]
#[path = "../../language/src/rules/toy.rs"]
mod toy;

pub use gonogo_language::rules::*;

pub use checks::Context;
pub use evaluate::{Readers, Views, fingerprints, judge, judge_instance, yield_to_better};
pub use set::RuleSet;
