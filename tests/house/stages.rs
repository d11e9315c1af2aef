//! `tests/stages`, the plan of `tests/run`: every test is on it, and it names none that does not exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The folders of the packages whose tests are run.
const PACKAGES: [&str; 2] = [".", "language"];

/// Most test binaries: each links the whole program.
const MOST_BINARIES: usize = 10;

/// One line of the plan.
struct Line {
    is_short: bool,
    needs: Vec<String>,
    arguments: Vec<String>,
}

impl Line {
    /// The binaries that it runs.
    fn binaries(&self) -> impl Iterator<Item = &str> {
        self.arguments.windows(2).filter(|pair| pair[0] == "--test").map(|pair| pair[1].as_str())
    }
}

fn plan() -> Vec<Line> {
    let text = fs::read_to_string("tests/stages").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| of_words(&line.split_whitespace().collect::<Vec<_>>(), line)).collect()
}

fn of_words(words: &[&str], line: &str) -> Line {
    let [_, run @ ("short" | "full"), needs, arguments @ ..] = words else { panic!("not a line of the plan: {line}") };
    let owned = |word: &&str| (*word).to_owned();
    let needs = needs.split(',').filter(|need| *need != "-").map(str::to_owned).collect();
    Line { is_short: *run == "short", needs, arguments: arguments.iter().map(owned).collect() }
}

/// Test binaries as cargo finds them: files of `tests/`, and folders with a `main.rs`.
fn binaries() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for package in PACKAGES {
        let Ok(entries) = fs::read_dir(Path::new(package).join("tests")) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").exists() {
                found.insert(path.file_stem().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[test]
fn every_test_binary_is_in_a_stage() {
    let plan = plan();
    let planned: BTreeSet<String> = plan.iter().filter(|line| line.is_short).flat_map(Line::binaries).map(str::to_owned).collect();
    assert_eq!(planned, binaries(), "left: on lines of `tests/stages`; right: in `tests/`");
    for kind in ["--lib", "--bins", "--doc"] {
        assert!(plan.iter().any(|line| line.is_short && line.arguments.iter().any(|word| word == kind)), "{kind} is in no stage");
    }
}

#[test]
fn what_runs_in_full_runs_in_short_as_well() {
    let plan = plan();
    for name in plan.iter().filter(|line| !line.is_short).flat_map(Line::binaries) {
        assert!(plan.iter().any(|line| line.is_short && line.binaries().any(|short| short == name)), "{name}");
    }
}

#[test]
fn what_a_line_needs_can_be_installed() {
    let install = fs::read_to_string("tests/install").unwrap();
    for need in plan().iter().flat_map(|line| &line.needs) {
        let word = need.trim_end_matches("-only");
        assert!(install.contains(&format!("install_{word}() {{")), "`tests/install` has no function for {need}");
    }
}

#[test]
fn there_are_few_test_binaries() {
    let binaries = binaries();
    assert!(binaries.len() <= MOST_BINARIES, "{} test binaries: make one a module of another: {binaries:?}", binaries.len());
}
