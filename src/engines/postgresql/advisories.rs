//! Known flaws of the exact release, as far as the configuration leaves them within reach.
//!
//! A release has several at a time, all mended by the same step to the newest: they are one record. A major without its
//! minor says nothing here, since the newest of it is what a package or a tag brings.

use crate::model::{Date, Engine, Field, Record, SettingState, Subject, Value, Version};
use crate::text::Span;
use crate::workloads::end_of_life;

/// The table, embedded; its head says its date.
const TABLE: &str = include_str!("../../../rules/data/postgresql-flaws.tsv");

/// That date.
const AS_OF: &str = "2026-11-13";

/// One flaw.
struct Flaw {
    id: &'static str,
    since: Option<Version>,
    fixed: Vec<Version>,
    needs: &'static str,
    weight: &'static str,
    what: &'static str,
}

fn flaws() -> impl Iterator<Item = Flaw> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        let (id, since, fixed) = (next()?, next()?.parse().ok(), next()?);
        let fixed = fixed.split(' ').filter_map(|release| release.parse().ok()).collect();
        Some(Flaw { id, since, fixed, needs: next()?, weight: next()?, what: next()? })
    })
}

/// The release of its major that mends a flaw which a release has.
fn mended_by<'f>(flaw: &'f Flaw, version: &Version) -> Option<&'f Version> {
    let minor = version.minor()?;
    let since = flaw.since.as_ref().is_some_and(|since| version < since);
    let fixed = flaw.fixed.iter().find(|fixed| fixed.major() == version.major())?;
    (!since && Some(minor) < fixed.minor()).then_some(fixed)
}

/// Whether the settings leave a flaw open; false also where they were not seen.
fn is_open(subject: &Subject, needs: &str) -> bool {
    let known = |name: &str| match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => Some(&setting.value),
        _ => None,
    };
    match needs {
        "ssl-off" => known("ssl").and_then(Value::as_bool) == Some(false),
        "logical" => known("wal_level").and_then(Value::as_text) == Some("logical"),
        _ => true,
    }
}

/// What is free of them: a later release of the same major, or, once that gets no fixes any more, a later major.
fn wanted(version: &Version, fixed: &Version, now: Date) -> String {
    let days = end_of_life::end_of_life(Engine::Postgresql, version).and_then(|end| end.days_left(now));
    if days.is_some_and(|days| days < 0) {
        return format!("a maintained major: {} is past its end, and no release of it has all fixes", fixed.major());
    }
    format!("PostgreSQL {fixed} or later (as known on {AS_OF})")
}

/// One record for all flaws that a release has.
pub(super) fn record(subject: &Subject, version: &Version, span: Option<Span>, now: Date) -> Option<Record> {
    let all: Vec<Flaw> = flaws().filter(|flaw| mended_by(flaw, version).is_some() && is_open(subject, flaw.needs)).collect();
    let heavy = |flaw: &Flaw| flaw.weight == "high";
    let gravest = all.iter().find(|flaw| heavy(flaw)).or(all.first())?;
    let fixed = all.iter().filter_map(|flaw| mended_by(flaw, version)).max()?;
    let ids = all.iter().map(|flaw| flaw.id).collect::<Vec<_>>().join(", ");
    let effect = if all.len() == 1 { gravest.what.to_owned() } else { format!("by {} for example, {}", gravest.id, gravest.what) };
    let record = Record::new("advisory", "known flaws", span)
        .with("name", Field::text(ids, span))
        .with("fixed", Field::text(wanted(version, fixed, now), span))
        .with("weight", Field::text(gravest.weight, span))
        .with("effect", Field::text(effect, span));
    Some(record.with("applies", Field::bool(true, span)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(version: &str) -> Vec<&'static str> {
        let version: Version = version.parse().unwrap();
        flaws().filter(|flaw| mended_by(flaw, &version).is_some()).map(|flaw| flaw.id).collect()
    }

    #[test]
    fn a_release_has_what_a_later_one_mends() {
        assert!(TABLE.contains(&format!("as of {AS_OF}")));
        for newest in ["18.7", "17.12", "16.16", "15.20", "14.25", "17", "16", "19.0"] {
            assert_eq!(ids(newest), [""; 0], "{newest}");
        }
        assert_eq!(ids("17.11"), ["CVE-2026-6460", "CVE-2026-120141"]);
        assert_eq!(ids("16.14").len(), 4);
        assert!(ids("16.0").contains(&"CVE-2023-5869") && !ids("15.17").contains(&"CVE-2026-6638"));
        assert_eq!(flaws().count(), TABLE.lines().filter(|line| !line.starts_with('#')).count());
    }
}
