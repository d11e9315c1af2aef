//! Every rule on every subject that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::survey::Survey;
use crate::model::{Engine, Finding, Instance, Outcome, OutcomeOf, Severity, Subject, SubjectKind, SubjectRef};
use crate::rules::{self, Context, Footprint, Head, Rule, RuleSet, Views};
use crate::text::{Files, SourceId};

/// Most services that a message names because they share a line with the one that it speaks of.
const NAMED_SERVICES: usize = 3;

/// Outcomes of all rules, sorted by rule and subject. `raised` are severities of gonogo.toml, which may only raise.
///
/// Services and files are not needed any more once they are judged, and make room for the outcomes.
#[must_use]
pub fn judge(survey: &mut Survey, set: &RuleSet, context: &Context, raised: &BTreeMap<String, Severity>) -> Vec<OutcomeOf> {
    let engines: BTreeSet<Engine> = survey.instances.iter().map(|instance| instance.engine).collect();
    let about_engines = |head: &Head| head.engines.is_empty() || engines.iter().any(|engine| head.engines.contains(engine));
    let of_instances = read(set, |head| head.subject == SubjectKind::Instance && !engines.is_empty() && about_engines(head));
    let mut asked: Vec<Asked> = of_instances.iter().map(|(id, rule)| (Arc::clone(id), rule.subject)).collect();
    let of_instances: Vec<_> = of_instances.into_iter().map(|named| (named.clone(), Footprint::of(named.1))).collect();
    let mut instances: Vec<&Instance> = survey.instances.iter().collect();
    instances.sort_by(|a, b| a.id.cmp(&b.id));
    let judged: Vec<Vec<OutcomeOf>> = instances.par_iter().map(|instance| judge_instance(instance, &of_instances, context)).collect();
    let mut judged_by_kind = BTreeMap::from([(SubjectKind::Instance, judged)]);
    for (kind, subjects) in [
        (SubjectKind::Service, &mut survey.services),
        (SubjectKind::File, &mut survey.files_seen),
        (SubjectKind::Project, &mut survey.project),
    ] {
        // Rules tell subjects of one kind apart by nothing else.
        let alike: BTreeMap<_, &Subject> = subjects.iter().map(|subject| ((subject.engine, subject.platform), subject)).collect();
        let rules = read(set, |head| alike.values().any(|subject| head.concerns(subject)));
        asked.extend(rules.iter().map(|(id, rule)| (Arc::clone(id), rule.subject)));
        let mut subjects = std::mem::take(subjects);
        subjects.sort_by(|a, b| a.id.cmp(&b.id));
        let judged = subjects.into_par_iter().map(|subject| judge_subject(&subject, &rules, context)).collect();
        judged_by_kind.insert(kind, judged);
    }
    let mut outcomes = by_rule_then_subject(judged_by_kind, asked);
    rules::yield_to_better(&mut outcomes, set);
    for outcome in &mut outcomes {
        let Some(least) = raised.get(outcome.rule.as_ref()) else { continue };
        if let Outcome::Fail(findings) = &mut outcome.outcome {
            findings.iter_mut().for_each(|finding| finding.severity = finding.severity.max(*least));
        }
        outcome.withdrawn = outcome.withdrawn.map(|severity| severity.max(*least));
    }
    outcomes
}

/// The rules that concern some subject, by id; of no other is the logic read.
fn read(set: &RuleSet, concerns: impl Fn(&Head) -> bool) -> Vec<Named<'_>> {
    let concerned = set.heads().filter(|head| concerns(head));
    concerned.filter_map(|head| Some((Arc::from(&*head.id), set.get(&head.id)?))).collect()
}

/// A rule that was asked, and the kind of subject that it is about.
type Asked = (Arc<str>, SubjectKind);

/// Outcomes by rule and then by subject. What comes in is sorted by id of the subject, and for each by rule, so that
/// nothing needs to be compared but the next of each: there are a hundred thousand in a large tree.
fn by_rule_then_subject(judged: BTreeMap<SubjectKind, Vec<Vec<OutcomeOf>>>, mut asked: Vec<Asked>) -> Vec<OutcomeOf> {
    asked.sort();
    let mut outcomes = Vec::with_capacity(judged.values().flatten().map(Vec::len).sum());
    let next_of = |of_subject: Vec<OutcomeOf>| of_subject.into_iter().peekable();
    let mut judged: BTreeMap<SubjectKind, Vec<_>> =
        judged.into_iter().map(|(kind, subjects)| (kind, subjects.into_iter().map(next_of).collect())).collect();
    for (id, kind) in asked {
        let subjects = judged.get_mut(&kind).into_iter().flatten();
        outcomes.extend(subjects.filter_map(|of_subject| of_subject.next_if(|outcome| outcome.rule == id)));
    }
    outcomes
}

/// A rule with its id, of which all its outcomes have a share.
type Named<'r> = (Arc<str>, &'r Rule);

fn judge_instance(instance: &Instance, rules: &[(Named<'_>, Footprint<'_>)], context: &Context) -> Vec<OutcomeOf> {
    let subject = SubjectRef { kind: SubjectKind::Instance, id: instance.id.as_str().into() };
    let concerned = |rule: &Rule| rule.engines.is_empty() || rule.engines.contains(&instance.engine);
    // Of a pooler also the servers behind it: what is wrong with it is wrong with the way to them.
    let own = instance.views.last().map_or_else(|| vec![instance.id.clone()], |view| view.subject.instances.clone());
    let views = Views::of(&instance.views);
    let rules = rules.iter().filter(|((_, rule), _)| concerned(rule));
    outcomes(subject, &own, rules.map(|((id, rule), reads)| (id, rules::judge_instance(rule, reads, &views, context))))
}

fn judge_subject(subject: &Subject, rules: &[Named<'_>], context: &Context) -> Vec<OutcomeOf> {
    let of = SubjectRef { kind: subject.kind, id: subject.id.as_str().into() };
    let rules = rules.iter().filter(|(_, rule)| rule.concerns(subject));
    outcomes(of, &subject.instances, rules.map(|(id, rule)| (id, rules::judge(rule, subject, context))))
}

/// What the rules that are concerned say, as outcomes. There are a hundred thousand in a large tree, so names are
/// shared and no room is left over.
fn outcomes<'r>(subject: SubjectRef, instances: &[String], said: impl Iterator<Item = (&'r Arc<str>, Outcome)>) -> Vec<OutcomeOf> {
    let (subject, instances) = (Arc::new(subject), Arc::new(instances.to_vec()));
    let outcome = |(rule, outcome): (&Arc<str>, Outcome)| OutcomeOf {
        rule: Arc::clone(rule),
        subject: Arc::clone(&subject),
        instances: Arc::clone(&instances),
        outcome,
        withdrawn: None,
    };
    said.map(outcome).collect()
}

/// Writes instances into the findings of all outcomes, and fingerprints where they are compared with known ones.
pub fn mark(outcomes: &mut [OutcomeOf], files: &Files, compares: bool) {
    let sources = if compares { files.sources() } else { BTreeMap::new() };
    outcomes.par_iter_mut().for_each(|outcome| {
        let Outcome::Fail(findings) = &mut outcome.outcome else { return };
        findings.iter_mut().for_each(|finding| finding.instances.clone_from(&outcome.instances));
        if compares {
            rules::fingerprints(findings, |id| sources.get(&id).map(|source| source.path_in_project()));
        }
    });
}

/// Where a finding stands, with its rule; without a place, its subject.
type Place<'f> = (&'f str, u32, u32, &'f str, &'f str);

/// A finding with the other services that its line serves.
struct Merged {
    finding: Finding,
    also: BTreeSet<String>,
}

/// The findings of all outcomes, sorted by path, offset and rule. One place is one finding of a rule:
/// equal ones of several instances are one, with their list, and so are those of several services that
/// share a line (an anchor, an `env_file`), which the message then names.
#[must_use]
pub fn findings(outcomes: &[OutcomeOf], files: &Files) -> Vec<Finding> {
    let sources = files.sources();
    let path_of = |id: SourceId| sources.get(&id).map(|source| source.path());
    let found = outcomes.par_iter().flat_map_iter(|outcome| outcome.outcome.findings());
    let mut placed: Vec<(Place<'_>, &Finding)> = found.map(|finding| (place_of(finding, path_of), finding)).collect();
    placed.par_sort_by(|(one, _), (other, _)| one.cmp(other));
    let of_place: Vec<_> = placed.chunk_by(|(one, _), (other, _)| one == other).collect();
    let mut findings: Vec<Finding> = of_place.par_iter().flat_map_iter(|alike| merged(alike)).collect();
    rules::fingerprints(&mut findings, |id| sources.get(&id).map(|source| source.path_in_project()));
    findings
}

/// Findings of one place and rule, each thing said once.
fn merged(alike: &[(Place<'_>, &Finding)]) -> Vec<Finding> {
    let mut merged: Vec<Merged> = Vec::with_capacity(1);
    for (_, finding) in alike {
        match merged.iter_mut().find(|known| known.is_same(finding)) {
            Some(known) => known.add(finding),
            None => merged.push(Merged { finding: (*finding).clone(), also: BTreeSet::new() }),
        }
    }
    merged.into_iter().map(Merged::told).collect()
}

fn place_of<'f>(finding: &'f Finding, path_of: impl Fn(SourceId) -> Option<&'f str>) -> Place<'f> {
    let span = finding.primary.as_ref().map(|label| label.span);
    let path = span.and_then(|span| path_of(span.source)).unwrap_or_default();
    let (start, end) = span.map_or((0, 0), |span| (span.start, span.end));
    let id = if span.is_none() { &*finding.subject.id } else { "" };
    (path, start, end, &finding.rule, id)
}

impl Merged {
    /// Whether the other finding, of the same place and rule, says the same: in the same words, or of another service.
    fn is_same(&self, other: &Finding) -> bool {
        let service = |finding: &Finding| finding.subject.kind == SubjectKind::Service && finding.primary.is_some();
        let another = self.finding.subject != other.subject && !self.also.contains(other.subject.id.as_ref());
        self.finding.message == other.message || (service(&self.finding) && service(other) && another)
    }

    fn add(&mut self, other: &Finding) {
        let known = &mut self.finding;
        if known.message != other.message {
            self.also.insert(other.subject.id.to_string());
        }
        known.instances.extend(other.instances.iter().cloned());
        known.instances.sort();
        known.instances.dedup();
        known.severity = known.severity.max(other.severity);
        // What one instance cannot accept, the finding as a whole is not accepted for.
        if other.suppressed.is_none() {
            known.suppressed = None;
        }
    }

    /// The finding, naming the services that its message does not.
    fn told(self) -> Finding {
        let Self { mut finding, also } = self;
        // The same service in two files (a base and its variant) goes by one name.
        let short = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
        let own = short(&finding.subject.id);
        let all: BTreeSet<String> = also.iter().map(|id| short(id)).filter(|name| *name != own).collect();
        let named: Vec<String> = all.iter().take(NAMED_SERVICES).cloned().collect();
        let more = all.len() - named.len();
        if more > 0 {
            finding.message.push_str(&format!("; this line serves {} and {more} more services too", named.join(", ")));
        } else if let Some((last, others)) = named.split_last() {
            let others = if others.is_empty() { String::new() } else { format!("{} and ", others.join(", ")) };
            finding.message.push_str(&format!("; this line serves {others}{last} too"));
        }
        finding
    }
}
