//! Security and configuration: so many of the items that apply must pass. In the profile high, the
//! other monitoring and documentation items likewise.

use super::{Gap, Judgement, badness, words};
use crate::config::Criterion;
use crate::model::Pillar;
use crate::verdict::case::Case;
use crate::verdict::pillars;
use crate::verdict::scorecard::{CriterionStatus, ItemStatus};
use crate::verdict::status::Judged;

pub(super) fn judge(case: &Case<'_>, criterion: Criterion, judged: &[Judged<'_>]) -> Judgement {
    let pillar = if criterion == Criterion::Security { Pillar::Security } else { Pillar::Configuration };
    of_pillar(case, criterion, pillar, judged)
}

fn of_pillar(case: &Case<'_>, criterion: Criterion, pillar: Pillar, judged: &[Judged<'_>]) -> Judgement {
    let ratio = pillars::ratio(case, pillar, judged);
    let status = ratio.status();
    let missed = pillars::counted(case.run.profile.ratio.get(&pillar), pillar, judged);
    let missed = missed.filter(|item| !matches!(item.status(), ItemStatus::Pass | ItemStatus::NotApplicable | ItemStatus::Accepted));
    let gaps = if badness(status) > badness(CriterionStatus::Met) { missed.map(Gap::of).collect() } else { Vec::new() };
    Judgement {
        criterion,
        status,
        value: format!("{} / {}", ratio.passed, ratio.applicable),
        threshold: format!("{} % of {}: {}", ratio.threshold, ratio.applicable, ratio.need()),
        explanation: format!(
            "{}: {} of {} items pass ({} %), {} needed, {} more may miss",
            words(status),
            ratio.passed,
            ratio.applicable,
            ratio.percent(),
            ratio.need(),
            ratio.misses_left()
        ),
        gaps,
    }
}

/// Where the profile says that the ratio of a pillar votes too, the worse of both counts.
pub(super) fn also_by_ratio(case: &Case<'_>, pillar: Pillar, judged: &[Judged<'_>], own: Judgement) -> Judgement {
    if !case.run.profile.ratio.get(&pillar).is_some_and(|needs| needs.votes) {
        return own;
    }
    let mut ratio = of_pillar(case, own.criterion, pillar, judged);
    if badness(ratio.status) <= badness(own.status) {
        return own;
    }
    ratio.gaps.extend(own.gaps);
    ratio.explanation = format!("{}; of its own needs: {}", ratio.explanation, own.explanation);
    ratio
}
