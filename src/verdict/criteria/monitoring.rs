//! Monitoring: every required alert exists, has data, reaches somebody, and was tried out.

use super::ratio::also_by_ratio;
use super::{Gap, Judgement, words};
use crate::config::Criterion;
use crate::model::Pillar;
use crate::verdict::case::Case;
use crate::verdict::requirements::{ALERT_TEST_DAYS, Requirements, reaches_somebody};
use crate::verdict::scorecard::{AlertShown, CriterionStatus, ReasonKind};
use crate::verdict::status::Judged;

pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>], needs: &Requirements) -> Judgement {
    let missing: Vec<&AlertShown> = needs.alerts.iter().filter(|alert| !reaches_somebody(alert)).collect();
    let untested: Vec<&AlertShown> = needs.alerts.iter().filter(|alert| reaches_somebody(alert) && !alert.tested).collect();
    let status = match (missing.as_slice(), untested.as_slice()) {
        ([], []) => CriterionStatus::Met,
        ([], _) => CriterionStatus::SlightlyBelow,
        ([one], []) if !is_essential(case, one) => CriterionStatus::SlightlyBelow,
        _ => CriterionStatus::Below,
    };
    let there = needs.alerts.len() - missing.len();
    let own = Judgement {
        criterion: Criterion::Monitoring,
        status,
        value: format!("{there} / {} alerts, {} tested", needs.alerts.len(), there - untested.len()),
        threshold: format!("all {}, tested within {ALERT_TEST_DAYS} days", needs.alerts.len()),
        explanation: explanation(status, &missing, &untested),
        gaps: missing.iter().map(|alert| gap(case, alert)).chain(untested_gap(&untested)).collect(),
    };
    also_by_ratio(case, Pillar::Monitoring, judged, own)
}

fn is_essential(case: &Case<'_>, alert: &AlertShown) -> bool {
    case.run.input.checklist.alerts.iter().any(|required| required.id == alert.watches && required.essential)
}

fn explanation(status: CriterionStatus, missing: &[&AlertShown], untested: &[&AlertShown]) -> String {
    let names = |alerts: &[&AlertShown]| alerts.iter().map(|alert| alert.watches.as_str()).collect::<Vec<_>>().join(", ");
    let part = |text: &str, alerts: &[&AlertShown]| (!alerts.is_empty()).then(|| format!("{text}: {}", names(alerts)));
    let parts: Vec<String> = part("not shown to reach anybody", missing).into_iter().chain(part("not tested lately", untested)).collect();
    if parts.is_empty() {
        "met: every required alert reaches somebody and was tested".to_owned()
    } else {
        format!("{}: {}", words(status), parts.join("; "))
    }
}

fn gap(case: &Case<'_>, alert: &AlertShown) -> Gap {
    let watches = &alert.watches;
    let title =
        case.run.input.checklist.alerts.iter().find(|required| required.id == *watches).map_or("", |required| required.title.as_str());
    let (message, next) = if alert.defined {
        (
            format!("the alert {watches} ({title}) names no receiver"),
            format!("add receiver = \"…\" to the [[alert]] that watches {watches}"),
        )
    } else {
        (format!("no alert is shown yet for {watches} ({title})"), format!("define it, and state [[alert]] with watches = \"{watches}\""))
    };
    Gap::new(ReasonKind::Unproven, Some("monitoring/critical-alerts"), watches, message, next)
}

fn untested_gap(untested: &[&AlertShown]) -> Option<Gap> {
    let first = untested.first()?;
    let names = untested.iter().map(|alert| alert.watches.as_str()).collect::<Vec<_>>().join(", ");
    let message = format!("no test within {ALERT_TEST_DAYS} days is shown for: {names}");
    let next = format!(
        "set off an alert such as {} on purpose, and state the day as `on` of its [[alert]], or as evidence for monitoring/alert-test",
        first.watches
    );
    Some(Gap::new(ReasonKind::Unproven, Some("monitoring/alert-test"), "Alert test", message, next))
}
