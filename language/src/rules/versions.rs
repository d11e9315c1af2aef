//! Ranges of versions: `>=10`, `>=14, <18`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::model::{Engine, Series, Version};

/// How a version stands to the one that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
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
    pub(super) written: Cow<'static, str>,
    pub(super) parts: Vec<(Relation, Version)>,
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

    /// Whether any release of a series may lie within.
    #[must_use]
    pub fn may_admit(&self, series: Series) -> bool {
        self.admits(&series.into()) != Some(false)
    }
}

/// The versions that a rule is for: each engine counts in numbers of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions(BTreeMap<Engine, VersionRange>);

impl Versions {
    /// One range for each engine that has one.
    #[must_use]
    pub fn new(by_engine: impl IntoIterator<Item = (Engine, VersionRange)>) -> Self {
        Self(by_engine.into_iter().collect())
    }

    /// The range of an engine; without one, the rule is for every release of it.
    #[must_use]
    pub fn of(&self, engine: Engine) -> Option<&VersionRange> {
        self.0.get(&engine)
    }

    /// The ranges, by engine.
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = (Engine, &VersionRange)> {
        self.0.iter().map(|(engine, range)| (*engine, range))
    }

    /// Whether it is for every release of every engine.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Versions {
    /// The range alone where there is but one, else each with its engine: `mysql >=8.4; mariadb >=10.6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [(_, only)] = self.0.iter().collect::<Vec<_>>().as_slice() {
            return only.fmt(f);
        }
        let each: Vec<String> = self.0.iter().map(|(engine, range)| format!("{engine} {range}")).collect();
        f.write_str(&each.join("; "))
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
        let parts =
            parts.ok_or_else(|| format!("`{text}` is not a valid range of versions; expected for example \">=14\" or \">=14, <18\""))?;
        Ok(Self { written: Cow::Owned(text.to_owned()), parts })
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
    fn the_numbers_of_an_engine_are_its_own() {
        let versions = Versions::new([(Engine::Mysql, ">=8.4".parse().unwrap()), (Engine::Mariadb, ">=10.6".parse().unwrap())]);
        let admits = |engine, series| versions.of(engine).map(|range| range.may_admit(series));
        assert_eq!(admits(Engine::Mariadb, Series::two(10, 11)), Some(true));
        assert_eq!(admits(Engine::Mysql, Series::two(8, 0)), Some(false));
        assert_eq!(admits(Engine::Postgresql, Series::one(16)), None);
        assert_eq!(versions.to_string(), "mysql >=8.4; mariadb >=10.6");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "14", ">= x", ">=14,", "13 || >=15"] {
            assert!(text.parse::<VersionRange>().is_err(), "{text}");
        }
    }
}
