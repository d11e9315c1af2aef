//! Known vulnerabilities of the release, as far as the configuration is open to them.

use std::cmp::Ordering;
use std::sync::Arc;

use super::catalogue;
use crate::model::{Datum, Field, Record, SettingState, Subject, Value, Version, VersionBasis, VersionCandidates, Why};

/// The table, embedded; it says its date itself.
const TABLE: &str = include_str!("advisories.tsv");

/// One vulnerability.
struct Advisory {
    id: &'static str,
    since: Version,
    fixed: Version,
    needs: &'static str,
    weight: &'static str,
    what: &'static str,
}

fn advisories() -> impl Iterator<Item = Advisory> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Advisory {
            id: next()?,
            since: next()?.parse().ok()?,
            fixed: next()?.parse().ok()?,
            needs: next()?,
            weight: next()?,
            what: next()?,
        })
    })
}

/// One record for each vulnerability that the release has, or may have.
pub(super) fn records(subject: &Subject, version: &Version, versions: &VersionCandidates) -> Vec<Arc<Record>> {
    let span = versions.span.or(subject.anchor);
    let record = |advisory: Advisory| {
        let has = match has(&advisory, version) {
            Some(false) => return None,
            has => has.is_some(),
        };
        let applies = match is_open(subject, advisory.needs) {
            Ok(false) => return None,
            Err(why) => Field { span, ..Field::unknown(why) },
            Ok(true) if !has => {
                let needs = "say the whole version, for example 1.25.2";
                Field { span, ..Field::unknown(Why::needing(format!("{version} does not say which patch release it is"), needs)) }
            }
            Ok(true) if versions.basis == VersionBasis::ImageTag => Field::bool(true, span),
            Ok(true) => {
                let why = format!("a package of {version} may have the fix of {} that its distribution added", advisory.id);
                Field {
                    span,
                    ..Field::unknown(Why::needing(why, "say the version of PgBouncer that the fix came with, once it is installed"))
                }
            }
        };
        let record = Record::new("advisory", advisory.id, span)
            .with("name", Field::text(advisory.id, span))
            .with("fixed", Field::text(advisory.fixed.to_string(), span))
            .with("weight", Field::text(advisory.weight, span))
            .with("effect", Field::text(advisory.what, span))
            .with("applies", applies);
        Some(Arc::new(record))
    };
    advisories().filter_map(record).collect()
}

/// Whether a release has the vulnerability; not known where its patch release decides and is not said.
fn has(advisory: &Advisory, version: &Version) -> Option<bool> {
    let series = |version: &Version| (version.major(), catalogue::release_of(version));
    if series(version) < series(&advisory.since) {
        return Some(false);
    }
    match series(version).cmp(&series(&advisory.fixed)) {
        Ordering::Less => Some(true),
        Ordering::Greater => Some(false),
        Ordering::Equal => {
            let patch = |version: &Version| version.0.get(2).copied();
            Some(patch(version)? < patch(&advisory.fixed).unwrap_or(0))
        }
    }
}

/// Whether the configuration is open to it.
fn is_open(subject: &Subject, needs: &str) -> Result<bool, Why> {
    match needs {
        "certificate" => authenticates_by(subject, &["cert"]),
        "scram" => authenticates_by(subject, &["md5", "scram-sha-256"]),
        "look-up" => is_set(subject, "auth_user"),
        "statistics" => is_set(subject, "stats_users"),
        "startup-options" => Ok(is_set(subject, "ignore_startup_parameters")? && !lists(subject, "ignore_startup_parameters", "options")?),
        "search-path" => Ok(lists(subject, "track_extra_parameters", "search_path")? && is_set(subject, "auth_user")?),
        _ => Ok(true),
    }
}

fn authenticates_by(subject: &Subject, methods: &[&str]) -> Result<bool, Why> {
    match subject.fact("authentication").datum {
        Datum::Known(value) => Ok(value.as_text().is_some_and(|method| methods.contains(&method))),
        Datum::Unknown(why) => Err(*why),
        Datum::Among(values, why) => {
            let meant = values.iter().filter(|value| value.as_text().is_some_and(|method| methods.contains(&method))).count();
            if meant == 0 || meant == values.len() { Ok(meant > 0) } else { Err(*why) }
        }
        Datum::Absent => Ok(false),
    }
}

fn is_set(subject: &Subject, name: &str) -> Result<bool, Why> {
    match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => {
            Ok(!matches!(&setting.value, Value::List(names) if names.is_empty()) && !setting.shown.is_empty())
        }
        Some(SettingState::Unknown(why)) => Err(why.clone()),
        _ => Ok(false),
    }
}

fn lists(subject: &Subject, name: &str, wanted: &str) -> Result<bool, Why> {
    match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => match &setting.value {
            Value::List(items) => Ok(items.iter().any(|item| item.eq_ignore_ascii_case(wanted))),
            _ => Ok(false),
        },
        Some(SettingState::Unknown(why)) => Err(why.clone()),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(version: &str) -> Vec<(&'static str, Option<bool>)> {
        let version: Version = version.parse().unwrap();
        advisories().map(|advisory| (advisory.id, has(&advisory, &version))).filter(|(_, has)| *has != Some(false)).collect()
    }

    #[test]
    fn a_release_has_what_a_later_one_mends() {
        assert_eq!(ids("1.26.1"), []);
        assert_eq!(ids("1.25.2"), [("CVE-2026-107350", Some(true)), ("CVE-2026-107349", Some(true))]);
        assert_eq!(ids("1.26").len(), 2, "the patch release is not said");
        assert_eq!(ids("1.25.1").len(), 6);
        assert_eq!(ids("1.24.1").first(), Some(&("CVE-2025-12819", Some(true))));
        assert!(ids("1.24").contains(&("CVE-2025-2291", None)));
        assert!(ids("1.18.0").contains(&("CVE-2025-2291", Some(true))));
        assert!(!ids("1.18.0").iter().any(|(id, _)| *id == "CVE-2025-12819" || *id == "CVE-2021-3935"));
    }
}
