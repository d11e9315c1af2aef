//! What is wrong with names and values, as records of the kind `problem`.

use super::catalogue::{self, Catalogue};
use super::entry::{Change, Entry};
use super::flavour::Reader;
use super::option_name::{Meant, Resolved, folded};
use super::plugins;
use super::reading::Line;
use super::value::{Invalid, Remark, quote};
use crate::formats::Diagnostic;
use crate::model::{Engine, Problem, nearest};

const STOPS: &str = " The server does not start.";

/// A problem that a grammar or an include found.
pub(super) fn of_diagnostic(diagnostic: &Diagnostic) -> Problem {
    let mut problem = diagnostic.problem();
    if diagnostic.fatal && !problem.message.contains("does not start") {
        problem.message.push_str(STOPS);
    }
    problem.fatal = diagnostic.fatal;
    problem
}

fn base(line: &Line) -> Problem {
    let shown = quote(&line.name);
    Problem {
        name: line.name.replace('-', "_").to_ascii_lowercase(),
        span: Some(line.name_span),
        found: Some(shown.trim_matches('`').to_owned()),
        ..Problem::default()
    }
}

/// A name that a release does not know, or that is not one name.
pub(super) fn of_name(line: &Line, resolved: &Resolved<'_>, reader: &Reader) -> Option<Problem> {
    match &resolved.meant {
        Meant::Option { completed: Some(whole), .. } => Some(abbreviated(line, whole, reader)),
        Meant::Option { .. } => None,
        // The name of a plugin is an option as well, where it is loaded.
        Meant::Ambiguous(_) if plugins::may_define(reader.engine, &folded(&line.name, reader)) => None,
        Meant::Ambiguous(names) => Some(ambiguous(line, names, resolved.loose)),
        // Somebody said that it may be unknown.
        Meant::Unknown(_) if resolved.loose => None,
        Meant::Unknown(name) if is_of_component(name, reader) || plugins::may_define(reader.engine, name) => None,
        Meant::Unknown(name) => Some(unknown(line, name, reader)),
    }
}

/// A name with a dot belongs to a component, which may be installed in the server.
fn is_of_component(name: &str, reader: &Reader) -> bool {
    reader.engine == Engine::Mysql && reader.is_from(8, 0) && name.contains('.')
}

fn abbreviated(line: &Line, whole: &str, reader: &Reader) -> Problem {
    let message = format!(
        "{} is the beginning of `{whole}`, which {} completes as long as nothing else begins like it.",
        quote(&line.name),
        reader.name()
    );
    Problem { code: "abbreviated-name", message, expected: Some(whole.to_owned()), suggestion: Some(whole.to_owned()), ..base(line) }
}

fn ambiguous(line: &Line, names: &[&str], loose: bool) -> Problem {
    let some = names.iter().take(4).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let end = if loose { "" } else { STOPS };
    let message = format!("{} is the beginning of several options ({some}).{end}", quote(&line.name));
    Problem { code: "ambiguous-name", message, expected: Some("a whole name".to_owned()), fatal: !loose, ..base(line) }
}

fn unknown(line: &Line, name: &str, reader: &Reader) -> Problem {
    let shown = quote(&line.name);
    let own = catalogue::series_that_know(reader.engine, name);
    let before = own.iter().rev().find(|series| crate::model::Version::from(**series).is_before(&reader.version));
    let after = own.iter().find(|series| reader.version.is_before(&crate::model::Version::from(**series)));
    let base = base(line);
    if let Some(last) = before {
        let message =
            format!("{shown} is an option of {} {last}, and {} does not know it any more.{STOPS}", reader.engine.name(), reader.name());
        return Problem { code: "removed-setting", message, expected: Some("the file without this line".to_owned()), fatal: true, ..base };
    }
    if let Some(first) = after {
        let message =
            format!("{shown} is an option of {} {first}, and {} does not know it yet.{STOPS}", reader.engine.name(), reader.name());
        let expected = Some(format!("{} {first} or later", reader.engine.name()));
        return Problem { code: "needs-newer-major", message, expected, fatal: true, ..base };
    }
    let other = if reader.is_mariadb() { Engine::Mysql } else { Engine::Mariadb };
    if !catalogue::series_that_know(other, name).is_empty() {
        let message = format!("{shown} is an option of {}, and {} does not know it.{STOPS}", other.name(), reader.name());
        return Problem { code: "other-flavour", message, expected: Some("the file without this line".to_owned()), fatal: true, ..base };
    }
    let meant = Catalogue::for_version(reader.engine, &reader.version)
        .and_then(|catalogue| nearest(name, catalogue.entries().filter(|entry| entry.change != Change::Gone).map(|entry| entry.name)));
    let hint = meant.map(|meant| format!("; `{meant}` was probably meant")).unwrap_or_default();
    let message = format!("{shown} is not an option that {} knows{hint}.{STOPS}", reader.name());
    let suggestion = meant.map(str::to_owned);
    Problem { code: "unknown-setting", message, expected: suggestion.clone(), suggestion, fatal: true, ..base }
}

/// An option that the release takes and does nothing with.
pub(super) fn of_gone(line: &Line, entry: &Entry, reader: &Reader) -> Problem {
    let message = format!("{} takes `{}`, which it no longer has, and does nothing with it.", reader.name(), entry.name);
    Problem { code: "removed-setting", message, expected: Some("the file without this line".to_owned()), ..base(line) }
}

/// A value that ends the start.
pub(super) fn of_invalid(line: &Line, entry: &Entry, invalid: &Invalid) -> Problem {
    Problem {
        code: "invalid-value",
        name: entry.name.to_owned(),
        span: Some(line.value_span),
        message: format!("{}.{STOPS}", invalid.message),
        found: line.value.as_deref().map(|value| quote(value).trim_matches('`').to_owned()),
        expected: Some(invalid.expected.clone()),
        fatal: true,
        ..Problem::default()
    }
}

/// A value that the server takes for another one.
pub(super) fn of_remark(line: &Line, entry: &Entry, remark: Remark) -> Problem {
    Problem {
        code: remark.code,
        name: entry.name.to_owned(),
        span: Some(line.value_span),
        message: format!("{}.", remark.message),
        found: line.value.as_deref().map(|value| quote(value).trim_matches('`').to_owned()),
        expected: Some(remark.expected),
        ..Problem::default()
    }
}
