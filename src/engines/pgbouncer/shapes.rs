//! What rules may say about the settings of PgBouncer. The build script reads it without the rest of the program.

use super::catalogue::{self, Entry, Kind};
use crate::model::{Series, SettingShape, ValueKind, Version};

/// Every catalogued series; a test holds it against [`catalogue::RELEASES`].
pub const CATALOGUED: [Series; 12] = [
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

/// The series that a rule without `versions` must hold for: from the first that a maintained distribution ships.
pub fn usual() -> &'static [Series] {
    CATALOGUED.get(3..).unwrap_or_default()
}

/// A setting of a series.
pub fn shape(series: Series, name: &str) -> Option<SettingShape> {
    let entry = catalogue::entry(catalogue::release_of(&Version::from(series))?, name)?;
    Some(SettingShape { kind: kind_of(entry), specials: entry.zero.into_iter().collect() })
}

/// Every name of every series.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = catalogue::entries().iter().map(|entry| entry.name.to_owned()).collect();
    names.dedup();
    names
}

fn kind_of(entry: &Entry) -> ValueKind {
    match entry.kind {
        Kind::Text | Kind::Database => ValueKind::Text,
        Kind::List => ValueKind::List,
        Kind::Flag => ValueKind::Bool,
        Kind::Integer | Kind::Mode => ValueKind::Integer,
        Kind::Bytes => ValueKind::Bytes,
        Kind::Seconds | Kind::WholeSeconds | Kind::Milliseconds => ValueKind::Duration,
        Kind::Enum => ValueKind::Words(entry.words.iter().map(|word| word.name.to_owned()).collect()),
    }
}
