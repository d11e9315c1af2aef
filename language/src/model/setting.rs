//! Settings with their provenance.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

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

/// Settings by canonical lower-case name.
///
/// Most settings of most servers have their defaults, of which a release has some four hundred. What
/// holds where nothing is written is therefore kept once and shared; a server has only its own beside it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    shared: Arc<BTreeMap<String, SettingState>>,
    own: BTreeMap<String, SettingState>,
}

impl Settings {
    /// No settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Settings that are as in `shared`, until others are inserted.
    #[must_use]
    pub fn over(shared: Arc<BTreeMap<String, SettingState>>) -> Self {
        Self { shared, own: BTreeMap::new() }
    }

    /// The state of a setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SettingState> {
        self.own.get(name).or_else(|| self.shared.get(name))
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

    /// Names and states, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &SettingState)> {
        let mut own = self.own.iter().peekable();
        let mut shared = self.shared.iter().peekable();
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

    /// The names of which two do not state the same; `is_same` decides about two statements.
    #[must_use]
    pub fn differing<'s>(one: &'s Self, other: &'s Self, is_same: impl Fn(&SettingState, &SettingState) -> bool) -> HashSet<&'s str> {
        let differs = |name: &&str| !one.get(name).zip(other.get(name)).is_some_and(|(mine, theirs)| is_same(mine, theirs));
        let own = one.own.keys().chain(other.own.keys()).map(String::as_str);
        let mut names: HashSet<&str> = own.filter(differs).collect();
        if !Arc::ptr_eq(&one.shared, &other.shared) {
            let mut theirs = other.shared.iter().peekable();
            for (name, mine) in &*one.shared {
                while let Some((missing, _)) = theirs.next_if(|(theirs, _)| *theirs < name) {
                    names.insert(missing);
                }
                let same = theirs.next_if(|(theirs, _)| *theirs == name).is_some_and(|(_, theirs)| is_same(mine, theirs));
                if !same {
                    names.insert(name);
                }
            }
            names.extend(theirs.map(|(name, _)| name.as_str()));
            // What both state of their own stands in place of what is shared.
            names.retain(|name| (!one.own.contains_key(*name) && !other.own.contains_key(*name)) || differs(name));
        }
        names
    }

    /// Names, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.iter().map(|(name, _)| name)
    }

    /// States, sorted by name.
    pub fn values(&self) -> impl Iterator<Item = &SettingState> {
        self.iter().map(|(_, state)| state)
    }
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl FromIterator<(String, SettingState)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, SettingState)>>(settings: I) -> Self {
        Self { shared: Arc::default(), own: settings.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_sets_stands_in_place_of_what_is_shared() {
        let of = |names: &[&str], state: &SettingState| names.iter().map(|name| ((*name).to_owned(), state.clone())).collect();
        let mut settings = Settings::over(Arc::new(of(&["b", "c", "e"], &SettingState::Absent)));
        for name in ["a", "c", "f"] {
            settings.insert(name.to_owned(), SettingState::NotInVersion);
        }
        assert_eq!(settings.keys().collect::<Vec<_>>(), ["a", "b", "c", "e", "f"]);
        assert_eq!(settings.get("b"), Some(&SettingState::Absent));
        assert_eq!(settings.get("c"), Some(&SettingState::NotInVersion));
        assert!(!settings.contains_key("d"));
    }
}
