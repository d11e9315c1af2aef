//! Code Quality of GitLab. Findings without a file cannot be told there.

use serde::Serialize;

use super::place::Place;
use super::selection::shown_findings;
use super::{RenderError, Report, Shown, pretty_json};
use crate::model::{Finding, Severity};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: IssuePlace,
}

#[derive(Serialize)]
struct IssuePlace {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn render(report: &Report, shown: Shown) -> Result<String, RenderError> {
    let issues: Vec<Issue<'_>> = shown_findings(report, shown).into_iter().filter_map(|finding| issue(report, finding)).collect();
    pretty_json(&issues, 0)
}

fn issue<'r>(report: &Report, finding: &'r Finding) -> Option<Issue<'r>> {
    let place = Place::in_project(&report.files, finding.primary.as_ref()?.span)?;
    let severity = match finding.severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    };
    Some(Issue {
        description: format!("{} {}", finding.message, finding.help).trim().to_owned(),
        check_name: &finding.rule,
        fingerprint: &finding.fingerprint,
        severity,
        location: IssuePlace { path: place.path, lines: Lines { begin: place.line, end: place.end_line } },
    })
}
