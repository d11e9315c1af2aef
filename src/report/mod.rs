//! The report: everything that an output format may show, and one file per format.

mod github;
mod gitlab;
mod headline;
mod json;
mod junit;
mod line_hash;
mod markdown;
mod place;
mod plain;
mod sarif;
mod selection;
pub mod show;
mod terminal;
mod undecided;

use std::borrow::Cow;
use std::sync::Arc;

pub use undecided::{Open, Undecided};

use serde::Serialize;
use thiserror::Error;

use crate::model::words::words;
use crate::model::{Date, Deployment, Finding, Input, OutcomeOf, Severity};
use crate::rules::RuleSet;
use crate::text::Files;
use crate::text::harmless::{Dialect, json as json_text, lines};
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

/// How much there was to do, whatever the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Outcomes of rules on subjects, whether or not they are kept.
    pub outcomes: usize,
    /// How often a rule was asked, about a subject or under one of the versions that it may have.
    pub rules_asked: usize,
    /// Files that were opened.
    pub files_opened: usize,
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
    /// Databases that were recognised and whose configuration is not read: `db (MariaDB)`.
    pub unread_databases: Vec<String>,
    /// Instances, checklist, verdict.
    pub scorecard: Scorecard,
    /// Findings, suppressed ones included; sorted by path, offset, rule.
    pub findings: Vec<Finding>,
    /// Outcomes, sorted by rule and subject: all of them where they are listed or a verdict rests on them, else failures.
    pub outcomes: Vec<OutcomeOf>,
    /// What could not be decided.
    pub undecided: Undecided,
    /// With a baseline: how many of its findings no longer occur.
    pub gone: Option<usize>,
    /// How much there was to do.
    pub work: Work,
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
    /// For people: every finding by itself, with its lines and its remedy.
    pub full: bool,
}

words! {
    /// The forms that a report can take.
    Format {
        /// For people, in a terminal.
        Terminal = "terminal",
        /// Everything, for programs.
        Json = "json",
        /// For code-scanning services.
        Sarif = "sarif",
        /// For a page such as the summary of a pipeline.
        Markdown = "markdown",
        /// For services that show test results.
        Junit = "junit",
        /// Code Quality of GitLab.
        Gitlab = "gitlab",
        /// Annotations of a GitHub workflow.
        Github = "github",
    }
}

/// What the report's own content does not tell.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Whether to write colours; only the terminal form has them.
    pub colour: bool,
    /// Width of the terminal in columns.
    pub width: usize,
    /// The exit code of the run, which SARIF states.
    pub exit_code: i32,
}

impl Format {
    /// What this form writes itself, and is harmful elsewhere.
    #[must_use]
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Terminal => Dialect::Coloured,
            Self::Github => Dialect::Annotations,
            _ => Dialect::Text,
        }
    }
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { colour: false, width: 100, exit_code: 0 }
    }
}

/// Why a report could not be written.
#[derive(Debug, Error)]
pub enum RenderError {
    /// A value that JSON cannot hold.
    #[error("the report could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The report in one of its forms, as text that ends with a line end.
///
/// Fields of files are made harmless by each form; that no line became a command where it came to stand is seen to here.
///
/// # Errors
/// When a value does not fit the format.
pub fn render(report: &Report, format: Format, shown: Shown, options: RenderOptions) -> Result<String, RenderError> {
    let text = match format {
        Format::Terminal => terminal::render(report, shown, options),
        Format::Json => json::render(report, shown)?,
        Format::Sarif => sarif::render(report, shown, options)?,
        Format::Markdown => markdown::render(report, shown),
        Format::Junit => junit::render(report, shown),
        Format::Gitlab => gitlab::render(report, shown)?,
        Format::Github => github::render(report, shown),
    };
    Ok(match lines(&text, format.dialect()) {
        Cow::Borrowed(_) => text,
        Cow::Owned(harmless) => harmless,
    })
}

/// Anything as JSON for people and programs, with its line end. `room` is how many bytes it may need: what grows by
/// doubling is there twice while it moves.
fn pretty_json(value: &impl Serialize, room: usize) -> Result<String, RenderError> {
    let mut bytes = Vec::with_capacity(room);
    serde_json::to_writer_pretty(&mut bytes, value)?;
    bytes.push(b'\n');
    let text = String::from_utf8(bytes).map_err(|error| serde_json::Error::io(std::io::Error::other(error)))?;
    Ok(json_text(text))
}
