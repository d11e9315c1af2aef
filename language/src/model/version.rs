//! Versions, and the set of versions that an instance may have.

use std::fmt;
use std::str::FromStr;

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

    /// Whether `self` is `series` or lies within it: 16.4 is of 16.
    #[must_use]
    pub fn is_of(&self, series: &Self) -> bool {
        self.0.starts_with(&series.0)
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
            _ => Err(format!("`{text}` is no version; expected numbers with dots, as 16 or 10.11")),
        }
    }
}

/// What a set of versions rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionBasis {
    /// Nothing tells: every catalogued release is a candidate.
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
