//! The seven criteria, each of one instance: met, slightly below, below, and what is missing.

mod backup;
mod documentation;
mod load_test;
mod monitoring;
mod ratio;
mod team;

use super::case::Case;
use super::requirements::Requirements;
use super::scorecard::{CriterionStatus, ItemStatus, ReasonKind};
use super::status::Judged;
use crate::config::Criterion;

/// Something that keeps a criterion from being met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) kind: ReasonKind,
    pub(super) item: Option<String>,
    /// What is missing, as a noun.
    pub(super) name: String,
    pub(super) message: String,
    pub(super) next: String,
}

impl Gap {
    fn new(kind: ReasonKind, item: Option<&str>, name: &str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self { kind, item: item.map(str::to_owned), name: name.to_owned(), message: message.into(), next: next.into() }
    }

    /// An item that does not pass.
    fn of(judged: &Judged<'_>) -> Self {
        let message = format!("{}: {}", judged.shown.title, judged.shown.reason);
        Self::new(kind_of(judged.status()), Some(&judged.item.id), &judged.shown.title, message, judged.next.clone())
    }
}

/// How a status that is no pass is told.
pub(super) const fn kind_of(status: ItemStatus) -> ReasonKind {
    match status {
        ItemStatus::Fail | ItemStatus::Accepted => ReasonKind::Defect,
        ItemStatus::Expired => ReasonKind::Expired,
        ItemStatus::Pass | ItemStatus::Unknown | ItemStatus::NotApplicable => ReasonKind::Unproven,
    }
}

/// A criterion of one instance.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub(super) criterion: Criterion,
    pub(super) status: CriterionStatus,
    /// What was reached.
    pub(super) value: String,
    /// What is asked for.
    pub(super) threshold: String,
    pub(super) explanation: String,
    /// What is missing; empty when it is met.
    pub(super) gaps: Vec<Gap>,
}

/// Judges all seven.
pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>], needs: &Requirements) -> Vec<Judgement> {
    let of = |criterion: &Criterion| match criterion {
        Criterion::Security | Criterion::Configuration => ratio::judge(case, *criterion, judged),
        Criterion::Monitoring => monitoring::judge(case, judged, needs),
        Criterion::Backup => backup::judge(case, judged),
        Criterion::Documentation => documentation::judge(case, judged, needs),
        Criterion::LoadTest => load_test::judge(case, judged),
        Criterion::Team => team::judge(case),
    };
    Criterion::ALL.iter().map(of).collect()
}

/// How bad a status is.
pub(super) const fn badness(status: CriterionStatus) -> u8 {
    match status {
        CriterionStatus::NotApplicable => 0,
        CriterionStatus::Met => 1,
        CriterionStatus::SlightlyBelow => 2,
        CriterionStatus::Below => 3,
    }
}

/// The words of a status.
const fn words(status: CriterionStatus) -> &'static str {
    match status {
        CriterionStatus::Met => "met",
        CriterionStatus::SlightlyBelow => "slightly below",
        CriterionStatus::Below => "below",
        CriterionStatus::NotApplicable => "not applicable",
    }
}

fn find<'j, 'a>(judged: &'j [Judged<'a>], id: &str) -> Option<&'j Judged<'a>> {
    judged.iter().find(|item| item.item.id == id)
}
