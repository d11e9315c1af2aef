//! The rules that are part of the program. `build.rs` has checked them, and writes the index and their logic.

use std::borrow::Cow;

use gonogo_language::rules::{CheckKind, Head, Rule, packed};

use crate::model::{Applicability, Engine, Pillar, Platform, Severity, SubjectKind};

/// One rule: its head, where its logic is, and its file.
struct Shipped {
    head: Head,
    packed: (usize, usize),
    text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The logic of all rules, in the order of the index.
const PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.packed"));

/// How many there are.
#[must_use]
pub fn count() -> usize {
    RULES.len()
}

/// SHA-256 over the texts of all, in hexadecimal.
#[must_use]
pub fn digest() -> &'static str {
    DIGEST
}

/// The heads of all, sorted by id.
pub fn heads() -> impl ExactSizeIterator<Item = &'static Head> {
    RULES.iter().map(|rule| &rule.head)
}

/// Every id, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    heads().map(|head| &*head.id)
}

/// The place of a rule in the index.
#[must_use]
pub fn position(id: &str) -> Option<usize> {
    RULES.binary_search_by(|rule| (*rule.head.id).cmp(id)).ok()
}

/// The text of a rule.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    RULES.get(position(id)?).map(|rule| rule.text)
}

/// The rule at a place of the index, with its logic.
#[must_use]
pub fn rule(position: usize) -> Option<Rule> {
    let rule = RULES.get(position)?;
    let (start, end) = rule.packed;
    packed::unpack(&rule.head, PACKED.get(start..end)?, rule.text)
}
