//! The scorecard of `lint`: which servers there are, without checklist and verdict.

use super::VerdictInput;
use super::scorecard::{InstanceCard, Scorecard};
use crate::model::{Instance, Reach};

/// Cards that say what was found, and judge nothing.
#[must_use]
pub fn without_verdict(input: &VerdictInput<'_>) -> Scorecard {
    let mut instances: Vec<InstanceCard> = input.instances.iter().map(card).collect();
    instances.sort_by(|left, right| left.id.cmp(&right.id));
    Scorecard { instances, verdict: None, remarks: Vec::new() }
}

fn card(instance: &Instance) -> InstanceCard {
    InstanceCard {
        id: instance.id.clone(),
        engine: instance.engine,
        version: instance.version_text(),
        deployment: instance.deployment,
        purpose: instance.purpose,
        environment: instance.environment,
        votes: Ok(()),
        reach: instance.reach.exact().map_or("unknown", Reach::word),
        group: instance.group.clone(),
        sources: instance.sources.clone(),
        verdict: None,
        pillars: Vec::new(),
        attestations: Vec::new(),
        alerts: Vec::new(),
        runbooks: Vec::new(),
        maturity: None,
    }
}
