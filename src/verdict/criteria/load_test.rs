//! Load test: half as much again as the expected load, carried lately.

use super::{Gap, Judgement, find, words};
use crate::config::{Criterion, Evidence, Load};
use crate::verdict::case::Case;
use crate::verdict::scorecard::{CriterionStatus, ReasonKind};
use crate::verdict::status::Judged;

const ITEM: &str = "documentation/load-test";
/// Percent of the expected load that must be carried.
const MET: u64 = 150;
/// Percent that is slightly below.
const SLIGHTLY: u64 = 135;

pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>]) -> Judgement {
    let (status, value, gap) = decide(case, judged);
    let explanation = gap.as_ref().map_or_else(|| format!("met: {value}"), |gap| format!("{}: {}", words(status), gap.message));
    let threshold = format!("{MET} % of the expected load");
    Judgement { criterion: Criterion::LoadTest, status, value, threshold, explanation, gaps: gap.into_iter().collect() }
}

fn decide(case: &Case<'_>, judged: &[Judged<'_>]) -> (CriterionStatus, String, Option<Gap>) {
    let below = |gap| (CriterionStatus::Below, "not shown".to_owned(), Some(gap));
    let Some(item) = find(judged, ITEM) else {
        return below(Gap::new(ReasonKind::Unproven, None, "Load test", "the checklist has no load test", "restore the checklist"));
    };
    let Some(evidence) = item.evidence.filter(|_| item.passes()) else {
        return below(Gap::of(item));
    };
    let unclear = |message: String, next: &str| below(Gap::new(ReasonKind::Unproven, Some(ITEM), "Load test", message, next));
    let Some(achieved) = &evidence.achieved else {
        return unclear("the load test does not say what it reached".to_owned(), "add achieved = \"600 tps\" to its evidence");
    };
    let loads = expected(case, evidence);
    if loads.is_empty() {
        let next = "add expected = \"400 tps\" to its evidence, or expected_load under [objectives]";
        return unclear("nothing says which load is expected".to_owned(), next);
    }
    // The test must carry whatever is expected, by the evidence and by the objectives.
    let percents: Option<Vec<u64>> = loads.iter().map(|load| achieved.percent_of(load)).collect();
    let Some(percent) = percents.and_then(|percents| percents.into_iter().min()) else {
        let message = format!("{achieved} cannot be compared with the expected load, which has another unit");
        return unclear(message, "state both in the same unit");
    };
    let value = format!("{achieved}, {percent} % of the expected load");
    let short = || {
        Some(Gap::new(
            ReasonKind::Defect,
            Some(ITEM),
            "Load test",
            format!("the load test reached {value}, less than {MET} %"),
            "remove the bottleneck, and repeat the test",
        ))
    };
    match percent {
        MET.. => (CriterionStatus::Met, value, None),
        SLIGHTLY.. => (CriterionStatus::SlightlyBelow, value.clone(), short()),
        _ => (CriterionStatus::Below, value.clone(), short()),
    }
}

fn expected<'e>(case: &'e Case<'_>, evidence: &'e Evidence) -> Vec<&'e Load> {
    let stated = case.objectives.expected_load.as_ref().map(|at| &at.value);
    evidence.expected.iter().chain(stated).collect()
}
