//! Tags of images: how firmly one names an image, and which version of the engine it tells.

use super::footprints;
use crate::model::{Engine, ImageReference, TagKind, Version};

/// Where the version of the engine stands in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionPlace {
    /// At the head of the tag: `16.4-alpine`.
    Tag,
    /// In a part that begins with letters of the engine: `2.14.2-pg15`.
    Prefixed,
    /// At the end of the repository's name: `spilo-16`.
    Repository,
    /// The tag does not tell it.
    Nowhere,
}

/// Words of tags that are moved on purpose.
const MOVING: &[&str] = &[
    "latest",
    "stable",
    "edge",
    "main",
    "master",
    "nightly",
    "canary",
    "dev",
    "devel",
    "develop",
    "development",
    "test",
    "testing",
    "rc",
    "beta",
    "alpha",
    "lts",
    "current",
    "mainline",
    "release",
    "unstable",
    "rolling",
    "next",
    "trunk",
    "head",
    "snapshot",
];

/// Words that move a tag even when a number stands before them: `13-master`.
const MOVING_AFTER_NUMBER: &[&str] =
    &["edge", "main", "master", "nightly", "canary", "dev", "devel", "develop", "snapshot", "trunk", "head"];

/// Words that name only a base system or a build variant; a tag of these alone follows the newest release.
const VARIANTS: &[&str] = &[
    "alpine",
    "slim",
    "debian",
    "ubuntu",
    "buster",
    "bullseye",
    "bookworm",
    "trixie",
    "bionic",
    "focal",
    "jammy",
    "noble",
    "jessie",
    "stretch",
    "oracle",
    "oraclelinux8",
    "oraclelinux9",
    "ubi",
    "ubi8",
    "ubi9",
    "perl",
    "fpm",
    "apache",
    "management",
];

/// How firmly the reference names one image.
#[must_use]
pub fn tag_kind(image: &ImageReference, engine: Option<Engine>) -> TagKind {
    if image.digest.is_some() {
        return TagKind::Digest;
    }
    let Some(tag) = image.tag.as_deref().map(str::to_ascii_lowercase) else {
        return TagKind::None;
    };
    let parts: Vec<&str> = tag.split(['-', '_', '+']).collect();
    let head = parts.first().and_then(|part| numbers(part));
    if head.is_some() && parts.iter().any(|part| MOVING_AFTER_NUMBER.contains(part)) {
        return TagKind::Moving;
    }
    if let Some(found) = head.or_else(|| engine_part(&parts)) {
        return firmness(&found, engine);
    }
    let longest = parts.iter().filter_map(|part| numbers(part)).max_by_key(Vec::len);
    let moves = parts.iter().any(|part| MOVING.contains(part));
    let only_variants =
        parts.iter().all(|part| VARIANTS.contains(part) || part.strip_prefix("alpine").is_some_and(|rest| numbers(rest).is_some()));
    match longest {
        Some(found) if found.len() > 1 || !moves => firmness(&found, engine),
        _ if moves || only_variants => TagKind::Moving,
        _ => TagKind::Other,
    }
}

/// The version of the engine that the reference tells, if it tells one.
#[must_use]
pub fn version(image: &ImageReference, engine: Engine, place: VersionPlace) -> Option<Version> {
    if place == VersionPlace::Repository {
        let name = image.repository.rsplit('/').next()?;
        return name.split('-').filter_map(numbers).next().map(|found| shorten(found, engine));
    }
    let tag = image.tag.as_deref()?.to_ascii_lowercase();
    let parts: Vec<&str> = tag.split(['-', '_', '+']).collect();
    let found = match place {
        VersionPlace::Prefixed => engine_part(&parts),
        // An image for operating systems first: `ubi8-16.4-2`.
        _ => engine_part(&parts).or_else(|| parts.iter().find_map(|part| numbers(part))),
    }?;
    // Another numbering (a date, a build) is no version of the engine.
    (found.first().is_some_and(|major| *major < 100)).then(|| shorten(found, engine))
}

/// Numbers with dots, after an optional `v`: `v3.7` → 3, 7.
fn numbers(part: &str) -> Option<Vec<u32>> {
    let digits = part.strip_prefix('v').unwrap_or(part);
    let parsed: Result<Vec<u32>, _> = digits.split('.').map(str::parse).collect();
    parsed.ok().filter(|found| !found.is_empty() && found.len() <= 5)
}

/// The version after letters of an engine, as in `latest-pg16`, `pg15.6`, `ppg16.4`.
fn engine_part(parts: &[&str]) -> Option<Vec<u32>> {
    let prefixes = || footprints::ALL.iter().flat_map(|footprint| footprint.image.tag_prefixes);
    let version = |part: &str| prefixes().find_map(|prefix| numbers(part.strip_prefix(prefix)?));
    parts.iter().find_map(|part| version(part))
}

/// How many numbers a whole version has that begins with these.
fn whole(found: &[u32], engine: Option<Engine>) -> usize {
    let known = engine.and_then(footprints::of).map_or(&[][..], |footprint| footprint.image.release_numbers);
    let since = known.iter().rev().find(|row| found.first().is_some_and(|first| *first >= row.since));
    since.map_or(3, |row| row.numbers as usize)
}

fn shorten(mut found: Vec<u32>, engine: Engine) -> Version {
    found.truncate(whole(&found, Some(engine)));
    Version(found)
}

fn firmness(found: &[u32], engine: Option<Engine>) -> TagKind {
    let dated = found.first().is_some_and(|number| *number >= 100_000);
    if dated || found.len() >= whole(found, engine) { TagKind::Exact } else { TagKind::Major }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{SourceId, Span};

    fn image(repository: &str, tag: &str) -> ImageReference {
        ImageReference {
            text: format!("{repository}:{tag}"),
            registry: None,
            repository: repository.to_owned(),
            tag: (!tag.is_empty()).then(|| tag.to_owned()),
            digest: None,
            span: Span::new(SourceId::detached(), 0, 0),
        }
    }

    #[test]
    fn tags_name_an_image_more_or_less_firmly() {
        for (tag, expected) in [
            ("", TagKind::None),
            ("latest", TagKind::Moving),
            ("alpine", TagKind::Moving),
            ("alpine3.20", TagKind::Moving),
            ("lts", TagKind::Moving),
            ("stable-alpine", TagKind::Moving),
            ("13-master", TagKind::Moving),
            ("latest-pg16", TagKind::Major),
            ("16", TagKind::Major),
            ("16-alpine3.20", TagKind::Major),
            ("16.4-bookworm", TagKind::Exact),
            ("0.8.0-pg15-trixie", TagKind::Exact),
            ("17.6.1.136", TagKind::Exact),
            ("9.6", TagKind::Major),
            ("client-latest", TagKind::Moving),
            ("rocm", TagKind::Other),
        ] {
            assert_eq!(tag_kind(&image("postgres", tag), Some(Engine::Postgresql)), expected, "{tag}");
        }
        assert_eq!(tag_kind(&image("redis", "7.2"), Some(Engine::Redis)), TagKind::Major);
        assert_eq!(tag_kind(&image("redis", "7.2.5-alpine"), Some(Engine::Redis)), TagKind::Exact);
        assert_eq!(tag_kind(&image("zabbix/server", "alpine-7.4-latest"), None), TagKind::Major);
    }

    #[test]
    fn tags_tell_the_version_of_the_engine() {
        for (tag, place, expected) in [
            ("16", VersionPlace::Tag, Some("16")),
            ("16.4-alpine3.20", VersionPlace::Tag, Some("16.4")),
            ("9.6.24", VersionPlace::Tag, Some("9.6.24")),
            ("16-3.4", VersionPlace::Tag, Some("16")),
            ("16.4.0-debian-12-r0", VersionPlace::Tag, Some("16.4")),
            ("ubi8-16.4-2", VersionPlace::Tag, Some("16.4")),
            ("14-vectorchord0.4.3-pgvectors0.2.0", VersionPlace::Tag, Some("14")),
            ("latest-pg16", VersionPlace::Prefixed, Some("16")),
            ("2.14.2-pg15", VersionPlace::Prefixed, Some("15")),
            ("2.14.2", VersionPlace::Prefixed, None),
            ("latest", VersionPlace::Tag, None),
            ("alpine3.20", VersionPlace::Tag, None),
            ("20240101", VersionPlace::Tag, None),
        ] {
            let found = version(&image("x", tag), Engine::Postgresql, place).map(|version| version.to_string());
            assert_eq!(found.as_deref(), expected, "{tag}");
        }
        let spilo = version(&image("zalando/spilo-16", "3.3-p1"), Engine::Postgresql, VersionPlace::Repository);
        assert_eq!(spilo.unwrap().to_string(), "16");
    }
}
