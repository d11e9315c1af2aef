//! Annotations of a GitHub workflow: one line per finding, the weightiest first, since a step shows
//! ten of each level at most.

use super::headline::headline;
use super::place::Place;
use super::plain::plain;
use super::selection::shown_findings;
use super::{Report, Shown};
use crate::model::{Finding, Severity};
use crate::verdict::scorecard::Decision;

pub(super) fn render(report: &Report, shown: Shown) -> String {
    let mut findings = shown_findings(report, shown);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut out: String = findings.iter().map(|finding| annotation(report, finding)).collect();
    if let Some(verdict) = &report.scorecard.verdict {
        let level = match verdict.decision {
            Decision::Go => "notice",
            Decision::GoWithReservations => "warning",
            Decision::NoGo | Decision::NotEvaluated => "error",
        };
        out.push_str(&format!("::{level} title=gonogo::{}\n", data(&headline(verdict))));
    }
    out
}

fn annotation(report: &Report, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let mut properties: Vec<String> = Vec::new();
    let place = finding.primary.as_ref().and_then(|label| Place::in_project(&report.files, label.span));
    if let Some(place) = place {
        properties.push(format!("file={},line={},endLine={}", property(&place.path), place.line, place.end_line));
        // Columns are refused where the place spans lines.
        if place.line == place.end_line {
            properties.push(format!("col={},endColumn={}", place.column, place.end_column));
        }
    }
    properties.push(format!("title={}", property(&format!("{} [{}]", finding.severity, finding.rule))));
    let text = format!("{} {}", finding.message, finding.help);
    format!("::{level} {}::{}\n", properties.join(","), data(text.trim()))
}

/// Text after the last `::`, on one line: a line end would begin a new command.
fn data(text: &str) -> String {
    plain(text).replace('%', "%25")
}

/// Text of a property, where commas and colons have a meaning, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_command() {
        assert_eq!(property("a,b:c\n%"), "a%2Cb%3Ac\\u{a}%25");
        assert_eq!(data("a\r\n::error::b%0A"), "a\\u{d}\\u{a}::error::b%250A");
    }
}
