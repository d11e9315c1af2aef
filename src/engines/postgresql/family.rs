//! PostgreSQL, as the rest of the house sees it.

use super::catalogue::{Catalogue, Entry, Kind, MAJORS};
use super::{assemble, kinds};
use crate::engines::Family;
use crate::engines::frame::{Assembled, Given};
use crate::formats::FileKind;
use crate::model::{Engine, Series, SettingShape, ValueKind, Version};

/// The family of PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct PostgreSql;

/// Every catalogued series; a test holds it against [`MAJORS`].
const CATALOGUED: [Series; 10] = [
    Series::one(10),
    Series::one(11),
    Series::one(12),
    Series::one(13),
    Series::one(14),
    Series::one(15),
    Series::one(16),
    Series::one(17),
    Series::one(18),
    Series::one(19),
];

/// The series that a rule without `versions` must hold for.
const USUAL: [Series; 6] = [Series::one(13), Series::one(14), Series::one(15), Series::one(16), Series::one(17), Series::one(18)];

impl Family for PostgreSql {
    fn engines(&self) -> &'static [Engine] {
        &[Engine::Postgresql]
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &kinds::ALL
    }

    fn series(&self, _: Engine) -> &'static [Series] {
        &USUAL
    }

    fn catalogued(&self, _: Engine) -> &'static [Series] {
        &CATALOGUED
    }

    fn shape(&self, _: Engine, series: Series, name: &str) -> Option<SettingShape> {
        let entry = Catalogue::of(Version::from(series).major())?.entry(name).filter(|entry| entry.key() == name)?;
        Some(SettingShape { kind: kind_of(entry), specials: entry.specials.iter().map(|(_, word)| *word).collect() })
    }

    fn names(&self, _: Engine) -> Vec<String> {
        let mut names: Vec<String> = MAJORS.filter_map(Catalogue::of).flat_map(Catalogue::entries).map(Entry::key).collect();
        names.sort();
        names.dedup();
        names
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        assemble::assemble(given)
    }
}

fn kind_of(entry: &Entry) -> ValueKind {
    match (entry.kind, entry.unit) {
        // A boolean before PostgreSQL 18; instances show it as the list of events in every version.
        _ if entry.name == "log_connections" => ValueKind::List,
        (Kind::Bool, _) => ValueKind::Bool,
        (Kind::Integer | Kind::Real, Some(unit)) if unit.is_memory() => ValueKind::Bytes,
        (Kind::Integer | Kind::Real, Some(_)) => ValueKind::Duration,
        (Kind::Integer, None) => ValueKind::Integer,
        (Kind::Real, None) => ValueKind::Real,
        (Kind::Enum, _) => ValueKind::Words(entry.words.iter().map(|word| word.canonical.to_owned()).collect()),
        (Kind::String, _) => ValueKind::Text,
        (Kind::List, _) => ValueKind::List,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_are_those_of_the_catalogue() {
        assert_eq!(CATALOGUED.to_vec(), MAJORS.map(Series::one).collect::<Vec<_>>());
        assert_eq!(USUAL.to_vec(), super::super::versions::USUAL.map(Series::one).collect::<Vec<_>>());
    }
}
