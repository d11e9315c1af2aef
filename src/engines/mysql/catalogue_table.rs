//! `catalogue.tsv`: one row for each option, engine and range of series with the same attributes.
//!
//! A row without a name continues the option above, and `"` repeats the field above. Defaults: `\N` means none, `\?` that
//! the machine, the build or another setting decides. A row of the type `alias` has in the place of the default what its name
//! stands for. The table is made of what real servers list and print (MariaDB 10.1, 10.2, 10.5, 10.11, 11.4 and 11.8,
//! MySQL 8.0 and 9.7) and, for MariaDB 10.6 and 12.3 and MySQL 5.7 and 8.4, of their sources and documentation.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::entry::{Argument, Change, Default, Entry, Kind, Unit};
use crate::engines::frame::rows::rows;
use crate::model::{Engine, Series};

/// The table, embedded.
const TABLE: &str = include_str!("catalogue.tsv");

/// The whole table.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) aliases: Vec<Alias>,
}

/// An option, and the series for which the row holds.
pub(super) struct Row {
    pub(super) engine: Engine,
    series: RangeInclusive<Series>,
    pub(super) entry: Entry,
}

/// Another name for an option.
pub(super) struct Alias {
    pub(super) name: &'static str,
    engine: Engine,
    series: RangeInclusive<Series>,
    pub(super) target: &'static str,
}

impl Row {
    pub(super) fn holds(&self, engine: Engine, series: Series) -> bool {
        self.engine == engine && self.series.contains(&series)
    }
}

impl Alias {
    pub(super) fn holds(&self, engine: Engine, series: Series) -> bool {
        self.engine == engine && self.series.contains(&series)
    }
}

/// The table, parsed when it is first asked for.
pub(super) fn table() -> &'static Table {
    static PARSED: OnceLock<Table> = OnceLock::new();
    PARSED.get_or_init(|| parse(TABLE))
}

/// Fields of a row, in the order of the file.
const FIELDS: usize = 14;

fn parse(text: &'static str) -> Table {
    let mut table = Table { rows: Vec::with_capacity(2_500), aliases: Vec::new() };
    for fields in rows::<FIELDS>(text) {
        let (engine, series) = (engine_of(fields[1]), series_of(fields[2]));
        if fields[3] == "alias" {
            table.aliases.push(Alias { name: fields[0], engine, series, target: fields[10] });
        } else {
            table.rows.push(Row { engine, series, entry: entry_of(&fields) });
        }
    }
    table
}

fn engine_of(text: &str) -> Engine {
    if text == "mariadb" { Engine::Mariadb } else { Engine::Mysql }
}

fn series_of(text: &str) -> RangeInclusive<Series> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let one = |text: &str| {
        let (first, second) = text.split_once('.').unwrap_or((text, "0"));
        Series::two(first.parse().unwrap_or(0), second.parse().unwrap_or(0))
    };
    one(first)..=one(last)
}

fn entry_of(fields: &[&'static str; FIELDS]) -> Entry {
    let &[name, _, _, kind, unit, change, argument, least, most, block, default, words, note, plugin] = fields;
    Entry {
        name,
        kind: kind_of(kind),
        unit: unit_of(unit),
        change: match change {
            "live" => Change::Live,
            "restart" => Change::Restart,
            "gone" => Change::Gone,
            _ => Change::Option,
        },
        argument: match argument {
            "none" => Argument::None,
            "never" => Argument::Never,
            "maybe" => Argument::Optional,
            _ => Argument::Required,
        },
        least: bound(least),
        most: bound(most),
        least_real: least.parse().ok(),
        most_real: most.parse().ok(),
        block: bound(block),
        default: match default {
            "\\N" => Default::None,
            "\\?" => Default::Machine,
            value => Default::Value(value),
        },
        words: words.split('|').filter(|word| !word.is_empty()).collect(),
        deprecated: note == "deprecated",
        plugin: Some(plugin).filter(|plugin| !plugin.is_empty()),
    }
}

fn kind_of(text: &str) -> Kind {
    match text {
        "bool" => Kind::Bool,
        "switch" => Kind::Switch,
        "integer" => Kind::Integer,
        "real" => Kind::Real,
        "enum" => Kind::Enum,
        "set" => Kind::Set,
        "flags" => Kind::Flags,
        "list" => Kind::List,
        _ => Kind::Text,
    }
}

fn unit_of(text: &str) -> Option<Unit> {
    [Unit::Byte, Unit::Microsecond, Unit::Millisecond, Unit::Second].into_iter().find(|unit| unit.name() == text)
}

/// A bound, without its fraction.
fn bound(text: &str) -> Option<i128> {
    text.split('.').next()?.parse().ok()
}
