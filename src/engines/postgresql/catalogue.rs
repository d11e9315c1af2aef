//! Every setting of PostgreSQL 10 to 19: type, unit, range, words, default, special values.
//!
//! The table behind it is `catalogue.tsv`; `catalogue_table.rs` says how to read it.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::catalogue_table::{Alias, table};
use crate::model::nearest;

/// Majors with a catalogue, ascending.
pub const MAJORS: RangeInclusive<u32> = 10..=19;

/// Type of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On or off.
    Bool,
    /// A whole number, possibly a size or a time.
    Integer,
    /// A number, possibly a time.
    Real,
    /// One of some words.
    Enum,
    /// Text.
    String,
    /// Text that is a list with commas.
    List,
}

/// The unit of a number without a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Byte,
    /// Units of 1024 bytes.
    Kilobyte,
    /// Blocks of 8 kB.
    Block,
    /// Units of 1024 kB.
    Megabyte,
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
}

impl Unit {
    /// The name in `pg_settings.unit`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Byte => "B",
            Self::Kilobyte => "kB",
            Self::Block => "8kB",
            Self::Megabyte => "MB",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
        }
    }

    /// Whether it measures memory; else time.
    #[must_use]
    pub const fn is_memory(self) -> bool {
        matches!(self, Self::Byte | Self::Kilobyte | Self::Block | Self::Megabyte)
    }

    /// How many bytes, or microseconds, one of it is.
    #[must_use]
    pub const fn size(self) -> f64 {
        match self {
            Self::Byte => 1.0,
            Self::Kilobyte => 1024.0,
            Self::Block => 8192.0,
            Self::Megabyte => 1_048_576.0,
            Self::Millisecond => 1_000.0,
            Self::Second => 1_000_000.0,
            Self::Minute => 60_000_000.0,
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        [Self::Byte, Self::Kilobyte, Self::Block, Self::Megabyte, Self::Millisecond, Self::Second, Self::Minute]
            .into_iter()
            .find(|unit| unit.name() == name)
    }
}

/// When a change takes effect (`pg_settings.context`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Never: it cannot be set.
    Internal,
    /// At a restart.
    Postmaster,
    /// At a reload.
    Sighup,
    /// In new sessions.
    Backend,
    /// In a session, or at a reload.
    User,
}

/// One word of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it may be written.
    pub name: &'static str,
    /// As the server shows it.
    pub canonical: &'static str,
    /// Whether only some builds know it (lz4, zstd, io_uring).
    pub build_dependent: bool,
}

/// The compiled default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// This value.
    Value(&'static str),
    /// No value.
    None,
    /// The build, the machine or initdb decides.
    Machine,
}

/// A setting, as some majors know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Canonical name, in the case that the server shows.
    pub name: &'static str,
    /// The name under which `Settings` hold it: in lower case.
    pub key: &'static str,
    /// Type.
    pub kind: Kind,
    /// Unit of a bare number.
    pub unit: Option<Unit>,
    /// When a change takes effect.
    pub context: Context,
    /// Least value, in the unit.
    pub least: f64,
    /// Greatest value, in the unit.
    pub most: f64,
    /// Default.
    pub default: Default,
    /// Words of an enumeration; those that `pg_settings` lists stand first.
    pub words: Vec<Word>,
    /// Values that mean something else than a size: `0` → `off`, `-1` → `auto`.
    pub specials: Vec<(f64, &'static str)>,
    /// Whether `pg_settings` lists it.
    pub listed: bool,
    /// Whether only a distribution's own build has it.
    pub distribution_only: bool,
    /// `(major, last minor without it)` where it came with a minor release.
    pub late: Vec<(u32, u32)>,
}

impl Entry {
    /// The word for a special value.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "special values are small whole numbers")]
    pub fn special(&self, value: f64) -> Option<&'static str> {
        self.specials.iter().find(|(special, _)| *special == value).map(|(_, word)| *word)
    }

    /// Whether this minor release came before the setting; `None` when the minor is not known.
    #[must_use]
    pub fn is_too_new_for(&self, major: u32, minor: Option<u32>) -> Option<bool> {
        match self.late.iter().find(|(late, _)| *late == major) {
            None => Some(false),
            Some((_, without)) => minor.map(|minor| minor <= *without),
        }
    }

    /// Whether an extension defines it.
    #[must_use]
    pub fn is_of_extension(&self) -> bool {
        self.name.contains('.')
    }
}

/// The settings of one major.
#[derive(Debug)]
pub struct Catalogue {
    major: u32,
    entries: Vec<&'static Entry>,
}

impl Catalogue {
    /// The catalogue of a major.
    #[must_use]
    pub fn of(major: u32) -> Option<&'static Self> {
        static CATALOGUES: [OnceLock<Catalogue>; 10] = [const { OnceLock::new() }; 10];
        let index = usize::try_from(major.checked_sub(*MAJORS.start())?).ok()?;
        Some(CATALOGUES.get(index)?.get_or_init(|| {
            let entries = table().rows.iter().filter(|row| row.majors.contains(&major)).map(|row| &row.entry).collect();
            Self { major, entries }
        }))
    }

    /// The major.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.major
    }

    /// The setting of a name, in any case; aliases count.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&'static Entry> {
        let name = self.alias(name).unwrap_or(name);
        let lower = name.bytes().any(|byte| byte.is_ascii_uppercase()).then(|| name.to_ascii_lowercase());
        let key = lower.as_deref().unwrap_or(name);
        let index = self.entries.binary_search_by(|entry| entry.key.cmp(key)).ok()?;
        self.entries.get(index).copied()
    }

    /// The canonical name behind an old one that the server still takes: `sort_mem` → `work_mem`.
    #[must_use]
    pub fn alias(&self, name: &str) -> Option<&'static str> {
        let found = |alias: &&Alias| alias.majors.contains(&self.major) && alias.name.eq_ignore_ascii_case(name);
        table().aliases.iter().find(found).map(|alias| alias.target)
    }

    /// Every setting, by name.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> + '_ {
        self.entries.iter().copied()
    }

    /// The name that was probably meant, if one is close enough.
    #[must_use]
    pub fn suggestion(&self, name: &str) -> Option<&'static str> {
        let wanted = name.to_ascii_lowercase().replace('-', "_");
        let names = self.entries().filter(|entry| entry.listed && entry.context != Context::Internal).map(|entry| entry.name);
        nearest(&wanted, names)
    }
}

/// The lower-case name of every setting that some major knows, ascending.
#[must_use]
pub fn names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Vec<_> = table().rows.iter().map(|row| row.entry.key).collect();
        names.dedup();
        names
    })
}

/// The majors that know a setting, ascending; aliases count.
#[must_use]
pub fn majors_that_know(name: &str) -> Vec<u32> {
    MAJORS.filter(|major| Catalogue::of(*major).is_some_and(|catalogue| catalogue.entry(name).is_some())).collect()
}

/// Whether any major knows a setting; the newest, which know most, are asked first.
pub fn is_known(name: &str) -> bool {
    MAJORS.rev().any(|major| Catalogue::of(major).is_some_and(|catalogue| catalogue.entry(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_type_range_and_default() {
        for major in MAJORS {
            let catalogue = Catalogue::of(major).unwrap();
            let names: Vec<_> = catalogue.entries().map(|entry| entry.name.to_lowercase()).collect();
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{major}");
            for entry in catalogue.entries() {
                let numeric = matches!(entry.kind, Kind::Integer | Kind::Real);
                assert_eq!(numeric, entry.least.is_finite() && entry.most.is_finite(), "{} on {major}", entry.name);
                assert_eq!(entry.kind == Kind::Enum, !entry.words.is_empty(), "{} on {major}", entry.name);
                if let (Default::Value(value), Kind::Enum) = (entry.default, entry.kind) {
                    assert!(entry.words.iter().any(|word| word.name == value), "{} on {major}", entry.name);
                }
            }
        }
        let counts: Vec<_> = MAJORS.map(|major| Catalogue::of(major).unwrap().entries().filter(|entry| entry.listed).count()).collect();
        assert!(counts.iter().all(|count| *count > 270), "{counts:?}");
    }

    #[test]
    fn attributes_follow_the_major() {
        let of = |major, name| Catalogue::of(major).unwrap().entry(name);
        assert_eq!(of(17, "AUTOVACUUM_max_workers").unwrap().context, Context::Postmaster);
        assert_eq!(of(18, "autovacuum_max_workers").unwrap().context, Context::Sighup);
        assert_eq!(of(14, "wal_compression").unwrap().kind, Kind::Bool);
        assert!(of(16, "wal_compression").unwrap().words.iter().any(|word| word.name == "zstd" && word.build_dependent));
        assert_eq!(of(18, "ssl_ecdh_curve").unwrap().name, "ssl_groups");
        assert_eq!(of(13, "sort_mem").unwrap().name, "work_mem");
        assert!(of(17, "io_method").is_none());
        assert_eq!(majors_that_know("force_parallel_mode"), [10, 11, 12, 13, 14, 15]);
        assert!(is_known("force_parallel_mode") && !is_known("some_guc"));
        let late = of(18, "output_plugin_libraries").unwrap();
        assert_eq!(
            [late.is_too_new_for(18, Some(4)), late.is_too_new_for(18, Some(6)), late.is_too_new_for(18, None)],
            [Some(true), Some(false), None]
        );
        assert_eq!(of(17, "statement_timeout").unwrap().special(0.0), Some("off"));
    }

    #[test]
    fn a_typo_finds_its_name() {
        let catalogue = Catalogue::of(17).unwrap();
        assert_eq!(catalogue.suggestion("shared_bufers"), Some("shared_buffers"));
        assert_eq!(catalogue.suggestion("max_connection"), Some("max_connections"));
        assert_eq!(catalogue.suggestion("some_guc"), None);
    }
}
