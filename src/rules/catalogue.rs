//! The catalogues of the engines, as the loader of rules sees them.

use crate::engines::postgresql::catalogue::{Catalogue, Entry, Kind, MAJORS};
use crate::model::Engine;

pub use gonogo_language::rules::catalogue::{SettingCatalogue, SettingShape, ValueKind};

/// The catalogues of the engines, as the loader sees them.
#[derive(Clone, Copy, Debug)]
pub struct Catalogues;

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

/// The catalogued majors of PostgreSQL that a rule without `versions` must hold for.
const POSTGRESQL: [u32; 6] = [13, 14, 15, 16, 17, 18];

impl SettingCatalogue for Catalogues {
    fn setting(&self, engine: Engine, major: u32, name: &str) -> Option<SettingShape> {
        let catalogue = (engine == Engine::Postgresql).then(|| Catalogue::of(major)).flatten()?;
        let entry = catalogue.entry(name).filter(|entry| entry.key() == name)?;
        Some(SettingShape { kind: kind_of(entry), specials: entry.specials.iter().map(|(_, word)| *word).collect() })
    }

    fn majors(&self, engine: Engine) -> &[u32] {
        if engine == Engine::Postgresql { &POSTGRESQL } else { &[] }
    }

    fn names(&self, engine: Engine) -> Vec<String> {
        if engine != Engine::Postgresql {
            return Vec::new();
        }
        let mut names: Vec<String> = MAJORS.filter_map(Catalogue::of).flat_map(Catalogue::entries).map(Entry::key).collect();
        names.sort();
        names.dedup();
        names
    }
}
