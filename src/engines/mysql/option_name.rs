//! What a name in an option file stands for: `-` and `_` are one sign, prefixes turn an option on and off, and MariaDB
//! takes the beginning of a name for all of it.

use super::catalogue::Catalogue;
use super::entry::Entry;
use super::flavour::Reader;

/// Words before a name that change what it does, in the order in which the programs try them.
const PREFIXES: [&str; 6] = ["skip", "disable", "enable", "maximum", "loose", "autoset"];

/// What stands behind a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given<'t> {
    /// Nothing.
    Bare,
    /// `skip-` or its like: as if 0 were written.
    Off,
    /// `enable-`, or `skip-` with 0: as if 1 were written.
    On,
    /// A value.
    Text(&'t str),
    /// `maximum-`: a bound for sessions, which leaves the option itself alone.
    Bound,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meant<'t> {
    /// An option.
    Option {
        entry: &'static Entry,
        given: Given<'t>,
        /// The full name, where only its beginning is written.
        completed: Option<&'static str>,
    },
    /// Several begin like this.
    Ambiguous(Vec<&'static str>),
    /// None of this release.
    Unknown(String),
}

/// What was found, and whether an unknown name is only worth a warning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved<'t> {
    pub meant: Meant<'t>,
    pub loose: bool,
}

/// A name with its signs as the catalogue has them.
pub(super) fn folded(written: &str, reader: &Reader) -> String {
    let name = written.replace('-', "_");
    if reader.ignores_case() { name.to_ascii_lowercase() } else { name }
}

/// Options that MariaDB reads before all others.
fn is_early(name: &str) -> bool {
    name == "max_connections" || name.starts_with("performance_schema")
}

enum Found {
    Entry(&'static Entry, Option<&'static str>),
    Several(Vec<&'static str>),
    Nothing,
}

fn find(catalogue: &Catalogue, reader: &Reader, name: &str) -> Found {
    if let Some(entry) = catalogue.entry(name) {
        return Found::Entry(entry, None);
    }
    if !reader.completes_names() || name.is_empty() {
        return Found::Nothing;
    }
    let mut names = catalogue.beginning_with(name);
    names.sort_unstable();
    // A first pass looks at a few options alone, and takes what is unambiguous among these.
    let early: Vec<&'static str> = names.iter().copied().filter(|name| is_early(name)).collect();
    let names = if early.is_empty() { names } else { early };
    match names.as_slice() {
        [] => Found::Nothing,
        [only] => catalogue.entry(only).map_or(Found::Nothing, |entry| Found::Entry(entry, Some(only))),
        _ => Found::Several(names),
    }
}

/// What a written name with its value stands for in a release.
pub(super) fn resolve<'t>(catalogue: &Catalogue, reader: &Reader, written: &str, value: Option<&'t str>) -> Resolved<'t> {
    let whole = folded(written, reader);
    let plain = value.map_or(Given::Bare, Given::Text);
    let resolved = |meant, loose| Resolved { meant, loose };
    match find(catalogue, reader, &whole) {
        Found::Entry(entry, completed) => return resolved(Meant::Option { entry, given: plain, completed }, false),
        Found::Several(names) => return resolved(Meant::Ambiguous(names), false),
        Found::Nothing => {}
    }
    let mut name = whole.as_str();
    let mut loose = false;
    // Prefixes may be stacked; of several that come before a name only the last one does something.
    while let Some((prefix, rest)) = prefix_of(name, reader) {
        loose |= prefix == "loose";
        name = rest;
        match find(catalogue, reader, name) {
            Found::Entry(entry, completed) => return resolved(Meant::Option { entry, given: given(prefix, value), completed }, loose),
            Found::Several(names) => return resolved(Meant::Ambiguous(names), loose),
            Found::Nothing => {}
        }
    }
    resolved(Meant::Unknown(name.to_owned()), loose)
}

fn prefix_of<'n>(name: &'n str, reader: &Reader) -> Option<(&'static str, &'n str)> {
    let known = PREFIXES.iter().filter(|prefix| **prefix != "autoset" || reader.is_mariadb());
    known.filter_map(|prefix| Some((*prefix, name.strip_prefix(prefix)?.strip_prefix('_')?))).next()
}

/// What a prefix makes of a value.
fn given<'t>(prefix: &str, value: Option<&'t str>) -> Given<'t> {
    match (prefix, value) {
        ("skip" | "disable", Some("0")) => Given::On,
        ("skip" | "disable", _) | ("enable", Some("0")) => Given::Off,
        // Whatever is written.
        ("enable", _) => Given::On,
        ("maximum", _) => Given::Bound,
        (_, value) => value.map_or(Given::Bare, Given::Text),
    }
}
