//! Entries of `[databases]`, `[users]` and `[peers]`: what is wrong with one, and what a release does about it.

use super::catalogue::ADMIN_CONSOLE;
use super::connection::Section;
use super::problems::{self, Effect};
use super::reading::Line;
use super::value::leading_integer;
use crate::formats::pgbouncer_ini::{Pair, PairList};
use crate::model::Problem;
use crate::text::Span;

/// The first release that does not start with an entry that is wrong. Earlier ones leave the entry out.
const STRICT_SINCE: u32 = 16;

/// One line of a section that has entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entrance<'a> {
    pub line: &'a Line,
    pub pairs: &'a [Pair],
}

impl<'a> Entrance<'a> {
    /// The last pair of a key, which is the one that counts.
    pub(super) fn pair(&self, key: &str) -> Option<&'a Pair> {
        self.pairs.iter().rev().find(|pair| pair.key.text == key)
    }

    /// A number of an entry; one below 0 stands for none.
    pub(super) fn number(&self, key: &str) -> Option<(i64, Span)> {
        let pair = self.pair(key)?;
        let number = i64::from(leading_integer(&pair.value));
        (number >= 0).then_some((number, pair.value_span))
    }
}

/// What is wrong with an entry, and whether a release reads it all the same.
pub(super) fn check(section: Section, line: &Line, list: &PairList, release: u32) -> (Vec<Problem>, bool) {
    let mut problems: Vec<Problem> = list.fault.iter().map(|fault| Problem { name: line.name.clone(), ..fault.problem() }).collect();
    for pair in &list.pairs {
        problems.extend(problems::unknown_key(section, &pair.key.text, release, pair.key.span));
        problems.extend(bad_pair(pair));
    }
    match section {
        Section::Databases if line.name == ADMIN_CONSOLE => problems.push(reserved(line)),
        Section::Peers => problems.extend(bad_peer(line, list)),
        _ => {}
    }
    let is_wrong = !problems.is_empty();
    // What stands for all other databases is taken as it is, and looked at when a client comes.
    let effect = match (section, line.name.as_str()) {
        (Section::Databases, "*") => Effect::RefusesClients,
        _ if release < STRICT_SINCE => Effect::LeavesOut,
        _ => Effect::Stops,
    };
    let problems = problems.into_iter().map(|problem| effect.on(problem)).collect();
    (problems, !(is_wrong && effect == Effect::LeavesOut))
}

/// Values of entries that are looked at when the file is read; all others are taken for what they begin with.
fn bad_pair(pair: &Pair) -> Option<Problem> {
    let invalid = |message: &str, expected: &str| Some(invalid(&pair.key.text, pair.value_span, &pair.value, message, expected));
    let one_of = |words: &[&str]| words.iter().any(|word| pair.value.eq_ignore_ascii_case(word));
    match pair.key.text.as_str() {
        "pool_mode" if !one_of(&["session", "transaction", "statement"]) => {
            invalid("This is not a valid pool mode.", "session, transaction or statement")
        }
        "load_balance_hosts" if !one_of(&["disable", "round-robin"]) => {
            invalid("This is not a valid way to choose a host.", "round-robin or disable")
        }
        "port" if leading_integer(&pair.value) == 0 => invalid("This is not a valid port.", "a number"),
        _ => None,
    }
}

/// A peer is named by its number, and must have a host.
fn bad_peer(line: &Line, list: &PairList) -> Vec<Problem> {
    let number = line.name.trim_start().parse::<u16>().ok().filter(|number| *number > 0);
    let name = number.is_none().then(|| {
        let message = "This is not the number of a peer.";
        invalid(&line.name, line.name_span, &line.name, message, "a number from 1 to 65535, the `peer_id` of the other process")
    });
    let has_host = list.fault.is_some() || list.pairs.iter().any(|pair| pair.key.text == "host");
    let host = (!has_host).then(|| {
        let message = "This peer has no host.";
        invalid(&line.name, line.name_span, &line.value, message, "host=, with the address or socket folder of the other process")
    });
    name.into_iter().chain(host).collect()
}

fn invalid(name: &str, span: Span, found: &str, message: &str, expected: &str) -> Problem {
    Problem {
        code: "invalid-value",
        name: name.to_owned(),
        span: Some(span),
        message: message.to_owned(),
        found: Some(found.to_owned()),
        expected: Some(expected.to_owned()),
        ..Problem::default()
    }
}

fn reserved(line: &Line) -> Problem {
    Problem {
        code: "reserved-name",
        name: line.name.clone(),
        span: Some(line.name_span),
        message: "The name `pgbouncer` is that of the admin console.".to_owned(),
        expected: Some("another name".to_owned()),
        ..Problem::default()
    }
}
