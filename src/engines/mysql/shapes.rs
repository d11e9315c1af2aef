//! What rules may say of each option. The build script checks the shipped rules with this and the catalogue alone, so nothing
//! else of the engine is used here.

use super::catalogue::{self, Catalogue};
use super::entry::{Change, Entry, Kind, Unit};
use crate::model::{Engine, Series, SettingShape, ValueKind};

/// The series that a rule without `versions` must hold for: those that are maintained, and the last that was.
#[must_use]
pub fn usual(engine: Engine) -> &'static [Series] {
    match engine {
        Engine::Mariadb => catalogue::MARIADB.get(3..).unwrap_or_default(),
        Engine::Mysql => catalogue::MYSQL.get(1..).unwrap_or_default(),
        _ => &[],
    }
}

/// An option of one series, by its own name.
#[must_use]
pub fn shape(engine: Engine, series: Series, name: &str) -> Option<SettingShape> {
    let entry = Catalogue::of(engine, series)?.entry(name).filter(|entry| entry.name == name && entry.change != Change::Gone)?;
    Some(SettingShape { kind: kind_of(entry), specials: Vec::new() })
}

/// Every name of every series of an engine.
#[must_use]
pub fn names(engine: Engine) -> Vec<String> {
    catalogue::names(engine).into_iter().map(str::to_owned).collect()
}

fn kind_of(entry: &Entry) -> ValueKind {
    match (entry.kind, entry.unit) {
        (Kind::Bool | Kind::Switch, _) => ValueKind::Bool,
        (Kind::Integer | Kind::Real, Some(Unit::Byte)) => ValueKind::Bytes,
        (Kind::Integer | Kind::Real, Some(_)) => ValueKind::Duration,
        (Kind::Integer, None) => ValueKind::Integer,
        (Kind::Real, None) => ValueKind::Real,
        (Kind::Enum, _) => ValueKind::Words(entry.words.iter().map(|word| (*word).to_owned()).collect()),
        (Kind::Set | Kind::List, _) => ValueKind::List,
        (Kind::Flags | Kind::Text, _) => ValueKind::Text,
    }
}
