//! Criteria, what stands against GO with the next steps, and the decision as the last line.

use super::labelled;
use super::page::{BOLD, GREEN, Page, RED, YELLOW};
use crate::report::headline::{Against, KINDS, REMARKS, SUSPECTED, against, headline, suspected};
use crate::report::place::Place;
use crate::report::plain::{count, plain};
use crate::report::{NowSource, Report};
use crate::verdict::scorecard::{CriterionShown, Decision, Verdict};

/// Most reasons of one kind that are listed; the checklist above has them all.
const MOST_REASONS: usize = 12;

pub(super) fn write(page: &mut Page, report: &Report) {
    let Some(verdict) = &report.scorecard.verdict else {
        return;
    };
    page.blank();
    criteria(page, verdict);
    reasons(page, report, verdict);
    suspicions(page, report);
    remarks(page, report);
    plans(page, verdict);
    decision(page, report, verdict);
}

fn criteria(page: &mut Page, verdict: &Verdict) {
    if verdict.criteria.is_empty() {
        return;
    }
    let row = |criterion: &CriterionShown| {
        let status = if criterion.voting { criterion.status.word().replace('-', " ") } else { "does not vote".to_owned() };
        let threshold = criterion.threshold.as_deref().map(plain).unwrap_or_default();
        // The column before says the status already.
        let why = criterion.explanation.split_once(": ").map_or(criterion.explanation.as_str(), |(_, why)| why);
        vec![plain(&criterion.id), status, plain(&criterion.value), threshold, plain(why)]
    };
    page.table("", &["criterion", "status", "value", "threshold", "why"], &[], verdict.criteria.iter().map(row).collect());
    page.blank();
}

fn reasons(page: &mut Page, report: &Report, verdict: &Verdict) {
    let mut number = 0;
    for (kind, heading) in KINDS {
        let list = against(verdict, kind, &report.files);
        if list.is_empty() {
            continue;
        }
        page.heading(heading);
        for one in list.iter().take(MOST_REASONS) {
            number += 1;
            reason(page, number, one);
        }
        if list.len() > MOST_REASONS {
            page.line(&format!("  + {}; the checklist above names them", count(list.len() - MOST_REASONS, "more", "more")));
        }
        page.blank();
    }
}

/// What would stand against GO if something holds that was not seen.
fn suspicions(page: &mut Page, report: &Report) {
    let list = suspected(report);
    if list.is_empty() {
        return;
    }
    page.heading(SUSPECTED);
    for one in list.iter().take(MOST_REASONS) {
        let place = Place::of_finding(&report.files, one).map(|place| format!("{place}: ")).unwrap_or_default();
        page.wrapped("  ", "     ", &format!("{place}{} [{}]", plain(&one.message), plain(&one.rule)));
    }
    if list.len() > MOST_REASONS {
        page.line(&format!("  + {}", count(list.len() - MOST_REASONS, "more", "more")));
    }
    page.blank();
}

/// Statements that count for nothing, or for less than whoever made them may think.
fn remarks(page: &mut Page, report: &Report) {
    let list = &report.scorecard.remarks;
    if list.is_empty() {
        return;
    }
    page.heading(REMARKS);
    for one in list.iter().take(MOST_REASONS) {
        let place = one.span.and_then(|span| Place::of(&report.files, span)).map(|place| format!("{place}: ")).unwrap_or_default();
        page.wrapped("  ", "     ", &format!("{place}{}", plain(&one.message)));
        let text = labelled(page, "next:", &plain(&one.help));
        page.wrapped("     ", "           ", &text);
    }
    if list.len() > MOST_REASONS {
        page.line(&format!("  + {}", count(list.len() - MOST_REASONS, "more", "more")));
    }
    page.blank();
}

fn reason(page: &mut Page, number: usize, against: &Against) {
    let place = against.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let about = if against.about.is_empty() { String::new() } else { format!("{}: ", plain(&against.about)) };
    let blocks = if against.blocks { format!(" {}", page.paint(RED, "[blocks]")) } else { String::new() };
    page.wrapped(&format!("{number:>3}. "), "     ", &format!("{about}{}{place}{blocks}", plain(&against.message)));
    let mut next = against.next.lines();
    if let Some(first) = next.next() {
        let text = labelled(page, "next:", &plain(first));
        page.wrapped("     ", "           ", &text);
    }
    // Further lines are there to be copied.
    next.for_each(|line| page.line(&format!("           {}", plain(line))));
}

fn plans(page: &mut Page, verdict: &Verdict) {
    for plan in &verdict.plans {
        let counts = plan.counts.as_ref().err().map(|why| format!("; does not count: {}", plain(why))).unwrap_or_default();
        let text =
            format!("plan for {}: {} by {}, {}{counts}", plain(&plan.about.to_string()), plain(&plan.action), plan.due, plain(&plan.owner));
        page.wrapped("", "  ", &text);
    }
    if !verdict.plans.is_empty() {
        page.blank();
    }
}

fn decision(page: &mut Page, report: &Report, verdict: &Verdict) {
    let profile = &report.profile;
    let stated = match report.now_source {
        NowSource::Clock => "",
        NowSource::Option => " (stated by --now)",
    };
    page.wrapped(
        "",
        "",
        &format!("Profile {}, {}; ages counted from {}{stated}.", plain(&profile.criticality), plain(&profile.size), report.now),
    );
    let style = match verdict.decision {
        Decision::Go => GREEN,
        Decision::GoWithReservations => YELLOW,
        Decision::NoGo => RED,
        Decision::NotEvaluated => BOLD,
    };
    let text = page.paint(style, &headline(verdict));
    page.line(&text);
}
