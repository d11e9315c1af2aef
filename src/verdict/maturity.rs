//! Maturity: the highest level that, with all below it, holds; and what blocks the next.

use super::case::Case;
use super::checklist::Level;
use super::evidence::age;
use super::scorecard::{ItemStatus, Maturity};
use super::status::Judged;

pub(super) fn judge(case: &Case<'_>, judged: &[Judged<'_>]) -> Maturity {
    let mut reached = 0;
    for level in &case.run.input.checklist.levels {
        let next: Vec<String> = level.items.iter().filter(|id| !holds(case, judged, level, id)).cloned().collect();
        if !next.is_empty() {
            return Maturity { level: reached, next };
        }
        reached = level.level;
    }
    Maturity { level: reached, next: Vec::new() }
}

fn holds(case: &Case<'_>, judged: &[Judged<'_>], level: &Level, id: &str) -> bool {
    let Some(item) = judged.iter().find(|item| item.item.id == id) else { return false };
    let recent = |most| item.evidence.is_none_or(|evidence| age(evidence.on, case.run.input.now) <= most);
    let fresh = id != "backup/restore-tested" || level.restore_days.is_none_or(recent);
    matches!(item.status(), ItemStatus::Pass | ItemStatus::NotApplicable) && fresh
}
