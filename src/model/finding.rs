//! A finding: what is wrong, where, and what to do.

use std::collections::BTreeMap;

use super::words::words;
use super::{Date, OriginKind, Pillar, Severity, SubjectRef};
use crate::text::Span;

/// A place that a finding points at. Exactly one label of a finding is its primary one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there; empty where the finding's message says it.
    pub message: String,
}

words! {
    /// How safely an edit can be made.
    Applicability {
        /// Clearly meant, and nothing else changes.
        Safe = "safe",
        /// Needs a person's eye.
        Unsafe = "unsafe",
        /// Only shown.
        Display = "display",
    }
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Edits that remedy a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How safely they can be made.
    pub applicability: Applicability,
    /// The edits, in order, not overlapping.
    pub edits: Vec<Edit>,
}

/// Framework → requirements, as `cis` → `["6.8"]`.
pub type Compliance = BTreeMap<String, Vec<String>>;

words! {
    /// By what a finding is suppressed.
    SuppressionKind {
        /// A comment in the file.
        Comment = "comment",
        /// An accepted risk of gonogo.toml.
        Accepted = "accepted",
        /// Declared wrong in gonogo.toml.
        FalsePositive = "false-positive",
        /// Known before, by the baseline.
        Baseline = "baseline",
    }
}

/// Why a finding is not shown, or does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// By what.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Until when.
    pub until: Option<Date>,
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Rule id.
    pub rule: String,
    /// Severity as judged, which gonogo.toml may have raised.
    pub severity: Severity,
    /// Severity as the rule ships it.
    pub shipped_severity: Severity,
    /// Pillar.
    pub pillar: Pillar,
    /// Checklist items that it counts for.
    pub items: Vec<String>,
    /// What it is about.
    pub subject: SubjectRef,
    /// Instances concerned, sorted.
    pub instances: Vec<String>,
    /// One or two sentences.
    pub message: String,
    /// What was found, unless it is a secret.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// The place; `None` only for what a running server says and no file explains.
    pub primary: Option<Label>,
    /// Other places that belong to the story.
    pub related: Vec<Label>,
    /// Where the offending value came from.
    pub origin: OriginKind,
    /// What to do, in a line.
    pub help: String,
    /// Edits that remedy it.
    pub fix: Option<Fix>,
    /// The logical place within its file, for the fingerprint.
    pub key: String,
    /// Stable over edits elsewhere in the file: from rule, path, logical key and ordinal.
    pub fingerprint: String,
    /// Set when it is suppressed.
    pub suppressed: Option<Suppressed>,
}
