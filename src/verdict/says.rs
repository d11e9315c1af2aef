//! What the rules say about an item of an instance.

use std::collections::BTreeSet;

use super::case::Case;
use super::checklist::Item;
use super::proof::{Asked, Set};
use super::scorecard::ItemRule;
use crate::model::{Engine, Finding, Instance, Outcome, OutcomeOf, Severity, SubjectKind, Why};
use crate::rules::{Head, RuleSet};

/// What one rule says, over all subjects of a database; the later, the weightier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Say {
    NotApplicable,
    Pass,
    Unknown,
    Accepted,
    Fail,
}

impl Say {
    const fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Fail => "fail",
        }
    }

    /// Weight when the members of a group are taken together: what one of them shows, holds for all.
    const fn weight_in_group(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Unknown => 1,
            Self::Pass => 2,
            Self::Accepted => 3,
            Self::Fail => 4,
        }
    }
}

/// One rule with what it says, and on what that rests.
pub(super) struct RuleSay<'a> {
    pub(super) rule: &'a str,
    /// Whether the rule itself names the item.
    pub(super) counter: bool,
    /// Whether it was asked at all.
    asked: bool,
    pub(super) say: Say,
    pub(super) severity: Severity,
    pub(super) finding: Option<&'a Finding>,
    pub(super) accepted: Vec<&'a Finding>,
    pub(super) why: Option<&'a Why>,
}

/// Everything that rules say about one item.
pub(super) struct Says<'a> {
    pub(super) item: &'a Item,
    instance: &'a Instance,
    pub(super) rules: Vec<RuleSay<'a>>,
}

impl<'a> Says<'a> {
    pub(super) fn about(case: &Case<'a>, item: &'a Item) -> Self {
        let counter = case.run.rules.get(item.id.as_str()).into_iter().flatten().map(|rule| &*rule.id);
        let named: BTreeSet<&str> = item.proof_rules().chain(item.contradicted_by.iter().map(String::as_str)).chain(counter).collect();
        Self { item, instance: case.instance, rules: named.into_iter().map(|rule| rule_say(case, item, rule)).collect() }
    }

    fn is_proof(&self, rule: &str) -> bool {
        self.item.proof_rules().any(|proof| proof == rule)
    }

    /// Whether a rule can fail the item: those of the proof sets, and others from high on.
    fn decides(&self, rule: &RuleSay<'_>) -> bool {
        self.is_proof(rule.rule) || rule.counter && rule.severity >= Severity::High
    }

    /// The rules that fail the item.
    pub(super) fn failing(&self) -> impl Iterator<Item = &RuleSay<'a>> {
        self.rules.iter().filter(|rule| rule.say == Say::Fail && self.decides(rule))
    }

    /// The rules that would fail it, were they not accepted.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &RuleSay<'a>> {
        self.rules.iter().filter(|rule| rule.say == Say::Accepted && self.decides(rule))
    }

    /// Whether any rule of it fails, however mildly, accepted or not.
    pub(super) fn any_failing(&self) -> Option<&RuleSay<'a>> {
        self.rules.iter().find(|rule| rule.say >= Say::Accepted)
    }

    /// The failing rules that contradict what people state.
    pub(super) fn contradicting(&self) -> Option<&RuleSay<'a>> {
        let named = |rule: &RuleSay<'_>| self.item.contradicted_by.iter().any(|name| name == rule.rule);
        self.rules.iter().find(|rule| rule.say == Say::Fail && (self.decides(rule) || named(rule)))
    }

    /// Whether each kind of set that concerns the instance has one of which all rules that apply pass, and at least
    /// one rule of these was asked and passes.
    pub(super) fn proven(&self) -> bool {
        let say = |rule: &String| self.rules.iter().find(|known| known.rule == rule).map_or(Say::Unknown, |known| known.say);
        let mut passes = self.item.absence_passes;
        for asked in self.item.proof.asked(self.instance.engine, self.instance.platform) {
            let sets = match asked {
                Asked::Nothing => continue,
                Asked::NotNamed => return false,
                Asked::OneOf(sets) => sets,
            };
            let holding = |set: &&Set| set.iter().map(say).all(|say| matches!(say, Say::Pass | Say::NotApplicable));
            let passing = |set: &&Set| set.iter().map(say).any(|say| say == Say::Pass);
            if !sets.iter().any(|set| holding(&set)) {
                return false;
            }
            passes |= sets.iter().filter(holding).any(|set| passing(&set));
        }
        passes && !self.item.proof.is_empty() && self.hops_hold(&say)
    }

    /// What shows the item of a hop that passes sessions on to the instance, whether there is one or not.
    fn of_hops(&self) -> impl Iterator<Item = &'a Vec<Set>> {
        let hops = Engine::ALL.iter().filter(|engine| engine.passes_on_to() == Some(self.instance.engine));
        hops.filter_map(|hop| self.item.proof.engine.get(hop))
    }

    /// Whether a hop to the instance fails the item, or may: clients come through it, however near the instance itself is.
    pub(super) fn hop_speaks(&self) -> bool {
        let speaks = |rule: &RuleSay<'_>| rule.asked && !matches!(rule.say, Say::Pass | Say::NotApplicable);
        self.of_hops().flatten().flatten().any(|name| self.rules.iter().any(|rule| rule.rule == name && speaks(rule)))
    }

    /// Whether what passes sessions on to the instance holds too: its rules have outcomes only where there is one.
    fn hops_hold(&self, say: &impl Fn(&String) -> Say) -> bool {
        self.of_hops().all(|sets| {
            let is_there = |rule: &String| self.rules.iter().any(|known| known.rule == rule && known.asked);
            let holds = |set: &Set| set.iter().map(say).all(|say| matches!(say, Say::Pass | Say::NotApplicable));
            !sets.iter().flatten().any(is_there) || sets.iter().any(holds)
        })
    }

    /// Whether some rule of a set decided something, so that the files show part of the item.
    pub(super) fn seen_in_files(&self) -> bool {
        self.rules.iter().any(|rule| self.is_proof(rule.rule) && !matches!(rule.say, Say::NotApplicable | Say::Unknown))
    }

    /// Why a rule of a set could not be decided; one that tells what to do goes first.
    pub(super) fn why_unknown(&self) -> Option<&'a Why> {
        let unknown = || self.rules.iter().filter(|rule| rule.say == Say::Unknown && self.is_proof(rule.rule)).filter_map(|rule| rule.why);
        unknown().find(|why| why.needs.is_some()).or_else(|| unknown().next())
    }

    /// For the report: all that have or should have a say.
    pub(super) fn shown(&self) -> Vec<ItemRule> {
        let concerned = self.rules.iter().filter(|rule| rule.asked || rule.say != Say::NotApplicable);
        concerned.map(|rule| ItemRule { rule: rule.rule.to_owned(), status: rule.say.word() }).collect()
    }
}

/// The severity of a finding that nothing in gonogo.toml can lower.
pub(super) fn severity_of(finding: &Finding) -> Severity {
    finding.severity.max(finding.shipped_severity)
}

/// The weightiest severity of an outcome that failed, accepted, told better by another rule, or neither.
pub(super) fn failing_severity(rules: &RuleSet, outcome: &OutcomeOf) -> Option<Severity> {
    if !matches!(outcome.outcome, Outcome::Fail(_) | Outcome::Accepted(_)) {
        return None;
    }
    let of_findings = outcome.outcome.findings().iter().map(severity_of).chain(outcome.withdrawn).max();
    of_findings.or_else(|| rules.head(&outcome.rule).map(Head::highest_severity))
}

fn rule_say<'a>(case: &Case<'a>, item: &Item, rule: &'a str) -> RuleSay<'a> {
    let counter = case.run.rules.get(item.id.as_str()).is_some_and(|rules| rules.iter().any(|known| known.id == rule));
    let mut joined = RuleSay {
        rule,
        counter,
        asked: false,
        say: Say::NotApplicable,
        severity: Severity::Info,
        finding: None,
        accepted: Vec::new(),
        why: None,
    };
    let mut of_members = Vec::new();
    for member in case.members_for(item) {
        let outcomes = concerning(case, item, rule, member);
        joined.asked |= !outcomes.is_empty();
        let none = outcomes.is_empty().then(|| unasked(case, rule));
        let says = outcomes.into_iter().map(|outcome| take(&mut joined, case, outcome));
        of_members.push(says.chain(none).max().unwrap_or(Say::Unknown));
    }
    joined.say = of_members.into_iter().max_by_key(|say| say.weight_in_group()).unwrap_or(Say::Unknown);
    joined
}

/// What an outcome says; its findings and reasons are kept.
fn take<'a>(joined: &mut RuleSay<'a>, case: &Case<'a>, outcome: &'a OutcomeOf) -> Say {
    if let Some(severity) = failing_severity(case.run.input.rules, outcome) {
        joined.severity = joined.severity.max(severity);
    }
    match &outcome.outcome {
        Outcome::Pass => Say::Pass,
        Outcome::NotApplicable(_) => Say::NotApplicable,
        Outcome::Unknown(why, _) => {
            joined.why = joined.why.or(Some(why));
            Say::Unknown
        }
        Outcome::Fail(findings) => {
            let told = findings.iter().chain(told_by_others(case, outcome));
            joined.finding = joined.finding.into_iter().chain(told).max_by_key(|finding| severity_of(finding));
            Say::Fail
        }
        Outcome::Accepted(findings) => {
            joined.accepted.extend(findings);
            Say::Accepted
        }
    }
}

/// What the rules say that an outcome gave way to, where it has nothing left to say itself.
fn told_by_others<'a>(case: &Case<'a>, outcome: &'a OutcomeOf) -> impl Iterator<Item = &'a Finding> {
    let rule = case.run.input.rules.get(&outcome.rule).filter(|_| outcome.withdrawn.is_some() && outcome.outcome.findings().is_empty());
    let better = rule.map(|rule| rule.logic.yields_to.as_slice()).unwrap_or_default();
    let outcomes = better.iter().filter_map(|rule| case.run.outcomes.get(&**rule)).flatten();
    outcomes.filter(|other| other.subject == outcome.subject).flat_map(|other| other.outcome.findings())
}

/// The outcomes of a rule that concern a database: its own, and those of files and the project that belong to none.
fn concerning<'a>(case: &Case<'a>, item: &Item, rule: &str, member: &str) -> Vec<&'a OutcomeOf> {
    let unowned = |outcome: &OutcomeOf| {
        let counts_unowned = matches!(outcome.subject.kind, SubjectKind::File | SubjectKind::Project) || item.project;
        counts_unowned && case.run.is_unowned(outcome)
    };
    case.run.index.of_rule(rule, member, unowned)
}

/// What a rule says that has no outcome: it does not concern the instance, or it was not asked, which shows nothing.
fn unasked(case: &Case<'_>, rule: &str) -> Say {
    let Some(rule) = case.run.input.rules.head(rule) else { return Say::Unknown };
    let other_engine = !rule.engines.is_empty() && !rule.engines.contains(&case.instance.engine);
    let other_platform = !rule.platforms.is_empty() && case.instance.platform.is_none_or(|platform| !rule.platforms.contains(&platform));
    if other_engine || other_platform || matches!(rule.subject, SubjectKind::Service | SubjectKind::File) {
        Say::NotApplicable
    } else {
        Say::Unknown
    }
}
