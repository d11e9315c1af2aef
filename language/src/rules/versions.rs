//! Ranges of versions: `>=10`, `>=14, <18`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::model::Version;

/// How a version stands to the one that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
}

/// Spelling of every relation; longer ones first, so that `>=` is not read as `>`.
const RELATIONS: [(&str, Relation); 5] =
    [(">=", Relation::AtLeast), ("<=", Relation::AtMost), (">", Relation::Above), ("<", Relation::Below), ("=", Relation::Equal)];

/// A range of versions; every part of it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    written: String,
    parts: Vec<(Relation, Version)>,
}

impl VersionRange {
    /// Whether a version lies within; `None` when it is not known exactly enough (16 against `>=16.4`).
    #[must_use]
    pub fn admits(&self, version: &Version) -> Option<bool> {
        let mut undecided = false;
        for (relation, bound) in &self.parts {
            match holds(*relation, version, bound) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => undecided = true,
            }
        }
        (!undecided).then_some(true)
    }

    /// Whether any release of a major may lie within.
    #[must_use]
    pub fn may_admit_major(&self, major: u32) -> bool {
        self.admits(&Version(vec![major])) != Some(false)
    }
}

/// Compares number by number, as far as both are known.
fn holds(relation: Relation, version: &Version, bound: &Version) -> Option<bool> {
    let order = version.0.iter().zip(&bound.0).map(|(left, right)| left.cmp(right)).find(|order| *order != Ordering::Equal);
    match (order, relation) {
        (Some(Ordering::Greater), Relation::AtLeast | Relation::Above) | (Some(Ordering::Less), Relation::AtMost | Relation::Below) => {
            Some(true)
        }
        (Some(_), _) => Some(false),
        // 16.4 lies in the series 16; of 16 alone nobody knows whether it is 16.4.
        (None, _) if version.0.len() < bound.0.len() => None,
        (None, Relation::AtLeast | Relation::AtMost | Relation::Equal) => Some(true),
        (None, Relation::Above | Relation::Below) => Some(false),
    }
}

impl FromStr for VersionRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let part = |part: &str| {
            let part = part.trim();
            RELATIONS.iter().find_map(|(sign, relation)| Some((*relation, part.strip_prefix(sign)?.trim().parse::<Version>().ok()?)))
        };
        let parts: Option<Vec<_>> = text.split(',').map(part).collect();
        let parts = parts.ok_or_else(|| format!("`{text}` is no range of versions; expected one as \">=14\" or \">=14, <18\""))?;
        Ok(Self { written: text.to_owned(), parts })
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(range: &str, version: &str) -> Option<bool> {
        range.parse::<VersionRange>().unwrap().admits(&version.parse().unwrap())
    }

    #[test]
    fn versions_are_compared_as_far_as_they_are_known() {
        assert_eq!(admits(">=14, <18", "14"), Some(true));
        assert_eq!(admits(">=14, <18", "18"), Some(false));
        assert_eq!(admits(">=14", "9.6"), Some(false));
        assert_eq!(admits(">=16.4", "16"), None);
        assert_eq!(admits(">=16.4", "17"), Some(true));
        assert_eq!(admits(">=16", "16.4"), Some(true));
        assert_eq!(admits("=16", "16.4"), Some(true));
        assert_eq!(admits("<=16", "16.4"), Some(true));
        assert_eq!(admits(">16", "16.4"), Some(false));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "14", ">= x", ">=14,", "13 || >=15"] {
            assert!(text.parse::<VersionRange>().is_err(), "{text}");
        }
    }
}
