//! Team: everybody who operates the databases was trained lately.

use super::{Gap, Judgement, words};
use crate::config::Criterion;
use crate::verdict::case::Case;
use crate::verdict::evidence::age;
use crate::verdict::requirements::TRAINING_DAYS;
use crate::verdict::scorecard::{CriterionStatus, ReasonKind};

const ITEM: &str = "documentation/team-trained";

pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (status, value, gap) = decide(case);
    let explanation = gap.as_ref().map_or_else(|| format!("met: {value}"), |gap| format!("{}: {}", words(status), gap.message));
    let threshold = format!("all, within {TRAINING_DAYS} days");
    Judgement { criterion: Criterion::Team, status, value, threshold, explanation, gaps: gap.into_iter().collect() }
}

fn decide(case: &Case<'_>) -> (CriterionStatus, String, Option<Gap>) {
    let input = case.run.input;
    let below = |kind, message: &str, next| {
        (CriterionStatus::Below, "not shown".to_owned(), Some(Gap::new(kind, Some(ITEM), "Trained team", message, next)))
    };
    let Some(team) = &input.config.team else {
        let next = "state [team] with members, trained and on";
        return below(ReasonKind::Unproven, "who operates the databases, and who of them is trained, is not shown yet", next);
    };
    let Some(on) = team.on else {
        return below(
            ReasonKind::Unproven,
            "[team] does not say when the training was",
            "add on = 2026-10-15, the day of the training, to [team]",
        );
    };
    if age(on, input.now) > TRAINING_DAYS {
        return below(
            ReasonKind::Expired,
            "the last training is more than a year old",
            "repeat the training, and state the new day in [team]",
        );
    }
    let (members, trained) = (u64::from(team.members), u64::from(team.trained));
    let value = format!("{trained} / {members} trained");
    let status = match members - trained.min(members) {
        0 => CriterionStatus::Met,
        missing if trained * 10 >= members * 9 || missing == 1 && trained >= 2 => CriterionStatus::SlightlyBelow,
        _ => CriterionStatus::Below,
    };
    let message = format!("{} of {members} are not trained yet", members - trained.min(members));
    let gap = (status != CriterionStatus::Met)
        .then(|| Gap::new(ReasonKind::Unproven, Some(ITEM), "Trained team", message, "train them, and state it in [team]"));
    (status, value, gap)
}
