//! What is done to findings once all rules have been asked: giving way to better ones, fingerprints.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::model::{Alike, Finding, Outcome, OutcomeOf, SubjectRef};
use crate::rules::RuleSet;
use crate::text::{SourceId, Span, hexadecimal};

/// Drops findings where a rule that says the same better fires on the same subject and place.
///
/// The outcome of the rule that gives way stays a failure, if need be without findings: what a
/// checklist item sees of it must not depend on who words it. What is certain never gives way to a suspicion.
pub fn yield_to_better(outcomes: &mut [OutcomeOf], rules: &RuleSet) {
    let yielding: Vec<(usize, &[Cow<'static, str>])> = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| !outcome.outcome.all_findings().is_empty())
        .filter_map(|(at, outcome)| Some((at, rules.get(&outcome.rule)?.logic.yields_to.as_slice())))
        .filter(|(_, yields_to)| !yields_to.is_empty())
        .collect();
    if yielding.is_empty() {
        return;
    }
    let better = by_rule_and_subject(outcomes, &yielding);
    for (at, yields_to) in yielding {
        let Some(outcome) = outcomes.get_mut(at) else { continue };
        let others: Vec<&Finding> =
            yields_to.iter().filter_map(|rule| better.get(&(rule.to_string(), outcome.subject.clone()))).flatten().collect();
        match &mut outcome.outcome {
            Outcome::Fail(findings) => {
                let certain: Vec<&Finding> = others.into_iter().filter(|other| !other.is_suspected()).collect();
                let certain = Places::of(&certain);
                outcome.withdrawn = findings.iter().filter(|finding| certain.hold(finding)).map(|finding| finding.severity).max();
                findings.retain(|finding| !certain.hold(finding));
            }
            Outcome::Unknown(_, suspicions) => {
                let others = Places::of(&others);
                suspicions.retain(|finding| !others.hold(finding));
            }
            _ => {}
        }
    }
}

/// The findings of the rules that others give way to, as they were before any gave way.
fn by_rule_and_subject(
    outcomes: &[OutcomeOf],
    yielding: &[(usize, &[Cow<'static, str>])],
) -> BTreeMap<(String, Arc<SubjectRef>), Vec<Finding>> {
    let wanted: BTreeSet<&str> = yielding.iter().flat_map(|(_, yields_to)| yields_to.iter().map(|rule| &**rule)).collect();
    let better = outcomes.iter().filter(|outcome| !outcome.outcome.all_findings().is_empty() && wanted.contains(outcome.rule.as_ref()));
    better.map(|outcome| ((outcome.rule.to_string(), outcome.subject.clone()), outcome.outcome.all_findings().to_vec())).collect()
}

/// The places of findings, to ask whether another speaks of one of them.
struct Places<'f> {
    keys: BTreeSet<&'f str>,
    /// By text and first byte: the furthest end of all that begin there or before.
    reach: BTreeMap<(SourceId, u32), u32>,
    exact: BTreeSet<Span>,
}

impl<'f> Places<'f> {
    fn of(findings: &[&'f Finding]) -> Self {
        let exact: BTreeSet<Span> = findings.iter().filter_map(|finding| Some(finding.primary.as_ref()?.span)).collect();
        let mut reach = BTreeMap::new();
        let mut furthest: Option<Span> = None;
        // Sorted by text, first byte and end.
        for span in &exact {
            let end = furthest.filter(|known| known.source == span.source).map_or(span.end, |known| known.end.max(span.end));
            reach.insert((span.source, span.start), end);
            furthest = Some(Span { end, ..*span });
        }
        Self { keys: findings.iter().map(|finding| finding.key.as_str()).collect(), reach, exact }
    }

    /// Whether a finding speaks of one of the places: text that overlaps one of its own, or the same logical key where no file shows it.
    fn hold(&self, finding: &Finding) -> bool {
        if self.keys.contains(finding.key.as_str()) {
            return true;
        }
        finding.primary.iter().chain(&finding.related).any(|label| self.overlap(label.span))
    }

    fn overlap(&self, span: Span) -> bool {
        let mut before = self.reach.range((span.source, 0)..(span.source, span.end));
        self.exact.contains(&span) || before.next_back().is_some_and(|(_, end)| *end > span.start)
    }
}

/// Gives every finding its fingerprint: rule, path, logical key, and the ordinal among equals in the
/// order given. Nothing of it is a value, a line or the message, so that edits elsewhere keep it.
/// Findings that are told with another have one each: what is known of them is known of all.
pub fn fingerprints<'s>(findings: &mut [Finding], path_of: impl Fn(SourceId) -> Option<&'s str>) {
    let mut seen: HashMap<(&str, Cow<'_, str>, &str), u32> = HashMap::new();
    let mut identities = Vec::with_capacity(findings.len());
    for finding in findings.iter() {
        // What no file shows is told apart by its subject.
        let path = finding.primary.as_ref().and_then(|label| path_of(label.span.source)).map(Cow::Borrowed);
        let path = path.unwrap_or_else(|| Cow::Owned(format!("{}:{}", finding.subject.kind, finding.subject.id)));
        let rule = &finding.rule;
        let mut identity = |key, path: &Cow<'s, str>| {
            let ordinal = seen.entry((rule, path.clone(), key)).and_modify(|count| *count += 1).or_insert(0);
            format!("{rule}\0{path}\0{key}\0{ordinal}")
        };
        let own = identity(&*finding.key, &path);
        let elsewhere = |other: &Alike| other.source.and_then(&path_of).map(Cow::Borrowed);
        let alike: Vec<String> =
            finding.alike.iter().map(|other| identity(&*other.key, elsewhere(other).as_ref().unwrap_or(&path))).collect();
        identities.push((own, alike));
    }
    findings.par_iter_mut().zip(identities).for_each(|(finding, (own, alike))| {
        finding.fingerprint = short_digest(&own);
        finding.alike.iter_mut().zip(alike).for_each(|(other, identity)| other.fingerprint = short_digest(&identity));
    });
}

fn short_digest(identity: &str) -> String {
    let digest = Sha256::digest(identity);
    hexadecimal(digest.get(..8).unwrap_or(&digest))
}
