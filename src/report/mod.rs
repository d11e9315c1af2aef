//! The report: everything that an output format may show, and one file per format.

use std::sync::Arc;

use crate::model::words::words;
use crate::model::{Date, Deployment, Finding, Input, OutcomeOf, Severity};
use crate::rules::RuleSet;
use crate::text::Files;
use crate::verdict::scorecard::Scorecard;

words! {
    /// What was asked for.
    Mode {
        /// Findings, checklist, verdict.
        Audit = "audit",
        /// Findings only.
        Lint = "lint",
    }
}

words! {
    /// Where the date comes from.
    NowSource {
        /// The clock of the machine.
        Clock = "clock",
        /// `--now`.
        Option = "option",
    }
}

/// The profile that the verdict used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileShown {
    /// `low`, `medium`, `high`.
    pub criticality: String,
    /// `startup`, `company`, `enterprise`.
    pub size: String,
    /// Deployment, where it was stated or is one for all instances.
    pub deployment: Option<Deployment>,
}

/// Everything that an output format may show.
#[derive(Debug)]
pub struct Report {
    /// What was asked for.
    pub mode: Mode,
    /// The date that ages are counted from.
    pub now: Date,
    /// Where it comes from.
    pub now_source: NowSource,
    /// Digest of the rules.
    pub rules_digest: String,
    /// Version of the checklist.
    pub checklist_version: String,
    /// Profile.
    pub profile: ProfileShown,
    /// Inputs, sorted by path.
    pub inputs: Vec<Input>,
    /// Files of the walk that no room recognised.
    pub unrecognised: usize,
    /// Instances, checklist, verdict.
    pub scorecard: Scorecard,
    /// Findings, suppressed ones included; sorted by path, offset, rule.
    pub findings: Vec<Finding>,
    /// Outcomes, sorted by rule and subject.
    pub outcomes: Vec<OutcomeOf>,
    /// What could not be read though it was named or needed; not empty means exit code 4.
    pub incomplete: Vec<String>,
    /// Texts, for excerpts and places.
    pub files: Arc<Files>,
    /// Rules, for titles and documentation.
    pub rules: Arc<RuleSet>,
}

/// What is shown of a report; never what it says.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Findings below this severity are left out.
    pub min_severity: Severity,
    /// Show suppressed findings too.
    pub suppressed: bool,
}
