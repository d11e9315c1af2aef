//! Every option of MariaDB and MySQL, with what each release series makes of it.
//!
//! The table is `catalogue.tsv`; `catalogue_table.rs` says how it is read. It is compared with real servers by
//! `tests/differential/mysql`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::catalogue_table;
use super::entry::Entry;
use crate::model::{Engine, Series, Version};

/// The catalogued series of MariaDB.
pub const MARIADB: [Series; 8] = [
    Series::two(10, 1),
    Series::two(10, 2),
    Series::two(10, 5),
    Series::two(10, 6),
    Series::two(10, 11),
    Series::two(11, 4),
    Series::two(11, 8),
    Series::two(12, 3),
];

/// The catalogued series of MySQL.
pub const MYSQL: [Series; 4] = [Series::two(5, 7), Series::two(8, 0), Series::two(8, 4), Series::two(9, 7)];

/// The catalogued series of an engine of the family, ascending.
#[must_use]
pub const fn series_of(engine: Engine) -> &'static [Series] {
    match engine {
        Engine::Mariadb => &MARIADB,
        Engine::Mysql => &MYSQL,
        _ => &[],
    }
}

/// The options of one series of one engine.
#[derive(Debug)]
pub struct Catalogue {
    engine: Engine,
    series: Series,
    by_name: BTreeMap<&'static str, &'static Entry>,
    /// Names that stand for another one.
    aliases: BTreeMap<&'static str, &'static str>,
}

impl Catalogue {
    /// The catalogue of a series.
    #[must_use]
    pub fn of(engine: Engine, series: Series) -> Option<&'static Self> {
        static KNOWN: OnceLock<Vec<Catalogue>> = OnceLock::new();
        let known = KNOWN.get_or_init(|| {
            let all = MARIADB.iter().map(|series| (Engine::Mariadb, *series)).chain(MYSQL.iter().map(|series| (Engine::Mysql, *series)));
            all.map(|(engine, series)| Self::made(engine, series)).collect()
        });
        known.iter().find(|catalogue| catalogue.engine == engine && catalogue.series == series)
    }

    /// The catalogue for a release: of its own series, or of the last one before it; of the first where there is none before.
    #[must_use]
    pub fn for_version(engine: Engine, version: &Version) -> Option<&'static Self> {
        let all = series_of(engine);
        let own = all.iter().find(|series| series.may_hold(version));
        let before = || all.iter().rev().find(|series| Version::from(**series).is_before(version));
        Self::of(engine, *own.or_else(before).or(all.first())?)
    }

    fn made(engine: Engine, series: Series) -> Self {
        let table = catalogue_table::table();
        let rows = table.rows.iter().filter(|row| row.holds(engine, series));
        let aliases = table.aliases.iter().filter(|alias| alias.holds(engine, series));
        Self {
            engine,
            series,
            by_name: rows.map(|row| (row.entry.name, &row.entry)).collect(),
            aliases: aliases.map(|alias| (alias.name, alias.target)).collect(),
        }
    }

    /// The series.
    #[must_use]
    pub const fn series(&self) -> Series {
        self.series
    }

    /// An option by its name, with underscores and in lower case; another name for it counts.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&'static Entry> {
        let name = self.aliases.get(name).copied().unwrap_or(name);
        self.by_name.get(name).copied()
    }

    /// What a name stands for, where it is another one for an option.
    #[must_use]
    pub fn alias(&self, name: &str) -> Option<&'static str> {
        self.aliases.get(name).copied()
    }

    /// Every option, by name.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> + '_ {
        self.by_name.values().copied()
    }

    /// Names that begin with a text, other names for options included.
    #[must_use]
    pub fn beginning_with(&self, start: &str) -> Vec<&'static str> {
        let own = self.by_name.keys().copied().skip_while(|name| *name < start).take_while(|name| name.starts_with(start));
        let others = self.aliases.keys().copied().filter(|name| name.starts_with(start));
        own.chain(others).collect()
    }
}

/// Every name of every series of an engine, ascending.
#[must_use]
pub fn names(engine: Engine) -> Vec<&'static str> {
    let rows = catalogue_table::table().rows.iter().filter(|row| row.engine == engine);
    let mut names: Vec<&'static str> = rows.map(|row| row.entry.name).collect();
    names.dedup();
    names
}

/// The series of an engine that know a name, ascending; other names for an option count.
#[must_use]
pub fn series_that_know(engine: Engine, name: &str) -> Vec<Series> {
    let knows = |series: &Series| Catalogue::of(engine, *series).is_some_and(|catalogue| catalogue.entry(name).is_some());
    series_of(engine).iter().copied().filter(knows).collect()
}
