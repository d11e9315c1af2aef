//! What changes for a server when it is upgraded to another major: the same files, read as both releases read them.
//!
//! [`Ahead`] is the configuration under the target; held against each version that the server may have, it gives records
//! of the kind `upgrade`.

mod access;
mod container;
mod notes;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::access::Access;
use super::effective::Effective;
use crate::model::{Datum, Field, Record, RecordSet, Subject, Value, Version, Why};
use crate::text::Span;

/// The first major whose `initdb` switches checksums on.
/// <https://www.postgresql.org/docs/18/release-18.html>
pub(super) const CHECKSUMS_BY_DEFAULT: u32 = 18;

/// The first major in which passwords by MD5 are deprecated.
/// <https://www.postgresql.org/docs/18/release-18.html>
const MD5_DEPRECATED: u32 = 18;

/// A server as the target release would read its files.
pub(super) struct Ahead {
    pub version: Version,
    pub effective: Effective,
    pub access: Access,
}

/// A server as the release that it has reads its files.
#[derive(Clone, Copy)]
pub(super) struct Present<'a> {
    pub version: &'a Version,
    pub effective: &'a Effective,
    pub access: &'a Access,
    /// Where what concerns the server as a whole is reported.
    pub anchor: Option<Span>,
    /// Lines that would set a setting if they were no comments.
    pub commented_out: &'a BTreeMap<String, Span>,
}

/// One change on its way to becoming a record.
struct Change {
    code: &'static str,
    name: String,
    span: Option<Span>,
    message: String,
    found: Option<String>,
    expected: Option<String>,
    related: Vec<(Span, String)>,
}

impl Change {
    fn new(code: &'static str, name: impl Into<String>, span: Option<Span>, message: String) -> Self {
        Self { code, name: name.into(), span, message, found: None, expected: None, related: Vec::new() }
    }

    fn record(self) -> Record {
        let mut record = Record::new("upgrade", format!("{}/{}", self.code, self.name), self.span)
            .with("code", Field::text(self.code, self.span))
            .with("name", Field::text(self.name, self.span))
            .with("message", Field::text(self.message, self.span));
        for (field, text) in [("found", self.found), ("expected", self.expected)] {
            if let Some(text) = text {
                record = record.with(field, Field::text(text, self.span));
            }
        }
        record.related = self.related;
        record
    }
}

/// Codes of changes that postgresql.conf decides, and that pg_hba.conf does: what a file that was not seen may hold.
const OF_SETTINGS: [&str; 5] = ["refused-setting", "renamed-setting", "default-changed", "meaning-changed", "old-path"];
const OF_ACCESS: [&str; 2] = ["refused-access", "access-changed"];

impl Ahead {
    /// What changes for a server of one version. A target that is no later has nothing to say.
    pub(super) fn records(&self, present: &Present<'_>) -> RecordSet {
        if self.version.major() <= present.version.major() {
            return RecordSet::default();
        }
        let mut changes = settings::changes(self, present);
        changes.extend(notes::changes(self, present));
        changes.extend(access::changes(self, present));
        changes.extend(access::md5(self, present));
        let mut rows: Vec<Arc<Record>> = changes.into_iter().map(|change| Arc::new(change.record())).collect();
        let unseen = [
            (self.effective.incomplete.clone().or_else(|| present.effective.incomplete.clone()), OF_SETTINGS.as_slice()),
            (self.access.hba.incomplete.clone(), OF_ACCESS.as_slice()),
        ];
        rows.extend(unseen.into_iter().filter_map(|(why, codes)| Some(Arc::new(stand_in(why?, codes)))));
        RecordSet { rows, incomplete: None }
    }

    /// What the target refuses, or knows under another name, unless every version that the server may have does so too:
    /// then it is no matter of the upgrade.
    pub(super) fn common(&self, presents: &[Present<'_>]) -> Vec<Arc<Record>> {
        let older: Vec<&Present<'_>> = presents.iter().filter(|present| present.version.major() < self.version.major()).collect();
        let of_problem = |problem: &Record, code, key: &dyn Fn(&Record) -> bool| {
            let known = |present: &&&Present<'_>| problems(present.effective, present.access).any(key);
            let everywhere = older.iter().all(|present| known(&present));
            (!everywhere).then(|| Arc::new(self.of_problem(problem, code).record()))
        };
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for problem in problems(&self.effective, &self.access) {
            let fatal = problem.truth("fatal") == Some(true);
            let renamed = problem.text("code") == Some("renamed-setting");
            if !(fatal || renamed) || !seen.insert((problem.span, problem.text("code"))) {
                continue;
            }
            let same = |other: &Record| {
                other.key == problem.key
                    && (other.truth("fatal") == Some(true)) == fatal
                    && (fatal || other.text("code") == Some("renamed-setting"))
            };
            let of_access = problem.text("code").is_some_and(|code| code.starts_with("hba-"));
            let code = match (fatal, of_access) {
                (true, true) => "refused-access",
                (true, false) => "refused-setting",
                (false, _) => "renamed-setting",
            };
            found.extend(of_problem(problem, code, &same));
        }
        found
    }

    fn of_problem(&self, problem: &Record, code: &'static str) -> Change {
        let said = problem.text("message").unwrap_or_default();
        let message = if code == "renamed-setting" {
            format!("from the upgrade to PostgreSQL {} on: {said} Write the new name after the upgrade, not before", self.version)
        } else {
            format!("PostgreSQL {} does not start with this: {said}", self.version)
        };
        let text = |name: &str| problem.text(name).map(str::to_owned);
        Change {
            found: text("found"),
            expected: text("expected"),
            related: problem.related.clone(),
            ..Change::new(code, text("name").unwrap_or_else(|| problem.key.clone()), problem.span, message)
        }
    }
}

/// Adds the facts and records of an upgrade to a view.
pub(super) fn add(subject: &mut Subject, target: Option<&Version>, records: Option<RecordSet>) {
    let major = target.map(|version| Field::known(Value::Integer(i64::from(version.major())), None));
    subject.facts.insert("target_major", major.unwrap_or_else(Field::absent));
    if let Some(records) = records {
        subject.records.insert("upgrade", records);
    }
}

fn problems<'p>(effective: &'p Effective, access: &'p Access) -> impl Iterator<Item = &'p Record> {
    effective.problems.rows.iter().chain(&access.hba.problems).map(Arc::as_ref)
}

/// Something that an unseen file may bring.
fn stand_in(why: Why, codes: &[&str]) -> Record {
    let codes = codes.iter().map(|code| Value::text(*code)).collect();
    let field = Field { datum: Datum::Among(codes, Box::new(why)), span: None, origin: None, record: None };
    Record::new("upgrade", "unseen", None).with("code", field)
}
