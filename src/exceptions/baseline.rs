//! Findings that were known before, by their fingerprints: they are not shown again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::{Finding, Suppressed, SuppressionKind};
use crate::text::Files;
use crate::text::harmless;

const SCHEMA_VERSION: u32 = 1;

/// Why a baseline cannot be used. What the file holds is not quoted: it may be any file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BaselineError {
    /// Not the JSON that `--write-baseline` writes.
    #[error("line {line}, column {column}: not a baseline as --write-baseline writes it; write a new one")]
    Form {
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
    },
    /// Written by another version.
    #[error("schema_version is {0}, expected {SCHEMA_VERSION}; write a new baseline with this version of gonogo")]
    Version(u32),
}

#[derive(Deserialize, Serialize)]
struct BaselineFile {
    schema_version: u32,
    findings: Vec<Known>,
}

#[derive(Deserialize, Serialize)]
struct Known {
    fingerprint: String,
    rule: String,
    path: Option<String>,
}

/// Known findings. A fingerprint holds neither line nor value, so it survives edits elsewhere in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Fingerprint → rule and path, for those who read the file.
    known: BTreeMap<String, (String, Option<String>)>,
}

impl Baseline {
    /// Reads what [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let file: BaselineFile =
            serde_json::from_str(text).map_err(|error| BaselineError::Form { line: error.line(), column: error.column() })?;
        if file.schema_version != SCHEMA_VERSION {
            return Err(BaselineError::Version(file.schema_version));
        }
        Ok(Self { known: file.findings.into_iter().map(|known| (known.fingerprint, (known.rule, known.path))).collect() })
    }

    /// The findings of a run, but for those that a comment or an `[[accept]]` covers already.
    #[must_use]
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>, files: &Files) -> Self {
        let covered = |finding: &&Finding| finding.suppressed.as_ref().is_some_and(|by| by.kind != SuppressionKind::Baseline);
        let known = findings.into_iter().filter(|finding| !covered(finding)).flat_map(|finding| {
            let source = finding.primary.as_ref().and_then(|label| files.source(label.span.source));
            let path = source.map(|source| source.path_in_project().to_owned());
            fingerprints(finding).map(move |own| (own.to_owned(), (finding.rule.to_string(), path.clone())))
        });
        Self { known: known.collect() }
    }

    /// The text of the file, sorted by fingerprint.
    ///
    /// # Errors
    /// When JSON cannot hold it.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let findings = self.known.iter().map(|(fingerprint, (rule, path))| Known {
            fingerprint: fingerprint.clone(),
            rule: rule.clone(),
            path: path.clone(),
        });
        let file = BaselineFile { schema_version: SCHEMA_VERSION, findings: findings.collect() };
        serde_json::to_string_pretty(&file).map(|text| harmless::json(text + "\n"))
    }

    /// Marks findings that it knows, with all that are told with them, unless something else covers them already.
    /// Answers how many of its own no longer occur.
    pub fn cover(&self, findings: &mut [Finding]) -> usize {
        let mut present: BTreeSet<&str> = BTreeSet::new();
        for finding in findings.iter_mut() {
            let known = fingerprints(finding).map(|own| self.known.get_key_value(own).map(|(own, _)| own.as_str()));
            let known: Vec<Option<&str>> = known.collect();
            present.extend(known.iter().flatten());
            if finding.suppressed.is_none() && known.iter().all(Option::is_some) {
                let reason = "it is in the baseline".to_owned();
                let by = Suppressed { kind: SuppressionKind::Baseline, reason, owner: None, until: None };
                finding.suppressed = Some(Box::new(by));
            }
        }
        self.known.len() - present.len()
    }

    /// How many findings it holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known.len()
    }
}

/// Of a finding and those that are told with it.
fn fingerprints(finding: &Finding) -> impl Iterator<Item = &str> {
    std::iter::once(&finding.fingerprint).chain(finding.alike.iter().map(|other| &other.fingerprint)).map(String::as_str)
}
