//! How far the exact release is behind the newest of its major.

use std::sync::LazyLock;

use crate::model::{Field, Problem, Subject, Value, Version};
use crate::text::Span;

/// The table, embedded; its head says its date.
const TABLE: &str = include_str!("../../../rules/data/postgresql-minors.tsv");

/// That date.
const AS_OF: &str = "2026-11-13";

/// The known releases of a major with the month in which each came out, oldest first.
fn releases(major: u32) -> impl Iterator<Item = (&'static Version, &'static str)> {
    RELEASES.iter().filter(move |(release, _)| release.major() == major).map(|(release, month)| (release, *month))
}

/// The table, read once: every view of every server asks for it.
static RELEASES: LazyLock<Vec<(Version, &str)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    lines.filter_map(|(release, month)| Some((release.parse().ok()?, month))).collect()
});

/// States the facts; nothing of a release whose minor is not known, since a package or a tag brings the newest.
pub(super) fn add(subject: &mut Subject, version: &Version, span: Option<Span>) {
    if let Some(problem) = not_there(version, span) {
        subject.add(problem.record());
    }
    let behind = version.minor().map(|minor| releases(version.major()).filter(|(release, _)| release.minor() > Some(minor)).count());
    let newest = releases(version.major()).last();
    let month = releases(version.major()).find(|(release, _)| *release == version).map(|(_, month)| month);
    let (Some(behind), Some((newest, _)), Some(month)) = (behind, newest, month) else {
        for name in ["minors_behind", "newest_minor", "released"] {
            subject.facts.insert(name, Field::absent());
        }
        return;
    };
    let behind = i64::try_from(behind).unwrap_or(i64::MAX);
    subject.facts.insert("minors_behind", Field::known(Value::Integer(behind), span));
    subject.facts.insert("newest_minor", Field::text(format!("{newest} (as known on {AS_OF})"), span));
    subject.facts.insert("released", Field::text(month, span));
}

/// How many releases may have come out since the table was made: those of three years.
const MOST_SINCE: u32 = 12;

/// A release so far beyond the newest one that it cannot have come out.
fn not_there(version: &Version, span: Option<Span>) -> Option<Problem> {
    let (newest, _) = releases(version.major()).last()?;
    let beyond = version.minor()? > newest.minor()? + MOST_SINCE;
    let message = format!("there is no release {version}: the newest of this major is {newest} (as known on {AS_OF})");
    beyond.then(|| Problem { code: "release-not-there", span, message, ..Problem::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_ends_with_its_newest() {
        assert!(TABLE.contains(&format!("as of {AS_OF}")));
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!((10..=18).map(|major| releases(major).count()).sum::<usize>(), lines);
        for (major, newest) in [(18, "18.7"), (17, "17.12"), (16, "16.16"), (15, "15.20"), (14, "14.25"), (13, "13.23"), (10, "10.23")] {
            assert_eq!(releases(major).last().unwrap().0.to_string(), newest);
        }
        assert!((10..=18).all(|major| releases(major).is_sorted_by(|one, other| one.0.minor() < other.0.minor() && one.1 <= other.1)));
    }
}
