//! Which majors a server may have, and what says so.

use super::shapes::USUAL;
use crate::model::{Version, VersionBasis, VersionCandidates};
use crate::text::Span;

/// Majors that a moving tag can mean: the newest release, and the one in preparation.
const MOVING: [u32; 2] = [18, 19];

/// Folder names after which packages put the major: Debian's and the PGDG's for Red Hat.
const FOLDERS: [&str; 4] = ["postgresql", "pgsql", "postgres", "pg"];

/// What a path says of a server: `/etc/postgresql/16/main` is the cluster `main` of major 16.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSays {
    /// The version.
    pub version: Version,
    /// Name of the cluster, on Debian.
    pub cluster: Option<String>,
}

/// Nothing tells the version.
#[must_use]
pub fn unstated() -> VersionCandidates {
    VersionCandidates { candidates: USUAL.map(Version::from).to_vec(), basis: VersionBasis::Unstated, span: None }
}

/// The same for a server that is to be upgraded: it is older than the target, if any candidate is.
#[must_use]
pub fn unstated_before(target: Option<&Version>) -> VersionCandidates {
    let mut versions = unstated();
    let Some(target) = target else { return versions };
    let older: Vec<Version> = versions.candidates.iter().filter(|version| version.major() < target.major()).cloned().collect();
    if !older.is_empty() {
        versions.candidates = older;
    }
    versions
}

/// A tag that moves, or none.
#[must_use]
pub fn moving(span: Option<Span>) -> VersionCandidates {
    VersionCandidates { candidates: MOVING.map(|major| Version(vec![major])).to_vec(), basis: VersionBasis::MovingTag, span }
}

/// One version, and what says so.
#[must_use]
pub fn stated(version: Version, basis: VersionBasis, span: Option<Span>) -> VersionCandidates {
    VersionCandidates { candidates: vec![version], basis, span }
}

/// What the folders of a path say.
#[must_use]
pub fn from_path(path: &str) -> Option<PathSays> {
    let parts: Vec<&str> = path.split('/').collect();
    for pair in parts.windows(2) {
        let [folder, number] = pair else { continue };
        if FOLDERS.contains(folder)
            && let Some(version) = release(number)
        {
            let after = parts.iter().skip_while(|part| *part != number).nth(1);
            let is_folder = after.is_some_and(|name| parts.last() != Some(name));
            let cluster = after.filter(|_| is_folder && *folder == "postgresql").map(|name| (*name).to_owned());
            return Some(PathSays { version, cluster });
        }
    }
    let dashed = |part: &&str| FOLDERS.iter().find_map(|folder| release(part.strip_prefix(folder)?.strip_prefix('-')?));
    parts.iter().find_map(dashed).map(|version| PathSays { version, cluster: None })
}

/// What a `PG_VERSION` file says: `16`, or `9.6`.
#[must_use]
pub fn from_pg_version(text: &str) -> Option<Version> {
    release(text.trim())
}

/// A release series: one number from 10 on, two before.
fn release(text: &str) -> Option<Version> {
    let version: Version = text.parse().ok()?;
    match version.0.as_slice() {
        [10..=99] | [7..=9, _] => Some(version),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str) -> Option<(String, Option<String>)> {
        from_path(path).map(|says| (says.version.to_string(), says.cluster))
    }

    #[test]
    fn paths_of_packages_tell_the_major() {
        assert_eq!(says("etc/postgresql/16/main/postgresql.conf"), Some(("16".into(), Some("main".into()))));
        assert_eq!(says("var/lib/pgsql/15/data/postgresql.conf"), Some(("15".into(), None)));
        assert_eq!(says("usr/pgsql-14/share/postgresql.conf.sample"), Some(("14".into(), None)));
        assert_eq!(says("etc/postgresql/9.6/main/pg_hba.conf"), Some(("9.6".into(), Some("main".into()))));
        assert_eq!(says("postgresql/16/postgresql.conf"), Some(("16".into(), None)));
        assert_eq!(says("projects/5/postgresql/postgresql.conf"), None);
        assert_eq!(says("db/postgresql.conf"), None);
    }
}
