//! An engine is named in its own rooms: a file elsewhere that names one would have to be touched for the next.
//!
//! `engine_names.txt` says how many lines of which file still do. Its numbers may only become smaller.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gonogo::engines;
use gonogo::model::records;
use regex::Regex;

use crate::sources::{is_test, sources};

/// Rooms of engines: folders and files that are theirs.
const ROOMS: [&str; 8] = [
    "src/engines/postgresql/",
    "src/engines/pgbouncer/",
    "src/formats/pg_conf/",
    "src/formats/pg_hba/",
    "src/formats/pgbouncer_ini/",
    "src/formats/userlist/",
    "src/rules/checks/pgbouncer/",
    "src/rules/checks/postgresql/",
];

/// Places that name engines for good, with the reason.
const ALLOWED: [(&str, &str); 8] = [
    ("language/src/model/engine.rs", "the list of engines"),
    ("language/src/model/records.rs", "the vocabulary of rules, which has the records of each engine"),
    ("language/src/model/codes.rs", "the vocabulary of rules, which has the problems of each kind of file"),
    ("src/engines/mod.rs", "the table of families: one line each"),
    ("src/formats/mod.rs", "the list of grammars"),
    ("src/formats/unread.rs", "kinds of file that no room reads yet; each line goes when one does"),
    ("src/rules/checks/mod.rs", "the list of native checks: one line for the folder of each engine"),
    ("language/src/text/secrets/", "options and connection strings of many programs that hold passwords"),
];

/// What engines, their programs and their files are called.
const WORDS: &str = r"(?i)postgres|pg_|pgdata|PGPORT|\bhba\b|_hba|hba_|patroni|pgbouncer|initdb|\bpsql\b|ALTER SYSTEM|libpq|mysql|mariadb|my\.cnf|mongo|redis|valkey|sqlite|timescale|postgis";

fn is_elsewhere(path: &Path) -> bool {
    let shown = path.to_str().unwrap();
    let own = ROOMS.iter().chain(ALLOWED.iter().map(|(place, _)| place)).any(|place| shown.starts_with(place));
    !is_test(path) && !own
}

/// Settings whose name nothing else has: those with an underscore or a dot that are no fact of every engine
/// (`data_directory`).
fn settings() -> BTreeSet<String> {
    let names = engines::ALL.engines().flat_map(|engine| engines::ALL.of(engine).unwrap().names(engine));
    let is_fact = |name: &str| records::fact(name).is_some();
    names.filter(|name| name.contains(['_', '.']) && !is_fact(name)).collect()
}

/// Lines of code, without comments and tests, that name an engine, one of its files or one of its settings.
fn naming(path: &Path, words: &Regex, settings: &BTreeSet<String>) -> usize {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let word = Regex::new(r"[a-z][a-z0-9_.]*").unwrap();
    let names = |line: &str| words.is_match(line) || word.find_iter(line).any(|name| settings.contains(name.as_str()));
    let lines = code.lines().map(|line| line.split(" // ").next().unwrap().trim());
    lines.filter(|line| !line.starts_with("//") && names(line)).count()
}

#[test]
fn engines_are_named_in_their_own_rooms() {
    let (words, settings) = (Regex::new(WORDS).unwrap(), settings());
    let files = sources().into_iter().filter(|path| is_elsewhere(path));
    let found: BTreeMap<String, usize> =
        files.map(|path| (path.to_str().unwrap().to_owned(), naming(&path, &words, &settings))).filter(|(_, lines)| *lines > 0).collect();
    let written = fs::read_to_string("tests/house/engine_names.txt").unwrap();
    let listed: BTreeMap<String, usize> = written
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once(' ').unwrap())
        .map(|(lines, path)| (path.to_owned(), lines.parse().unwrap()))
        .collect();
    let mut wrong = String::new();
    for path in found.keys().chain(listed.keys()).collect::<BTreeSet<_>>() {
        let (now, most) = (found.get(path).copied().unwrap_or(0), listed.get(path).copied().unwrap_or(0));
        if now > most {
            _ = writeln!(wrong, "{path}: {now} lines name an engine, {most} are listed: move what is new to the engine's own rooms");
        } else if now < most {
            _ = writeln!(wrong, "{path}: only {now} lines name an engine any more: write that into tests/house/engine_names.txt");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
