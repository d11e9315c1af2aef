//! What a rule offers to change, for one finding: still without a look at the text.

use super::reading::{Reading, Scope, read};
use super::wording::{Wording, fill};
use crate::model::{Change, Complaint, Fix, SettingPlace, SettingState, Subject, SubjectKind};
use crate::rules::{Place, Remedy, Rule};
use crate::text::Span;

/// The fix of a finding about the subject, or about the record at hand. `words` are those of the finding.
pub(super) fn fix(rule: &Rule, scope: Scope<'_>, words: &Wording) -> Option<Fix> {
    // What runs the server writes its files, from one with a grammar of its own.
    if scope.subject.facts.get("run_by").is_some_and(|by| by.datum.known().is_some()) {
        return None;
    }
    let changes = match rule.logic.remedy.as_ref()? {
        Remedy::Set(wanted) => wanted.iter().map(|(name, value)| set(name, value, scope.subject)).collect::<Option<Vec<_>>>()?,
        Remedy::Replace(at, with) => {
            let record = scope.record.map(|record| record.kind);
            vec![Change::Replace { record, span: place(at, scope)?, with: fill(with, words, scope) }]
        }
        Remedy::Remove => vec![remove(scope)?],
        Remedy::Correct => vec![correct(scope)?],
    };
    Some(Fix::wanted(rule.fix?, changes)).filter(|fix| !fix.changes.is_empty())
}

fn set(name: &str, value: &str, subject: &Subject) -> Option<Change> {
    let (name, value) = (name.to_owned(), value.to_owned());
    if subject.kind == SubjectKind::Service {
        return Some(Change::SetKey { key: name, value, service: subject.fact("service_name").span? });
    }
    let known = match subject.settings.get(&name)? {
        SettingState::Known(setting) => setting.origin.span.map(|span| (setting.origin.kind, span)),
        SettingState::Absent => None,
        SettingState::Unknown(_) | SettingState::NotInVersion => return None,
    };
    let place = SettingPlace {
        value: known,
        commented_out: subject.commented_out.get(&name).copied(),
        end_of_file: subject.configuration_end,
        engine: subject.engine,
        home: subject.home_of(&name),
    };
    Some(Change::Set { name, value, place })
}

/// Where exactly a value stands; what has no place of its own is not replaced.
fn place(place: &Place, scope: Scope<'_>) -> Option<Span> {
    match place {
        Place::Record => scope.record?.span,
        Place::Value(operand) => {
            let Reading { span, .. } = read(operand, scope);
            span
        }
    }
}

/// Most records among which one is looked for that stands on the same lines.
const MOST_RECORDS: usize = 5000;

/// The lines of the record, unless they make another record as well: a file that is included twice is read twice.
fn remove(scope: Scope<'_>) -> Option<Change> {
    let record = scope.record?;
    let span = record.span?;
    let rows = &scope.subject.records.get(record.kind)?.rows;
    let alone = rows.len() <= MOST_RECORDS && rows.iter().filter(|row| row.span == Some(span)).take(2).count() == 1;
    alone.then_some(Change::Remove { record: record.kind, span })
}

fn correct(scope: Scope<'_>) -> Option<Change> {
    let record = scope.record.filter(|record| record.kind == "problem")?;
    let text = |field| record.text(field).map(ToOwned::to_owned);
    let complaint = Complaint { code: text("code")?, name: text("name"), expected: text("expected"), suggestion: text("suggestion") };
    Some(Change::Correct { span: record.span?, complaint })
}
