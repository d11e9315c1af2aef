//! Versions, and the set of versions that an instance may have.

use std::fmt;
use std::str::FromStr;

use super::{Engine, nearest};
use crate::text::Span;

/// A version as far as it is known: `16`, `16.4`, `10.11.6`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub Vec<u32>);

impl Version {
    /// The first number; before PostgreSQL 10 and for other engines it is not yet the release series.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.0.first().copied().unwrap_or(0)
    }

    /// The second number, when known.
    #[must_use]
    pub fn minor(&self) -> Option<u32> {
        self.0.get(1).copied()
    }

    /// Whether it is certainly older than another, as far as both are known: 16.4 is older than 17, and not than 16.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).find(|(own, other)| own != other).is_some_and(|(own, other)| own < other)
    }

    /// Whether `self` is `series` or lies within it: 16.4 is of 16.
    #[must_use]
    pub fn is_of(&self, series: &Self) -> bool {
        self.0.starts_with(&series.0)
    }
}

#[cfg(feature = "program")]
impl<'de> serde_core::Deserialize<'de> for Version {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde_core::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde_core::de::Error::custom)
    }
}

/// A release series, which is what a catalogue of settings is for: 16, 8.4, 10.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    first: u32,
    second: Option<u32>,
}

impl Series {
    /// A series of one number, as PostgreSQL has from 10 on.
    #[must_use]
    pub const fn one(first: u32) -> Self {
        Self { first, second: None }
    }

    /// A series of two numbers, as most servers have.
    #[must_use]
    pub const fn two(first: u32, second: u32) -> Self {
        Self { first, second: Some(second) }
    }

    /// Whether a version, as far as it is known, lies within the series: 8.4.6 is of 8.4, and so may be 8.
    #[must_use]
    pub fn may_hold(self, version: &Version) -> bool {
        let own = Version::from(self);
        version.is_of(&own) || own.is_of(version)
    }
}

impl From<Series> for Version {
    fn from(series: Series) -> Self {
        Self(std::iter::once(series.first).chain(series.second).collect())
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.second {
            None => write!(f, "{}", self.first),
            Some(second) => write!(f, "{}.{second}", self.first),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&parts.join("."))
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match parts {
            Ok(parts) if !parts.is_empty() && parts.len() <= 4 => Ok(Self(parts)),
            _ => Err(format!("`{text}` is not a valid version; expected dotted numbers such as 16 or 10.11")),
        }
    }
}

/// A version that an option states: of every engine that has such a release, or of the one that is named, `mariadb=10.11`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineVersion {
    /// The engine that it is of.
    pub engine: Option<Engine>,
    /// The version.
    pub version: Version,
}

impl EngineVersion {
    /// What a list of them says of an engine: its own statement before one for all.
    #[must_use]
    pub fn of(stated: &[Self], engine: Engine) -> Option<&Version> {
        let own = stated.iter().find(|stated| stated.engine == Some(engine));
        own.or_else(|| stated.iter().find(|stated| stated.engine.is_none())).map(|stated| &stated.version)
    }
}

impl From<Version> for EngineVersion {
    fn from(version: Version) -> Self {
        Self { engine: None, version }
    }
}

impl FromStr for EngineVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (engine, version) = match text.split_once('=') {
            Some((engine, version)) => (Some(named(engine)?), version),
            None => (None, text),
        };
        Ok(Self { engine, version: version.parse()? })
    }
}

fn named(engine: &str) -> Result<Engine, String> {
    engine.parse().map_err(|error| match nearest(&engine.to_ascii_lowercase(), Engine::WORDS.iter().copied()) {
        Some(meant) => format!("{error}; did you mean `{meant}`?"),
        None => error,
    })
}

impl fmt::Display for EngineVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.engine.map_or(Ok(()), |engine| write!(f, "{engine}="))?;
        self.version.fmt(f)
    }
}

/// What a set of versions rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionBasis {
    /// Nothing tells: the releases that are maintained are candidates, and older ones that the files show.
    Unstated,
    /// A path such as `/etc/postgresql/16/main`.
    Path,
    /// A `PG_VERSION` file of the data directory.
    DataDirectory,
    /// The tag of an image.
    ImageTag,
    /// A moving tag (`latest`, none): the newest known release and what comes after it.
    MovingTag,
    /// The comment at the head of a stock file.
    FileHeader,
    /// `--engine-version`, or a target of gonogo.toml.
    Stated,
}

/// The versions that an instance may have; a rule is evaluated for each, and the answers joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionCandidates {
    /// Release series, ascending; a single one may carry more numbers (16.4). Never empty.
    pub candidates: Vec<Version>,
    /// What it rests on.
    pub basis: VersionBasis,
    /// Where that stands.
    pub span: Option<Span>,
}

impl VersionCandidates {
    /// The version, when there is but one candidate.
    #[must_use]
    pub fn exact(&self) -> Option<&Version> {
        match self.candidates.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}
