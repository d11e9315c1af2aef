//! Whether a condition holds, and what decides it.

use super::predicate::{self, is_word_of};
use super::reading::{Scope, read};
use super::truth::Truth;
use crate::model::{Datum, Record, Value};
use crate::rules::condition::{Condition, Operand, Predicate, Quantifier, Records, Test};

/// Whether a condition holds.
pub(crate) fn truth(condition: &Condition, scope: Scope<'_>) -> Truth {
    match condition {
        Condition::All(parts) => Truth::all(parts.iter().map(|part| truth(part, scope))),
        Condition::Any(parts) => Truth::any(parts.iter().map(|part| truth(part, scope))),
        Condition::Not(inner) => !truth(inner, scope),
        Condition::Records(records) => of_records(records, scope),
        Condition::Test(test) => predicate::test(test, scope),
    }
}

/// `each` = all(¬where ∨ require), `some` = any(where), `none` = all(¬where). Records that may be
/// there and were not seen are one more part, of which nothing is known.
fn of_records(records: &Records, scope: Scope<'_>) -> Truth {
    let (rows, incomplete) = scope.records(records.kind);
    let unseen = incomplete.map(Truth::Unknown);
    let words = records.filter.as_ref().and_then(words_of_filter);
    let mut near = 0;
    let rows = rows.filter(|row| words.is_none_or(|words| may_be_picked(row, words, &mut near)));
    match records.quantifier {
        Quantifier::Each => Truth::all(rows.map(|row| good(records, scope.at(row))).chain(unseen)),
        Quantifier::Some => Truth::any(rows.map(|row| picked(records, scope.at(row))).chain(unseen)),
        Quantifier::None => Truth::all(rows.map(|row| !picked(records, scope.at(row))).chain(unseen)),
    }
}

/// A field of the record at hand, with the words of which `where` asks that it be one.
type WordsOf<'c> = (&'static str, &'c [Value]);

/// Most rules ask for the records of one `code`, `name` or `method`, and a subject has many of others: these are told
/// apart by that word before the rest of `where` is asked.
fn words_of_filter(filter: &Condition) -> Option<WordsOf<'_>> {
    match filter {
        Condition::All(parts) => parts.iter().find_map(words_of_filter),
        Condition::Test(test) => match (&test.operand, &*test.predicates) {
            (Operand::Field(path), [Predicate::OneOf(words)]) => Some((path.own()?, words)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the field is one of the words, or not known to be another text. `near` is where the record before had it.
fn may_be_picked(row: &Record, (name, words): WordsOf<'_>, near: &mut usize) -> bool {
    let is_another = |value: &Value| matches!(value, Value::Text(text) if !is_word_of(text, words));
    let found = row.fields.get_near(name, *near);
    *near = found.map_or(*near, |(at, _)| at);
    match found.map(|(_, field)| &field.datum) {
        Some(Datum::Known(value)) => !is_another(value),
        Some(Datum::Among(values, _)) => values.is_empty() || !values.iter().all(is_another),
        _ => true,
    }
}

/// Whether `where` picks the record at hand.
fn picked(records: &Records, scope: Scope<'_>) -> Truth {
    records.filter.as_ref().map_or(Truth::True, |filter| truth(filter, scope))
}

/// Whether the record at hand is as `each` wants it.
fn good(records: &Records, scope: Scope<'_>) -> Truth {
    let required = records.require.iter().map(|require| truth(require, scope));
    Truth::any([!picked(records, scope)].into_iter().chain(required))
}

/// What makes a condition true or false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause<'a> {
    /// The record that decides; `None` when the subject as a whole does.
    pub(super) record: Option<&'a Record>,
    /// The test that decides; `None` when it is that a record is there, or is not.
    pub(super) test: Option<&'a Test>,
    /// What the test came out as.
    pub(super) value: bool,
    /// Where the test was asked.
    pub(super) scope: Scope<'a>,
}

impl Cause<'_> {
    /// How well it explains a failure, best first: what somebody set, then what has a default, then a circumstance
    /// such as the memory of the machine, which is rarely what is to be changed.
    fn rank(&self) -> u8 {
        match self.test {
            None => 3,
            Some(test) if matches!(test.operand, Operand::Fact(_)) => 2,
            Some(test) if read(&test.operand, self.scope).span.is_none() => 1,
            Some(_) => 0,
        }
    }
}

/// What makes a condition `value`, which it is known to be: one cause per record that does, else one.
pub(super) fn deciders<'a>(condition: &'a Condition, value: bool, scope: Scope<'a>) -> Vec<Cause<'a>> {
    match condition {
        Condition::Not(inner) => deciders(inner, !value, scope),
        Condition::All(parts) | Condition::Any(parts) => {
            let each_alone_decides = matches!(condition, Condition::All(_)) != value;
            let deciding = parts.iter().filter(|part| truth(part, scope).is(value)).map(|part| deciders(part, value, scope));
            if each_alone_decides { records_or_one(deciding.flatten().collect()) } else { best(deciding.collect()) }
        }
        Condition::Records(records) => record_deciders(records, value, scope),
        Condition::Test(test) => vec![Cause { record: None, test: Some(test), value, scope }],
    }
}

/// Of several parts that each decide alone: every record, else the one that explains best.
fn records_or_one(mut causes: Vec<Cause<'_>>) -> Vec<Cause<'_>> {
    if causes.iter().any(|cause| cause.record.is_some()) {
        causes.retain(|cause| cause.record.is_some());
        return causes;
    }
    causes.into_iter().min_by_key(Cause::rank).into_iter().collect()
}

/// Of several parts that decide only together: the one that speaks of records, else the one that explains best.
fn best(parts: Vec<Vec<Cause<'_>>>) -> Vec<Cause<'_>> {
    let speaks_of_records = |causes: &Vec<Cause<'_>>| causes.iter().any(|cause| cause.record.is_some());
    let rank = |causes: &Vec<Cause<'_>>| causes.iter().map(Cause::rank).min();
    parts.into_iter().min_by_key(|part| (!speaks_of_records(part), rank(part))).unwrap_or_default()
}

fn record_deciders<'a>(records: &'a Records, value: bool, scope: Scope<'a>) -> Vec<Cause<'a>> {
    let absent = || vec![Cause { record: None, test: None, value, scope }];
    let (rows, _) = scope.records(records.kind);
    let causes: Vec<_> = match (records.quantifier, value) {
        (Quantifier::Each, false) => rows
            .filter(|row| good(records, scope.at(row)).is(false))
            .map(|row| row_cause(records.require.as_ref(), false, row, scope))
            .collect(),
        (Quantifier::None, false) | (Quantifier::Some, true) => rows
            .filter(|row| picked(records, scope.at(row)).is(true))
            .map(|row| row_cause(records.filter.as_ref(), true, row, scope))
            .collect(),
        _ => return absent(),
    };
    if causes.is_empty() { absent() } else { causes }
}

/// The cause within one record; the record of the outermost quantifier is the one that is reported.
fn row_cause<'a>(part: Option<&'a Condition>, value: bool, row: &'a Record, scope: Scope<'a>) -> Cause<'a> {
    let inner = scope.at(row);
    let found = part.and_then(|part| deciders(part, value, inner).into_iter().next());
    Cause { record: Some(row), ..found.unwrap_or(Cause { record: None, test: None, value, scope: inner }) }
}
