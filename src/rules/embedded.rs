//! The rules that are part of the program, as text; `build.rs` writes the table.

/// Id and text of every embedded rule, sorted by id.
const RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The text of a rule.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    let at = RULES.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
    RULES.get(at).map(|(_, text)| *text)
}

/// Every id, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id)
}

/// Id and text of every rule, sorted by id.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.iter().copied()
}

/// The prefix of an id, which is also the folder of its file: `postgresql`, `hba`, `compose`, …
#[must_use]
pub fn area_of(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}
