//! One answer for an instance whose version is not known exactly: a rule is asked under each
//! candidate, and the answers are joined.

use std::collections::BTreeMap;

use super::judge;
use crate::model::{Finding, Outcome, Severity, Version, View, Why};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::text::Span;

/// What a rule says of an instance, over all its candidate versions.
#[must_use]
pub fn judge_instance(rule: &Rule, views: &[View], context: &Context) -> Outcome {
    join(views.iter().map(|view| (view.subject.version.as_ref(), judge(rule, &view.subject, context))).collect())
}

/// Candidates to which the rule does not apply have no say. Of the others: all agree, or it depends.
fn join(outcomes: Vec<(Option<&Version>, Outcome)>) -> Outcome {
    let applies = |outcome: &Outcome| !matches!(outcome, Outcome::NotApplicable(_));
    if !outcomes.iter().any(|(_, outcome)| applies(outcome)) {
        let newest = outcomes.into_iter().next_back();
        return newest.map_or_else(|| Outcome::Unknown(Why::new("no version of it is known")), |(_, outcome)| outcome);
    }
    if let Some((_, unknown)) = outcomes.iter().find(|(_, outcome)| matches!(outcome, Outcome::Unknown(_))) {
        return unknown.clone();
    }
    let fails = |outcome: &Outcome| matches!(outcome, Outcome::Fail(_));
    let failing = outcomes.iter().filter(|(_, outcome)| fails(outcome)).count();
    match failing {
        0 => Outcome::Pass,
        _ if failing == outcomes.len() => Outcome::Fail(united(&outcomes)),
        _ => Outcome::Unknown(depends(&outcomes)),
    }
}

/// The findings of every version, each once, in the words of the newest version that has it.
fn united(outcomes: &[(Option<&Version>, Outcome)]) -> Vec<Finding> {
    let mut united: Vec<Finding> = Vec::new();
    let versions = outcomes.len();
    let mut severities: Vec<Vec<Severity>> = Vec::new();
    // By key and place: where the findings stand in `united`.
    let mut known: BTreeMap<(&str, Option<Span>), Vec<usize>> = BTreeMap::new();
    for (_, outcome) in outcomes.iter().rev() {
        // A finding of a version is matched once, so that two equal ones of one version stay two.
        let mut taken: BTreeMap<(&str, Option<Span>), usize> = BTreeMap::new();
        for finding in outcome.findings() {
            let place = (finding.key.as_str(), finding.primary.as_ref().map(|label| label.span));
            let equals = known.entry(place).or_default();
            let number = taken.entry(place).or_default();
            match equals.get(*number).and_then(|at| severities.get_mut(*at)) {
                Some(severities) => {
                    severities.push(finding.severity);
                    agree_on_fix(equals.get(*number).and_then(|at| united.get_mut(*at)), finding);
                }
                None => {
                    equals.push(united.len());
                    united.push(finding.clone());
                    severities.push(vec![finding.severity]);
                }
            }
            *number += 1;
        }
    }
    for (finding, severities) in united.iter_mut().zip(&severities) {
        let highest = severities.iter().copied().max().unwrap_or(finding.severity);
        // What only some of the candidate versions make critical is not certain to be.
        let certain = severities.len() == versions && severities.iter().all(|severity| *severity == highest);
        finding.severity = if certain { highest } else { highest.min(Severity::High) };
        finding.shipped_severity = finding.severity;
    }
    united
}

/// What only one of the versions wants written is not offered.
fn agree_on_fix(known: Option<&mut Finding>, other: &Finding) {
    if let Some(known) = known.filter(|known| known.fix != other.fix) {
        known.fix = None;
    }
}

/// "it depends on the version: 13–17 fail, 18 passes".
fn depends(outcomes: &[(Option<&Version>, Outcome)]) -> Why {
    let mut runs: Vec<(&Outcome, String, String)> = Vec::new();
    for (version, outcome) in outcomes {
        let version = version.map_or_else(|| "this version".to_owned(), ToString::to_string);
        match runs.last_mut() {
            Some((known, _, last)) if known.word() == outcome.word() => *last = version,
            _ => runs.push((outcome, version.clone(), version)),
        }
    }
    let parts: Vec<_> = runs
        .into_iter()
        .map(|(outcome, first, last)| {
            let (one, several) = match outcome {
                Outcome::Pass => ("passes", "pass"),
                Outcome::NotApplicable(_) => ("is not concerned", "are not concerned"),
                _ => ("fails", "fail"),
            };
            if first == last { format!("{first} {one}") } else { format!("{first}–{last} {several}") }
        })
        .collect();
    Why::needing(format!("it depends on the version: {}", parts.join(", ")), "say it with --engine-version")
}
