//! What is wrong with names and values, as records of the kind `problem`.

use super::catalogue;
use super::connection::Section;
use super::value::{Invalid, quote};
use crate::formats::Diagnostic;
use crate::model::{Problem, Record, nearest};
use crate::text::Span;

/// What the program does about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Effect {
    /// It starts; what follows is in the message.
    #[default]
    Told,
    /// It does not start.
    Stops,
    /// It starts without this entry.
    LeavesOut,
    /// It starts, and looks at the entry `*` when a client asks for a database without an entry.
    RefusesClients,
}

impl Effect {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Told => "",
            Self::Stops => " PgBouncer does not start.",
            Self::LeavesOut => " PgBouncer starts and leaves this entry out.",
            Self::RefusesClients => " PgBouncer starts and refuses each client whose database has no entry of its own.",
        }
    }

    /// The problem, which says what the program does about it.
    pub(super) fn on(self, mut problem: Problem) -> Problem {
        problem.message.push_str(self.sentence());
        problem.fatal = self == Self::Stops;
        problem
    }
}

/// A value that the program refuses.
pub(super) fn of_invalid(name: &str, invalid: &Invalid, raw: &str, span: Span) -> Problem {
    Effect::Stops.on(Problem {
        code: "invalid-value",
        name: name.to_owned(),
        span: Some(span),
        message: format!("{}.", invalid.message),
        found: Some(quote(raw).trim_matches('`').to_owned()),
        expected: Some(invalid.expected.clone()),
        ..Problem::default()
    })
}

/// A problem that a grammar or an include found.
pub(super) fn of_diagnostic(diagnostic: &Diagnostic) -> Problem {
    let effect = if diagnostic.fatal { Effect::Stops } else { Effect::Told };
    effect.on(diagnostic.problem())
}

/// A name of `[pgbouncer]` that a release does not know.
pub(super) fn unknown_setting(name: &str, release: u32, span: Span) -> Problem {
    let shown = quote(name);
    let base = Problem { name: name.to_owned(), span: Some(span), found: Some(shown.trim_matches('`').to_owned()), ..Problem::default() };
    let problem = match catalogue::known_from_to(name) {
        Some((first, _)) if first > release => newer(&shown, first, release, base),
        Some((_, last)) if last < release => {
            let message = format!("{shown} was removed in PgBouncer 1.{}, and 1.{release} does not know it.", last + 1);
            Problem { code: "removed-setting", message, expected: Some("the file without this line".to_owned()), ..base }
        }
        _ => {
            let names: Vec<&str> = catalogue::of(release).map(|entry| entry.name).collect();
            unknown("setting", &shown, name, names.into_iter(), base)
        }
    };
    Effect::Stops.on(problem)
}

/// A key of an entry that a release does not know.
pub(super) fn unknown_key(section: Section, key: &str, release: u32, span: Span) -> Option<Problem> {
    let shown = quote(key);
    let base = Problem { name: key.to_owned(), span: Some(span), found: Some(shown.trim_matches('`').to_owned()), ..Problem::default() };
    match section.key_since(key) {
        Some(since) if since <= release => None,
        Some(since) => Some(newer(&shown, since, release, base)),
        None => {
            let names = section.keys().iter().filter(|(_, since)| *since <= release).map(|(name, _)| *name);
            Some(unknown(&format!("key of [{}]", section.name()), &shown, key, names, base))
        }
    }
}

/// Quotes around a name.
pub(super) fn quoted_name(name: &str, release: u32, span: Span) -> Option<Problem> {
    let base = Problem { name: name.to_owned(), span: Some(span), ..Problem::default() };
    (release < 25).then(|| Effect::Stops.on(newer(&format!("A name in quotes, here {},", quote(name)), 25, release, base)))
}

/// A section that a release does not know.
pub(super) fn unknown_section(name: &str, release: u32, span: Span) -> Option<Problem> {
    let shown = format!("[{}]", quote(name).trim_matches('`'));
    let base = Problem { name: name.to_owned(), span: Some(span), found: Some(shown.clone()), ..Problem::default() };
    match Section::named(name) {
        Some(section) if section.since() <= release => None,
        Some(section) => Some(Effect::Stops.on(newer(&shown, section.since(), release, base))),
        None => {
            let expected = "[pgbouncer], [databases], [users] or [peers]";
            let trimmed = name.trim().to_ascii_lowercase();
            let meant = Section::named(&trimmed).map(|section| format!("[{}]", section.name()));
            let hint = meant.as_ref().map(|meant| format!("; `{meant}` was probably meant")).unwrap_or_default();
            let message = format!("`{shown}` is not a section of PgBouncer, which tells names apart by case and blanks{hint}.");
            Some(Effect::Stops.on(Problem {
                code: "unknown-section",
                message,
                expected: Some(expected.to_owned()),
                suggestion: meant,
                ..base
            }))
        }
    }
}

fn newer(shown: &str, since: u32, release: u32, base: Problem) -> Problem {
    let message = format!("{shown} exists from PgBouncer 1.{since} on, and 1.{release} does not know it.");
    Problem { code: "needs-newer-release", message, expected: Some(format!("PgBouncer 1.{since} or later")), ..base }
}

fn unknown<'n>(what: &str, shown: &str, name: &str, names: impl Iterator<Item = &'n str>, base: Problem) -> Problem {
    let suggestion = nearest(&name.to_ascii_lowercase().replace('-', "_"), names);
    let hint = suggestion.map(|meant| format!("; `{meant}` was probably meant")).unwrap_or_default();
    let message = format!("{shown} is not a {what} that PgBouncer knows{hint}.");
    let suggestion = suggestion.map(str::to_owned);
    Problem { code: "unknown-setting", message, expected: suggestion.clone(), suggestion, ..base }
}

/// A problem of a list of users.
pub(super) fn of_list(diagnostic: &Diagnostic) -> Record {
    diagnostic.problem().record()
}
