//! What is wrong with names and values, as records of the kind `problem`.

use super::catalogue::{Catalogue, Context, Entry, majors_that_know};
use super::former::former;
use super::value::{Invalid, Remark};
use crate::formats::Diagnostic;
use crate::model::{Problem, nearest};
use crate::text::Span;

/// Prefixes of settings that extensions outside the server's own sources define.
const EXTENSION_PREFIXES: [&str; 24] = [
    "anon",
    "bdr",
    "citus",
    "credcheck",
    "cron",
    "pg_hint_plan",
    "pg_net",
    "pg_partman_bgw",
    "pg_qualstats",
    "pg_stat_kcache",
    "pg_stat_monitor",
    "pg_track_settings",
    "pg_wait_sampling",
    "pgactive",
    "pgaudit",
    "pglogical",
    "plperl",
    "plpython",
    "plv8",
    "postgis",
    "powa",
    "set_user",
    "supautils",
    "timescaledb",
];

/// A problem that a grammar or an include found.
pub(super) fn of_diagnostic(diagnostic: &Diagnostic, name: Option<&str>) -> Problem {
    Problem { name: name.unwrap_or_default().to_owned(), ..diagnostic.problem() }
}

/// A value that the server refuses. Of an extension's setting it only warns, when the extension is loaded.
pub(super) fn of_invalid(entry: &Entry, invalid: &Invalid, found: &str, span: Option<Span>) -> Problem {
    let effect = if entry.is_of_extension() { "The server warns and uses the default." } else { "The server does not start." };
    Problem {
        code: invalid.code,
        name: entry.key.to_owned(),
        span,
        message: format!("{}. {effect}", invalid.message),
        found: Some(found.to_owned()),
        expected: invalid.expected.clone(),
        fatal: !entry.is_of_extension(),
        ..Problem::default()
    }
}

/// A value that the server takes although it was hardly meant.
pub(super) fn of_remark(entry: &Entry, remark: &Remark, found: &str, span: Option<Span>) -> Problem {
    let effect = if remark.fatal { " The server does not start." } else { "" };
    Problem {
        code: remark.code,
        name: entry.key.to_owned(),
        span,
        message: format!("{}.{effect}", remark.message),
        found: Some(found.to_owned()),
        expected: remark.expected.clone(),
        fatal: remark.fatal,
        ..Problem::default()
    }
}

/// What is wrong with a name, if anything, whatever its value. `suggest` says whether to look for the name that was meant.
pub(super) fn of_name(name: &str, catalogue: &Catalogue, minor: Option<u32>, span: Span, suggest: bool) -> Option<Problem> {
    let Some(entry) = catalogue.entry(name) else {
        return match name.contains('.') {
            true if suggest => of_custom_name(name, catalogue, span),
            true => None,
            false => Some(of_unknown_name(name, catalogue, span, suggest)),
        };
    };
    let problem =
        |code, message: String, fatal| Problem { code, name: entry.key.to_owned(), span: Some(span), message, fatal, ..Problem::default() };
    if matches!(entry.name, "lc_collate" | "lc_ctype") {
        return Some(problem("fixed-at-initdb", of_locale(entry.name), true));
    }
    if entry.context == Context::Internal {
        let message =
            format!("`{}` tells how the server was built or its cluster created; it cannot be set. The server does not start.", entry.name);
        return Some(problem("readonly-setting", message, true));
    }
    if entry.is_too_new_for(catalogue.major(), minor) == Some(true) {
        let message =
            format!("`{}` came with a later minor release of PostgreSQL {}. The server does not start.", entry.name, catalogue.major());
        return Some(problem("needs-newer-major", message, true));
    }
    let alias = catalogue.alias(name)?;
    let message = format!("`{}` is the old name of `{alias}`; the server still takes it.", name.to_ascii_lowercase());
    Some(Problem {
        suggestion: Some(alias.to_owned()),
        found: Some(name.to_owned()),
        expected: Some(alias.to_owned()),
        ..problem("renamed-setting", message, false)
    })
}

fn of_locale(name: &str) -> String {
    format!("`{name}` is decided by initdb or CREATE DATABASE, for each database; it cannot be set in a file. The server does not start.")
}

fn of_unknown_name(name: &str, catalogue: &Catalogue, span: Span, suggest: bool) -> Problem {
    let major = catalogue.major();
    let key = name.to_ascii_lowercase();
    let known_by = majors_that_know(name);
    let base = Problem { name: key.clone(), span: Some(span), found: Some(shown(name)), fatal: true, ..Problem::default() };
    let name = shown(name);
    if matches!(key.as_str(), "lc_collate" | "lc_ctype") {
        return Problem { code: "fixed-at-initdb", message: of_locale(&key), ..base };
    }
    if let Some(first) = known_by.first().filter(|first| **first > major) {
        let message = format!("`{name}` exists from PostgreSQL {first} on; {major} does not know it and does not start.");
        return Problem { code: "needs-newer-major", message, ..base };
    }
    let before = former(&key).filter(|former| former.gone_in.parse::<f64>().is_ok_and(|gone_in| gone_in <= f64::from(major)));
    if known_by.iter().any(|known| *known < major) || before.is_some() {
        let gone_in = before.map(|former| format!(" in PostgreSQL {}", former.gone_in)).unwrap_or_default();
        let instead = before
            .map(|former| former.instead)
            .filter(|instead| !instead.is_empty())
            .map(|instead| format!("; {instead}"))
            .unwrap_or_default();
        let message = format!("`{name}` was removed{gone_in}; the server does not know it and does not start. Remove the line{instead}.");
        return Problem { code: "removed-setting", message, ..base };
    }
    let suggestion = if suggest { catalogue.suggestion(&key).map(str::to_owned) } else { None };
    let hint = suggestion.as_ref().map(|suggestion| format!(" `{suggestion}` was probably meant.")).unwrap_or_default();
    let message = format!("PostgreSQL has no setting `{name}`, and the server does not start with it.{hint}");
    Problem { code: "unknown-setting", message, expected: suggestion.clone(), suggestion, ..base }
}

/// A name with a dot is taken whatever it says; one that nearly is that of an extension was mistyped.
fn of_custom_name(name: &str, catalogue: &Catalogue, span: Span) -> Option<Problem> {
    let key = name.to_ascii_lowercase();
    let (prefix, rest) = key.split_once('.')?;
    let own: Vec<&str> =
        catalogue.entries().map(|entry| entry.name).filter(|name| name.split_once('.').is_some_and(|(own, _)| own == prefix)).collect();
    let full = if !own.is_empty() {
        nearest(&key, own.into_iter())?.to_owned()
    } else {
        if EXTENSION_PREFIXES.contains(&prefix) {
            return None;
        }
        let prefixes = catalogue.entries().filter_map(|entry| entry.name.split_once('.')).map(|(prefix, _)| prefix);
        let near = nearest(prefix, prefixes.chain(EXTENSION_PREFIXES)).filter(|near| near.len() > 4)?;
        format!("{near}.{rest}")
    };
    let message = format!(
        "No extension that gonogo knows has a setting `{}`; `{full}` was probably meant. The server takes any name with a dot, so nothing will tell.",
        shown(name)
    );
    Some(Problem {
        code: "custom-prefix-typo",
        name: key.clone(),
        span: Some(span),
        message,
        found: Some(shown(name)),
        expected: Some(full.clone()),
        suggestion: Some(full),
        ..Problem::default()
    })
}

/// A name in a message: short.
fn shown(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or("")),
        None => name.to_owned(),
    }
}
