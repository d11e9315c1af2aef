//! Evidence: which of it counts for an item, and until when.

use super::case::Case;
use super::checklist::Item;
use super::scorecard::EvidenceShown;
use crate::config::Evidence;
use crate::model::Date;

/// What evidence says about an item.
pub(super) enum Attested<'a> {
    /// There is none; or there is some that does not count, for this reason.
    Missing(Option<String>),
    /// The last one says that it went wrong.
    Failed(&'a Evidence),
    /// It counts, until that day.
    Valid(&'a Evidence, Date),
    /// It counted until that day.
    Expired(&'a Evidence, Date),
}

/// What is stated for an item; for incident runbooks, about one runbook.
pub(super) fn attested<'a>(case: &Case<'a>, item: &'a Item, runbook: Option<&str>) -> Attested<'a> {
    let checklist = case.run.input.checklist;
    let stated = case.run.input.config.evidence.iter().filter(|evidence| {
        checklist.canonical(&evidence.item.value) == item.id
            && evidence.runbook.as_ref().map(|at| at.value.as_str()) == runbook
            && evidence.database.as_ref().is_none_or(|database| case.members_for(item).contains(&database.value.as_str()))
    });
    let mut refused = None;
    let mut counting: Vec<&Evidence> = Vec::new();
    for evidence in stated {
        match refusal(case, item, evidence) {
            Some(reason) => refused = Some(reason),
            None => counting.push(evidence),
        }
    }
    // A failure counts until something later went well; what expired first is what was done first or meant to be short.
    let failed = counting.iter().filter(|evidence| !evidence.passed).max_by_key(|evidence| evidence.on).copied();
    let after_failure = counting.iter().filter(|evidence| evidence.passed && failed.is_none_or(|failed| evidence.on > failed.on)).copied();
    let best =
        after_failure.map(|evidence| (valid_until(case, item, evidence), evidence)).max_by_key(|(until, evidence)| (*until, evidence.on));
    match (best, failed) {
        (Some((until, evidence)), _) if until >= case.run.input.now => Attested::Valid(evidence, until),
        (Some((until, evidence)), _) => Attested::Expired(evidence, until),
        (None, Some(failed)) => Attested::Failed(failed),
        (None, None) => Attested::Missing(refused),
    }
}

/// Why evidence does not count, although it names the item. What went wrong always counts.
fn refusal(case: &Case<'_>, item: &Item, evidence: &Evidence) -> Option<String> {
    if !evidence.passed {
        return None;
    }
    if let Some(found) = evidence.proof.missing() {
        return Some(format!("proof missing: {} ({found}), of the evidence of {}", evidence.proof.shown(), evidence.on));
    }
    if evidence.database.is_none() && item.names_database() && case.several_vote(item) {
        let id = &case.instance.id;
        return Some(format!("the evidence of {} names no database, and several vote; add database = \"{id}\"", evidence.on));
    }
    let alone = evidence.reviewed_by.as_ref().is_none_or(|reviewer| reviewer == &evidence.by);
    let reviewed = case.run.profile.second_eyes && case.blocks(item).is_some() && !case.run.profile.attestations.contains(&item.id);
    (reviewed && alone).then(|| {
        format!("the evidence of {} was reviewed by nobody else; in this profile it needs reviewed_by, another than by", evidence.on)
    })
}

/// The last day on which evidence counts.
fn valid_until(case: &Case<'_>, item: &Item, evidence: &Evidence) -> Date {
    let usual = case.run.profile.valid_days.get(&item.id).copied().unwrap_or(item.valid_days);
    let days = evidence.valid_days.map_or(usual, |days| days.min(usual));
    add_days(evidence.on, i64::from(days))
}

/// Days since something was done.
pub(super) fn age(on: Date, now: Date) -> i32 {
    on.days_until(now)
}

/// A date some days later.
pub(super) fn add_days(date: Date, days: i64) -> Date {
    date.after(days)
}

/// Evidence as the report shows it.
pub(super) fn shown(evidence: &Evidence, valid_until: Date) -> EvidenceShown {
    EvidenceShown {
        on: evidence.on,
        by: evidence.by.clone(),
        proof: evidence.proof.shown().to_owned(),
        sha256: evidence.proof.sha256().map(str::to_owned),
        valid_until,
    }
}
