//! `gonogo show --target-version`: what changes for a server with the upgrade.

use serde::Serialize;

use super::places::Places;
use crate::model::{Datum, Engine, Record, Subject, Value};
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::report::terminal::page::Page;
use crate::text::Files;

/// One change, as JSON.
#[derive(Debug, Serialize)]
pub(super) struct ChangeJson<'i> {
    code: &'i str,
    name: &'i str,
    message: &'i str,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'i str>,
    path: Option<String>,
    line: Option<u32>,
}

/// Kinds of change in the order of what they do to the upgrade, with their headings.
const KINDS: [(&str, &str); 10] = [
    ("refused-setting", "The new release does not start with"),
    ("refused-access", "The new release does not start with"),
    ("volume-path", "The new release does not start with"),
    ("access-changed", "Changes to who may connect"),
    ("checksums", "The upgrade itself"),
    ("md5", "To be done before"),
    ("meaning-changed", "Means something else"),
    ("old-path", "Belongs to the old release"),
    ("renamed-setting", "Has another name"),
    ("default-changed", "Defaults that change"),
];

fn changes(subject: &Subject) -> Vec<&Record> {
    let rows = subject.records.get("upgrade").map(|set| set.rows.as_slice()).unwrap_or_default();
    let place = |row: &Record| KINDS.iter().position(|(code, _)| row.text("code") == Some(code));
    let mut known: Vec<(usize, &Record)> = rows.iter().filter_map(|row| Some((place(row)?, row.as_ref()))).collect();
    known.sort_by_key(|(kind, row)| (*kind, row.span));
    known.into_iter().map(|(_, row)| row).collect()
}

/// What could not be seen, and may change as well.
fn unseen(subject: &Subject) -> impl Iterator<Item = &str> {
    let rows = subject.records.get("upgrade").map(|set| set.rows.as_slice()).unwrap_or_default();
    rows.iter().filter_map(|row| match &row.fields.get("code")?.datum {
        Datum::Among(_, why) => Some(why.reason.as_ref()),
        _ => None,
    })
}

/// The target's major, when one is stated.
fn target(subject: &Subject) -> Option<i64> {
    subject.facts.get("target_major")?.datum.known().and_then(Value::as_integer)
}

/// The section for people; nothing without a target.
pub(super) fn upgrade(page: &mut Page, subject: &Subject, engine: Engine, places: &Places<'_>) {
    let Some(target) = target(subject) else { return };
    page.blank();
    let present = subject.version.as_ref().map_or(0, crate::model::Version::major);
    if i64::from(present) >= target {
        page.wrapped("", "", &format!("{} {target} is not later than {present}: there is nothing to upgrade.", engine.name()));
        return;
    }
    page.heading(&format!("With the upgrade from {} {present} to {target}", engine.name()));
    let changes = changes(subject);
    if changes.is_empty() {
        page.wrapped("", "", "Nothing that was seen breaks or changes its meaning.");
    }
    let mut heading = "";
    for change in changes {
        let kind = KINDS.iter().find(|(code, _)| change.text("code") == Some(code)).map_or("", |(_, heading)| heading);
        if kind != heading {
            heading = kind;
            page.line(&format!("{heading}:"));
        }
        let place = change.span.and_then(|span| places.of(span)).map(|place| format!("{place}: ")).unwrap_or_default();
        page.wrapped("  - ", "    ", &format!("{place}{}", plain(change.text("message").unwrap_or_default())));
    }
    for reason in unseen(subject) {
        page.wrapped("", "", &format!("Not seen, so that more may change: {}", plain(reason)));
    }
}

/// The JSON; `None` without a target.
pub(super) fn upgrade_json<'i>(subject: &'i Subject, files: &Files) -> Option<Vec<ChangeJson<'i>>> {
    target(subject)?;
    let json = |change: &'i Record| {
        let place = change.span.and_then(|span| Place::of(files, span));
        ChangeJson {
            code: change.text("code").unwrap_or_default(),
            name: change.text("name").unwrap_or_default(),
            message: change.text("message").unwrap_or_default(),
            found: change.text("found"),
            expected: change.text("expected"),
            line: place.as_ref().map(|place| place.line),
            path: place.map(|place| place.path),
        }
    };
    Some(changes(subject).into_iter().map(json).collect())
}
