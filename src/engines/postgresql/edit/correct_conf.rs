//! Repairs of `postgresql.conf`: names that are gone or mistyped, values in the wrong spelling, missing quotes.

use super::statements::Statements;
use crate::engines::postgresql::successor::{Successor, successor};
use crate::formats::aligned;
use crate::formats::pg_conf::Statement;
use crate::formats::pg_conf::edit as conf;
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// The edit that a complaint names, where it names one.
pub(super) fn correct(code: &str, span: Span, complaint: &Complaint, document: &Statements, source: &Source) -> Option<Edit> {
    let named = || document.of_name(span);
    match code {
        "renamed-setting" | "custom-prefix-typo" | "unknown-setting" => {
            rename(named()?, complaint.suggestion.as_deref()?, document, source)
        }
        "removed-setting" => succeed(named()?, document, source),
        "readonly-setting" | "fixed-at-initdb" => conf::remove_line(named()?.name_span, source),
        "duplicate-setting" => duplicate(span, document, source),
        "bad-unit" | "invalid-value" | "out-of-range" | "octal-surprise" => value(span, complaint.expected.as_deref()?, document, source),
        "syntax-error" | "unquoted-value" | "include-unquoted" | "bad-custom-name" => {
            line(span, complaint.expected.as_deref()?, document, source)
        }
        _ => None,
    }
}

/// Writes another name, unless a line of that name is there already: which of the two values is meant, nobody can tell.
fn rename(statement: &Statement, to: &str, document: &Statements, source: &Source) -> Option<Edit> {
    if document.sets(to) || conf::only_statement(&format!("{to} = x")).is_none_or(|read| read.name != to) {
        return None;
    }
    aligned::replace(statement.name_span, to, source)
}

/// What became of a setting that was dropped.
fn succeed(statement: &Statement, document: &Statements, source: &Source) -> Option<Edit> {
    match successor(&statement.name, &statement.value)? {
        Successor::None => conf::remove_line(statement.name_span, source),
        Successor::Renamed(to) => rename(statement, to, document, source),
        Successor::Setting(name, value) => {
            let whole = statement.name_span.to(statement.value_span);
            let between = source.span(statement.name_span.end as usize, statement.value_span.start as usize);
            let with = format!("{name}{}{}", source.slice(between), conf::written(&value, statement.quoted));
            if document.sets(name) { None } else { aligned::replace(whole, &with, source) }
        }
    }
}

/// Takes out a line that later lines of the same file repeat, name and value. A value that comes back after another one
/// is no plain repetition.
fn duplicate(span: Span, document: &Statements, source: &Source) -> Option<Edit> {
    document.is_repeated(document.of_whole(span)?).then(|| conf::remove_line(span, source))?
}

/// Writes the value that was expected, where that is one value and not a description of several.
fn value(span: Span, expected: &str, document: &Statements, source: &Source) -> Option<Edit> {
    let statement = document.of_value(span)?;
    let is_value = !expected.is_empty() && !expected.contains([' ', ',', '…', '\u{fffd}']);
    (is_value && expected != statement.value).then(|| conf::set_value(statement.value_span, expected, source))?
}

/// Writes a line that could not be read as it should read.
fn line(span: Span, expected: &str, document: &Statements, source: &Source) -> Option<Edit> {
    let unreadable = document.unreadable(span)?;
    if expected.contains(['…', '\u{fffd}', '\n', '\r']) || source.slice(unreadable.span) == expected {
        return None;
    }
    let reads = conf::reads(expected);
    reads.then(|| Edit { span: unreadable.span, replacement: expected.to_owned() })
}
