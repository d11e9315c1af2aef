//! What makes a GO one with reservations: criteria slightly below, and rules with open findings of high severity.

use super::Assessed;
use super::case::Run;
use super::merged::{Merged, slightly};
use super::plans;
use super::says::severity_of;
use super::scorecard::{PlanShown, Reason, ReasonKind};
use crate::config::PlanFor;
use crate::model::{Finding, Outcome, OutcomeOf, Severity};

/// Most reservations that a release can go with.
const MOST: usize = 2;

/// Something that holds a release back unless somebody has a plan for it.
pub(super) struct Reservation<'a> {
    about: PlanFor,
    /// The findings, where a rule is what it is about.
    findings: Vec<&'a Finding>,
    /// The instance that has the first of them.
    instance: Option<String>,
}

/// The reservations: each criterion and each rule once.
pub(super) fn of<'a>(run: &Run<'a>, assessed: &[&Assessed<'_>], criteria: &[Merged<'_>]) -> Vec<Reservation<'a>> {
    let of_criterion =
        |merged: &Merged<'_>| Reservation { about: PlanFor::Criterion(merged.criterion), findings: Vec::new(), instance: None };
    let mut all: Vec<Reservation<'a>> = slightly(criteria).map(of_criterion).collect();
    for (instance, outcome) in concerning(run, assessed) {
        let open: Vec<&Finding> = open(outcome).collect();
        if open.is_empty() {
            continue;
        }
        let about = PlanFor::Rule(outcome.rule.to_string());
        match all.iter_mut().find(|one| one.about == about) {
            Some(known) => known.add(&open),
            None => all.push(Reservation { about, findings: open, instance }),
        }
    }
    all
}

/// The outcomes of voting instances, their workloads and files, and of what belongs to no instance.
fn concerning<'a>(run: &Run<'a>, assessed: &[&Assessed<'_>]) -> impl Iterator<Item = (Option<String>, &'a OutcomeOf)> {
    let own = assessed.iter().flat_map(|one| run.index.of_instance(&one.id).into_iter().map(|outcome| (Some(one.id.clone()), outcome)));
    let unowned = run.unowned().iter().map(|outcome| (None, *outcome));
    own.chain(unowned)
}

/// Findings of high severity that nobody has answered for; critical ones block, and are told there.
fn open(outcome: &OutcomeOf) -> impl Iterator<Item = &Finding> {
    let failed: &[Finding] = if let Outcome::Fail(findings) = &outcome.outcome { findings } else { &[] };
    let answered = |finding: &Finding| finding.suppressed.as_ref().is_some_and(|by| by.owner.is_some() && by.until.is_some());
    failed.iter().filter(move |finding| severity_of(finding) == Severity::High && !answered(finding))
}

/// Whether there are more than a plan could carry.
pub(super) fn too_many(reservations: &[Reservation<'_>]) -> bool {
    reservations.len() > MOST
}

impl<'a> Reservation<'a> {
    fn add(&mut self, findings: &[&'a Finding]) {
        let is_new = |known: &[&Finding], finding: &&&Finding| !known.iter().any(|known| std::ptr::eq(*known, **finding));
        let new: Vec<&Finding> = findings.iter().filter(|finding| is_new(&self.findings, finding)).copied().collect();
        self.findings.extend(new);
    }

    /// Whether a plan that counts covers it.
    pub(super) fn is_planned(&self, plans: &[PlanShown]) -> bool {
        plans.iter().any(|plan| plan.about == self.about && plan.counts.is_ok())
    }

    /// Whether a reason says already what a rule found; then only a plan for it is worth a word.
    pub(super) fn is_said(&self, reasons: &[Reason]) -> bool {
        let first = self.findings.first().map(|finding| finding.message.as_str());
        first.is_some_and(|message| reasons.iter().any(|reason| reason.message.contains(message)))
    }

    /// What it is, and whether somebody has a plan for it; where there are too many, a plan would not help.
    pub(super) fn reason(&self, run: &Run<'_>, plans: &[PlanShown], too_many: bool) -> Reason {
        let what = self.what();
        let plan = |counts: bool| plans.iter().find(move |plan| plan.about == self.about && plan.counts.is_ok() == counts);
        let lines = || format!("add to gonogo.toml:\n{}", plans::lines(run.input, &self.about));
        let (message, next) = match (plan(true), plan(false)) {
            (Some(plan), _) => (format!("{what}; {} has a plan, due on {}", plan.owner, plan.due), plan.action.clone()),
            (_, Some(plan)) => {
                let why = plan.counts.as_ref().err().map_or("", String::as_str);
                (format!("{what}, and its plan does not count: {why}"), lines())
            }
            _ if too_many && !self.findings.is_empty() => (what, self.help().unwrap_or_default()),
            _ => (format!("{what}, and no plan says who does what about it, and by when"), self.repair(&lines())),
        };
        let primary = self.findings.first().and_then(|finding| finding.primary.as_ref());
        Reason {
            kind: ReasonKind::Plan,
            item: None,
            rule: if let PlanFor::Rule(rule) = &self.about { Some(rule.clone()) } else { None },
            instance: self.instance.clone(),
            message,
            span: primary.map(|label| label.span),
            next,
        }
    }

    fn what(&self) -> String {
        let Some((first, more)) = self.findings.split_first() else { return format!("{} is slightly below", self.about) };
        let more = match more.len() {
            0 => String::new(),
            1 => " (and one more place)".to_owned(),
            count => format!(" (and {count} more places)"),
        };
        format!("high: {}{more}", first.message.trim_end_matches('.'))
    }

    /// A finding is best repaired; a plan is for what takes longer than the release can wait.
    fn repair(&self, lines: &str) -> String {
        self.help().map_or_else(|| lines.to_owned(), |help| format!("{help}\nor {lines}"))
    }

    fn help(&self) -> Option<String> {
        let help = self.findings.first().and_then(|finding| finding.help.lines().next()).filter(|help| !help.is_empty());
        help.map(str::to_owned)
    }
}
