//! A finding: what is wrong, where, and what to do.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::words;
use super::{Date, Engine, OriginKind, Pillar, SettingHome, Severity, SubjectRef};
use crate::text::{SourceId, Span};

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

/// What a grammar, or a server's own reading, says of a place that it complains about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The code of the problem.
    pub code: String,
    /// The setting, key or token that it is about.
    pub name: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Where a setting stands, or would stand, as far as a rule can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettingPlace {
    /// The value that counts, and what kind of place that is.
    pub value: Option<(OriginKind, Span)>,
    /// The line of the main file that would set it if it were no comment.
    pub commented_out: Option<Span>,
    /// The end of the main configuration file; `None` where there is none that was read.
    pub end_of_file: Option<Span>,
    /// The engine that it is a setting of.
    pub engine: Option<Engine>,
    /// Where it is written, unless that is a file of the server.
    pub home: Option<&'static SettingHome>,
}

/// What a rule wants changed, before anybody looked at the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A setting of a server gets a value.
    Set {
        /// Name of the setting.
        name: String,
        /// Its value, without quotes.
        value: String,
        /// Where it stands.
        place: SettingPlace,
    },
    /// A key of a service gets a value.
    SetKey {
        /// Name of the key.
        key: String,
        /// Its value, without quotes.
        value: String,
        /// The name of the service.
        service: Span,
    },
    /// What stands at a place becomes another word.
    Replace {
        /// The kind of record that it belongs to, if it does.
        record: Option<&'static str>,
        /// The place.
        span: Span,
        /// What stands there afterwards.
        with: String,
    },
    /// The lines of a record go.
    Remove {
        /// Its kind.
        record: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A place is repaired as the complaint about it says.
    Correct {
        /// The place.
        span: Span,
        /// What is wrong there.
        complaint: Complaint,
    },
}

/// What remedies a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How safely the edits can be made.
    pub applicability: Applicability,
    /// What the rule wants changed.
    pub changes: Vec<Change>,
    /// The edits that do so, in the order of their places, not overlapping; none where a person has to make them.
    pub edits: Vec<Edit>,
    /// What that person has to do.
    pub note: Option<String>,
}

impl Fix {
    /// A wish that has not met the text yet.
    #[must_use]
    pub fn wanted(applicability: Applicability, changes: Vec<Change>) -> Self {
        Self { applicability, changes, edits: Vec::new(), note: None }
    }
}

impl Finding {
    /// Whether it depends on something that was not seen.
    #[must_use]
    pub fn is_suspected(&self) -> bool {
        self.certainty == Certainty::Suspected
    }
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

words! {
    /// Whether a finding is certain, or depends on something that was not seen.
    Certainty {
        /// What was seen shows it.
        Certain = "certain",
        /// It holds if something does that was not seen.
        Suspected = "suspected",
    }
}

/// Another finding of the same rule that is told with this one: of the same place, or about the same secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Its logical place.
    pub key: String,
    /// Its file, where that is another one.
    pub source: Option<SourceId>,
    /// Its fingerprint, once it is known.
    pub fingerprint: String,
}

/// What is wrong, where, and what to do. A large tree has ten thousands of them: what its rule says of each is shared, and what
/// most have not is kept apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Rule id.
    pub rule: Cow<'static, str>,
    /// Severity as judged, which gonogo.toml may have raised.
    pub severity: Severity,
    /// Severity as the rule ships it.
    pub shipped_severity: Severity,
    /// Whether what was seen shows it.
    pub certainty: Certainty,
    /// What a suspicion depends on: "if clients come over a network: pg_hba.conf was not given", "on PostgreSQL 18 and later".
    pub depends_on: Vec<String>,
    /// Pillar.
    pub pillar: Pillar,
    /// Checklist items that it counts for.
    pub items: Cow<'static, [Cow<'static, str>]>,
    /// What it is about.
    pub subject: SubjectRef,
    /// The engine of the server that it is about, where it is about one.
    pub engine: Option<Engine>,
    /// Equal for findings about the same secret of one project. No output shows it.
    pub twin: Option<(SourceId, u64)>,
    /// Instances concerned, sorted.
    pub instances: Arc<Vec<String>>,
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
    pub help: Arc<str>,
    /// Edits that remedy it.
    pub fix: Option<Box<Fix>>,
    /// The logical place within its file, for the fingerprint.
    pub key: String,
    /// Stable over edits elsewhere in the file: from rule, path, logical key and ordinal.
    pub fingerprint: String,
    /// Others that are told with it: of further services that share its line, of further instances.
    pub alike: Vec<Alike>,
    /// Set when it is suppressed.
    pub suppressed: Option<Box<Suppressed>>,
}
