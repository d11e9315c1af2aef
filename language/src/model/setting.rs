//! Settings with their provenance.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::words::words;
use super::{Value, Why};
use crate::text::Span;

words! {
    /// Where a value comes from; the words of the report's `origin`.
    OriginKind {
        /// The default that is compiled into the server.
        Default = "default",
        /// What the provider of a managed service sets.
        ManagedDefault = "managed-default",
        /// What an operator sets.
        OperatorDefault = "operator-default",
        /// What the image sets.
        ImageDefault = "image-default",
        /// A file.
        File = "file",
        /// The environment.
        Environment = "environment",
        /// The command line.
        CommandLine = "command-line",
        /// A running server.
        Live = "live",
        /// Nothing sets it, and it has no default.
        Absent = "absent",
    }
}

/// Where a value comes from, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The kind of origin.
    pub kind: OriginKind,
    /// The value in its file; `None` for defaults.
    pub span: Option<Span>,
    /// The name as written, in the same file.
    pub name_span: Option<Span>,
}

/// One place that sets a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The value as written, unquoted.
    pub raw: String,
    /// Where it is.
    pub origin: Origin,
}

/// A setting in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its canonical name.
    pub name: String,
    /// What it means.
    pub value: Value,
    /// What the server would show: `128MB`, `on`.
    pub shown: String,
    /// The number in the setting's base unit, where it is one.
    pub base: Option<f64>,
    /// The base unit as the server names it: `8kB`, `ms`.
    pub unit: Option<&'static str>,
    /// The word for a special value: `off` for a timeout of 0, `auto` for -1. It is no size or time then.
    pub special: Option<&'static str>,
    /// Where it comes from.
    pub origin: Origin,
    /// Earlier places that it overrode, in the order read.
    pub overrode: Vec<Assignment>,
}

/// What is known of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingState {
    /// In effect.
    Known(Box<Setting>),
    /// It cannot be told.
    Unknown(Why),
    /// This version has no such setting.
    NotInVersion,
    /// It has no value: nothing sets it, and it has no default (an extension's setting).
    Absent,
}

/// What holds where nothing is written, by canonical lower-case name: `None` is left open.
///
/// Of one release it is the same for every server that is started alike, and there are some four hundred settings:
/// it is worked out once and shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unset(Vec<(&'static str, Option<SettingState>)>);

impl Unset {
    /// The states of names, which must be sorted.
    #[must_use]
    pub const fn of(states: Vec<(&'static str, Option<SettingState>)>) -> Self {
        Self(states)
    }

    /// What holds of a name: `Some(None)` is left open.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&SettingState>> {
        let at = self.0.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        self.0.get(at).map(|(_, state)| state.as_ref())
    }

    /// The names that do not state the same here and there; `is_same` decides about two statements.
    fn differing(&self, other: &Self, is_same: impl Fn(&SettingState, &SettingState) -> bool) -> Vec<&'static str> {
        let same = |mine: &Option<SettingState>, theirs: &Option<SettingState>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => is_same(mine, theirs),
            (None, None) => true,
            _ => false,
        };
        let mut names = Vec::new();
        let mut others = other.0.iter().peekable();
        for (name, mine) in &self.0 {
            while let Some((missing, _)) = others.next_if(|(theirs, _)| theirs < name) {
                names.push(*missing);
            }
            if !others.next_if(|(theirs, _)| theirs == name).is_some_and(|(_, theirs)| same(mine, theirs)) {
                names.push(*name);
            }
        }
        names.extend(others.map(|(name, _)| *name));
        names
    }
}

/// Settings by canonical lower-case name.
///
/// Most settings of most servers have their defaults, which are shared; a server has only its own beside them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    shared: Arc<Unset>,
    /// What is said of those that are left open.
    open: Option<Box<SettingState>>,
    own: BTreeMap<String, SettingState>,
    /// What those that are left open are where nothing that was not read sets them.
    assumed: Option<Arc<Unset>>,
}

impl Settings {
    /// No settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Settings that are as in `shared`, until others are inserted; those that it leaves open cannot be told, for a reason.
    #[must_use]
    pub fn over(shared: Arc<Unset>, open: Option<Why>) -> Self {
        Self { shared, open: open.map(|why| Box::new(SettingState::Unknown(why))), ..Self::default() }
    }

    /// The state of a setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SettingState> {
        let own = if self.own.is_empty() { None } else { self.own.get(name) };
        own.or_else(|| self.shared.get(name)?.or(self.open.as_deref()))
    }

    /// Whether a setting is listed.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// States a setting, whatever was stated before.
    pub fn insert(&mut self, name: String, state: SettingState) {
        self.own.insert(name, state);
    }

    /// Keeps what settings that are left open are where nothing that was not read sets them.
    pub fn assume(&mut self, unset: Arc<Unset>) {
        self.assumed = Some(unset);
    }

    /// What a setting that is left open is where nothing that was not read sets it, if that can be assumed.
    #[must_use]
    pub fn assumed(&self, name: &str) -> Option<&SettingState> {
        let assumed = self.assumed.as_ref().filter(|_| !self.own.contains_key(name))?;
        assumed.get(name)?
    }

    /// Names and states, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SettingState)> {
        let mut own = self.own.iter().map(|(name, state)| (name.as_str(), state)).peekable();
        let open = self.open.as_deref();
        let shared = self.shared.0.iter().filter_map(move |(name, state)| Some((*name, state.as_ref().or(open)?)));
        let mut shared = shared.peekable();
        std::iter::from_fn(move || match (own.peek(), shared.peek()) {
            (Some((mine, _)), Some((theirs, _))) => match mine.cmp(theirs) {
                Ordering::Less => own.next(),
                Ordering::Greater => shared.next(),
                Ordering::Equal => {
                    shared.next();
                    own.next()
                }
            },
            (Some(_), None) => own.next(),
            (None, _) => shared.next(),
        })
    }

    /// Names, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// States, sorted by name.
    pub fn values(&self) -> impl Iterator<Item = &SettingState> {
        self.iter().map(|(_, state)| state)
    }
}

/// Compares settings of servers, of which many share what nothing sets.
#[derive(Debug, Default)]
pub struct Comparisons {
    /// By the places in memory of what two share; both live as long as they are compared.
    known: Mutex<HashMap<(usize, usize), Names>>,
}

/// Names that several comparisons share.
type Names = Arc<[&'static str]>;

impl Comparisons {
    /// The names of which two do not state the same, sorted; `None` where they leave names open for different reasons.
    ///
    /// That a release lacks a setting is said with its number, so that two which lack it differ.
    pub(super) fn differing<'s>(&self, one: &'s Settings, other: &'s Settings) -> Option<Vec<&'s str>> {
        if one.open != other.open {
            return None;
        }
        let is_same = |mine: &SettingState, theirs: &SettingState| !matches!(mine, SettingState::NotInVersion) && mine == theirs;
        let differs = |name: &&str| !one.get(name).zip(other.get(name)).is_some_and(|(mine, theirs)| is_same(mine, theirs));
        let is_own = |name: &str| one.own.contains_key(name) || other.own.contains_key(name);
        let own = one.own.keys().chain(other.own.keys()).map(String::as_str);
        let mut names: Vec<&str> = own.filter(differs).collect();
        if !Arc::ptr_eq(&one.shared, &other.shared) {
            names.extend(self.shared(&one.shared, &other.shared, is_same).iter().copied().filter(|name| !is_own(name)));
        }
        match (&one.assumed, &other.assumed) {
            (None, None) => {}
            (Some(mine), Some(theirs)) if Arc::ptr_eq(mine, theirs) => {}
            (Some(mine), Some(theirs)) => names.extend(self.shared(mine, theirs, is_same).iter().copied().filter(|name| !is_own(name))),
            _ => return None,
        }
        names.sort_unstable();
        names.dedup();
        Some(names)
    }

    fn shared(&self, one: &Arc<Unset>, other: &Arc<Unset>, is_same: impl Fn(&SettingState, &SettingState) -> bool) -> Names {
        let place = (Arc::as_ptr(one).addr(), Arc::as_ptr(other).addr());
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Arc::clone(known);
        }
        // Without the lock: two may compare them side by side, and come to the same.
        let differing: Names = one.differing(other, is_same).into();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::clone(&differing));
        differing
    }
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl FromIterator<(String, SettingState)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, SettingState)>>(settings: I) -> Self {
        Self { own: settings.into_iter().collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_sets_stands_in_place_of_what_is_shared() {
        let unset = |names: &[&'static str]| Unset::of(names.iter().map(|name| (*name, Some(SettingState::Absent))).collect());
        let mut settings = Settings::over(Arc::new(unset(&["b", "c", "e"])), None);
        for name in ["a", "c", "f"] {
            settings.insert(name.to_owned(), SettingState::NotInVersion);
        }
        assert_eq!(settings.keys().collect::<Vec<_>>(), ["a", "b", "c", "e", "f"]);
        assert_eq!(settings.get("b"), Some(&SettingState::Absent));
        assert_eq!(settings.get("c"), Some(&SettingState::NotInVersion));
        assert!(!settings.contains_key("d"));
    }
}
