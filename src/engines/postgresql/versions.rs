//! Which majors a server may have, and what says so.

use super::catalogue::{Catalogue, MAJORS};
use crate::engines::frame::Releases;
use crate::model::{Date, Engine, Series, Version, VersionBasis, VersionCandidates};
use crate::text::Span;

/// Every catalogued series; a test holds it against [`MAJORS`](super::catalogue::MAJORS).
pub const CATALOGUED: [Series; 10] = [
    Series::one(10),
    Series::one(11),
    Series::one(12),
    Series::one(13),
    Series::one(14),
    Series::one(15),
    Series::one(16),
    Series::one(17),
    Series::one(18),
    Series::one(19),
];

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

/// Nothing tells the version: `names` are the settings that the files name.
#[must_use]
pub fn unstated(now: Date, names: &[&str], target: Option<&Version>) -> VersionCandidates {
    let knows =
        |series: Series, name: &str| Catalogue::of(Version::from(series).major()).is_some_and(|catalogue| catalogue.entry(name).is_some());
    let releases = Releases { engine: Engine::Postgresql, catalogued: &CATALOGUED, knows: &knows };
    VersionCandidates { candidates: releases.unstated(now, names, target), basis: VersionBasis::Unstated, span: None }
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
    let is_ours = |part: &str| FOLDERS.iter().any(|folder| part.eq_ignore_ascii_case(folder));
    // The folder that is nearest to the file.
    for (at, pair) in parts.windows(2).enumerate().rev() {
        let [folder, number] = pair else { continue };
        if is_ours(folder)
            && let Some(version) = release(number)
        {
            let below = parts.get(at + 2..).unwrap_or_default();
            let cluster = below.first().filter(|_| below.len() > 1 && *folder == "postgresql").map(|name| (*name).to_owned());
            return Some(PathSays { version, cluster });
        }
    }
    let joined = |part: &&str| FOLDERS.iter().find_map(|folder| release(part.strip_prefix(folder)?.strip_prefix(['-', '@'])?));
    parts.iter().rev().find_map(joined).map(|version| PathSays { version, cluster: None })
}

/// What the paths say that the files of a server write, such as `hba_file = '/etc/postgresql/16/main/pg_hba.conf'`; nothing
/// where they say different things, or a release that is not known yet.
pub fn from_written_paths<'p>(paths: impl Iterator<Item = (&'p str, Span)>) -> Option<VersionCandidates> {
    let mut said: Option<VersionCandidates> = None;
    for (path, span) in paths {
        let Some(PathSays { version, .. }) = from_path(path) else { continue };
        match &said {
            Some(known) if known.exact() != Some(&version) => return None,
            Some(_) => {}
            None => said = Some(stated(version, VersionBasis::Path, Some(span))),
        }
    }
    said.filter(|said| said.exact().is_some_and(|version| version.major() <= *MAJORS.end()))
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
        assert_eq!(says("pg/17/etc/postgresql/16/main/postgresql.conf"), Some(("16".into(), Some("main".into()))));
        assert_eq!(says("opt/homebrew/var/postgresql@16/postgresql.conf"), Some(("16".into(), None)));
        assert_eq!(says("Library/PostgreSQL/15/data/postgresql.conf"), Some(("15".into(), None)));
        assert_eq!(says("projects/5/postgresql/postgresql.conf"), None);
        assert_eq!(says("db/postgresql.conf"), None);
    }

    #[test]
    fn paths_that_the_files_write_tell_the_major_where_they_agree() {
        let span = Span::new(crate::text::SourceId::detached(), 0, 1);
        let says = |paths: &[&'static str]| {
            let said = from_written_paths(paths.iter().map(|path| (*path, span)));
            said.and_then(|said| said.exact().map(ToString::to_string))
        };
        assert_eq!(says(&["/var/lib/postgresql/16/main", "/etc/postgresql/16/main/pg_hba.conf"]).as_deref(), Some("16"));
        assert_eq!(says(&["/srv/data", "/etc/postgresql/16/main/pg_hba.conf"]).as_deref(), Some("16"));
        assert_eq!(says(&["/var/lib/postgresql/15/main", "/etc/postgresql/16/main/pg_hba.conf"]), None);
        assert_eq!(says(&["/etc/postgresql/9.3/main/pg_hba.conf"]).as_deref(), Some("9.3"));
        assert_eq!(says(&["/etc/postgresql/42/main/pg_hba.conf"]), None, "nobody knows what it will be like");
        assert_eq!(says(&["/srv/data"]), None);
    }
}
