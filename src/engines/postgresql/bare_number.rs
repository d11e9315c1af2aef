//! Numbers without a unit that mean far less than anybody can want: `work_mem = 64` is 64 kB.
//!
//! The floors are in `bare_numbers.tsv`, beside the catalogue: below which meaning a number without a unit is hardly
//! meant, below which hardly anything works, in which unit it was probably meant, and what such a value does.

use std::sync::OnceLock;

use super::catalogue::Entry;
use super::number;
use super::value::{Meaning, interpret};

/// The floors, embedded.
const TABLE: &str = include_str!("bare_numbers.tsv");

/// What is too little for one setting.
struct Floor {
    name: &'static str,
    /// In the unit of the setting, as written: `1s`.
    least: &'static str,
    /// The same for values with which hardly anything works; empty where there are none.
    working: &'static str,
    /// The unit that was probably meant.
    unit: &'static str,
    effect: &'static str,
}

/// What is to be said of a number that is too small for its unit to have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TooLittle {
    /// `far-below` or `breaking`.
    pub weight: &'static str,
    /// What it means: `64kB`.
    pub meaning: String,
    /// What was probably meant: `64MB`.
    pub meant: String,
    /// What such a value does.
    pub effect: &'static str,
}

fn floors() -> &'static [Floor] {
    static FLOORS: OnceLock<Vec<Floor>> = OnceLock::new();
    FLOORS.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(floor).collect())
}

fn floor(line: &'static str) -> Option<Floor> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    Some(Floor { name: next()?, least: next()?, working: next()?, unit: next()?, effect: next()? })
}

/// What is to be said of a value, if it is a number without a unit that is far below what makes sense.
pub(super) fn too_little(entry: &Entry, major: u32, raw: &str) -> Option<TooLittle> {
    let digits = raw.trim();
    let bare = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !bare || entry.unit.is_none() {
        return None;
    }
    let floor = floors().iter().find(|floor| floor.name == entry.key)?;
    let Meaning { base: Some(base), special: None, shown, .. } = interpret(entry, major, digits).ok()? else { return None };
    let below = |bound: &str| number::integer(bound, entry.unit, major).is_ok_and(|bound| base > 0.0 && base < bound.value);
    let weight = match (below(floor.working), below(floor.least)) {
        (true, _) => "breaking",
        (_, true) => "far-below",
        _ => return None,
    };
    Some(TooLittle { weight, meaning: shown, meant: format!("{digits}{}", floor.unit), effect: floor.effect })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::postgresql::catalogue::{Catalogue, MAJORS};

    fn said(name: &str, raw: &str) -> Option<(&'static str, String)> {
        let entry = Catalogue::of(18).unwrap().entry(name).unwrap();
        too_little(entry, 18, raw).map(|said| (said.weight, said.meaning))
    }

    #[test]
    fn a_number_without_a_unit_is_compared_with_the_floor_of_its_setting() {
        for (name, raw, expected) in [
            ("work_mem", "64", Some(("far-below", "64kB"))),
            ("work_mem", "4096", None),
            ("work_mem", "64kB", None),
            ("shared_buffers", " 128 ", Some(("far-below", "1MB"))),
            ("statement_timeout", "60", Some(("breaking", "60ms"))),
            ("statement_timeout", "500", Some(("far-below", "500ms"))),
            ("recovery_min_apply_delay", "0", None),
            ("statement_timeout", "60000", None),
            ("max_slot_wal_keep_size", "-1", None),
            ("max_slot_wal_keep_size", "1", Some(("far-below", "1MB"))),
            ("max_connections", "1", None),
        ] {
            assert_eq!(said(name, raw), expected.map(|(weight, meaning)| (weight, meaning.to_owned())), "{name} = {raw}");
        }
    }

    #[test]
    fn every_floor_is_a_value_of_its_setting_and_has_a_unit_that_it_takes() {
        let mut names = Vec::new();
        for floor in floors() {
            let entry = MAJORS.rev().find_map(|major| Some((major, Catalogue::of(major)?.entry(floor.name)?)));
            let (major, entry) = entry.unwrap_or_else(|| panic!("{} is not a setting", floor.name));
            for bound in [floor.least, floor.working].into_iter().filter(|bound| !bound.is_empty()) {
                assert!(number::integer(bound, entry.unit, major).is_ok(), "{}: {bound}", floor.name);
            }
            assert!(number::unit_names(entry.unit.unwrap(), major).contains(&floor.unit), "{}: {}", floor.name, floor.unit);
            assert!(!floor.effect.is_empty(), "{}", floor.name);
            names.push(floor.name);
        }
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(names.len(), lines, "a line cannot be read");
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "not in order, or twice");
    }

    #[test]
    fn no_default_is_below_its_floor() {
        for major in MAJORS {
            // What initdb writes is greater than what is compiled in.
            for entry in Catalogue::of(major).unwrap().entries().filter(|entry| entry.name != "shared_buffers") {
                if let crate::engines::postgresql::catalogue::Default::Value(value) = entry.default {
                    assert_eq!(too_little(entry, major, value), None, "{} on {major}", entry.name);
                }
            }
        }
    }
}
