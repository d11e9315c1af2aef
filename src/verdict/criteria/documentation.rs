//! Documentation: every required incident runbook, and the documents that the size asks for.

use super::ratio::also_by_ratio;
use super::{Gap, Judgement, find, kind_of, words};
use crate::config::Criterion;
use crate::model::Pillar;
use crate::verdict::case::Case;
use crate::verdict::requirements::Requirements;
use crate::verdict::scorecard::{CriterionStatus, ItemStatus, RunbookShown};
use crate::verdict::status::Judged;

pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>], needs: &Requirements) -> Judgement {
    let lacking: Vec<&RunbookShown> = needs.runbooks.iter().filter(|runbook| runbook.status != ItemStatus::Pass).collect();
    let documents: Vec<&Judged<'_>> = case.run.size.documents.iter().filter_map(|id| find(judged, id)).collect();
    let undocumented: Vec<&Judged<'_>> =
        documents.iter().copied().filter(|item| !matches!(item.status(), ItemStatus::Pass | ItemStatus::NotApplicable)).collect();
    let essential = lacking.iter().any(|runbook| is_essential(case, runbook));
    let status = match lacking.len() + undocumented.len() {
        0 => CriterionStatus::Met,
        1 if !essential => CriterionStatus::SlightlyBelow,
        _ => CriterionStatus::Below,
    };
    let required = needs.runbooks.len() + documents.len();
    let gaps: Vec<Gap> = lacking.iter().map(|runbook| gap(case, runbook)).chain(undocumented.iter().map(|item| Gap::of(item))).collect();
    let names: Vec<&str> =
        lacking.iter().map(|runbook| runbook.id.as_str()).chain(undocumented.iter().map(|item| item.item.id.as_str())).collect();
    let own = Judgement {
        criterion: Criterion::Documentation,
        status,
        value: format!("{} / {required}", required - names.len()),
        threshold: format!("all {required}, reviewed within 180 days"),
        explanation: if names.is_empty() {
            "met: every required runbook is stated".to_owned()
        } else {
            format!("{}: not shown, or too old: {}", words(status), names.join(", "))
        },
        gaps,
    };
    also_by_ratio(case, Pillar::Documentation, judged, own)
}

fn required<'c>(case: &Case<'c>, runbook: &RunbookShown) -> Option<&'c crate::verdict::checklist::Requirement> {
    case.run.input.checklist.runbooks.iter().find(|required| required.id == runbook.id)
}

fn is_essential(case: &Case<'_>, runbook: &RunbookShown) -> bool {
    required(case, runbook).is_some_and(|required| required.essential)
}

fn gap(case: &Case<'_>, runbook: &RunbookShown) -> Gap {
    let id = &runbook.id;
    let title = required(case, runbook).map_or("", |required| required.title.as_str());
    let (message, next) = match runbook.status {
        ItemStatus::Expired => {
            (format!("the runbook {id} ({title}) was reviewed too long ago"), "review it, and state the new day".to_owned())
        }
        ItemStatus::Fail => (format!("the runbook {id} ({title}) was found wanting"), "complete it, and state the new review".to_owned()),
        _ => (
            format!("no runbook is shown yet for {id} ({title})"),
            format!("write it, and state [[evidence]] with item = \"documentation/incident-runbooks\" and runbook = \"{id}\""),
        ),
    };
    Gap::new(kind_of(runbook.status), Some("documentation/incident-runbooks"), id, message, next)
}
