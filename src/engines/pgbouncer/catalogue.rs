//! Every setting of PgBouncer, with what each release makes of it.
//!
//! The table is `catalogue.tsv`. It is compared with real programs by `tests/differential`.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use crate::model::Version;

/// The table, embedded.
const TABLE: &str = include_str!("catalogue.tsv");

/// The database of the admin console.
pub const ADMIN_CONSOLE: &str = "pgbouncer";

/// Second numbers of the releases that are catalogued: 1.15 to 1.26.
pub const RELEASES: RangeInclusive<u32> = 15..=26;

/// Kinds of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text up to the end of the line.
    Text,
    /// The name of a database that is not the admin console's.
    Database,
    /// Texts with commas between them.
    List,
    /// A number of which only counts whether it is 0.
    Flag,
    /// A whole number.
    Integer,
    /// A number of bytes.
    Bytes,
    /// Seconds, with a fraction.
    Seconds,
    /// Whole seconds.
    WholeSeconds,
    /// Whole milliseconds.
    Milliseconds,
    /// The mode of a file, octal if it begins with 0.
    Mode,
    /// One of some words.
    Enum,
}

/// What holds where nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// This value.
    Value(&'static str),
    /// Nothing.
    None,
    /// The build decides.
    Build,
}

/// One word of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is written, in any case.
    pub name: &'static str,
    /// Whether only some builds know it.
    pub build_dependent: bool,
}

/// A setting as some releases have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// The releases.
    pub releases: RangeInclusive<u32>,
    /// Its type.
    pub kind: Kind,
    /// Whether a change needs a restart, rather than a reload.
    pub restart: bool,
    /// Its default.
    pub default: Default,
    /// Words of an enumeration.
    pub words: Vec<Word>,
    /// The word for the value 0, where it is no amount.
    pub zero: Option<&'static str>,
}

/// The second number of a version of PgBouncer, which tells its release: 18 of 1.18.0.
#[must_use]
pub fn release_of(version: &Version) -> Option<u32> {
    version.minor().filter(|_| version.major() == 1)
}

/// Every row of the table, by name.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).map(entry_of).collect())
}

/// A setting of a release.
#[must_use]
pub fn entry(release: u32, name: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.name == name && entry.releases.contains(&release))
}

/// The settings of a release, by name.
pub fn of(release: u32) -> impl Iterator<Item = &'static Entry> {
    entries().iter().filter(move |entry| entry.releases.contains(&release))
}

/// First and last release that know a name.
#[must_use]
pub fn known_from_to(name: &str) -> Option<(u32, u32)> {
    let mut rows = entries().iter().filter(|entry| entry.name == name).map(|entry| &entry.releases);
    let first = rows.next()?;
    Some((*first.start(), *rows.next_back().unwrap_or(first).end()))
}

fn entry_of(line: &'static str) -> Entry {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or("");
    let (name, releases, kind, effect, default, words, special) = (next(), next(), next(), next(), next(), next(), next());
    let (first, last) = releases.split_once('-').unwrap_or((releases, releases));
    Entry {
        name,
        releases: first.parse().unwrap_or(0)..=last.parse().unwrap_or(0),
        kind: kind_of(kind),
        restart: effect == "restart",
        default: match default {
            "\\N" => Default::None,
            "\\?" => Default::Build,
            value => Default::Value(value),
        },
        words: words.split('|').filter(|word| !word.is_empty()).map(word_of).collect(),
        zero: special.strip_prefix("0="),
    }
}

fn kind_of(text: &str) -> Kind {
    match text {
        "database" => Kind::Database,
        "list" => Kind::List,
        "flag" => Kind::Flag,
        "integer" => Kind::Integer,
        "bytes" => Kind::Bytes,
        "seconds" => Kind::Seconds,
        "whole-seconds" => Kind::WholeSeconds,
        "milliseconds" => Kind::Milliseconds,
        "mode" => Kind::Mode,
        "enum" => Kind::Enum,
        _ => Kind::Text,
    }
}

fn word_of(text: &'static str) -> Word {
    let name = text.trim_end_matches('*');
    Word { name, build_dependent: name != text }
}
