//! What became of one rule on one subject.

use std::sync::Arc;

use super::{Date, Finding, Severity, SubjectRef, Why};

/// Who accepted a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedBy {
    /// Who answers for it.
    pub owner: String,
    /// Until when.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// Three values and their neighbours.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The good state was seen.
    Pass,
    /// The opposite of the good state was seen, here.
    Fail(Vec<Finding>),
    /// It could not be seen; what was seen is bad all the same if something holds that was not seen, as each finding says.
    Unknown(Why, Vec<Finding>),
    /// The rule does not concern the subject.
    NotApplicable(String),
    /// It fails, and all its findings are accepted.
    Accepted(Vec<Finding>),
}

impl Outcome {
    /// It could not be seen, and nothing bad was.
    #[must_use]
    pub const fn unknown(why: Why) -> Self {
        Self::Unknown(why, Vec::new())
    }

    /// The word of the report.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Unknown(..) => "unknown",
            Self::NotApplicable(_) => "not-applicable",
            Self::Accepted(_) => "accepted",
        }
    }

    /// Its findings, suspicions among them.
    #[must_use]
    pub fn all_findings(&self) -> &[Finding] {
        match self {
            Self::Fail(findings) | Self::Accepted(findings) | Self::Unknown(_, findings) => findings,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub fn all_findings_mut(&mut self) -> &mut [Finding] {
        match self {
            Self::Fail(findings) | Self::Accepted(findings) | Self::Unknown(_, findings) => findings,
            _ => &mut [],
        }
    }

    /// The findings that it fails for, if any.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Fail(findings) | Self::Accepted(findings) => findings,
            _ => &[],
        }
    }
}

/// The outcome of one rule on one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeOf {
    /// Rule id.
    pub rule: Arc<str>,
    /// Subject.
    pub subject: Arc<SubjectRef>,
    /// Instances that the subject belongs to.
    pub instances: Arc<Vec<String>>,
    /// What became of it.
    pub outcome: Outcome,
    /// The highest severity of findings that gave way to those of a rule that says the same better. They are told
    /// once, under the other's name; what they fail, they fail all the same.
    pub withdrawn: Option<Severity>,
}
