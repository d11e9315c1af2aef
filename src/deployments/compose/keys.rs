//! Every key of a compose file, in one table: what is taken in, and as which sides of a service; what changes none, and why;
//! what is not taken in and may change some. What no table declares may change everything, and Docker Compose refuses it.
//!
//! <https://github.com/compose-spec/compose-go/blob/main/schema/compose-spec.json>, of July 2026.

use super::key::{Key, Use};
use super::tables::{SECTIONS, Section};
use crate::model::Aspect;

/// The keys of a place: `services.*`, `services.*.deploy`.
pub(super) fn section(path: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.path == path)
}

/// Keys of a service that are kept as text.
pub(super) fn kept() -> impl Iterator<Item = &'static str> {
    let keys = section("services.*").map(|section| section.keys).unwrap_or_default();
    keys.iter().filter(|key| matches!(key.used, Use::Kept(_))).map(|key| key.name)
}

/// The sides of a service that rest on a key, wherever it stands.
pub(super) fn aspects_of(name: &str) -> &'static [Aspect] {
    // A service's own keys come first: `memory` is one of limits alone, `secrets` is one of several places.
    let of_service = SECTIONS.iter().filter(|section| section.path.starts_with("services.*"));
    of_service.flat_map(|section| section.keys).find(|key| key.name == name).map_or(&[], Key::aspects)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SCHEMA: &str = include_str!("../../../tests/vectors/compose-keys.txt");

    /// Whether a path of the schema is declared, by itself or with what is above it.
    fn is_declared(path: &str) -> bool {
        let mut place = String::new();
        for part in path.split('.') {
            let here = if place.is_empty() { part.to_owned() } else { format!("{place}.{part}") };
            let is_key = !matches!(part, "*" | "[]");
            if is_key && !section(&place).is_some_and(|section| section.keys.iter().any(|key| key.name == part)) {
                return false;
            }
            let is_open = |inner: &str| SECTIONS.iter().any(|section| section.path.starts_with(&format!("{here}{inner}")));
            if is_key && section(&here).is_none() && !is_open(".[]") && !is_open(".*") {
                return true;
            }
            place = here;
        }
        true
    }

    fn schema() -> BTreeSet<&'static str> {
        SCHEMA.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
    }

    #[test]
    fn every_key_of_the_schema_is_declared_and_no_other() {
        let schema = schema();
        assert!(schema.len() > 300, "{}", schema.len());
        let missing: Vec<&str> = schema.iter().copied().filter(|path| !is_declared(path)).collect();
        assert!(missing.is_empty(), "declare these in tables.rs: {missing:?}");
        for section in SECTIONS {
            for key in section.keys {
                let path = if section.path.is_empty() { key.name.to_owned() } else { format!("{}.{}", section.path, key.name) };
                assert!(schema.contains(path.as_str()), "the schema has no {path}");
            }
            let names: Vec<&str> = section.keys.iter().map(|key| key.name).collect();
            assert!(names.is_sorted() && names.windows(2).all(|pair| pair.first() != pair.get(1)), "{}: {names:?}", section.path);
        }
    }

    #[test]
    fn what_is_harmless_has_a_reason_and_what_is_opaque_a_side() {
        for (section, key) in SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section.path, key))) {
            match key.used {
                Use::Harmless(why) => assert!(why.split(' ').count() > 2, "{section}.{}: {why}", key.name),
                Use::Opaque(aspects) => assert!(!aspects.is_empty(), "{section}.{}", key.name),
                Use::Read(_) | Use::Kept(_) => {}
            }
        }
    }
}
