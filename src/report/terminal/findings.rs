//! Findings: those from medium on with an excerpt and a remedy, the others in one line each.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::aside;
use super::page::{BLUE, Page, severity_style};
use super::snippet::quote;
use crate::model::{Finding, Severity};
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::report::selection::{for_people, ignored_yet_counting, shown_findings, still_counts};
use crate::report::{Report, Shown};

/// Most findings that are named as ignored and still counting.
const MOST_IGNORED: usize = 5;

pub(super) fn write(page: &mut Page, report: &Report, shown: Shown) {
    let (findings, more) = for_people(&shown_findings(report, shown));
    let (full, brief): (Vec<&Finding>, Vec<&Finding>) = findings.into_iter().partition(|finding| finding.severity >= Severity::Medium);
    // Excerpts are most of the work, and each is on its own.
    let quoted: Vec<String> = full.par_iter().map(|finding| quote(finding, &report.files, page.colour, page.width)).collect();
    let last: BTreeMap<&str, usize> = full.iter().chain(&brief).enumerate().map(|(at, finding)| (&*finding.rule, at)).collect();
    for (at, (finding, quoted)) in full.iter().zip(&quoted).enumerate() {
        in_full(page, report, finding, quoted);
        let last_of_rule = last.get(&*finding.rule) == Some(&at);
        if let Some(number) = more.get(&*finding.rule).filter(|_| last_of_rule) {
            page.line(&format!("+ {number} more of {}", plain(&finding.rule)));
            page.blank();
        }
    }
    for finding in &brief {
        in_brief(page, report, finding);
    }
    for (rule, number) in more.iter().filter(|(rule, _)| brief.iter().any(|finding| finding.rule == **rule)) {
        page.line(&format!("+ {number} more of {}", plain(rule)));
    }
    if !brief.is_empty() {
        page.blank();
    }
    ignored(page, report, shown);
}

fn in_full(page: &mut Page, report: &Report, finding: &Finding, quoted: &str) {
    let severity = severity(page, finding);
    let rule = aside(page, &format!("[{}]", plain(&finding.rule)));
    page.wrapped("", "  ", &format!("{severity}: {} {rule}", plain(&finding.message)));
    page.block(quoted);
    if quoted.is_empty() {
        page.line(&format!("  --> {} {}, as the running server says", finding.subject.kind, plain(&finding.subject.id)));
    }
    if finding.instances.len() > 1 {
        page.wrapped("  ", "    ", &format!("instances: {}", plain(&finding.instances.join(", "))));
    }
    help(page, finding);
    suppression(page, report, finding);
    page.blank();
}

/// "high", or "suspected high" of what is not certain.
fn severity(page: &Page, finding: &Finding) -> String {
    let suspected = if finding.is_suspected() { "suspected " } else { "" };
    page.paint(severity_style(finding.severity), &format!("{suspected}{}", finding.severity))
}

fn help(page: &mut Page, finding: &Finding) {
    if finding.help.is_empty() {
        return;
    }
    let label = page.paint(BLUE, "help:");
    page.wrapped("  ", "        ", &format!("{label} {}", plain(&finding.help)));
}

fn suppression(page: &mut Page, report: &Report, finding: &Finding) {
    if let Some(by) = &finding.suppressed {
        let counts = if still_counts(report, finding) { "ignored, still counts" } else { "suppressed" };
        page.wrapped("  ", "    ", &format!("{counts} ({}): {}", by.kind, plain(&by.reason)));
    }
}

fn in_brief(page: &mut Page, report: &Report, finding: &Finding) {
    let place = Place::of_finding(&report.files, finding).map_or_else(|| plain(&finding.subject.id), |place| place.to_string());
    let severity = severity(page, finding);
    let rule = aside(page, &format!("[{}]", plain(&finding.rule)));
    let suppressed = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
    page.wrapped("", "    ", &format!("{place}: {severity}: {} {rule}{suppressed}", plain(&finding.message)));
}

/// What comments and baselines hide from the list above counts in the verdict all the same, and is named.
fn ignored(page: &mut Page, report: &Report, shown: Shown) {
    let ignored = ignored_yet_counting(report, shown);
    if ignored.is_empty() {
        return;
    }
    page.heading("Ignored, still counts (the verdict hears only [[accept]] in gonogo.toml)");
    for finding in ignored.iter().take(MOST_IGNORED) {
        let place = Place::of_finding(&report.files, finding).map(|place| format!("{place}: ")).unwrap_or_default();
        page.wrapped("  ", "    ", &format!("{place}{} [{}]", finding.severity, plain(&finding.rule)));
    }
    if ignored.len() > MOST_IGNORED {
        page.line(&format!("  + {} more; --no-ignores shows them", ignored.len() - MOST_IGNORED));
    }
    page.blank();
}
