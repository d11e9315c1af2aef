//! What alone makes NO-GO: blocker items that do not pass, and critical rules that fail.

use super::case::{Case, Run};
use super::checklist::Blocks;
use super::criteria::kind_of;
use super::says::failing_severity;
use super::scorecard::{Blocker, ItemStatus, ReasonKind};
use super::status::Judged;
use crate::model::{OutcomeOf, Severity};

/// The instance that a blocker names when it belongs to none.
pub(super) const PROJECT: &str = "project";

/// Blockers of one instance.
pub(super) fn of_instance(case: &Case<'_>, judged: &[Judged<'_>]) -> Vec<Blocker> {
    let id = &case.instance.id;
    let mut blockers: Vec<Blocker> = judged.iter().filter(|item| stands(case, item)).map(|item| of_item(id, item)).collect();
    let own = case.run.index.of_instance(id);
    let critical = critical(case.run, own.into_iter(), id);
    blockers.extend(critical.filter(|blocker| blocker_of_rule(&blockers, blocker.rule.as_deref()).is_none()).collect::<Vec<_>>());
    blockers
}

/// Critical failures that belong to no instance.
pub(super) fn of_project(run: &Run<'_>) -> Vec<Blocker> {
    critical(run, run.input.outcomes.iter().filter(|outcome| run.is_unowned(outcome)), PROJECT).collect()
}

fn blocker_of_rule<'b>(blockers: &'b [Blocker], rule: Option<&str>) -> Option<&'b Blocker> {
    blockers.iter().find(|blocker| rule.is_some() && blocker.rule.as_deref() == rule)
}

fn stands(case: &Case<'_>, judged: &Judged<'_>) -> bool {
    // An item that is the same as another is told once, under the other's name.
    let told = judged.item.same_as.is_none();
    let open = match judged.status() {
        ItemStatus::Pass | ItemStatus::NotApplicable => return false,
        ItemStatus::Fail | ItemStatus::Accepted => true,
        ItemStatus::Unknown | ItemStatus::Expired => case.blocks(judged.item) == Some(Blocks::Always),
    };
    told && open && case.blocks(judged.item).is_some()
}

fn of_item(instance: &str, judged: &Judged<'_>) -> Blocker {
    let primary = judged.finding.and_then(|finding| finding.primary.as_ref());
    Blocker {
        kind: kind_of(judged.status()),
        rule: judged.finding.map(|finding| finding.rule.to_string()),
        item: Some(judged.item.id.clone()),
        instance: instance.to_owned(),
        message: format!("{}: {}", judged.shown.title, judged.shown.reason),
        span: primary.map(|label| label.span),
        next: judged.next.clone(),
    }
}

/// Critical failures; that somebody accepted one changes nothing.
fn critical<'o>(run: &Run<'_>, outcomes: impl Iterator<Item = &'o OutcomeOf>, instance: &str) -> impl Iterator<Item = Blocker> {
    let is_critical = |outcome: &&OutcomeOf| failing_severity(run.input.rules, outcome) == Some(Severity::Critical);
    outcomes.filter(is_critical).filter(|outcome| !is_told_by_another(run, outcome)).map(move |outcome| {
        let finding = outcome.outcome.findings().iter().max_by_key(|finding| super::says::severity_of(finding));
        Blocker {
            kind: ReasonKind::Defect,
            rule: Some(outcome.rule.to_string()),
            item: finding.and_then(|finding| finding.items.first().map(ToString::to_string)),
            instance: instance.to_owned(),
            message: finding.map_or_else(|| format!("{} fails", outcome.rule), |finding| finding.message.clone()),
            span: finding.and_then(|finding| finding.primary.as_ref()).map(|label| label.span),
            next: finding.map_or_else(|| format!("see `gonogo explain {}`", outcome.rule), |finding| finding.help.to_string()),
        }
    })
}

/// Whether everything that an outcome found is a critical finding of a rule that says it better.
fn is_told_by_another(run: &Run<'_>, outcome: &OutcomeOf) -> bool {
    let better = run.input.rules.get(&outcome.rule).map(|rule| rule.logic.yields_to.as_slice()).unwrap_or_default();
    let others = better.iter().filter_map(|rule| run.outcomes.get(&**rule)).flatten().filter(|other| other.subject == outcome.subject);
    let critical = |other: &&OutcomeOf| failing_severity(run.input.rules, other) == Some(Severity::Critical);
    outcome.outcome.findings().is_empty() && outcome.withdrawn.is_some() && others.copied().any(|other| critical(&other))
}
