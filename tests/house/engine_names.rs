//! An engine is named in its own rooms: a file elsewhere that names one would have to be touched for the next.
//!
//! What workloads need to know of an engine is its section of `rules/data/engines.toml`; what reports and commands need is
//! asked of its `Family`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gonogo::engines;
use gonogo::model::{Engine, records};
use gonogo::workloads::footprints;
use regex::Regex;

use crate::sources::{is_test, sources};

/// Rooms of engines: folders and files that are theirs.
const ROOMS: [&str; 11] = [
    "src/engines/mysql/",
    "src/engines/postgresql/",
    "src/engines/pgbouncer/",
    "src/formats/my_cnf/",
    "src/formats/pg_conf/",
    "src/formats/pg_hba/",
    "src/formats/pgbouncer_ini/",
    "src/formats/userlist/",
    "src/rules/checks/mysql/",
    "src/rules/checks/pgbouncer/",
    "src/rules/checks/postgresql/",
];

/// Places that name engines for good, with the reason.
const ALLOWED: [(&str, &str); 9] = [
    ("language/src/model/engine.rs", "the list of engines"),
    ("language/src/model/records/", "the vocabulary of rules, which has the records of each engine"),
    ("language/src/model/codes.rs", "the vocabulary of rules, which has the problems of each kind of file"),
    ("src/engines/mod.rs", "the table of families: one line each"),
    ("src/formats/mod.rs", "the list of grammars"),
    ("src/formats/unread.rs", "kinds of file that no room reads yet; each line goes when one does"),
    ("src/rules/checks/mod.rs", "the list of native checks: one line for the folder of each engine"),
    ("src/operations/script/dumps.rs", "the options of dump programs, each with what it leaves out"),
    ("language/src/text/secrets/", "options and connection strings of many programs that hold passwords"),
];

/// What engines, their programs and their files are called, beside their names in `rules/data/engines.toml`.
const WORDS: &str = r"(?i)postgres|pg_|pgdata|PGPORT|\bhba\b|_hba|hba_|patroni|pgbouncer|userlist|initdb|\bpsql\b|ALTER SYSTEM|libpq|mysql|mariadb|my\.cnf|mongo|redis|valkey|sqlite|timescale|postgis";

/// All of these, and the names that are long enough to be nothing else.
fn words() -> Regex {
    let names = footprints::ALL.iter().flat_map(|footprint| footprint.names).filter(|name| name.len() > 4);
    let names: Vec<String> = names.map(|name| regex::escape(name)).collect();
    Regex::new(&format!("{WORDS}|{}", names.join("|"))).unwrap()
}

fn is_elsewhere(path: &Path) -> bool {
    let shown = path.to_str().unwrap();
    let own = ROOMS.iter().chain(ALLOWED.iter().map(|(place, _)| place)).any(|place| shown.starts_with(place));
    !is_test(path) && !own
}

/// Names of settings that are words of containers and their files as well.
const COMMON: [&str; 1] = ["read_only"];

/// Settings whose name nothing else has: those with an underscore or a dot that are no fact of every engine
/// (`data_directory`).
fn settings() -> BTreeSet<String> {
    let names = engines::ALL.engines().flat_map(|engine| engines::ALL.of(engine).unwrap().names(engine));
    let is_fact = |name: &str| records::fact(name).is_some();
    names.filter(|name| name.contains(['_', '.']) && !is_fact(name) && !COMMON.contains(&name.as_str())).collect()
}

/// Lines of code, without comments and tests, that name an engine, one of its files or one of its settings.
fn naming(path: &Path, words: &Regex, settings: &BTreeSet<String>) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let word = Regex::new(r"[a-z][a-z0-9_.]*").unwrap();
    let names = |line: &str| words.is_match(line) || word.find_iter(line).any(|name| settings.contains(name.as_str()));
    let lines = code.lines().map(|line| line.split(" // ").next().unwrap().trim()).enumerate();
    let naming = lines.filter(|(_, line)| !line.starts_with("//") && names(line));
    naming.map(|(at, line)| format!("{}:{}: {line}", path.display(), at + 1)).collect()
}

#[test]
fn engines_are_named_in_their_own_rooms() {
    let (words, settings) = (words(), settings());
    let found: Vec<String> = sources().iter().filter(|path| is_elsewhere(path)).flat_map(|path| naming(path, &words, &settings)).collect();
    let next = "move it to rules/data/engines.toml, to the engine's own rooms, or behind its `Family`";
    assert!(found.is_empty(), "lines that name an engine outside its own rooms ({next}):\n{}", found.join("\n"));
}

#[test]
fn every_engine_has_words_and_every_exception_is_needed() {
    let (words, settings) = (words(), settings());
    for engine in Engine::WORDS {
        assert!(words.is_match(engine), "{engine} has no section in rules/data/engines.toml: its name is missing here");
    }
    let sources = sources();
    for place in ROOMS.iter().chain(ALLOWED.iter().map(|(place, _)| place)) {
        let own = sources.iter().filter(|path| path.to_str().unwrap().starts_with(place));
        assert!(own.map(|path| naming(path, &words, &settings).len()).sum::<usize>() > 0, "{place} names no engine: take it out");
    }
}
