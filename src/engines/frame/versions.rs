//! Which releases a server may be of where nothing tells: those that are maintained, and an older one that its files show.

use crate::model::{Date, Engine, Series, Version};
use crate::workloads::end_of_life;

/// What is known of an engine's releases, and of the files of one server.
#[derive(Clone, Copy)]
pub struct Releases<'a> {
    /// The engine.
    pub engine: Engine,
    /// Its series with a catalogue, ascending.
    pub catalogued: &'a [Series],
    /// Whether a series has a setting.
    pub knows: &'a dyn Fn(Series, &str) -> bool,
}

impl Releases<'_> {
    /// The candidates, ascending; never empty as long as anything is catalogued.
    ///
    /// `names` are the settings that the files name. `target` is the release that the server is to be upgraded to: it is
    /// older than that.
    #[must_use]
    pub fn unstated(&self, now: Date, names: &[&str], target: Option<&Version>) -> Vec<Version> {
        let is_older = |series: &Series| target.is_none_or(|target| Version::from(*series).is_before(target));
        let possible: Vec<Series> = self.catalogued.iter().copied().filter(is_older).collect();
        // No release in use is older than such a target.
        let possible = if possible.is_empty() { self.catalogued.to_vec() } else { possible };
        let mut candidates: Vec<Series> =
            possible.iter().copied().filter(|series| end_of_life::is_maintained(self.engine, &Version::from(*series), now)).collect();
        if candidates.is_empty() {
            let dated = |series: &&Series| end_of_life::end_of_life(self.engine, &Version::from(**series)).is_some();
            candidates.extend(possible.iter().rev().find(dated).or(possible.last()));
        }
        let older = self.shown(&candidates, names);
        candidates.extend(possible.iter().filter(|series| older.contains(series)));
        candidates.sort_unstable();
        candidates.dedup();
        new_enough(&mut candidates, names, |series, name| (self.knows)(*series, name));
        candidates.into_iter().map(Version::from).collect()
    }

    /// The releases that have every setting of the files that none of the candidates has; none where there is no such setting.
    fn shown(&self, candidates: &[Series], names: &[&str]) -> Vec<Series> {
        let oldest = candidates.iter().min();
        let older: Vec<Series> = self.catalogued.iter().copied().filter(|series| oldest.is_some_and(|oldest| series < oldest)).collect();
        let is_of_old = |name: &&&str| {
            let is_of = |among: &[Series]| among.iter().any(|series| (self.knows)(*series, name));
            !is_of(candidates) && is_of(&older)
        };
        let telling: Vec<&&str> = names.iter().filter(is_of_old).collect();
        if telling.is_empty() {
            return Vec::new();
        }
        older.into_iter().filter(|series| telling.iter().all(|name| (self.knows)(*series, name))).collect()
    }
}

/// Leaves out the oldest candidates that lack a setting which every later one has: whoever writes it runs a release with it.
pub fn new_enough<T>(candidates: &mut Vec<T>, names: &[&str], knows: impl Fn(&T, &str) -> bool) {
    let first_with = |name: &&str| {
        let knowing = candidates.iter().rev().take_while(|candidate| knows(candidate, name)).count();
        // One that no candidate has, or not the newest, tells nothing.
        let is_younger = candidates.iter().take(candidates.len() - knowing).all(|candidate| !knows(candidate, name));
        (knowing > 0 && is_younger).then(|| candidates.len() - knowing)
    };
    let first = names.iter().filter_map(first_with).max().unwrap_or(0);
    candidates.drain(..first);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_date;

    const CATALOGUED: [Series; 6] = [Series::one(12), Series::one(13), Series::one(14), Series::one(15), Series::one(16), Series::one(19)];

    fn candidates(now: &str, names: &[&str], target: Option<&str>) -> Vec<String> {
        let knows = |series: Series, name: &str| match name {
            "until_12" => series == Series::one(12),
            "until_14" => series < Series::one(15),
            "from_16" => series >= Series::one(16),
            _ => name == "always",
        };
        let releases = Releases { engine: Engine::Postgresql, catalogued: &CATALOGUED, knows: &knows };
        let target: Option<Version> = target.map(|target| target.parse().unwrap());
        let found = releases.unstated(parse_date(now).unwrap(), names, target.as_ref());
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn releases_are_candidates_as_long_as_they_are_maintained() {
        assert_eq!(candidates("2026-11-20", &["always"], None), ["15", "16"]);
        assert_eq!(candidates("2026-11-12", &[], None), ["14", "15", "16"]);
        // Never empty: the newest whose end is known.
        assert_eq!(candidates("2035-01-01", &[], None), ["16"]);
    }

    #[test]
    fn an_older_release_is_a_candidate_where_a_setting_shows_it() {
        assert_eq!(candidates("2026-11-20", &["always", "until_14"], None), ["12", "13", "14", "15", "16"]);
        assert_eq!(candidates("2026-11-20", &["until_12", "until_14"], None), ["12", "15", "16"]);
        // Not known to any release.
        assert_eq!(candidates("2026-11-20", &["never"], None), ["15", "16"]);
    }

    #[test]
    fn what_is_to_be_upgraded_is_older_than_the_target() {
        assert_eq!(candidates("2026-11-20", &[], Some("16")), ["15"]);
        assert_eq!(candidates("2026-11-20", &[], Some("15")), ["14"]);
    }

    #[test]
    fn a_release_that_lacks_a_setting_of_newer_ones_is_no_candidate() {
        assert_eq!(candidates("2026-11-20", &["always", "from_16"], None), ["16"]);
        // Both cannot be: what is certain of one of them is told.
        assert_eq!(candidates("2026-11-20", &["until_14", "from_16"], None), ["16"]);
    }
}
