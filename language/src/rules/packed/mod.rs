//! Rules packed: what the build script writes once every rule was checked, and what the program reads back.
//!
//! The form is our own and has no version: both sides are built together. Texts are borrowed where the
//! model allows it, and everything that belongs to the program (native checks, patterns, words of the vocabulary) goes by
//! its name. What was packed is trusted: where it does not fit, there is `None`, which the build script has ruled out.

mod benchmarks;
mod logic;
mod primitives;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Documentation, Head, Logic, Rule};
use primitives::{Input, Pack};

pub use benchmarks::Benchmarks;

/// Deepest nesting of anything within a rule; the loader admits less.
const DEEPEST: u8 = 64;

/// The logic of a rule and what else its head does not say. Its documentation and its examples stay as they are written.
#[must_use]
pub fn pack(rule: &Rule) -> String {
    let mut out = String::new();
    rule.logic.pack(&mut out);
    rule.benchmarks.pack(&mut out);
    out
}

/// The shipped rule of a head, from what was packed and from its file.
#[must_use]
pub fn unpack(head: &'static Head, packed: &'static str, text: &'static str) -> Option<Rule> {
    let mut input = Input::new(packed, DEEPEST);
    let logic = Logic::unpack(&mut input)?;
    let benchmarks = Benchmarks::of_packed(input.rest()?);
    let docs = Documentation::of_embedded(text);
    Some(Rule { head: Cow::Borrowed(head), docs, benchmarks, shipped: true, logic, text: Cow::Borrowed(text) })
}
