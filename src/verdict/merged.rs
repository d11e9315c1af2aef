//! A criterion over all instances.

use super::criteria::Judgement;
use super::scorecard::CriterionStatus;
use crate::config::Criterion;

/// A criterion of all instances: the worst of them decides.
pub(super) struct Merged<'j> {
    pub(super) criterion: Criterion,
    pub(super) voting: bool,
    pub(super) worst: &'j Judgement,
    pub(super) instances: Vec<String>,
}

impl Merged<'_> {
    /// Where it is, which is where the worst is.
    pub(super) fn status(&self) -> CriterionStatus {
        self.worst.status
    }
}

/// Voting criteria that are slightly below.
pub(super) fn slightly<'m, 'j>(criteria: &'m [Merged<'j>]) -> impl Iterator<Item = &'m Merged<'j>> {
    criteria.iter().filter(|merged| merged.voting && merged.status() == CriterionStatus::SlightlyBelow)
}
