//! `auth_hba_file`: who gets in where `auth_type` is hba, line by line as PgBouncer reads it.
//!
//! The form is that of `pg_hba.conf`, with fewer words: no host names, no `samehost` or `samenet`, no include, no GSSAPI. A line
//! that the program cannot read is passed over, and the next one decides.

use std::net::IpAddr;
use std::sync::Arc;

use super::auth_file::{file_of, why_not};
use crate::engines::frame::Paths;
use crate::engines::frame::ranges::{Family, Range};
use crate::formats::pg_hba::{self, LogicalLine, TokenField};
use crate::model::{Field, Problem, Record, RecordSet, SettingState, Subject, Value, Why};
use crate::text::{Files, Source};

/// What the file says.
#[derive(Default)]
pub(super) struct Access {
    rules: Vec<Line>,
    problems: Vec<Problem>,
    /// Why the file was not read.
    unseen: Option<Why>,
    /// Display path, where it was read.
    pub path: Option<String>,
}

/// A line that counts.
struct Line {
    kind: &'static str,
    databases: Vec<String>,
    users: Vec<String>,
    /// None for a local socket; an empty range is `all`.
    address: Option<Option<Range>>,
    method: &'static str,
    /// The fields, for places.
    fields: Vec<TokenField>,
    /// Whether an earlier line leaves nothing to it.
    dead: bool,
}

/// Methods, with the first release that knows each.
const METHODS: [(&str, u32); 8] =
    [("trust", 0), ("reject", 0), ("md5", 0), ("password", 0), ("peer", 0), ("cert", 0), ("scram-sha-256", 0), ("ldap", 25)];

/// The first release that knows `map=`.
const MAPS_SINCE: u32 = 23;

impl Access {
    /// Reads what the settings name; nothing where `auth_type` is not hba.
    pub fn of(subject: &Subject, release: u32, folder: &str, files: &Files, paths: &Paths<'_>) -> Self {
        match subject.settings.get("auth_type") {
            Some(SettingState::Known(setting)) if setting.value.as_text() == Some("hba") => {}
            Some(SettingState::Unknown(why)) => return Self { unseen: Some(why.clone()), ..Self::default() },
            _ => return Self::default(),
        }
        match file_of(subject, "auth_hba_file", folder, files, paths) {
            Ok(None) => Self::default(),
            Ok(Some(path)) => match files.read(&path) {
                Ok(source) => Self::read(&source, release),
                Err(error) => Self { unseen: Some(why_not(&path, &error)), ..Self::default() },
            },
            Err(why) => Self { unseen: Some(why), ..Self::default() },
        }
    }

    fn read(source: &Source, release: u32) -> Self {
        let mut access = Self { path: Some(source.path().to_owned()), ..Self::default() };
        for line in pg_hba::records(&pg_hba::parse(source), false) {
            if line.fields.is_empty() {
                continue;
            }
            match rule(&line, release) {
                Ok(mut rule) => {
                    rule.dead = access.rules.iter().any(|earlier| earlier.covers(&rule));
                    access.rules.push(rule);
                }
                Err(fault) => access.problems.push(passed_over(&line, &fault)),
            }
        }
        access
    }

    /// Adds its lines and its problems to a subject.
    pub fn add(self, subject: &mut Subject) {
        let problems = self.problems.into_iter().map(|problem| Arc::new(problem.record()));
        let set = subject.records.entry("problem").or_default();
        set.rows.extend(problems);
        let rows = self.rules.iter().map(|rule| Arc::new(rule.record())).collect();
        subject.records.insert("hba", RecordSet { rows, incomplete: self.unseen });
    }
}

/// Why a line is passed over: what is wrong in which field, and what would be read.
struct Fault {
    field: usize,
    message: &'static str,
    expected: &'static str,
}

fn rule(line: &LogicalLine, release: u32) -> Result<Line, Fault> {
    let fault = |field, message, expected| Fault { field, message, expected };
    let word = |at: usize| line.fields.get(at).and_then(|field| field.tokens.first()).map(|token| token.text.as_str());
    let words = |at: usize| line.fields.get(at).map(|field| field.tokens.iter().map(|token| token.text.clone()).collect::<Vec<_>>());
    let kinds = ["local", "host", "hostssl", "hostnossl"];
    let kind = kinds.into_iter().find(|kind| word(0) == Some(*kind));
    let kind =
        kind.ok_or_else(|| fault(0, "This is not a type of connection that PgBouncer knows", "local, host, hostssl or hostnossl"))?;
    let databases = words(1).ok_or_else(|| fault(0, "The database is missing", "a database after the type"))?;
    let users = words(2).ok_or_else(|| fault(1, "The user is missing", "a user after the database"))?;
    // A keyword or a group of roles in the place of a name; a regular expression is a plain name.
    let unread = |at: usize, keywords: &[&str]| {
        let tokens = line.fields.get(at).map(|field| field.tokens.as_slice()).unwrap_or_default();
        tokens.iter().any(|token| !token.quoted && (token.text.starts_with('+') || keywords.contains(&token.text.as_str())))
    };
    for (at, keywords) in [(1, &["samerole", "samegroup"][..]), (2, &[][..])] {
        if unread(at, keywords) {
            return Err(fault(at, "PgBouncer knows no groups of roles", "the names themselves"));
        }
    }
    let (address, method_at) = match kind {
        "local" => (None, 3),
        _ => {
            let (range, next) = address(word(3), word(4))
                .ok_or_else(|| fault(3, "This is not an address with a mask", "all, or a numeric address with its mask: 10.0.0.0/8"))?;
            (Some(range), next)
        }
    };
    let known = METHODS.into_iter().find(|(method, since)| word(method_at) == Some(*method) && *since <= release);
    let (method, _) = known.ok_or_else(|| {
        fault(method_at, "This is not a method that PgBouncer knows here", "trust, reject, md5, password, peer, cert or scram-sha-256")
    })?;
    let options = line.fields.len() > method_at + 1;
    let map =
        release >= MAPS_SINCE && line.fields.len() == method_at + 2 && word(method_at + 1).is_some_and(|word| word.starts_with("map="));
    if options && !map && method != "ldap" {
        return Err(fault(method_at + 1, "PgBouncer takes no such option", "nothing after the method"));
    }
    let fields = line.fields.iter().take(method_at + 1).cloned().collect();
    Ok(Line { kind, databases, users, address, method, fields, dead: false })
}

/// A range, nothing for `all`, and the field behind it.
fn address(word: Option<&str>, next: Option<&str>) -> Option<(Option<Range>, usize)> {
    let word = word?;
    if word == "all" {
        return Some((None, 4));
    }
    let of = |text: &str| match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some((Family::Ipv4, u128::from(u32::from(address)))),
        IpAddr::V6(address) => Some((Family::Ipv6, u128::from(address))),
    };
    if let Some((address, prefix)) = word.split_once('/') {
        let (family, address) = of(address)?;
        let prefix = prefix.parse::<u32>().ok().filter(|prefix| *prefix <= family.bits())?;
        return Some((Some(Range::new(family, address, prefix)), 4));
    }
    let ((family, address), (of_mask, mask)) = (of(word)?, of(next?)?);
    (family == of_mask).then_some((Some(Range { family, address, mask }), 5))
}

fn passed_over(line: &LogicalLine, fault: &Fault) -> Problem {
    let field = line.fields.get(fault.field).and_then(TokenField::span);
    Problem {
        code: "access-line-ignored",
        name: format!("line {}", line.number),
        span: Some(field.unwrap_or(line.span)),
        message: format!("{}: PgBouncer passes over the line, and the next one that matches decides.", fault.message),
        expected: Some(fault.expected.to_owned()),
        ..Problem::default()
    }
}

impl Line {
    /// Whether every session that `other` could decide is decided here.
    fn covers(&self, other: &Self) -> bool {
        let kind = self.kind == other.kind || (self.kind == "host" && other.kind != "local");
        let names = |ours: &[String], theirs: &[String]| ours.iter().any(|name| name == "all") || ours == theirs;
        let address = match (&self.address, &other.address) {
            (None, None) | (Some(None), Some(_)) => true,
            (Some(Some(ours)), Some(Some(theirs))) => ours.covers(theirs),
            _ => false,
        };
        // The keyword all leaves physical replication to other lines.
        let replication =
            other.databases.iter().any(|name| name == "replication") && !self.databases.iter().any(|name| name == "replication");
        kind && address && !replication && names(&self.databases, &other.databases) && names(&self.users, &other.users)
    }

    fn clients(&self) -> &'static str {
        match &self.address {
            None => "socket",
            Some(None) => "anywhere",
            Some(Some(range)) => range.clients(),
        }
    }

    fn record(&self) -> Record {
        let place = |at: usize| self.fields.get(at).and_then(TokenField::span);
        let line = place(0).zip(self.fields.last().and_then(TokenField::span)).map(|(first, last)| first.to(last));
        let list = |names: &[String], at| Field::known(Value::List(names.to_vec()), place(at));
        let address = self.address.as_ref().map(|range| range.map_or_else(|| "all".to_owned(), |range| range.to_string()));
        let address_at = place(3).filter(|_| self.address.is_some());
        Record::new("hba", format!("{} {} {}", self.kind, self.databases.join(","), self.users.join(",")), line)
            .with("type", Field::text(self.kind, place(0)))
            .with("databases", list(&self.databases, 1))
            .with("users", list(&self.users, 2))
            .with("address", address.map_or_else(Field::absent, |address| Field::text(address, address_at)))
            .with("clients", Field::text(self.clients(), address_at.or(line)))
            .with("method", Field::text(self.method, self.fields.last().and_then(TokenField::span)))
            .with("dead", Field::bool(self.dead, line))
    }
}

/// The weakest way to show who one is among the lines that admit anyone, with its place; nothing where none does.
pub(super) fn weakest(rules: &RecordSet) -> Option<Field> {
    const WEAK_FIRST: [(&str, &str); 7] = [
        ("trust", "trust"),
        ("password", "plain"),
        ("md5", "md5"),
        ("ldap", "ldap"),
        ("scram-sha-256", "scram-sha-256"),
        ("peer", "peer"),
        ("cert", "cert"),
    ];
    let live = || rules.rows.iter().filter(|rule| rule.truth("dead") == Some(false));
    WEAK_FIRST.into_iter().find_map(|(method, word)| {
        let rule = live().find(|rule| rule.text("method") == Some(method))?;
        Some(Field::text(word, rule.fields.get("method")?.span))
    })
}
