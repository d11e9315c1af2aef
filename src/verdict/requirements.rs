//! Required alerts, required runbooks, and the team: what is stated of each.

use super::case::Case;
use super::evidence::{Attested, age, attested};
use super::scorecard::{AlertShown, ItemStatus, RunbookShown};

/// Days that an alert test counts.
pub(super) const ALERT_TEST_DAYS: i32 = 92;
/// Days that a training counts.
pub(super) const TRAINING_DAYS: i32 = 365;

/// What an instance needs beside its checklist items.
pub(super) struct Requirements {
    pub(super) alerts: Vec<AlertShown>,
    pub(super) runbooks: Vec<RunbookShown>,
}

impl Requirements {
    pub(super) fn of(case: &Case<'_>) -> Self {
        Self { alerts: alerts(case), runbooks: runbooks(case) }
    }
}

/// Whether an alert is defined, has data, and is routed to a person.
pub(super) fn reaches_somebody(alert: &AlertShown) -> bool {
    alert.defined && alert.fed && alert.routed
}

/// Whether a receiver is one: not a word for none, and no place where messages are thrown away.
fn is_somebody(receiver: &str) -> bool {
    let lower = receiver.trim().to_ascii_lowercase();
    let name = lower.rsplit(':').next().unwrap_or(&lower);
    const NOBODY: [&str; 14] =
        ["null", "none", "nobody", "nowhere", "noop", "no-op", "/dev/null", "devnull", "dev-null", "blackhole", "discard", "n/a", "-", "?"];
    !NOBODY.contains(&name)
}

fn alerts(case: &Case<'_>) -> Vec<AlertShown> {
    let input = case.run.input;
    let test = input.checklist.item("monitoring/alert-test").map(|item| attested(case, item, None));
    let tested_together = matches!(test, Some(Attested::Valid(..)));
    let went_wrong = matches!(test, Some(Attested::Failed(_)));
    let required = input.checklist.alerts.iter().filter(|alert| case.requires(alert));
    let shown = required.map(|required| {
        let stated: Vec<_> = input
            .config
            .alerts
            .iter()
            .filter(|alert| alert.watches.value == required.id && alert.proof.missing().is_none())
            .filter(|alert| alert.database.as_ref().is_none_or(|database| database.value == case.instance.id))
            .collect();
        let recent = |on| age(on, input.now) <= ALERT_TEST_DAYS;
        let routed = stated.iter().any(|alert| alert.receiver.as_deref().is_some_and(is_somebody));
        AlertShown {
            watches: required.id.clone(),
            defined: !stated.is_empty(),
            // Whoever states an alert of another system answers for its data.
            fed: !stated.is_empty(),
            routed,
            tested: routed
                && !went_wrong
                && (tested_together || stated.iter().any(|alert| alert.receiver.is_some() && alert.on.is_some_and(recent))),
            source: stated.first().map(|alert| format!("attested: {}", alert.system)),
        }
    });
    shown.collect()
}

fn runbooks(case: &Case<'_>) -> Vec<RunbookShown> {
    let checklist = case.run.input.checklist;
    let only = &case.run.size.runbooks;
    let required = checklist.runbooks.iter().filter(|runbook| case.requires(runbook) && (only.is_empty() || only.contains(&runbook.id)));
    let shown = required.map(|required| {
        let stated = checklist.item("documentation/incident-runbooks").map(|item| attested(case, item, Some(&required.id)));
        let (status, evidence) = match stated {
            Some(Attested::Valid(evidence, _)) => (ItemStatus::Pass, Some(evidence)),
            Some(Attested::Expired(evidence, _)) => (ItemStatus::Expired, Some(evidence)),
            Some(Attested::Failed(evidence)) => (ItemStatus::Fail, Some(evidence)),
            Some(Attested::Missing(_)) | None => (ItemStatus::Unknown, None),
        };
        RunbookShown { id: required.id.clone(), path: evidence.map(|evidence| evidence.proof.shown().to_owned()), status }
    });
    shown.collect()
}

/// Whether the whole team was trained, recently enough.
pub(super) fn team_trained(case: &Case<'_>) -> bool {
    let input = case.run.input;
    let recent = |on| age(on, input.now) <= TRAINING_DAYS;
    input.config.team.as_ref().is_some_and(|team| team.trained == team.members && team.on.is_some_and(recent))
}
