//! One answer for an instance whose version is not known exactly: a rule is asked under each
//! candidate, and the answers are joined.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::footprint::Readers;
use super::{ask, outside};
use crate::model::{Comparisons, Difference, Finding, Outcome, Severity, Version, View, Why};
use crate::rules::Rule;
use crate::rules::checks::Context;
use crate::text::Span;

/// The views of one instance, and in what each differs from the one before.
#[derive(Debug)]
pub struct Views<'v> {
    views: &'v [View],
    changes: Vec<Change<'v>>,
    asked: AtomicUsize,
}

/// What differs from the view before.
#[derive(Debug)]
struct Change<'v> {
    difference: Difference<'v>,
    /// For each rule, whether it reads something of that.
    concerned: Vec<bool>,
}

impl Change<'_> {
    /// Whether the rule of a number, which said something of the view before, says the same here.
    fn keeps(&self, number: usize, said: &Outcome) -> bool {
        // A finding about a record may speak of a default of the same name.
        let told = |key: &str| self.difference.settings.binary_search(&key).is_ok();
        self.concerned.get(number) == Some(&false) && !said.findings().iter().any(|finding| told(&finding.key))
    }
}

impl<'v> Views<'v> {
    /// Compares them once, for all rules.
    #[must_use]
    pub fn of(views: &'v [View], readers: &Readers<'_>, comparisons: &Comparisons) -> Self {
        let change = |(before, view): (&'v View, &'v View)| {
            let difference = Difference::between(&before.subject, &view.subject, comparisons);
            Change { concerned: readers.concerned(&difference), difference }
        };
        let changes = views.iter().zip(views.iter().skip(1)).map(change).collect();
        Self { views, changes, asked: AtomicUsize::new(0) }
    }

    /// How often a rule was asked about one of them.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// Each view, with what differs from the one before.
    fn iter(&self) -> impl Iterator<Item = (&'v View, Option<&Change<'v>>)> {
        self.views.iter().zip(std::iter::once(None).chain(self.changes.iter().map(Some)))
    }
}

/// What a rule says of an instance, over all its candidate versions. Where nothing that it reads differs from the
/// version before, it says the same and is not asked. `number` is that of the rule among the readers.
#[must_use]
pub fn judge_instance(rule: &Rule, number: usize, views: &Views<'_>, context: &Context) -> Outcome {
    // Each with the number of the view from which on it holds. Nearly always there is one only.
    let mut last: Option<(usize, Outcome)> = None;
    let mut answers: Vec<(usize, Outcome)> = Vec::new();
    // Whether the last answer is what the rule itself found, rather than that it is about other versions.
    let mut asked = false;
    for (at, (View { subject, .. }, change)) in views.iter().enumerate() {
        let outside = outside(rule, subject, context);
        let same = last.as_ref().zip(change).is_some_and(|((_, last), change)| change.keeps(number, last));
        if outside.is_some() || !asked || !same {
            asked = outside.is_none();
            views.asked.fetch_add(usize::from(asked), Ordering::Relaxed);
            answers.extend(last.replace((at, outside.unwrap_or_else(|| ask(rule, subject, context)))));
        }
    }
    if answers.is_empty() {
        return last.map_or_else(|| Outcome::Unknown(Why::new("no version of it is known")), |(_, only)| only);
    }
    answers.extend(last);
    join(&by_version(views.views, &answers))
}

/// Each version with its answer, of answers that each hold from a view on until the next.
fn by_version<'a>(views: &'a [View], answers: &'a [(usize, Outcome)]) -> Vec<(Option<&'a Version>, &'a Outcome)> {
    let ends = answers.iter().skip(1).map(|(first, _)| *first).chain([views.len()]);
    let mut by_version = Vec::with_capacity(views.len());
    for ((first, answer), end) in answers.iter().zip(ends) {
        by_version.extend(views.iter().take(end).skip(*first).map(|view| (view.subject.version.as_ref(), answer)));
    }
    by_version
}

/// Candidates to which the rule does not apply have no say. Of the others: all agree, or it depends.
fn join(outcomes: &[(Option<&Version>, &Outcome)]) -> Outcome {
    let applies = |outcome: &Outcome| !matches!(outcome, Outcome::NotApplicable(_));
    if let Some((_, newest)) = outcomes.last().filter(|_| !outcomes.iter().any(|(_, outcome)| applies(outcome))) {
        return (*newest).clone();
    }
    if let Some((_, unknown)) = outcomes.iter().find(|(_, outcome)| matches!(outcome, Outcome::Unknown(_))) {
        return (*unknown).clone();
    }
    let fails = |outcome: &Outcome| matches!(outcome, Outcome::Fail(_));
    let failing = outcomes.iter().filter(|(_, outcome)| fails(outcome)).count();
    match failing {
        0 => Outcome::Pass,
        _ if failing == outcomes.len() => Outcome::Fail(united(outcomes)),
        _ => Outcome::Unknown(depends(outcomes)),
    }
}

/// The findings of every version, each once, in the words of the newest version that has it.
fn united(outcomes: &[(Option<&Version>, &Outcome)]) -> Vec<Finding> {
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
fn depends(outcomes: &[(Option<&Version>, &Outcome)]) -> Why {
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
