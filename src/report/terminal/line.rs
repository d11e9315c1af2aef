//! A finding in one line: `path:line:column: severity: message [rule]`.

use super::aside;
use super::page::{Page, severity_style};
use crate::model::Finding;
use crate::report::Report;
use crate::report::place::Place;
use crate::report::plain::plain;

/// One line, however long: so it can be searched, and an editor finds its place.
pub(super) fn in_brief(page: &mut Page, report: &Report, finding: &Finding) {
    let place = place(report, finding);
    let severity = severity(page, finding);
    let rule = aside(page, &format!("[{}]", plain(&finding.rule)));
    let suppressed = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
    page.line(&format!("{place}: {severity}: {} {rule}{suppressed}", plain(&finding.message)));
}

/// Where it stands; what no file shows goes by its subject.
pub(super) fn place(report: &Report, finding: &Finding) -> String {
    Place::of_finding(&report.files, finding).map_or_else(|| plain(&finding.subject.id), |place| place.to_string())
}

/// "high", or "suspected high" of what is not certain.
pub(super) fn severity(page: &Page, finding: &Finding) -> String {
    let suspected = if finding.is_suspected() { "suspected " } else { "" };
    page.paint(severity_style(finding.severity), &format!("{suspected}{}", finding.severity))
}
