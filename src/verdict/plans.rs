//! Plans: which of them count, and until when one could be due.

use std::collections::BTreeMap;

use super::VerdictInput;
use super::evidence::add_days;
use super::scorecard::PlanShown;
use crate::config::{Plan, PlanFor};
use crate::model::Date;

/// Days that a plan may take.
const DAYS: i64 = 7;

/// What earlier runs saw.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The day on which a run first saw a criterion slightly below, or findings of a rule open, and every run since did.
    pub first_seen: BTreeMap<PlanFor, Date>,
}

/// The last day on which a plan can be due; `None` when nothing tells.
pub(super) fn latest(input: &VerdictInput<'_>, about: &PlanFor) -> Option<Date> {
    let go_live = input.config.go_live.as_ref().map(|at| at.value);
    // What a plan says of itself (`since`) is no history: else each new plan would buy a week.
    let since = input.history.and_then(|history| history.first_seen.get(about).copied());
    go_live.max(since).map(|from| add_days(from, DAYS))
}

/// Whether a plan counts, or why not.
fn counts(input: &VerdictInput<'_>, plan: &Plan) -> Result<(), String> {
    if plan.due.value < input.now {
        return Err(format!("it was due on {}", plan.due.value));
    }
    match latest(input, &plan.about.value) {
        None => Err("nothing tells from when its days count; state go_live under [release]".to_owned()),
        Some(latest) if plan.due.value > latest => Err(format!("it may be due on {latest} at the latest")),
        Some(_) => Ok(()),
    }
}

/// Every plan, with whether it counts.
pub(super) fn shown(input: &VerdictInput<'_>) -> Vec<PlanShown> {
    let show = |plan: &Plan| PlanShown {
        about: plan.about.value.clone(),
        owner: plan.owner.clone(),
        action: plan.action.clone(),
        due: plan.due.value,
        counts: counts(input, plan),
    };
    input.config.plans.iter().map(show).collect()
}

/// The lines to add where there is no plan.
pub(super) fn lines(input: &VerdictInput<'_>, about: &PlanFor) -> String {
    let key = if matches!(about, PlanFor::Criterion(_)) { "criterion" } else { "rule" };
    let due = latest(input, about).filter(|latest| *latest >= input.now);
    let due = due.map_or_else(|| "YYYY-MM-DD".to_owned(), |due| due.to_string());
    format!("[[plan]]\n{key} = \"{about}\"\nowner = \"…\"\naction = \"…\"\ndue = {due}")
}
