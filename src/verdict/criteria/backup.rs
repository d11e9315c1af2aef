//! Backup: made often enough, kept elsewhere and out of reach, and restored lately.

use std::time::Duration;

use super::{Gap, Judgement, find, kind_of, words};
use crate::config::{Criterion, show_duration};
use crate::model::Purpose;
use crate::verdict::case::Case;
use crate::verdict::evidence::{Attested, age, attested};
use crate::verdict::scorecard::{CriterionStatus, ItemStatus, ReasonKind};
use crate::verdict::status::Judged;

/// How much may be lost where nothing else is stated.
const DEFAULT_RPO: Duration = Duration::from_secs(24 * 3600);
/// Items whose lack is slight as long as they do not fail.
const SLIGHT: [&str; 3] = ["backup/retention", "backup/off-site", "backup/access-controlled"];

/// What was found, sorted by how much it matters.
#[derive(Default)]
struct Found {
    below: Vec<Gap>,
    slight: Vec<Gap>,
    value: Vec<String>,
}

pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>]) -> Judgement {
    let needs = &case.run.profile.backup;
    let threshold = format!("restored within {} days", needs.restore_days);
    if case.instance.purpose == Purpose::Cache {
        let explanation = "a cache needs no backup".to_owned();
        let status = CriterionStatus::NotApplicable;
        return Judgement { criterion: Criterion::Backup, status, value: "cache".to_owned(), threshold, explanation, gaps: Vec::new() };
    }
    let mut found = Found::default();
    must_pass(&mut found, judged, "backup/scheduled");
    restore(&mut found, case, judged);
    if needs.objectives {
        interval(&mut found, case, judged);
    }
    for id in &needs.needs {
        must_pass(&mut found, judged, id);
    }
    let status = match (found.below.as_slice(), found.slight.as_slice()) {
        ([], []) => CriterionStatus::Met,
        ([], [_]) => CriterionStatus::SlightlyBelow,
        _ => CriterionStatus::Below,
    };
    let gaps: Vec<Gap> = found.below.into_iter().chain(found.slight).collect();
    let told = gaps.iter().map(|gap| gap.name.as_str()).collect::<Vec<_>>().join("; ");
    Judgement {
        criterion: Criterion::Backup,
        status,
        value: found.value.join(", "),
        threshold,
        explanation: if gaps.is_empty() {
            "met: backups are made, kept and restored".to_owned()
        } else {
            format!("{}: still open: {told}", words(status))
        },
        gaps,
    }
}

/// An item that must pass, or not concern the instance.
fn must_pass(found: &mut Found, judged: &[Judged<'_>], id: &str) {
    let Some(item) = find(judged, id) else { return };
    match item.status() {
        ItemStatus::Pass | ItemStatus::NotApplicable => {}
        ItemStatus::Unknown | ItemStatus::Expired | ItemStatus::Accepted if SLIGHT.contains(&id) => found.slight.push(Gap::of(item)),
        _ => found.below.push(Gap::of(item)),
    }
}

fn restore(found: &mut Found, case: &Case<'_>, judged: &[Judged<'_>]) {
    let id = "backup/restore-tested";
    let needs = &case.run.profile.backup;
    let Some(item) = find(judged, id) else { return };
    let Some(evidence) = item.evidence.filter(|_| item.passes()) else {
        found.value.push("no restore shown".to_owned());
        return must_pass(found, judged, id);
    };
    let days = age(evidence.on, case.run.input.now);
    let took = evidence.duration.map_or_else(|| "untimed".to_owned(), show_duration);
    found.value.push(format!("restored {days} days ago, {took}"));
    if days > needs.restore_days {
        let message = format!("the last restore is {days} days old, more than {}", needs.restore_days);
        let gap = Gap::new(
            ReasonKind::Expired,
            Some(id),
            "Age of the last restore",
            message,
            "restore the newest backup, and state it with its day and duration",
        );
        if needs.restore_slightly_days.is_some_and(|most| days <= most) { &mut found.slight } else { &mut found.below }.push(gap);
    }
    if !needs.objectives {
        return;
    }
    match (evidence.duration, case.objectives.rto.as_ref()) {
        (None, _) => {
            let next = "add duration = \"…\" to the evidence of the restore";
            found.slight.push(Gap::new(
                ReasonKind::Unproven,
                Some(id),
                "Duration of the restore",
                "how long the restore took is not stated",
                next,
            ));
        }
        (Some(took), Some(rto)) if took > rto.value => {
            let message = format!("the restore took {}, more than the {} that rto allows", show_duration(took), show_duration(rto.value));
            found.slight.push(Gap::new(
                ReasonKind::Defect,
                Some(id),
                "Duration of the restore",
                message,
                "make the restore faster, or agree on a longer rto",
            ));
        }
        _ => {}
    }
}

/// Backups are as frequent as the loss that is allowed, or what lies between them is kept too.
fn interval(found: &mut Found, case: &Case<'_>, judged: &[Judged<'_>]) {
    let rpo = case.objectives.rpo.as_ref().map_or(DEFAULT_RPO, |at| at.value);
    let Some(interval) = stated_interval(case) else {
        let next = "add interval = \"24h\" to the [[evidence]] for backup/scheduled";
        found.below.push(Gap::new(
            ReasonKind::Unproven,
            Some("backup/scheduled"),
            "Interval of the backups",
            "how often a backup is made is not shown yet",
            next,
        ));
        return;
    };
    found.value.push(format!("every {}", show_duration(interval)));
    if interval <= rpo {
        return;
    }
    if let Some(item) = find(judged, "backup/point-in-time").filter(|item| !item.passes()) {
        let message = format!(
            "a backup every {} can lose more than the {} that rpo allows, and restoring to any moment is not shown",
            show_duration(interval),
            show_duration(rpo)
        );
        let kind = if item.status() == ItemStatus::NotApplicable { ReasonKind::Defect } else { kind_of(item.status()) };
        let next = "make backups more often, keep the log of changes (point-in-time), or agree on a longer rpo";
        found.below.push(Gap::new(kind, Some("backup/point-in-time"), "Interval of the backups", message, next));
    }
}

fn stated_interval(case: &Case<'_>) -> Option<Duration> {
    let item = case.run.input.checklist.item("backup/scheduled")?;
    match attested(case, item, None) {
        Attested::Valid(evidence, _) => evidence.interval,
        _ => None,
    }
}
