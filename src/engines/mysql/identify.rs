//! Which of the two engines a server is, and of which release, as far as its files tell.

use std::collections::BTreeSet;

use super::catalogue::{self, Catalogue};
use super::entry::Change;
use super::reading::Reading;
use crate::engines::frame::Releases;
use crate::model::{Date, Engine, Series, Version};

/// The engine that paths, groups and options show; MySQL where nothing tells.
pub(super) fn engine(reading: &Reading, paths: &[String]) -> Engine {
    by_groups(reading).or_else(|| by_paths(paths)).unwrap_or_else(|| by_options(reading))
}

/// Groups that only one of the two reads.
fn by_groups(reading: &Reading) -> Option<Engine> {
    reading.groups.iter().find_map(|group| {
        let name = group.text.to_ascii_lowercase();
        if name.starts_with("mariadb") || matches!(name.as_str(), "galera" | "client-server" | "client-mariadb") {
            return Some(Engine::Mariadb);
        }
        let series: Version = name.strip_prefix("mysqld-")?.parse().ok()?;
        Some(if series.major() < 10 { Engine::Mysql } else { Engine::Mariadb })
    })
}

/// Folders and names that packages and people call after one of the two.
fn by_paths(paths: &[String]) -> Option<Engine> {
    let has = |word: &str| paths.iter().any(|path| path.to_ascii_lowercase().contains(word));
    if has("mariadb") {
        return Some(Engine::Mariadb);
    }
    (has("mysql.conf.d/") || has("mysqld.cnf") || has("mysql-server") || has("percona")).then_some(Engine::Mysql)
}

/// The engine and release that a folder is called after: `mariadb-10.11/my.cnf`, `mysql/8.4/my.cnf`, `percona-8.0`.
pub(super) fn of_folder(path: &str) -> Option<(Engine, Version)> {
    let folders: Vec<&str> = path.split('/').collect();
    let engine_of = |name: &str| match name.to_ascii_lowercase().as_str() {
        "mariadb" => Some(Engine::Mariadb),
        "mysql" | "percona" | "percona-server" => Some(Engine::Mysql),
        _ => None,
    };
    let series = |text: &str| text.parse::<Version>().ok().filter(|version| version.minor().is_some());
    let joined = |folder: &&str| {
        let (name, number) =
            folder.split_once(['-', '@', '_']).or_else(|| folder.split_at_checked(folder.find(|c: char| c.is_ascii_digit())?))?;
        Some((engine_of(name)?, series(number)?))
    };
    let apart = |pair: &[&str]| match pair {
        [name, number] => Some((engine_of(name)?, series(number)?)),
        _ => None,
    };
    let (_, folders) = folders.split_last()?;
    let found = folders.iter().rev().find_map(joined).or_else(|| folders.windows(2).rev().find_map(apart))?;
    may_be_of(found.0, &found.1).then_some(found)
}

/// The engine whose releases know more of the options.
fn by_options(reading: &Reading) -> Engine {
    let names = names(reading);
    let unknown = |engine: Engine| {
        let usual = super::shapes::usual(engine);
        let missing = |series: &Series| names.iter().filter(|name| !knows(engine, *series, name)).count();
        usual.iter().map(missing).min().unwrap_or(0)
    };
    if unknown(Engine::Mariadb) < unknown(Engine::Mysql) { Engine::Mariadb } else { Engine::Mysql }
}

/// Names of options in groups that some release of a server reads.
pub(super) fn names(reading: &Reading) -> BTreeSet<String> {
    let lines = reading.lines().filter(|line| line.group.as_deref().is_none_or(crate::formats::my_cnf::is_server_group));
    lines.map(|line| line.name.replace('-', "_").to_ascii_lowercase()).map(|name| without_prefix(&name).to_owned()).collect()
}

fn without_prefix(name: &str) -> &str {
    let known =
        |name: &str| [Engine::Mariadb, Engine::Mysql].into_iter().any(|engine| !catalogue::series_that_know(engine, name).is_empty());
    if known(name) {
        return name;
    }
    let mut rest = name;
    while let Some(after) = ["skip_", "disable_", "enable_", "loose_"].iter().find_map(|prefix| rest.strip_prefix(prefix)) {
        rest = after;
        if known(rest) {
            return rest;
        }
    }
    name
}

fn knows(engine: Engine, series: Series, name: &str) -> bool {
    Catalogue::of(engine, series).and_then(|catalogue| catalogue.entry(name)).is_some_and(|entry| entry.change != Change::Gone)
}

/// The releases that a server may be of where nothing says it.
pub(super) fn releases(engine: Engine, reading: &Reading, now: Date, target: Option<&Version>) -> Vec<Version> {
    let names = names(reading);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let knows = |series: Series, name: &str| knows(engine, series, name);
    Releases { engine, catalogued: catalogue::series_of(engine), knows: &knows }.unstated(now, &names, target)
}

/// The releases that a version stands for: of one with one number, every series that it may mean.
pub(super) fn series_of(engine: Engine, version: &Version) -> Vec<Version> {
    if version.minor().is_some() {
        return vec![version.clone()];
    }
    let all: Vec<Version> =
        catalogue::series_of(engine).iter().filter(|series| series.may_hold(version)).map(|series| Version::from(*series)).collect();
    if all.is_empty() { vec![version.clone()] } else { all }
}

/// Whether an engine numbers its releases so: MySQL up to 9 (and by year), MariaDB from 10 on.
pub(super) fn may_be_of(engine: Engine, version: &Version) -> bool {
    match engine {
        Engine::Mariadb => (10..=13).contains(&version.major()),
        _ => (5..=9).contains(&version.major()) || version.major() >= 26,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_after_engines_and_releases() {
        let says = |path: &str| of_folder(path).map(|(engine, version)| format!("{engine} {version}"));
        for (path, said) in [
            ("mariadb-10.11/my.cnf", Some("mariadb 10.11")),
            ("docker/mysql/8.4/conf.d/a.cnf", Some("mysql 8.4")),
            ("x/mysql5.7/my.cnf", Some("mysql 5.7")),
            ("percona-server-8.0/my.cnf", None),
            ("percona@8.0/my.cnf", Some("mysql 8.0")),
            ("mysql/my.cnf", None),
            ("mysql/17/my.cnf", None),
            ("mysql-8.4.cnf", None),
        ] {
            assert_eq!(says(path).as_deref(), said, "{path}");
        }
    }
}
