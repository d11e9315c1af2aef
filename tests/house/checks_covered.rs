//! Every check that files can decide is a rule, is said to be part of one, or is said to be missing, with the reason.
//!
//! Three lists: the rules, and the two of `rules/NOT-CHECKED.md`. What must be on one of them, and on one only, stands in
//! the table of its engine ([`CHECKS`]); what other tools check, in [`PEERS`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gonogo::rules::shipped;

/// Every check that is meant to be made, by engine, and what can decide it.
const CHECKS: [&str; 2] = ["tests/vectors/postgresql-checks.tsv", "tests/vectors/mysql-checks.tsv"];

/// What other tools check, with what answers it here, and how many lines there are at least.
const PEERS: [(&str, usize); 2] = [("tests/vectors/peer-checks.tsv", 331), ("tests/vectors/mysql-peer-checks.tsv", 170)];

/// One line of a list: what it is about, and what it says.
struct Line {
    ids: Vec<String>,
    says: String,
}

/// The two lists of `rules/NOT-CHECKED.md`.
struct NotChecked {
    missing: Vec<Line>,
    elsewhere: Vec<Line>,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The lines of the tables of checks: an id, and what decides it.
fn checks() -> Vec<(String, String)> {
    let tables = CHECKS.iter().map(|table| read(table)).collect::<Vec<_>>();
    let lines = tables.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').expect(line)).map(|(id, by)| (id.to_owned(), by.to_owned())).collect()
}

fn rules() -> BTreeSet<&'static str> {
    shipped::ids().collect()
}

fn not_checked() -> NotChecked {
    let text = read("rules/NOT-CHECKED.md");
    let (missing, elsewhere) = text.split_once("\n# What is checked under another name\n").expect("two lists");
    NotChecked { missing: lines(missing), elsewhere: lines(elsewhere) }
}

/// The items of a list; one that goes on over several lines is joined.
fn lines(text: &str) -> Vec<Line> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("* "), line.strip_prefix("  "), items.last_mut()) {
            (Some(item), _, _) => items.push(item.to_owned()),
            (None, Some(more), Some(item)) => item.push_str(&format!(" {more}")),
            _ => {}
        }
    }
    items.iter().map(|item| line(item)).collect()
}

fn line(item: &str) -> Line {
    let (ids, says) = item.split_once("`: ").unwrap_or_else(|| panic!("expected `id`: text, found {item}"));
    Line { ids: ids.split(", ").map(|id| id.trim_matches('`').to_owned()).collect(), says: says.to_owned() }
}

/// The names of rules that a text has between backticks.
fn named_rules(text: &str) -> Vec<&str> {
    let is_id = |word: &&str| word.contains('-') && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    text.split('`').skip(1).step_by(2).filter(is_id).collect()
}

#[test]
fn every_check_that_files_can_decide_stands_on_one_list() {
    let lists = not_checked();
    let ids = |lines: &[Line]| lines.iter().flat_map(|line| line.ids.clone()).collect::<BTreeSet<_>>();
    let (rules, missing, elsewhere) = (rules(), ids(&lists.missing), ids(&lists.elsewhere));
    let astray: Vec<String> = checks()
        .iter()
        .filter(|(_, decided_by)| decided_by.split(',').any(|by| by == "files"))
        .filter_map(|(id, _)| {
            let on = [rules.contains(id.as_str()), missing.contains(id), elsewhere.contains(id)].iter().filter(|on| **on).count();
            (on != 1).then(|| format!("{id}: on {on} lists"))
        })
        .collect();
    assert!(astray.is_empty(), "{} checks are not on exactly one list:\n{}", astray.len(), astray.join("\n"));
}

#[test]
fn no_check_is_on_a_list_of_missing_ones_and_a_rule() {
    let (rules, lists) = (rules(), not_checked());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for id in lists.missing.iter().chain(&lists.elsewhere).flat_map(|line| &line.ids) {
        assert!(!rules.contains(id.as_str()), "{id} is a rule");
        *seen.entry(id).or_default() += 1;
    }
    assert!(seen.values().all(|times| *times == 1), "twice: {:?}", seen.iter().filter(|(_, times)| **times > 1).collect::<Vec<_>>());
}

#[test]
fn what_is_checked_elsewhere_names_rules_and_what_is_missing_has_a_reason() {
    let (rules, lists) = (rules(), not_checked());
    for line in &lists.elsewhere {
        let named = named_rules(&line.says);
        assert!(!named.is_empty(), "{:?} names no rule", line.ids);
        for rule in named {
            assert!(rules.contains(rule), "{:?}: there is no rule {rule}", line.ids);
        }
    }
    for line in &lists.missing {
        assert!(line.says.split_whitespace().count() >= 3, "{:?} has no reason: {}", line.ids, line.says);
    }
}

#[test]
fn what_other_tools_check_is_a_rule_a_check_to_come_or_refused_with_its_reason() {
    let (rules, lists) = (rules(), not_checked());
    let listed: BTreeSet<String> = lists.missing.iter().chain(&lists.elsewhere).flat_map(|line| line.ids.clone()).collect();
    // What files cannot decide comes with running servers, their hosts, or evidence.
    let later = |by: &str| by.split(',').all(|by| by != "files");
    let to_come: BTreeSet<String> = checks().into_iter().filter(|(_, by)| later(by)).map(|(id, _)| id).collect();
    let known = |id: &str| rules.contains(id) || to_come.contains(id) || listed.contains(id);
    let tables = PEERS.map(|(path, least)| {
        let table = read(path);
        let lines = table.lines().filter(|line| !line.starts_with('#')).count();
        assert!(lines >= least, "{path} has {lines}");
        table
    });
    let lines = tables.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#'));
    for row in lines.map(|line| line.split('\t').collect::<Vec<&str>>()) {
        match row.as_slice() {
            [_, _, _, "-", why] => {
                assert!(why.split_whitespace().count() >= 4, "no reason: {row:?}");
                named_rules(why).into_iter().for_each(|rule| assert!(rules.contains(rule), "there is no rule {rule}: {row:?}"));
            }
            [_, _, _, ids] => ids.split(", ").for_each(|id| assert!(known(id), "nothing is called {id}: {row:?}")),
            _ => panic!("four or five columns: {row:?}"),
        }
    }
}

#[test]
fn the_table_of_checks_can_be_read() {
    let mut ids = BTreeSet::new();
    for (id, decided_by) in checks() {
        assert!(decided_by.split(',').all(|by| ["files", "live", "host", "evidence"].contains(&by)), "{id}: {decided_by}");
        assert!(ids.insert(id.clone()), "{id} stands there twice");
    }
}
