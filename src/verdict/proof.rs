//! Which rules show an item: by the engine of an instance, by the platform that runs it, or for any.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Engine, Platform};

/// A set of rules that is enough alone.
pub type Set = Vec<String>;

/// The sets of rules of an item, by what they look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// By engine: nothing here shows the item for an engine that is not named.
    #[serde(default)]
    pub engine: BTreeMap<Engine, Vec<Set>>,
    /// By platform: nothing here shows the item for what another platform runs.
    #[serde(default)]
    pub platform: BTreeMap<Platform, Vec<Set>>,
    /// Whatever the engine and the platform.
    #[serde(default)]
    pub any: Vec<Set>,
}

/// What a kind of set asks of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'p> {
    /// Nothing: the item names no set of this kind, or the instance has nothing that it looks at.
    Nothing,
    /// One of these sets must hold.
    OneOf(&'p [Set]),
    /// More than the item can ask: it names sets of this kind, and none for what the instance is.
    NotNamed,
}

impl Proof {
    /// Whether files show nothing of the item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets().next().is_none()
    }

    /// What each kind of set asks of an instance. Every kind must hold.
    #[must_use]
    pub fn asked(&self, engine: Engine, platform: Option<Platform>) -> [Asked<'_>; 3] {
        let any = if self.any.is_empty() { Asked::Nothing } else { Asked::OneOf(&self.any) };
        // A machine that is administered by hand has no platform whose files could say something.
        let of_platform = platform.map_or(Asked::Nothing, |platform| of(&self.platform, platform));
        [of(&self.engine, engine), of_platform, any]
    }

    /// Every set.
    pub fn sets(&self) -> impl Iterator<Item = &Set> {
        self.engine.values().chain(self.platform.values()).flatten().chain(&self.any)
    }

    /// Every set with what it is for: `PostgreSQL`, `Docker Compose`; nothing where it is for any.
    pub fn named_sets(&self) -> impl Iterator<Item = (&'static str, &Set)> {
        let engines = self.engine.iter().flat_map(|(engine, sets)| sets.iter().map(|set| (engine.name(), set)));
        let platforms = self.platform.iter().flat_map(|(platform, sets)| sets.iter().map(|set| (platform.name(), set)));
        engines.chain(platforms).chain(self.any.iter().map(|set| ("", set)))
    }
}

fn of<K: Ord>(sets: &BTreeMap<K, Vec<Set>>, key: K) -> Asked<'_> {
    match sets.get(&key) {
        Some(sets) => Asked::OneOf(sets),
        None if sets.is_empty() => Asked::Nothing,
        None => Asked::NotNamed,
    }
}

impl Serialize for Proof {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let engine: BTreeMap<&'static str, &Vec<Set>> = self.engine.iter().map(|(engine, sets)| (engine.word(), sets)).collect();
        let platform: BTreeMap<&'static str, &Vec<Set>> = self.platform.iter().map(|(platform, sets)| (platform.word(), sets)).collect();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("engine", &engine)?;
        map.serialize_entry("platform", &platform)?;
        map.serialize_entry("any", &self.any)?;
        map.end()
    }
}
