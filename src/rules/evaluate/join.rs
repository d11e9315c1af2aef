//! One answer for an instance whose version is not known exactly: a rule is asked under each
//! candidate, and the answers are joined.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::footprint::Readers;
use super::suspicion::{suspect, suspicions, tell};
use super::versions::{OfVersion, depends, only_on};
use super::{ask, outside};
use crate::model::{Comparisons, Difference, Engine, Finding, Outcome, Severity, Subject, Version, View, Why};
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
    /// As it was seen, and as it is presumed.
    differences: [Option<Difference<'v>>; 2],
    /// For each rule, whether it reads something of that.
    concerned: Vec<bool>,
}

impl Change<'_> {
    /// Whether the rule of a number, which said something of the view before, says the same here.
    fn keeps(&self, number: usize, said: &Outcome) -> bool {
        // A finding about a record may speak of a default of the same name.
        let mut differences = self.differences.iter().flatten();
        let mut told = |key: &str| differences.any(|difference| difference.settings.binary_search(&key).is_ok());
        self.concerned.get(number) == Some(&false) && !said.all_findings().iter().any(|finding| told(&finding.key))
    }
}

impl<'v> Views<'v> {
    /// Compares them once, for all rules.
    #[must_use]
    pub fn of(views: &'v [View], readers: &Readers<'_>, comparisons: &Comparisons) -> Self {
        let change = |(before, view): (&'v View, &'v View)| {
            let between = |(before, after): (&'v Subject, &'v Subject)| Difference::between(before, after, comparisons);
            let presumed = before.presumed.as_deref().zip(view.presumed.as_deref());
            let differences = [Some(between((&before.subject, &view.subject))), presumed.map(between)];
            let mut concerned = vec![false; readers.count()];
            for difference in differences.iter().flatten() {
                concerned.iter_mut().zip(readers.concerned(difference)).for_each(|(known, other)| *known |= other);
            }
            Change { differences, concerned }
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
    for (at, (view, change)) in views.iter().enumerate() {
        let outside = outside(rule, &view.subject, context);
        let same = last.as_ref().zip(change).is_some_and(|((_, last), change)| change.keeps(number, last));
        if outside.is_some() || !asked || !same {
            asked = outside.is_none();
            views.asked.fetch_add(usize::from(asked), Ordering::Relaxed);
            answers.extend(last.replace((at, outside.unwrap_or_else(|| ask_view(rule, view, context)))));
        }
    }
    let mut outcome = if answers.is_empty() {
        last.map_or_else(|| Outcome::unknown(Why::new("no version of it is known")), |(_, only)| only)
    } else {
        answers.extend(last);
        let engine = views.views.last().and_then(|view| view.subject.engine);
        join(&by_version(views.views, &answers), engine)
    };
    tell(outcome.all_findings_mut());
    outcome
}

/// What a rule says of one view; where it cannot tell, what it says of the same under presumptions is suspected.
fn ask_view(rule: &Rule, view: &View, context: &Context) -> Outcome {
    match (ask(rule, &view.subject, context), &view.presumed) {
        (Outcome::Unknown(why, _), Some(presumed)) => Outcome::Unknown(why, suspicions(rule, &view.subject, presumed, context)),
        (outcome, _) => outcome,
    }
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
fn join(outcomes: &[OfVersion<'_>], engine: Option<Engine>) -> Outcome {
    let applies = |outcome: &Outcome| !matches!(outcome, Outcome::NotApplicable(_));
    if let Some((_, newest)) = outcomes.last().filter(|_| !outcomes.iter().any(|(_, outcome)| applies(outcome))) {
        return (*newest).clone();
    }
    let unknown = outcomes.iter().find_map(|(_, outcome)| match outcome {
        Outcome::Unknown(why, _) => Some(why.clone()),
        _ => None,
    });
    if let Some(why) = unknown {
        return Outcome::Unknown(why, united(outcomes, engine, true));
    }
    let fails = |outcome: &Outcome| matches!(outcome, Outcome::Fail(_));
    let failing = outcomes.iter().filter(|(_, outcome)| fails(outcome)).count();
    match failing {
        0 => Outcome::Pass,
        _ if failing == outcomes.len() => Outcome::Fail(united(outcomes, engine, false)),
        _ => Outcome::Unknown(depends(outcomes), united(outcomes, engine, true)),
    }
}

/// A finding with the versions that have it, newest first.
struct Found<'f> {
    finding: Finding,
    severities: Vec<Severity>,
    versions: Vec<Option<&'f Version>>,
}

/// The findings of every version, each once, in the words of the newest version that has it. They are suspicions where
/// some version has none, and one that only some have says which.
fn united(outcomes: &[OfVersion<'_>], engine: Option<Engine>, are_suspected: bool) -> Vec<Finding> {
    let mut united: Vec<Found<'_>> = Vec::new();
    // By key and place: where the findings stand in `united`.
    let mut known: BTreeMap<(&str, Option<Span>), Vec<usize>> = BTreeMap::new();
    for (version, outcome) in outcomes.iter().rev() {
        // A finding of a version is matched once, so that two equal ones of one version stay two.
        let mut taken: BTreeMap<(&str, Option<Span>), usize> = BTreeMap::new();
        for finding in outcome.all_findings() {
            let place = (finding.key.as_str(), finding.primary.as_ref().map(|label| label.span));
            let equals = known.entry(place).or_default();
            let number = taken.entry(place).or_default();
            match equals.get(*number).and_then(|at| united.get_mut(*at)) {
                Some(found) => found.add(finding, *version),
                None => {
                    equals.push(united.len());
                    united.push(Found { finding: finding.clone(), severities: vec![finding.severity], versions: vec![*version] });
                }
            }
            *number += 1;
        }
    }
    let in_all = united.iter().any(|found| found.versions.len() == outcomes.len());
    united.into_iter().map(|found| found.settled(outcomes, engine, are_suspected, in_all)).collect()
}

impl<'f> Found<'f> {
    /// The same finding of an older version.
    fn add(&mut self, other: &Finding, version: Option<&'f Version>) {
        let own = &mut self.finding;
        self.severities.push(other.severity);
        self.versions.push(version);
        // What only one of the versions wants written is not offered.
        if own.fix != other.fix {
            own.fix = None;
        }
        own.depends_on.extend(other.depends_on.iter().filter(|condition| !own.depends_on.contains(condition)).cloned().collect::<Vec<_>>());
    }

    /// The finding with the severity that is certain, and what it depends on.
    fn settled(mut self, outcomes: &[OfVersion<'_>], engine: Option<Engine>, is_suspected: bool, some_is_in_all: bool) -> Finding {
        let is_in_all = self.versions.len() == outcomes.len();
        let highest = self.severities.iter().copied().max().unwrap_or(self.finding.severity);
        let lowest = self.severities.iter().copied().min().unwrap_or(self.finding.severity);
        // What only some of the candidate versions make critical is not certain to be.
        let certain = is_in_all && lowest == highest;
        self.finding.severity = if certain { highest } else { highest.min(Severity::High) };
        if is_suspected || (!is_in_all && some_is_in_all) {
            if !is_in_all {
                let all: Vec<_> = outcomes.iter().map(|(version, _)| *version).collect();
                self.finding.depends_on.insert(0, only_on(&all, &self.versions, engine));
            }
            self.finding.severity = lowest;
            suspect(&mut self.finding);
        }
        self.finding.shipped_severity = self.finding.severity;
        self.finding
    }
}
