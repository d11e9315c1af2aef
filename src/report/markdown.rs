//! Markdown for the summary page of a pipeline: the verdict first, since a page is read from the top.

mod text;

use self::text::{block, code, escape, item, span};
use super::headline::{KINDS, REMARKS, SUSPECTED, against, headline, suspected};
use super::place::Place;
use super::plain::plain;
use super::selection::{Counts, for_people, shown_findings};
use super::{Report, Shown};
use crate::verdict::scorecard::{InstanceCard, Verdict};

/// Most reasons of one kind that are listed.
const MOST_REASONS: usize = 20;

pub(super) fn render(report: &Report, shown: Shown) -> String {
    let mut out = String::new();
    match &report.scorecard.verdict {
        Some(verdict) => {
            out.push_str(&format!("# {}\n\n", escape(&headline(verdict))));
            reasons(&mut out, report, verdict);
            suspicions(&mut out, report);
            remarks(&mut out, report);
            criteria(&mut out, verdict);
        }
        None => out.push_str("# gonogo lint\n\n"),
    }
    report.scorecard.instances.iter().for_each(|card| checklist(&mut out, card));
    findings(&mut out, report, shown);
    not_looked_at(&mut out, report);
    out
}

fn reasons(out: &mut String, report: &Report, verdict: &Verdict) {
    for (kind, heading) in KINDS {
        let list = against(verdict, kind, &report.files);
        if list.is_empty() {
            continue;
        }
        out.push_str(&format!("## {heading}\n\n"));
        for one in list.iter().take(MOST_REASONS) {
            let message =
                if one.about.is_empty() { item(&one.message) } else { format!("**{}**: {}", escape(&one.about), escape(&one.message)) };
            let place = one.place.as_ref().map(|place| format!(" ({})", span(&place.to_string()))).unwrap_or_default();
            out.push_str(&format!("1. {message}{place}{}\n", next(&one.next)));
        }
        if list.len() > MOST_REASONS {
            out.push_str(&format!("\n+ {} more\n", list.len() - MOST_REASONS));
        }
        out.push('\n');
    }
}

fn suspicions(out: &mut String, report: &Report) {
    let list = suspected(report);
    if list.is_empty() {
        return;
    }
    out.push_str(&format!("## {SUSPECTED}\n\n"));
    for one in list.iter().take(MOST_REASONS) {
        let place = Place::of_finding(&report.files, one).map(|place| format!(" ({})", span(&place.to_string()))).unwrap_or_default();
        out.push_str(&format!("1. {}{place}\n", item(&one.message)));
    }
    if list.len() > MOST_REASONS {
        out.push_str(&format!("\n+ {} more\n", list.len() - MOST_REASONS));
    }
    out.push('\n');
}

fn remarks(out: &mut String, report: &Report) {
    let list = &report.scorecard.remarks;
    if list.is_empty() {
        return;
    }
    out.push_str(&format!("## {REMARKS}\n\n"));
    for one in list.iter().take(MOST_REASONS) {
        let place = one.span.and_then(|at| Place::of(&report.files, at)).map(|place| format!(" ({})", span(&place.to_string())));
        out.push_str(&format!("1. {}{}{}\n", item(&one.message), place.unwrap_or_default(), next(&one.help)));
    }
    if list.len() > MOST_REASONS {
        out.push_str(&format!("\n+ {} more\n", list.len() - MOST_REASONS));
    }
    out.push('\n');
}

/// What to do; lines after the first are there to be copied.
fn next(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().map(|first| format!(" **Next:** {}", escape(first))).unwrap_or_default();
    let rest: Vec<String> = lines.map(plain).collect();
    if rest.is_empty() { first } else { format!("{first}\n\n{}", block(&rest)) }
}

fn criteria(out: &mut String, verdict: &Verdict) {
    if verdict.criteria.is_empty() {
        return;
    }
    out.push_str("| criterion | status | value | threshold | why |\n|---|---|---|---|---|\n");
    for one in &verdict.criteria {
        let status = if one.voting { one.status.word().replace('-', " ") } else { "does not vote".to_owned() };
        let cells =
            [&one.id, &status, &one.value, one.threshold.as_ref().unwrap_or(&String::new()), &one.explanation].map(|cell| escape(cell));
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
}

fn checklist(out: &mut String, card: &InstanceCard) {
    if card.pillars.is_empty() {
        return;
    }
    let version = card.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    out.push_str(&format!("## {} ({}{})\n\n", escape(&card.id), card.engine.name(), escape(&version)));
    out.push_str("| pillar | passed | need | verified | attested | not shown | n/a |\n|---|--:|--:|--:|--:|--:|--:|\n");
    for one in &card.pillars {
        let passed = format!("{} / {}", one.passed, one.applicable);
        out.push_str(&format!(
            "| {} | {passed} | {} | {} | {} | {} | {} |\n",
            escape(&one.id),
            one.need,
            one.verified,
            one.attested,
            one.unknown,
            one.not_applicable
        ));
    }
    out.push('\n');
}

fn findings(out: &mut String, report: &Report, shown: Shown) {
    let (findings, more) = for_people(&shown_findings(report, shown));
    let found = Counts::of(report).by_severity();
    let found = if found.is_empty() { "nothing".to_owned() } else { found };
    out.push_str(&format!("## Findings: {found}\n\n"));
    if let Some((title, causes)) = report.undecided.lines() {
        out.push_str(&format!("{}\n\n", escape(&title)));
        causes.iter().for_each(|cause| out.push_str(&format!("* {}\n", escape(cause))));
        out.push('\n');
    }
    if findings.is_empty() {
        return;
    }
    out.push_str("| severity | place | finding | rule |\n|---|---|---|---|\n");
    for one in findings {
        let place = Place::of_finding(&report.files, one).map_or_else(|| code(&one.subject.id), |place| span(&place.to_string()));
        let text = format!("{} {}", one.message, one.help);
        let severity = if one.is_suspected() { format!("suspected {}", one.severity) } else { one.severity.to_string() };
        out.push_str(&format!("| {severity} | {} | {} | {} |\n", place, escape(text.trim()), code(&one.rule)));
    }
    out.push('\n');
    for (rule, number) in more {
        out.push_str(&format!("+ {number} more of {}\n", code(rule)));
    }
}

fn not_looked_at(out: &mut String, report: &Report) {
    if report.incomplete.is_empty() {
        return;
    }
    out.push_str("\n## Could not be read\n\n");
    report.incomplete.iter().for_each(|text| out.push_str(&format!("- {}\n", item(text))));
}
