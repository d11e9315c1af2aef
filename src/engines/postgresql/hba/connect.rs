//! Who can connect: for each kind of client, the rules that decide, in the order in which they are tried.
//!
//! Addresses are split where the rules split them, so that a rule for 10.1.2.0/24 is a path of its
//! own; paths that the same rules decide are shown as one.

use super::cover::Step;
use super::intervals::Budget;
use super::places::{Place, places};
use super::relation::pairs;
use super::rule::{AuthOption, ConnectionType, NameItem, Names, Rule, place, sessions};
use crate::model::{Encryption, HbaDecision};
use crate::text::{SECRET_PLACEHOLDER, Span};

/// Most rules that are shown for one path.
const MOST_ROWS: usize = 100;

/// Comparisons of words that finding who can connect may take; beyond, further rules are only said to be there.
const STEPS: usize = 10_000_000;

/// The same for one path alone.
const STEPS_OF_ONE: usize = 1_000_000;

/// What decides for some clients of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    /// The step of this index.
    Step(usize),
    /// No rule is left: rejected.
    NoRule,
    /// There are more rules than are shown.
    More,
}

/// Which databases are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Databases,
    Replication,
}

/// The rows of a path, per way of carrying the session.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
    label: String,
    place: Place,
    rows: Vec<(u8, Class, Vec<Row>)>,
}

/// The decisions for all paths.
pub(super) fn who_can_connect(steps: &[Step<'_>], ssl: Option<bool>) -> Vec<HbaDecision> {
    if steps.is_empty() {
        return Vec::new();
    }
    let rules: Vec<&Rule> = steps.iter().filter_map(|step| if let Step::Rule(rule) = step { Some(*rule) } else { None }).collect();
    let replication = rules.iter().any(|rule| rule.databases.has(&NameItem::Replication));
    let encrypted_by_gss = rules.iter().any(|rule| matches!(rule.kind, ConnectionType::HostGssEnc | ConnectionType::HostNoGssEnc));
    let (places, left_out) = places(&rules);
    let mut paths: Vec<Path> = Vec::new();
    let mut budget = Budget(STEPS);
    for (label, place) in places {
        let mut rows = Vec::new();
        for bit in carried(&place, ssl, encrypted_by_gss) {
            rows.push((bit, Class::Databases, rows_of(steps, &place, bit, Class::Databases, ssl, &mut budget)));
            if replication {
                rows.push((bit, Class::Replication, rows_of(steps, &place, bit, Class::Replication, ssl, &mut budget)));
            }
        }
        paths.push(Path { label, place, rows });
    }
    let mut decisions: Vec<HbaDecision> = merge(paths).iter().flat_map(|path| decisions_of(path, steps)).collect();
    if left_out > 0 {
        decisions.push(decision(format!("{left_out} more addresses"), None, ["…", "…", "as their rules say"], None));
    }
    decisions
}

/// The ways in which a session from a place can be carried.
fn carried(place: &Place, ssl: Option<bool>, gss: bool) -> Vec<u8> {
    if *place == Place::Socket {
        return vec![sessions::SOCKET];
    }
    let mut bits = vec![sessions::PLAIN];
    if ssl != Some(false) {
        bits.insert(0, sessions::TLS);
    }
    if gss {
        bits.push(sessions::GSS);
    }
    bits
}

fn rows_of(steps: &[Step<'_>], place: &Place, bit: u8, class: Class, ssl: Option<bool>, budget: &mut Budget) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut shown: Vec<&Rule> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if rows.len() >= MOST_ROWS || budget.step().is_none() {
            rows.push(Row::More);
            return rows;
        }
        let rule = match step {
            Step::Unseen(..) => {
                rows.push(Row::Step(index));
                continue;
            }
            Step::Rule(rule) => *rule,
        };
        let matches = rule.kind.sessions(ssl) & bit != 0 && rule.can_match(ssl) != Some(false) && place.matched_by(rule);
        if !matches || !concerns(rule, class) {
            continue;
        }
        let words: usize = shown.iter().map(|earlier| pairs(earlier, rule)).sum();
        if budget.spend(words).is_none() {
            rows.push(Row::More);
            return rows;
        }
        if shown.iter().any(|earlier| holds(earlier, rule, class)) {
            continue;
        }
        rows.push(Row::Step(index));
        shown.push(rule);
        if rule.users.has(&NameItem::All) && (class == Class::Replication || rule.databases.has(&NameItem::All)) {
            return rows;
        }
    }
    rows.push(Row::NoRule);
    rows
}

/// What decides for every database and user from a place: the index of its step, or that no rule is left. `None` when it
/// cannot be told.
pub(super) fn last_word(steps: &[Step<'_>], place: &Place, bit: u8, ssl: Option<bool>) -> Option<Option<usize>> {
    match rows_of(steps, place, bit, Class::Databases, ssl, &mut Budget(STEPS_OF_ONE)).last()? {
        Row::Step(index) => Some(Some(*index)),
        Row::NoRule => Some(None),
        Row::More => None,
    }
}

fn concerns(rule: &Rule, class: Class) -> bool {
    match class {
        Class::Databases => rule.databases.items.iter().any(|item| *item != NameItem::Replication),
        Class::Replication => rule.databases.has(&NameItem::Replication),
    }
}

/// Whether an earlier rule of the same path leaves nothing to a later one.
fn holds(earlier: &Rule, later: &Rule, class: Class) -> bool {
    let all = |earlier: &Names, later: &Names| earlier.has(&NameItem::All) || later.items.iter().all(|item| earlier.has(item));
    all(&earlier.users, &later.users) && (class == Class::Replication || all(&earlier.databases, &later.databases))
}

/// Leaves out a range that the same rules decide as the range around it, and joins neighbours of equal rows.
fn merge(paths: Vec<Path>) -> Vec<Path> {
    let redundant = |path: &Path| {
        let around = paths.iter().filter(|other| other.place.encloses(&path.place));
        around.min_by_key(|other| other.place.width()).is_some_and(|other| other.rows == path.rows)
    };
    let kept: Vec<Path> = paths.iter().filter(|path| path.place.is_key() || !redundant(path)).cloned().collect();
    let mut merged: Vec<Path> = Vec::new();
    for path in kept {
        match merged.last_mut() {
            Some(last) if last.rows == path.rows && last.place.joins(&path.place) => {
                last.label = last.place.joined_label(&last.label, &path.label);
            }
            _ => merged.push(path),
        }
    }
    merged
}

fn decisions_of(path: &Path, steps: &[Step<'_>]) -> Vec<HbaDecision> {
    let mut found = Vec::new();
    for class in [Class::Databases, Class::Replication] {
        let of_class: Vec<&(u8, Class, Vec<Row>)> = path.rows.iter().filter(|(_, of, _)| *of == class).collect();
        let same = of_class.windows(2).all(|pair| matches!(pair, [one, other] if one.2 == other.2));
        for (bit, _, rows) in of_class.iter().take(if same { 1 } else { usize::MAX }) {
            if class == Class::Replication && *rows == [Row::NoRule] {
                continue;
            }
            let carried = match *bit {
                _ if same => None,
                sessions::TLS => Some(Encryption::Tls),
                sessions::GSS => Some(Encryption::Gss),
                _ => Some(Encryption::None),
            };
            let suffix = match carried {
                None => "",
                Some(Encryption::Tls) => " with TLS",
                Some(Encryption::Gss) => " with GSSAPI encryption",
                Some(Encryption::None) => " without TLS",
            };
            found.extend(rows.iter().map(|row| row_decision(*row, format!("{}{suffix}", path.label), carried, class, steps)));
        }
    }
    found
}

fn row_decision(row: Row, from: String, carried: Option<Encryption>, class: Class, steps: &[Step<'_>]) -> HbaDecision {
    let every = if class == Class::Replication { "replication" } else { "all" };
    let step = match row {
        Row::Step(index) => steps.get(index),
        Row::NoRule => None,
        Row::More => return decision(from, carried, ["…", "…", "as further rules say"], None),
    };
    match step {
        None => decision(from, carried, [every, "all", "reject"], None),
        Some(Step::Unseen(_, span)) => decision(from, carried, [every, "all", "unknown: included rules were not read"], place(*span)),
        Some(Step::Rule(rule)) => {
            let outside = |item: &&NameItem| **item != NameItem::Replication;
            let databases: Vec<String> = rule.databases.items.iter().filter(outside).map(ToString::to_string).collect();
            let databases = if class == Class::Replication { every.to_owned() } else { databases.join(",") };
            let decided = decision(from, carried, [&databases, &rule.users.text(), &rule.method], place(rule.span));
            HbaDecision { options: rule.options.iter().map(option).collect(), ..decided }
        }
    }
}

fn decision(from: String, encryption: Option<Encryption>, [databases, users, method]: [&str; 3], span: Option<Span>) -> HbaDecision {
    let (databases, users, method) = (databases.to_owned(), users.to_owned(), method.to_owned());
    HbaDecision { from, encryption, databases, users, method, options: Vec::new(), span }
}

/// As written, but for a secret.
fn option(option: &AuthOption) -> String {
    format!("{}={}", option.name, option.text().unwrap_or(SECRET_PLACEHOLDER))
}
