//! The decision in one line, and its reasons told apart.

use super::Report;
use super::place::Place;
use crate::model::{Finding, Severity};
use crate::text::Files;
use crate::verdict::scorecard::{Decision, ReasonKind, Verdict};

/// The decision as people say it.
pub(super) const fn decision_words(decision: Decision) -> &'static str {
    match decision {
        Decision::Go => "GO",
        Decision::GoWithReservations => "GO WITH RESERVATIONS",
        Decision::NoGo => "NO-GO",
        Decision::NotEvaluated => "NOT EVALUATED",
    }
}

/// The decision and what it rests on: "GO: 31 of 52 verified, 12 attested, 9 not applicable".
pub(super) fn headline(verdict: &Verdict) -> String {
    let words = decision_words(verdict.decision);
    if verdict.total == 0 {
        return words.to_owned();
    }
    let Verdict { verified, attested, not_applicable, total, .. } = verdict;
    format!("{words}: {verified} of {total} verified, {attested} attested, {not_applicable} not applicable")
}

/// One thing that stands against GO.
pub(super) struct Against {
    /// What it is about, as "security/tls, db"; may be empty.
    pub(super) about: String,
    /// What was seen, or not seen.
    pub(super) message: String,
    /// Where.
    pub(super) place: Option<Place>,
    /// What to do.
    pub(super) next: String,
    /// Whether it alone makes NO-GO.
    pub(super) blocks: bool,
}

/// The heading of what stands against GO only if something holds that was not seen.
pub(super) const SUSPECTED: &str = "Suspected: decides nothing, and wants a look";

/// The heading of remarks about what people state.
pub(super) const REMARKS: &str = "What is stated and does not count, or says less than it seems";

/// Suspicions from high on that nothing suppresses.
pub(super) fn suspected(report: &Report) -> Vec<&Finding> {
    let weighs = |finding: &&Finding| finding.is_suspected() && finding.suppressed.is_none() && finding.severity >= Severity::High;
    report.findings.iter().filter(weighs).collect()
}

/// Why something stands against GO, in the order told, with the heading of each kind.
pub(super) const KINDS: [(ReasonKind, &str); 4] = [
    (ReasonKind::Defect, "Defects found"),
    (ReasonKind::Unproven, "Not shown yet"),
    (ReasonKind::Expired, "Evidence expired"),
    (ReasonKind::Plan, "Reservations"),
];

/// What stands against GO of one kind: blockers first, then reasons that no blocker says already.
pub(super) fn against(verdict: &Verdict, kind: ReasonKind, files: &Files) -> Vec<Against> {
    let blockers = verdict.blockers.iter().filter(|blocker| blocker.kind == kind);
    let mut list: Vec<Against> = blockers
        .map(|blocker| Against {
            about: about(blocker.item.as_deref().or(blocker.rule.as_deref()), Some(&blocker.instance)),
            message: blocker.message.clone(),
            place: blocker.span.and_then(|span| Place::of(files, span)),
            next: blocker.next.clone(),
            blocks: true,
        })
        .collect();
    for reason in verdict.reasons.iter().filter(|reason| reason.kind == kind) {
        let about = about(reason.item.as_deref().or(reason.rule.as_deref()), reason.instance.as_deref());
        let said = |other: &Against| other.message == reason.message && (other.about == about || reason.item.is_none());
        if !list.iter().any(said) {
            let place = reason.span.and_then(|span| Place::of(files, span));
            list.push(Against { about, message: reason.message.clone(), place, next: reason.next.clone(), blocks: false });
        }
    }
    list
}

fn about(what: Option<&str>, instance: Option<&str>) -> String {
    let parts: Vec<&str> = [what, instance].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
