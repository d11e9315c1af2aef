//! Repairs of `postgresql.conf`: names that are gone or mistyped, values in the wrong spelling, missing quotes.

use super::offer::Texts;
use super::{aligned, conf};
use crate::engines::postgresql::successor::{Successor, successor};
use crate::formats::pg_conf::{Directive, PgConf, Statement};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// The edit that a complaint names, where it names one.
pub(super) fn correct(code: &str, span: Span, complaint: &Complaint, source: &Source, texts: &Texts<'_>) -> Option<Edit> {
    if source.file_name() == super::setting::AUTO_CONF {
        return None;
    }
    let document = texts.conf(source);
    let named = || document.statements.iter().find(|statement| statement.name_span == span);
    match code {
        "renamed-setting" | "custom-prefix-typo" | "unknown-setting" => {
            rename(named()?, complaint.suggestion.as_deref()?, &document, source)
        }
        "removed-setting" => succeed(named()?, &document, source),
        "readonly-setting" | "fixed-at-initdb" => conf::remove_line(named()?.name_span, source),
        "duplicate-setting" => duplicate(span, &document, source),
        "bad-unit" | "invalid-value" | "out-of-range" | "octal-surprise" => value(span, complaint.expected.as_deref()?, &document, source),
        "syntax-error" | "unquoted-value" | "include-unquoted" | "bad-custom-name" => {
            line(span, complaint.expected.as_deref()?, &document, source)
        }
        _ => None,
    }
}

/// Writes another name, unless a line of that name is there already: which of the two values is meant, nobody can tell.
fn rename(statement: &Statement, to: &str, document: &PgConf, source: &Source) -> Option<Edit> {
    if is_set(to, document) || conf::only_statement(&format!("{to} = x")).is_none_or(|read| read.name != to) {
        return None;
    }
    aligned::replace(statement.name_span, to, source)
}

fn is_set(name: &str, document: &PgConf) -> bool {
    document.statements.iter().any(|statement| statement.name.eq_ignore_ascii_case(name))
}

/// What became of a setting that was dropped.
fn succeed(statement: &Statement, document: &PgConf, source: &Source) -> Option<Edit> {
    match successor(&statement.name, &statement.value)? {
        Successor::None => conf::remove_line(statement.name_span, source),
        Successor::Renamed(to) => rename(statement, to, document, source),
        Successor::Setting(name, value) => {
            let whole = statement.name_span.to(statement.value_span);
            let between = source.span(statement.name_span.end as usize, statement.value_span.start as usize);
            let with = format!("{name}{}{}", source.slice(between), conf::written(&value, statement.quoted));
            if is_set(name, document) { None } else { aligned::replace(whole, &with, source) }
        }
    }
}

/// Takes out a line that a later line of the same file repeats, name and value.
fn duplicate(span: Span, document: &PgConf, source: &Source) -> Option<Edit> {
    let same_place = |statement: &&Statement| statement.name_span.to(statement.value_span) == span;
    let this = document.statements.iter().find(same_place)?;
    let repeats = |other: &Statement| other.directive == Directive::Set && other.name == this.name && other.value == this.value;
    let later = document.statements.iter().rev().take_while(|statement| statement.name_span.start > span.start);
    // The last line of that name decides: a value that comes back after another one is no plain repetition.
    let of_name = later.filter(|statement| statement.name.eq_ignore_ascii_case(&this.name));
    let all: Vec<&Statement> = of_name.collect();
    (!all.is_empty() && all.into_iter().all(repeats)).then(|| conf::remove_line(span, source))?
}

/// Writes the value that was expected, where that is one value and not a description of several.
fn value(span: Span, expected: &str, document: &PgConf, source: &Source) -> Option<Edit> {
    let statement = document.statements.iter().find(|statement| statement.value_span == span)?;
    let is_value = !expected.is_empty() && !expected.contains([' ', ',', '…', '\u{fffd}']);
    (is_value && expected != statement.value).then(|| conf::set_value(statement.value_span, expected, source))?
}

/// Writes a line that could not be read as it should read.
fn line(span: Span, expected: &str, document: &PgConf, source: &Source) -> Option<Edit> {
    let unreadable = document.unreadable.iter().find(|line| line.span.contains(span))?;
    if expected.contains(['…', '\u{fffd}', '\n', '\r']) || source.slice(unreadable.span) == expected {
        return None;
    }
    let reads = conf::reads(expected);
    reads.then(|| Edit { span: unreadable.span, replacement: expected.to_owned() })
}
