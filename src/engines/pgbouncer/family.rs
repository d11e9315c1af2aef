//! PgBouncer, as the rest of the house sees it.

use super::catalogue::{self, Entry, Kind};
use super::{assemble, kinds};
use crate::engines::Family;
use crate::engines::frame::{Assembled, Given};
use crate::formats::FileKind;
use crate::model::{Engine, Series, SettingShape, ValueKind, Version};

/// The family of PgBouncer.
#[derive(Clone, Copy, Debug)]
pub struct PgBouncer;

/// Every catalogued series; a test holds it against [`catalogue::RELEASES`].
const CATALOGUED: [Series; 12] = [
    Series::two(1, 15),
    Series::two(1, 16),
    Series::two(1, 17),
    Series::two(1, 18),
    Series::two(1, 19),
    Series::two(1, 20),
    Series::two(1, 21),
    Series::two(1, 22),
    Series::two(1, 23),
    Series::two(1, 24),
    Series::two(1, 25),
    Series::two(1, 26),
];

impl Family for PgBouncer {
    fn engines(&self) -> &'static [Engine] {
        &[Engine::Pgbouncer]
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &kinds::ALL
    }

    fn series(&self, _: Engine) -> &'static [Series] {
        // From the first that a maintained distribution ships.
        CATALOGUED.get(3..).unwrap_or_default()
    }

    fn catalogued(&self, _: Engine) -> &'static [Series] {
        &CATALOGUED
    }

    fn shape(&self, _: Engine, series: Series, name: &str) -> Option<SettingShape> {
        let entry = catalogue::entry(catalogue::release_of(&Version::from(series))?, name)?;
        Some(SettingShape { kind: kind_of(entry), specials: entry.zero.into_iter().collect() })
    }

    fn names(&self, _: Engine) -> Vec<String> {
        let mut names: Vec<String> = catalogue::entries().iter().map(|entry| entry.name.to_owned()).collect();
        names.dedup();
        names
    }

    fn assemble(&self, given: &Given<'_>) -> Assembled {
        assemble::assemble(given)
    }
}

fn kind_of(entry: &Entry) -> ValueKind {
    match entry.kind {
        Kind::Text => ValueKind::Text,
        Kind::List => ValueKind::List,
        Kind::Flag => ValueKind::Bool,
        Kind::Integer | Kind::Mode => ValueKind::Integer,
        Kind::Bytes => ValueKind::Bytes,
        Kind::Seconds | Kind::WholeSeconds | Kind::Milliseconds => ValueKind::Duration,
        Kind::Enum => ValueKind::Words(entry.words.iter().map(|word| word.name.to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_are_those_of_the_catalogue() {
        assert_eq!(CATALOGUED.to_vec(), catalogue::RELEASES.map(|release| Series::two(1, release)).collect::<Vec<_>>());
        assert_eq!(PgBouncer.series(Engine::Pgbouncer).first(), Some(&Series::two(1, super::super::assemble::OLDEST_SHIPPED)));
    }
}
