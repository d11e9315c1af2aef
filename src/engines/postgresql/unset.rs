//! Settings that nothing sets.
//!
//! Of one release they are the same for every server that is started alike, and there are some four
//! hundred of them: they are worked out once and shared.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::catalogue::{Catalogue, Context, Default as CatalogueDefault, Entry, names};
use super::value::{LIBRARIES, Meaning, interpret, interpret_default};
use crate::model::{Assignment, Origin, OriginKind, Setting, SettingState, Unset, Value, Why};

/// What the states of unset settings depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Circumstances {
    pub major: u32,
    /// Whether a setting may be set after all, so that it is left open.
    pub open: bool,
    /// What the image sets.
    pub image: Vec<(String, String)>,
    /// What an operator sets.
    pub operator: Vec<(String, String)>,
}

/// The settings that nothing sets, of every release and under all circumstances that were met.
#[derive(Debug, Default)]
pub struct UnsetSettings {
    known: Mutex<BTreeMap<Circumstances, Arc<Unset>>>,
}

impl UnsetSettings {
    /// The state of every setting of any release, where nothing is written.
    pub(super) fn of(&self, circumstances: &Circumstances, catalogue: &Catalogue) -> Arc<Unset> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(circumstances).cloned();
        if let Some(known) = known {
            return known;
        }
        // Without the lock: two may work it out side by side, and come to the same.
        let states = Arc::new(Unset::of(states(circumstances, catalogue)));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(circumstances.clone()).or_insert(states))
    }
}

/// By name, sorted as the names are; `None` is left open.
fn states(circumstances: &Circumstances, catalogue: &Catalogue) -> Vec<(&'static str, Option<SettingState>)> {
    let Circumstances { open, image, operator, .. } = circumstances;
    let certain = |entry: &Entry| state(entry, catalogue.major(), None, image, operator);
    let state = |entry: &Entry| (!*open || entry.context == Context::Internal).then(|| certain(entry));
    let mut entries = catalogue.entries().map(|entry| (entry.key, entry)).peekable();
    let mut entry_of = |name: &'static str| {
        while entries.next_if(|(key, _)| *key < name).is_some() {}
        (name, entries.next_if(|(key, _)| *key == name).map(|(_, entry)| entry))
    };
    let known: Vec<(&'static str, Option<&Entry>)> = names().iter().map(|name| entry_of(name)).collect();
    let library = |list: &str| known.iter().find(|(name, _)| *name == list).and_then(|(_, entry)| state((*entry)?));
    let libraries: Vec<(&str, SettingState)> = LIBRARIES.iter().filter_map(|list| Some((*list, library(list)?))).collect();
    let loaded = Loaded::of(|list| libraries.iter().find(|(name, _)| *name == list).map(|(_, state)| state));
    let of = |(name, entry): (&'static str, Option<&Entry>)| match entry {
        None => (name, Some(SettingState::NotInVersion)),
        // Which libraries are loaded is open as well.
        Some(entry) if entry.is_of_extension() && *open && !is_of_plpgsql(entry) => (name, None),
        Some(entry) if entry.is_of_extension() && !is_of_plpgsql(entry) => (name, Some(loaded.state(entry, || certain(entry)))),
        Some(entry) => (name, state(entry)),
    };
    known.into_iter().map(of).collect()
}

fn is_of_plpgsql(entry: &Entry) -> bool {
    entry.name.starts_with("plpgsql.")
}

/// The state of one setting that nothing sets.
pub(super) fn state(
    entry: &Entry,
    major: u32,
    doubt: Option<&Why>,
    image: &[(String, String)],
    operator: &[(String, String)],
) -> SettingState {
    if entry.context == Context::Internal {
        return SettingState::Unknown(not_from_files(entry));
    }
    if let Some(why) = doubt {
        return SettingState::Unknown(why.clone());
    }
    let among = |given: &'_ [(String, String)]| given.iter().rposition(|(name, _)| name.eq_ignore_ascii_case(entry.name));
    let by_image = among(image).and_then(|at| image.get(at)).map(|(_, value)| (value.as_str(), OriginKind::ImageDefault));
    let by_operator = among(operator).and_then(|at| operator.get(at)).map(|(_, value)| (value.as_str(), OriginKind::OperatorDefault));
    let (raw, kind) = match (by_operator.or(by_image), entry.default) {
        (Some(given), _) => given,
        (None, CatalogueDefault::Value(value)) => (value, OriginKind::Default),
        (None, CatalogueDefault::None) => return SettingState::Absent,
        (None, CatalogueDefault::Machine) => {
            return SettingState::Unknown(Why::new(format!("the default of {} differs between builds of PostgreSQL", entry.name)));
        }
    };
    let interpret = if kind == OriginKind::Default { interpret_default } else { interpret };
    match interpret(entry, major, raw) {
        Ok(meaning) => SettingState::Known(Box::new(setting(entry, meaning, Origin { kind, span: None, name_span: None }, Vec::new()))),
        Err(invalid) => SettingState::Unknown(Why::new(invalid.message)),
    }
}

/// Why a setting that cannot be set is not known.
pub(super) fn not_from_files(entry: &Entry) -> Why {
    Why::new(format!("no file sets {}: it was decided when the server was built or its cluster created", entry.name))
}

/// A setting with its meaning.
pub(super) fn setting(entry: &Entry, meaning: Meaning, origin: Origin, overrode: Vec<Assignment>) -> Setting {
    Setting {
        name: entry.key.to_owned(),
        value: meaning.value,
        shown: meaning.shown,
        base: meaning.base,
        unit: entry.unit.map(super::catalogue::Unit::name),
        special: meaning.special,
        origin,
        overrode,
    }
}

/// Libraries that are loaded, as far as it is known.
pub(super) struct Loaded {
    names: Vec<String>,
    unknown: Option<Why>,
}

impl Loaded {
    pub(super) fn of<'s>(get: impl Fn(&str) -> Option<&'s SettingState>) -> Self {
        let mut loaded = Self { names: Vec::new(), unknown: None };
        for list in LIBRARIES {
            match get(list) {
                Some(SettingState::Known(setting)) => {
                    if let Value::List(names) = &setting.value {
                        loaded.names.extend(names.iter().cloned());
                    }
                }
                Some(SettingState::Unknown(why)) => loaded.unknown = Some(why.clone()),
                _ => {}
            }
        }
        loaded
    }

    /// The state of an extension's setting: it exists where the extension is loaded, as `plpgsql` always can be.
    pub(super) fn state(&self, entry: &Entry, state: impl FnOnce() -> SettingState) -> SettingState {
        if entry.name.starts_with("plpgsql.") {
            return state();
        }
        match self.has(entry.name.split('.').next().unwrap_or("")) {
            Ok(true) => state(),
            Ok(false) => SettingState::Absent,
            Err(why) => SettingState::Unknown(why),
        }
    }

    fn has(&self, library: &str) -> Result<bool, Why> {
        match &self.unknown {
            _ if self.names.iter().any(|name| name == library) => Ok(true),
            Some(why) => Err(why.clone()),
            None => Ok(false),
        }
    }
}
