//! `catalogue.tsv`: one row per setting and range of majors with the same attributes.
//!
//! A row without a name continues the setting above, and `"` repeats the field above. The defaults
//! are the compiled ones (`boot_val`): `\N` means none, `\?` that the build or the cluster decides.
//! Words: `*` marks those that only some builds know, `a=b` that the server takes `a` for `b`. Notes:
//! `unlisted` (not in `pg_settings`), `distribution`, `late=` (the last minor releases without it).
//! `tests/engines/postgresql/catalogue.rs` compares the table with real servers.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::catalogue::{Context, Default, Entry, Kind, Unit, Word};
use crate::engines::frame::rows::rows;

/// The table, embedded.
const TABLE: &str = include_str!("catalogue.tsv");

/// The whole table.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) aliases: Vec<Alias>,
}

/// A setting, and the majors for which the row holds.
pub(super) struct Row {
    pub(super) majors: RangeInclusive<u32>,
    pub(super) entry: Entry,
}

/// An old name that the server still takes.
pub(super) struct Alias {
    pub(super) name: &'static str,
    pub(super) majors: RangeInclusive<u32>,
    pub(super) target: &'static str,
}

/// The table, parsed when it is first asked for.
pub(super) fn table() -> &'static Table {
    static PARSED: OnceLock<Table> = OnceLock::new();
    PARSED.get_or_init(|| parse(TABLE))
}

/// Fields of a row, in the order of the file.
const FIELDS: usize = 11;

fn parse(text: &'static str) -> Table {
    let mut table = Table { rows: Vec::with_capacity(560), aliases: Vec::new() };
    for fields in rows::<FIELDS>(text) {
        let majors = majors_of(fields[1]);
        if fields[2] == "alias" {
            table.aliases.push(Alias { name: fields[0], majors, target: fields[7] });
        } else {
            table.rows.push(Row { majors, entry: entry_of(&fields) });
        }
    }
    table.rows.sort_by_key(|row| row.entry.key);
    table
}

fn majors_of(text: &str) -> RangeInclusive<u32> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    first.parse().unwrap_or(0)..=last.parse().unwrap_or(0)
}

fn entry_of(&[name, _, kind, unit, context, least, most, default, words, specials, note]: &[&'static str; FIELDS]) -> Entry {
    // A dozen names have capital letters, and live as long as the table.
    let lower = name.bytes().any(|byte| byte.is_ascii_uppercase()).then(|| &*name.to_ascii_lowercase().leak());
    Entry {
        name,
        key: lower.unwrap_or(name),
        kind: match kind {
            "bool" => Kind::Bool,
            "integer" => Kind::Integer,
            "real" => Kind::Real,
            "enum" => Kind::Enum,
            "list" => Kind::List,
            _ => Kind::String,
        },
        unit: Unit::of(unit),
        context: match context {
            "internal" => Context::Internal,
            "postmaster" => Context::Postmaster,
            "sighup" => Context::Sighup,
            "backend" | "superuser-backend" => Context::Backend,
            _ => Context::User,
        },
        least: bound(least, f64::NEG_INFINITY),
        most: bound(most, f64::INFINITY),
        default: match default {
            "\\N" => Default::None,
            "\\?" => Default::Machine,
            value => Default::Value(value),
        },
        words: if kind == "enum" { words.split('|').map(word_of).collect() } else { Vec::new() },
        specials: specials
            .split('|')
            .filter_map(|special| special.split_once('='))
            .map(|(value, word)| (value.parse().unwrap_or(f64::NAN), word))
            .collect(),
        listed: note != "unlisted",
        distribution_only: note == "distribution",
        late: note.strip_prefix("late=").map(|releases| releases.split(',').filter_map(release_of).collect()).unwrap_or_default(),
    }
}

/// A bound of a range. `pg_settings` prints the greatest number with six digits.
fn bound(text: &str, unbounded: f64) -> f64 {
    match text {
        "" => unbounded,
        "1.79769e+308" => f64::MAX,
        text => text.parse().unwrap_or(unbounded),
    }
}

fn word_of(text: &'static str) -> Word {
    let (name, canonical) = text.split_once('=').unwrap_or((text, ""));
    let bare = name.trim_end_matches('*');
    Word { name: bare, canonical: if canonical.is_empty() { bare } else { canonical }, build_dependent: name != bare }
}

fn release_of(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
