//! Reasons in words: defects found, things not shown yet, evidence expired, plans missing.
//!
//! On a first run most is merely not shown yet. Such things are told together, criterion by
//! criterion, so that the few defects are not lost among them.

use std::collections::HashSet;

use super::Assessed;
use super::case::Run;
use super::criteria::{Gap, badness};
use super::merged::Merged;
use super::reservations::{self, Reservation};
use super::scorecard::{Blocker, CriterionStatus, Decision, PlanShown, Reason, ReasonKind, Verdict};

/// Most things not shown that are told one by one.
const FEW: usize = 2;

/// A reason that belongs to no item.
pub(super) fn plain(message: &str, next: &str) -> Reason {
    Reason {
        kind: ReasonKind::Unproven,
        item: None,
        rule: None,
        instance: None,
        message: message.to_owned(),
        span: None,
        next: next.to_owned(),
    }
}

/// Every reason against GO, the weightiest first.
pub(super) fn tell(
    run: &Run<'_>,
    assessed: &[&Assessed<'_>],
    criteria: &[Merged<'_>],
    blockers: &[Blocker],
    not_evaluated: &[Reason],
    reservations: &[Reservation<'_>],
    plans: &[PlanShown],
) -> Vec<Reason> {
    let mut reasons = not_evaluated.to_vec();
    reasons.extend(blockers.iter().map(of_blocker));
    // By instance and item: each of a thousand instances has gaps, and each has blockers.
    let blocking: HashSet<(&str, &str)> =
        blockers.iter().filter_map(|blocker| Some((blocker.instance.as_str(), blocker.item.as_deref()?))).collect();
    for merged in criteria.iter().filter(|merged| merged.voting && badness(merged.worst.status) > badness(CriterionStatus::Met)) {
        for one in assessed {
            let gaps =
                one.judgements.iter().filter(|judgement| judgement.criterion == merged.criterion).flat_map(|judgement| &judgement.gaps);
            // A blocker is told already.
            let told = |gap: &&Gap| gap.item.as_deref().is_some_and(|item| blocking.contains(&(one.id.as_str(), item)));
            of_criterion(merged, &one.id, &gaps.filter(|gap| !told(gap)).collect::<Vec<_>>(), &mut reasons);
        }
    }
    let too_many = reservations::too_many(reservations);
    let told: Vec<Reason> =
        reservations.iter().filter(|one| !(too_many && one.is_said(&reasons))).map(|one| one.reason(run, plans, too_many)).collect();
    reasons.extend(told);
    reasons.sort_by_key(|reason| reason.kind);
    let mut seen = HashSet::new();
    reasons.retain(|reason| seen.insert((reason.message.clone(), reason.instance.clone())));
    reasons
}

fn of_blocker(blocker: &Blocker) -> Reason {
    Reason {
        kind: blocker.kind,
        item: blocker.item.clone(),
        rule: blocker.rule.clone(),
        instance: Some(blocker.instance.clone()),
        message: blocker.message.clone(),
        span: blocker.span,
        next: blocker.next.clone(),
    }
}

fn of_criterion(merged: &Merged<'_>, instance: &str, gaps: &[&Gap], reasons: &mut Vec<Reason>) {
    for kind in [ReasonKind::Defect, ReasonKind::Unproven, ReasonKind::Expired] {
        let of_kind: Vec<&&Gap> = gaps.iter().filter(|gap| gap.kind == kind).collect();
        if kind != ReasonKind::Defect && of_kind.len() > FEW {
            reasons.push(together(merged, instance, kind, &of_kind));
            continue;
        }
        reasons.extend(of_kind.into_iter().map(|gap| Reason {
            kind,
            item: gap.item.clone(),
            rule: None,
            instance: Some(instance.to_owned()),
            message: gap.message.clone(),
            span: None,
            next: gap.next.clone(),
        }));
    }
}

fn together(merged: &Merged<'_>, instance: &str, kind: ReasonKind, gaps: &[&&Gap]) -> Reason {
    let mut names: Vec<&str> = gaps.iter().map(|gap| gap.name.as_str()).collect();
    names.dedup();
    let state = if kind == ReasonKind::Expired { "too old" } else { "not shown yet" };
    Reason {
        kind,
        item: None,
        rule: None,
        instance: Some(instance.to_owned()),
        span: None,
        message: format!("{state} in {}: {}", merged.criterion, names.join("; ")),
        next: "`gonogo init` writes the lines to fill in for each of them".to_owned(),
    }
}

/// The decision and what it rests on, in a line: `GO: 31 of 52 verified, 12 attested, 9 not applicable`.
#[must_use]
pub fn headline(verdict: &Verdict) -> String {
    let decision = match verdict.decision {
        Decision::Go => "GO",
        Decision::GoWithReservations => "GO WITH RESERVATIONS",
        Decision::NoGo => "NO-GO",
        Decision::NotEvaluated => "NOT EVALUATED",
    };
    format!(
        "{decision}: {} of {} verified, {} attested, {} not applicable",
        verdict.verified, verdict.total, verdict.attested, verdict.not_applicable
    )
}
