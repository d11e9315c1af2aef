//! GO, GO WITH RESERVATIONS, NO-GO, or not evaluated; of one instance, or of all that vote.

use std::collections::BTreeSet;

use super::Assessed;
use super::case::Run;
use super::criteria::badness;
use super::merged::{Merged, slightly};
use super::reservations::{self, Reservation};
use super::scorecard::{Basis, Blocker, CriterionShown, CriterionStatus, Decision, ItemStatus, Reason, Verdict};
use super::{contradicted, plans, reasons};
use crate::config::Criterion;
use crate::model::Unseen;

/// Decides about the given instances; `unseen` are workloads that nobody could look into.
pub(super) fn decide(run: &Run<'_>, assessed: &[&Assessed<'_>], unseen: &[&Unseen]) -> Verdict {
    let criteria = merge(run, assessed);
    let mut blockers: Vec<Blocker> = assessed.iter().flat_map(|assessed| assessed.blockers.iter().cloned()).collect();
    blockers.extend(run.project_blockers().iter().cloned());
    blockers.sort_by(|left, right| (left.kind, &left.instance, &left.item).cmp(&(right.kind, &right.instance, &right.item)));
    let plans = plans::shown(run.input);
    let gaps = not_evaluated(run, assessed, &criteria, unseen);
    let reservations = reservations::of(run, assessed, &criteria);
    let decision = if must_not_go(run, &blockers, &criteria, &reservations) {
        Decision::NoGo
    } else if !gaps.is_empty() {
        Decision::NotEvaluated
    } else if !reservations.iter().all(|one| one.is_planned(&plans)) {
        Decision::NoGo
    } else if !reservations.is_empty() {
        Decision::GoWithReservations
    } else {
        Decision::Go
    };
    let reasons = reasons::tell(run, assessed, &criteria, &blockers, &gaps, &reservations, &plans);
    let counts = Counts::of(run, assessed);
    Verdict {
        decision,
        verified: counts.verified,
        attested: counts.attested,
        not_applicable: counts.not_applicable,
        total: counts.total,
        criteria: criteria.iter().map(shown).collect(),
        blockers,
        plans,
        reasons,
    }
}

/// What is NO-GO whatever else holds.
fn must_not_go(run: &Run<'_>, blockers: &[Blocker], criteria: &[Merged<'_>], reservations: &[Reservation<'_>]) -> bool {
    let below = criteria.iter().any(|merged| merged.voting && merged.status() == CriterionStatus::Below);
    let most = if run.profile.voting.len() <= 2 { 1 } else { 2 };
    !blockers.is_empty() || below || slightly(criteria).count() > most || reservations::too_many(reservations)
}

/// Why nothing can be decided; empty when something can.
fn not_evaluated(run: &Run<'_>, assessed: &[&Assessed<'_>], criteria: &[Merged<'_>], unseen: &[&Unseen]) -> Vec<Reason> {
    let mut gaps = Vec::new();
    let is_database = |unseen: &Unseen| unseen.database.is_some();
    if assessed.is_empty() && run.input.unseen.iter().any(is_database) {
        if !unseen.iter().any(|unseen| is_database(unseen)) {
            let next = "audit them by other means; `gonogo lint` judges how they are run";
            gaps.push(reasons::plain("this version of gonogo cannot evaluate any of the databases that were found", next));
        }
    } else if assessed.is_empty() {
        gaps.push(reasons::plain(
            "no database that serves production was found",
            "name its files on the command line, or state a [[target]] with environment = \"production\"",
        ));
    }
    for Unseen { workload, reason, next, .. } in unseen {
        gaps.push(reasons::plain(&format!("{workload} {reason}"), next));
    }
    gaps.extend(contradicted::reviews(run, assessed));
    if run.input.incomplete {
        gaps.push(reasons::plain("something that the audit needs could not be read", "see the inputs of this report for what and why"));
    }
    let cache_backup = |merged: &&Merged<'_>| merged.criterion == Criterion::Backup;
    let away: Vec<_> = criteria.iter().filter(|merged| merged.voting && merged.status() == CriterionStatus::NotApplicable).collect();
    let too_few = if run.profile.voting.len() <= 2 { away.iter().any(|merged| !cache_backup(merged)) } else { away.len() > 2 };
    if too_few && !assessed.is_empty() {
        let names = away.iter().map(|merged| merged.criterion.word()).collect::<Vec<_>>().join(", ");
        gaps.push(reasons::plain(&format!("too few criteria apply; not applicable: {names}"), "declare fewer items not applicable"));
    }
    gaps
}

fn merge<'j>(run: &Run<'_>, assessed: &[&'j Assessed<'_>]) -> Vec<Merged<'j>> {
    let of = |criterion: &Criterion| {
        let judgements =
            || assessed.iter().filter_map(|one| Some((one, one.judgements.iter().find(|judgement| judgement.criterion == *criterion)?)));
        // The first of the worst, in the order of the ids.
        let worst = judgements().map(|(_, judgement)| judgement).rev().max_by_key(|judgement| badness(judgement.status))?;
        let instances = judgements().filter(|(_, judgement)| judgement.status == worst.status).map(|(one, _)| one.id.clone()).collect();
        Some(Merged { criterion: *criterion, voting: run.profile.voting.contains(criterion), worst, instances })
    };
    Criterion::ALL.iter().filter_map(of).collect()
}

fn shown(merged: &Merged<'_>) -> CriterionShown {
    CriterionShown {
        id: merged.criterion.word().to_owned(),
        voting: merged.voting,
        status: merged.status(),
        value: merged.worst.value.clone(),
        threshold: Some(merged.worst.threshold.clone()),
        explanation: merged.worst.explanation.clone(),
        instances: merged.instances.clone(),
    }
}

/// What the headline counts: every item of every instance, those that are shared once.
#[derive(Default)]
struct Counts {
    verified: u32,
    attested: u32,
    not_applicable: u32,
    total: u32,
}

impl Counts {
    fn of(run: &Run<'_>, assessed: &[&Assessed<'_>]) -> Self {
        let mut seen = BTreeSet::new();
        let mut counts = Self::default();
        for one in assessed {
            for judged in one.judged.iter().filter(|judged| judged.item.pillar().is_some()) {
                let id = run.input.checklist.canonical(&judged.item.id);
                let owner = one.group.as_ref().filter(|_| judged.item.shared_in_group()).unwrap_or(&one.id);
                if seen.insert((owner, id)) {
                    counts.total += 1;
                    counts.verified += u32::from(judged.shown.basis == Some(Basis::Verified));
                    counts.attested += u32::from(judged.shown.basis == Some(Basis::Attested));
                    counts.not_applicable += u32::from(judged.status() == ItemStatus::NotApplicable);
                }
            }
        }
        counts
    }
}
