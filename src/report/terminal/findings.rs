//! Findings: one line each, small points folded; in an audit and with `--full`, those from medium on with an excerpt
//! and a remedy.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::line::{in_brief, severity};
use super::page::{BLUE, Page};
use super::snippet::quote;
use super::{aside, folded};
use crate::model::{Finding, Severity};
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::report::selection::{for_people, ignored_yet_counting, shown_findings, still_counts};
use crate::report::{Mode, Report, Shown};

/// Most findings that are named as ignored and still counting.
const MOST_IGNORED: usize = 5;

pub(super) fn write(page: &mut Page, report: &Report, shown: Shown) {
    let list = shown_findings(report, shown);
    let (small, weighty): (Vec<&Finding>, Vec<&Finding>) = list.into_iter().partition(|finding| finding.severity < Severity::Medium);
    if shown.full || report.mode == Mode::Audit {
        of_weight(page, report, &weighty);
    } else {
        in_lines(page, report, &weighty);
    }
    if shown.full {
        in_lines(page, report, &small);
    } else {
        let mut small = small;
        small.sort_by_key(|finding| Reverse(finding.severity));
        folded::write(page, report, &small);
    }
    if page.line_is_open() {
        page.blank();
    }
    ignored(page, report, shown);
}

/// Each with an excerpt and a remedy.
fn of_weight(page: &mut Page, report: &Report, findings: &[&Finding]) {
    let (findings, more) = for_people(findings);
    // Excerpts are most of the work, and each is on its own.
    let quoted: Vec<String> = findings.par_iter().map(|finding| quote(finding, &report.files, page.colour, page.width)).collect();
    let last: BTreeMap<&str, usize> = findings.iter().enumerate().map(|(at, finding)| (&*finding.rule, at)).collect();
    for (at, (finding, quoted)) in findings.iter().zip(&quoted).enumerate() {
        in_full(page, report, finding, quoted);
        let last_of_rule = last.get(&*finding.rule) == Some(&at);
        if let Some(number) = more.get(&*finding.rule).filter(|_| last_of_rule) {
            page.line(&format!("+ {number} more of {}", plain(&finding.rule)));
            page.blank();
        }
    }
}

/// Each in one line.
fn in_lines(page: &mut Page, report: &Report, findings: &[&Finding]) {
    let (findings, more) = for_people(findings);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for finding in &findings {
        in_brief(page, report, finding);
        // What cannot wait for another command.
        if finding.severity == Severity::Critical && told.insert(&finding.rule) && !finding.help.is_empty() {
            let label = page.paint(BLUE, "help:");
            page.line(&format!("  {label} {}", plain(&finding.help)));
        }
    }
    more.iter().for_each(|(rule, number)| page.line(&format!("+ {number} more of {}", plain(rule))));
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
