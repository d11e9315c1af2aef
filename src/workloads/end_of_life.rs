//! Until when a release of an engine is maintained.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::formats::shipped;
use crate::model::{Date, Engine, Version, parse_date};

/// The end of a release series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndOfLife {
    /// The release series, as 16 or 10.11.
    pub series: Version,
    /// Its last day; `None` when none is announced yet.
    pub date: Option<Date>,
}

impl EndOfLife {
    /// Days from `now` to the last day; negative when it has passed, `None` when none is announced.
    #[must_use]
    pub fn days_left(&self, now: Date) -> Option<i64> {
        Some(i64::from(now.days_until(self.date?)))
    }
}

#[derive(Debug, Deserialize)]
struct Written {
    as_of: String,
    #[serde(flatten)]
    engines: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Default)]
struct Table {
    as_of: Option<Date>,
    /// Engine → series, ascending.
    engines: BTreeMap<Engine, Vec<EndOfLife>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let Ok(written) = shipped::read::<Written>(include_str!("../../rules/data/end-of-life.toml")) else {
        return Table::default();
    };
    let mut engines = BTreeMap::new();
    for (engine, series) in written.engines {
        let Ok(engine) = engine.parse::<Engine>() else {
            continue;
        };
        let read = |(series, date): (String, String)| Some(EndOfLife { series: series.parse().ok()?, date: parse_date(&date).ok() });
        let mut ends: Vec<EndOfLife> = series.into_iter().filter_map(read).collect();
        ends.sort_by(|a, b| a.series.cmp(&b.series));
        engines.insert(engine, ends);
    }
    Table { as_of: parse_date(&written.as_of).ok(), engines }
});

/// When the release series of a version ends; `None` when the table does not know the series.
///
/// A number that names several series (`mysql:8`, `redis:7`) means the newest of them, as it does in a tag.
#[must_use]
pub fn end_of_life(engine: Engine, version: &Version) -> Option<&'static EndOfLife> {
    let ends = TABLE.engines.get(&engine)?;
    ends.iter().rev().find(|end| version.is_of(&end.series) || end.series.is_of(version))
}

/// Whether a release series is maintained on a day; one that the table does not know is not released yet, or long gone.
#[must_use]
pub fn is_maintained(engine: Engine, series: &Version, now: Date) -> bool {
    end_of_life(engine, series).is_some_and(|end| end.days_left(now).is_none_or(|days| days >= 0))
}

/// The newest release series that the table knows.
#[must_use]
pub fn newest(engine: Engine) -> Option<&'static EndOfLife> {
    TABLE.engines.get(&engine)?.last()
}

/// The day on which the table was read from its source.
#[must_use]
pub fn as_of() -> Option<Date> {
    TABLE.as_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(engine: Engine, version: &str, now: &str) -> Option<i64> {
        end_of_life(engine, &version.parse().unwrap())?.days_left(parse_date(now).unwrap())
    }

    #[test]
    fn the_table_is_whole() {
        let lines = include_str!("../../rules/data/end-of-life.toml").lines().filter(|line| line.starts_with('"')).count();
        assert_eq!(TABLE.engines.values().map(Vec::len).sum::<usize>(), lines);
        assert!(as_of().is_some());
        for engine in Engine::ALL.iter().filter(|engine| **engine != Engine::Sqlite && engine.keeps_data()) {
            assert!(newest(*engine).is_some(), "{engine}");
        }
    }

    #[test]
    fn days_are_counted_to_the_last_day() {
        assert_eq!(days(Engine::Postgresql, "14", "2026-11-20"), Some(-8));
        assert_eq!(days(Engine::Postgresql, "14.3", "2026-11-12"), Some(0));
        assert_eq!(days(Engine::Postgresql, "9.6.24", "2021-11-12"), Some(-1));
        assert_eq!(days(Engine::Postgresql, "18", "2026-11-14"), Some(1461));
    }

    #[test]
    fn a_bare_major_means_its_newest_series() {
        let series = |engine, version: &str| end_of_life(engine, &version.parse().unwrap()).unwrap().series.to_string();
        assert_eq!(series(Engine::Mysql, "8"), "8.4");
        assert_eq!(series(Engine::Mysql, "8.0.46"), "8.0");
        assert_eq!(series(Engine::Mariadb, "10"), "10.11");
        assert_eq!(series(Engine::Redis, "7"), "7.4");
        assert!(end_of_life(Engine::Postgresql, &"42".parse().unwrap()).is_none());
    }
}
