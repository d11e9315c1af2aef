//! Accepted risks and false positives of gonogo.toml.

use crate::model::{Date, Finding, SubjectKind, Suppressed, SuppressionKind};
use crate::text::{Files, Span};

/// What an `[[accept]]` says about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptKind {
    /// It is right, and the risk is taken.
    Accepted,
    /// It is wrong.
    FalsePositive,
}

/// One `[[accept]]` of gonogo.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Rule id.
    pub rule: String,
    /// Display path of the file that holds the finding.
    pub path: Option<String>,
    /// Instance that the finding is about, where no file holds it.
    pub instance: Option<String>,
    /// What it says.
    pub kind: AcceptKind,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day on which it counts; at most [`LONGEST`] days ahead.
    pub until: Option<Date>,
    /// Where it is written.
    pub span: Span,
}

/// Most days that a risk can be accepted for.
pub(super) const LONGEST: i32 = 365;

impl Accept {
    /// Whether its last day has passed.
    pub(super) fn expired(&self, now: Date) -> bool {
        self.until.is_some_and(|until| until < now)
    }

    /// Whether its last day lies further ahead than a risk can be accepted for.
    pub(super) fn too_long(&self, now: Date) -> bool {
        self.until.is_some_and(|until| now.days_until(until) > LONGEST)
    }

    /// Whether it says what it is about.
    pub(super) fn has_place(&self) -> bool {
        self.path.is_some() || self.instance.is_some()
    }

    /// Whether it is in force at all.
    pub(super) fn heard(&self, now: Date) -> bool {
        self.has_place() && !self.reason.trim().is_empty() && !self.expired(now) && !self.too_long(now)
    }

    /// Whether it is about this finding. A finding that concerns further instances is accepted by
    /// its file, never by one of these instances alone.
    pub(super) fn matches(&self, finding: &Finding, files: &Files) -> bool {
        if self.rule != finding.rule {
            return false;
        }
        let path = || files.source(finding.primary.as_ref()?.span.source).map(|source| source.path().to_owned());
        let right_path = self.path.as_ref().is_none_or(|wanted| path().is_some_and(|path| path == wanted.trim_start_matches("./")));
        let only = |wanted: &String| {
            finding.instances.iter().all(|instance| instance == wanted)
                && (!finding.instances.is_empty() || finding.subject.kind == SubjectKind::Instance && *finding.subject.id == **wanted)
        };
        right_path && self.instance.as_ref().is_none_or(only)
    }

    /// The mark that it leaves on a finding.
    pub(super) fn mark(&self) -> Suppressed {
        let kind = match self.kind {
            AcceptKind::Accepted => SuppressionKind::Accepted,
            AcceptKind::FalsePositive => SuppressionKind::FalsePositive,
        };
        Suppressed { kind, reason: self.reason.clone(), owner: self.owner.clone(), until: self.until }
    }
}
