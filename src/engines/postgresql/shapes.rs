//! What rules may say of each setting. The build script checks the shipped rules with this and the catalogue alone, so nothing
//! else of the engine is used here.

use super::catalogue::{Catalogue, Entry, Kind, MAJORS};
use crate::model::{Series, SettingShape, ValueKind, Version};

/// The series that a rule without `versions` must hold for: those that are maintained, and the last two that were.
pub const USUAL: [Series; 6] = [Series::one(13), Series::one(14), Series::one(15), Series::one(16), Series::one(17), Series::one(18)];

/// A setting of one series; `name` is canonical and in lower case.
#[must_use]
pub fn shape(series: Series, name: &str) -> Option<SettingShape> {
    let entry = Catalogue::of(Version::from(series).major())?.entry(name).filter(|entry| entry.key == name)?;
    Some(SettingShape { kind: kind_of(entry), specials: entry.specials.iter().map(|(_, word)| *word).collect() })
}

/// Every name of every series, sorted.
#[must_use]
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = MAJORS.filter_map(Catalogue::of).flat_map(Catalogue::entries).map(|entry| entry.key.to_owned()).collect();
    names.sort();
    names.dedup();
    names
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
