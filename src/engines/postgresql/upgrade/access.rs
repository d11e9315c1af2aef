//! Access rules that the target reads differently, and passwords by MD5.

use std::collections::BTreeMap;

use super::{Ahead, Change, MD5_DEPRECATED, Present};
use crate::engines::postgresql::hba::{NameItem, Rule};
use crate::model::{Record, SettingState};
use crate::text::{SourceId, Span};

/// Places that one finding shows.
const MOST_PLACES: usize = 5;

/// Rules by the line that they begin on.
fn by_line(rules: &[Rule]) -> BTreeMap<(&str, u32), &Rule> {
    rules.iter().filter(|rule| !rule.image_default).map(|rule| ((rule.path.as_ref(), rule.line), rule)).collect()
}

/// What changes by access rules alone: lines that both releases take, and understand differently.
pub(super) fn changes(ahead: &Ahead, present: &Present<'_>) -> Vec<Change> {
    let (now, then) = (by_line(&present.access.hba.rules), by_line(&ahead.access.hba.rules));
    // A file that is refused as a whole has no rules to compare.
    let refused = ahead.access.hba.problems.iter().any(|problem| problem.truth("fatal") == Some(true));
    let mut found = Vec::new();
    for (place, rule) in &now {
        match then.get(place) {
            Some(other) => found.extend(read_differently(ahead, rule, other)),
            None if !refused => {
                let message = format!(
                    "PostgreSQL {} joins this line to the one before it, which ends in a backslash: it is no longer a rule",
                    ahead.version
                );
                found.push(Change::new("access-changed", rule.key(), Some(rule.span), message));
            }
            None => {}
        }
    }
    found.extend(maps(ahead, present));
    found
}

/// Lines of `pg_ident.conf` whose role is a plain name today, and a keyword, group or expression for the target.
fn maps<'a>(ahead: &'a Ahead, present: &'a Present<'_>) -> impl Iterator<Item = Change> + 'a {
    let newer = |problem: &&Record| problem.text("code") == Some("ident-feature-needs-newer-major") && problem.truth("fatal") != Some(true);
    let still = move |problem: &&Record| !ahead.access.ident_problems.iter().any(|other| other.span == problem.span && newer(&other));
    present.access.ident_problems.iter().filter(newer).filter(still).map(move |problem| {
        let name = problem.text("name").unwrap_or_default();
        let message = format!(
            "`{name}` in the third field is the name of one role today, which hardly exists; PostgreSQL {} takes it for more than one, and the line begins to admit them",
            ahead.version
        );
        Change::new("access-changed", problem.key.as_str(), problem.span, message)
    })
}

fn read_differently(ahead: &Ahead, now: &Rule, then: &Rule) -> Option<Change> {
    let names = [(&now.databases, &then.databases, "database"), (&now.users, &then.users, "user")];
    let changed = names.into_iter().find(|(now, then, _)| now.items != then.items);
    let message = if let Some((names, other, what)) = changed {
        let expression = names.items.iter().zip(&other.items).find_map(|(now, then)| match (now, then) {
            (NameItem::Name(name), NameItem::Regex(_)) => Some(name.as_str()),
            _ => None,
        });
        match expression {
            Some(name) => format!(
                "`{name}` is the name of a {what} today, which hardly exists; PostgreSQL {} takes it for a regular expression, and the line begins to match",
                ahead.version
            ),
            None => format!("PostgreSQL {} reads the {what}s of this line as {}, not as {}", ahead.version, other.text(), names.text()),
        }
    } else if now.method != then.method || now.options.len() != then.options.len() || now.kind != then.kind {
        format!("PostgreSQL {} reads this line as {} … {}, not as {} … {}", ahead.version, then.kind, then.method, now.kind, now.method)
    } else {
        return None;
    };
    Some(Change::new("access-changed", now.key(), Some(now.span), message))
}

/// Passwords by MD5, one change for all places: what to do about them is one thing.
pub(super) fn md5(ahead: &Ahead, present: &Present<'_>) -> Option<Change> {
    if present.version.major() >= MD5_DEPRECATED || ahead.version.major() < MD5_DEPRECATED {
        return None;
    }
    let hashed = match present.effective.settings.get("password_encryption") {
        Some(SettingState::Known(setting)) if setting.shown == "md5" => Some(setting.origin.span),
        _ => None,
    };
    let rules = present.access.hba.rules.iter().filter(|rule| rule.method == "md5");
    let place = |span: Span| (span.source != SourceId::detached()).then_some(span);
    let mut spans: Vec<Span> = hashed.flatten().into_iter().chain(rules.filter_map(|rule| place(rule.method_span))).collect();
    if spans.is_empty() && hashed.is_none() {
        return None;
    }
    let first = if spans.is_empty() { present.anchor } else { Some(spans.remove(0)) };
    let message = format!(
        "passwords by MD5: from PostgreSQL {MD5_DEPRECATED} on the server warns of each that is set, and a later major will not take them. \
         Before the upgrade write password_encryption = scram-sha-256, set every password again, then scram-sha-256 for md5 in pg_hba.conf"
    );
    let related = spans.into_iter().take(MOST_PLACES).map(|span| (span, "md5 here too".to_owned())).collect();
    Some(Change {
        found: Some("md5".to_owned()),
        expected: Some("scram-sha-256".to_owned()),
        related,
        ..Change::new("md5", "md5", first, message)
    })
}
