//! The table of edits that may stay GO, with the reason of each kind.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Kinds of edits that any verdict is right for: pattern → reason. `*` stands for any text.
    may: BTreeMap<String, String>,
    /// Kinds that leave the GO because what comes of them does not hold a release, and that have to be told as findings all the same.
    told: BTreeMap<String, String>,
    /// Kinds that have to stay GO: anything else is a false alarm.
    must: BTreeMap<String, String>,
}

impl Table {
    pub(super) fn read() -> Self {
        toml::from_str(include_str!("harmless.toml")).unwrap()
    }

    pub(super) fn reason(&self, id: &str) -> Option<&str> {
        let mut all = self.must.iter().chain(&self.told).chain(&self.may);
        all.find(|(pattern, _)| matches(pattern, id)).map(|(_, reason)| reason.as_str())
    }

    /// Whether a finding has to tell of it.
    pub(super) fn must_be_told(&self, id: &str) -> bool {
        self.told.keys().any(|pattern| matches(pattern, id))
    }

    pub(super) fn must_stay(&self, id: &str) -> bool {
        self.must.keys().any(|pattern| matches(pattern, id))
    }
}

/// Whether a text is what a pattern with `*` describes.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn every_kind_of_the_table_has_a_reason() {
    let table = Table::read();
    for (pattern, reason) in table.must.iter().chain(&table.told).chain(&table.may) {
        assert!(reason.split(' ').count() > 4, "{pattern}: {reason}");
    }
    assert!(matches("a/*/b*", "a/x/bc") && matches("a", "a") && !matches("a/*/b", "a/b") && !matches("a", "ab") && matches("*b", "bb"));
}
