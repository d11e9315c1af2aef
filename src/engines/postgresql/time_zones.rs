//! Names of time zones, and which texts the server certainly takes for none.
//!
//! It looks for a file of the name among those of its own or of the system (`pg_tzset`), and takes nearly every text
//! with a digit as a rule of POSIX (`EST5EDT`, `<+03>-3`, even `Europe/Belin3`), a number as hours, and an interval as
//! one. Which files a machine has is not known: a name that could be a new one is never called wrong.

use std::sync::OnceLock;

use crate::model::nearest;

/// The names, embedded; its head says of which release they are.
const TABLE: &str = include_str!("time_zones.txt");

/// That release.
const RELEASE: &str = "2025b";

/// Why a text is no time zone, and which was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoZone {
    /// In words.
    pub why: String,
    /// The name that was probably meant.
    pub meant: Option<&'static str>,
}

/// Every name, sorted by its lower-case form, which is how the server compares them.
fn names() -> &'static [(String, String)] {
    static NAMES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let mut names: Vec<(String, String)> = lines.flat_map(of_area).map(|name| (name.to_ascii_lowercase(), name)).collect();
        names.sort();
        names
    })
}

fn of_area(line: &str) -> impl Iterator<Item = String> + '_ {
    let mut words = line.split(' ');
    let area = words.next().unwrap_or("-");
    words.map(move |name| if area == "-" { name.to_owned() } else { format!("{area}/{name}") })
}

/// Why no server takes a text as a time zone; nothing where one may.
pub(super) fn refused(text: &str) -> Option<NoZone> {
    let lower = text.to_ascii_lowercase();
    let otherwise_read = text.bytes().any(|byte| byte.is_ascii_digit()) || lower.starts_with("interval") || text.parse::<f64>().is_ok();
    let elsewhere = ["posix/", "right/", "systemv/"].iter().any(|folder| lower.starts_with(folder));
    if text.is_empty() || otherwise_read || elsewhere || is_known(&lower) {
        return None;
    }
    let meant = meant(&lower);
    let why = match meant {
        Some(meant) => format!("tzdata {RELEASE} has no time zone of this name; `{meant}` was probably meant"),
        // A new zone has an area before its name.
        None if !text.contains('/') => {
            format!("tzdata {RELEASE} has no time zone of this name, and abbreviations are not names of time zones")
        }
        None => return None,
    };
    Some(NoZone { why, meant })
}

fn is_known(lower: &str) -> bool {
    names().binary_search_by(|(known, _)| known.as_str().cmp(lower)).is_ok()
}

/// The name that differs by two letters at most, or has the text as its city.
fn meant(lower: &str) -> Option<&'static str> {
    let city = || names().iter().find(|(known, _)| known.rsplit_once('/').is_some_and(|(_, city)| city == lower));
    let near = nearest(lower, names().iter().map(|(_, name)| name.as_str()));
    near.filter(|near| strsim::damerau_levenshtein(lower, &near.to_ascii_lowercase()) <= if near.contains('/') { 2 } else { 1 })
        .filter(|near| near.contains('/') || near.len() > 3)
        .or_else(|| city().map(|(_, name)| name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/vectors/postgresql_words.txt` has the answers of servers; these are about what is probably meant.
    #[test]
    fn what_was_meant_is_named_and_what_may_be_a_zone_is_let_pass() {
        for (text, expected) in [
            ("Europe/Belin", Some(Some("Europe/Berlin"))),
            ("America/New York", Some(Some("America/New_York"))),
            ("Europe/Berlin ", Some(Some("Europe/Berlin"))),
            ("Berlin", Some(Some("Europe/Berlin"))),
            ("CEST", Some(None)),
            ("local", Some(None)),
            ("europe/berlin", None),
            ("America/Atlantis_City", None),
            ("posix/Europe/Berlin", None),
            ("Europe/Belin3", None),
            ("<+03>-3", None),
            ("3", None),
            ("INTERVAL '1' HOUR", None),
            ("", None),
        ] {
            assert_eq!(refused(text).map(|no| no.meant), expected, "{text:?}");
        }
    }

    #[test]
    fn the_names_are_those_of_the_release_that_is_named() {
        assert!(TABLE.starts_with(&format!("# Names of time zones, by area (\"-\" for those without one): tzdata {RELEASE} ")));
        assert!(names().len() > 590 && is_known("america/argentina/buenos_aires") && is_known("utc"));
        assert!(names().windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
