//! Every rule on every subject that it is about.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::survey::Looked;
use super::united::unite;
use crate::model::{Alike, Comparisons, Engine, Finding, Instance, Outcome, OutcomeOf, Severity, Subject, SubjectKind, SubjectRef, Why};
use crate::report::{Open, Undecided, Work};
use crate::rules::{self, Context, Head, Readers, Rule, RuleSet, Views};
use crate::text::{Files, SourceId};

/// Most services that a message names because they share a line with the one that it speaks of.
const NAMED_SERVICES: usize = 3;

/// What is asked of every subject, and what is kept of the answers.
pub struct Judge<'r> {
    set: &'r RuleSet,
    by_kind: BTreeMap<SubjectKind, Vec<Named<'r>>>,
    context: Context,
    /// Whether what does not fail is kept as well: a verdict rests on it, and some reports list it.
    pub(super) keeps_all: bool,
    tally: Tally,
}

/// What was asked, counted as it is answered.
#[derive(Debug, Default)]
struct Tally {
    outcomes: AtomicUsize,
    asked: AtomicUsize,
    /// Rules of which some subject could not be judged, and those of which one could, by their number in the set.
    unknown: Vec<AtomicBool>,
    answered: Vec<AtomicBool>,
    undecided: Mutex<Doubts>,
}

/// What could not be decided.
#[derive(Debug, Default)]
struct Doubts {
    causes: HashMap<Why, usize>,
    /// Weighty rules with their subjects.
    weighty: Vec<Open>,
}

/// A rule with its id, of which all its outcomes have a share, and its number in the set. Its logic is read when a
/// subject is met that it concerns.
struct Named<'r> {
    id: Arc<str>,
    number: usize,
    head: &'r Head,
    rule: OnceLock<Option<&'r Rule>>,
}

impl<'r> Named<'r> {
    fn rule(&self, set: &'r RuleSet) -> Option<&'r Rule> {
        *self.rule.get_or_init(|| set.get(&self.head.id))
    }
}

/// One subject, judged.
#[derive(Debug)]
pub struct Judged {
    kind: SubjectKind,
    id: String,
    outcomes: Vec<OutcomeOf>,
}

impl Looked for Judged {
    fn belong(&mut self, id: &str, instances: &Arc<Vec<String>>) {
        id.clone_into(&mut self.id);
        let subject = Arc::new(SubjectRef { kind: self.kind, id: id.into() });
        for outcome in &mut self.outcomes {
            outcome.subject = Arc::clone(&subject);
            outcome.instances = Arc::clone(instances);
            outcome.outcome.all_findings_mut().iter_mut().for_each(|finding| finding.subject = SubjectRef::clone(&subject));
        }
    }
}

impl<'r> Judge<'r> {
    #[must_use]
    pub fn of(set: &'r RuleSet, context: Context, keeps_all: bool) -> Self {
        let mut by_kind: BTreeMap<SubjectKind, Vec<Named<'r>>> = BTreeMap::new();
        for (number, head) in set.heads().enumerate() {
            by_kind.entry(head.subject).or_default().push(Named { id: Arc::from(&*head.id), number, head, rule: OnceLock::new() });
        }
        by_kind.values_mut().for_each(|rules| rules.sort_by(|one, other| one.id.cmp(&other.id)));
        let flags = || set.heads().map(|_| AtomicBool::new(false)).collect();
        let tally = Tally { unknown: flags(), answered: flags(), ..Tally::default() };
        Self { set, by_kind, context, keeps_all, tally }
    }

    /// Judges a service, a file or the project, which is not needed any more then.
    #[must_use]
    pub fn subject(&self, subject: Subject) -> Judged {
        let of = SubjectRef { kind: subject.kind, id: subject.id.as_str().into() };
        let rules = self.rules(subject.kind).iter().filter(|named| named.head.concerns(&subject));
        let said = rules.filter_map(|named| Some((named, rules::judge(named.rule(self.set)?, &subject, &self.context))));
        let outcomes = self.outcomes(of, &subject.instances, said);
        self.tally.asked.fetch_add(outcomes.1, Ordering::Relaxed);
        Judged { kind: subject.kind, id: subject.id, outcomes: outcomes.0 }
    }

    /// Judges every instance. Their views are kept where something is looked up in them later.
    #[must_use]
    pub fn instances(&self, instances: &mut [Instance], keeps_views: bool) -> Vec<Judged> {
        let engines: BTreeSet<Engine> = instances.iter().map(|instance| instance.engine).collect();
        let concerned = |head: &Head| head.engines.is_empty() || head.engines.iter().any(|engine| engines.contains(engine));
        let rules = self.rules(SubjectKind::Instance).iter().filter(|named| !engines.is_empty() && concerned(named.head));
        let rules: Vec<(&Named<'r>, &Rule)> = rules.filter_map(|named| Some((named, named.rule(self.set)?))).collect();
        let readers = Readers::of(rules.iter().map(|(_, rule)| *rule));
        let comparisons = Comparisons::default();
        let judge = |instance: &mut Instance| {
            let judged = self.instance(instance, &rules, &Views::of(&instance.views, &readers, &comparisons));
            if !keeps_views {
                // Comparisons go by the address of what views share, of which nothing is made any more.
                instance.views = Vec::new();
            }
            judged
        };
        instances.par_iter_mut().map(judge).collect()
    }

    fn instance(&self, instance: &Instance, rules: &[(&Named<'r>, &Rule)], views: &Views<'_>) -> Judged {
        let subject = SubjectRef { kind: SubjectKind::Instance, id: instance.id.as_str().into() };
        let concerned = |rule: &Rule| rule.engines.is_empty() || rule.engines.contains(&instance.engine);
        let rules = rules.iter().enumerate().filter(|(_, (_, rule))| concerned(rule));
        let said = rules.map(|(number, (named, rule))| (*named, rules::judge_instance(rule, number, views, &self.context)));
        // Of a pooler also the servers behind it: what is wrong with it is wrong with the way to them.
        let own = instance.views.last().map_or_else(|| Arc::new(vec![instance.id.clone()]), |view| Arc::clone(&view.subject.instances));
        let (outcomes, _) = self.outcomes(subject, &own, said);
        self.tally.asked.fetch_add(views.asked(), Ordering::Relaxed);
        Judged { kind: SubjectKind::Instance, id: instance.id.clone(), outcomes }
    }

    fn rules(&self, kind: SubjectKind) -> &[Named<'r>] {
        self.by_kind.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// What rules say, as outcomes, as far as they are kept; and how many there are. There are a hundred thousand in a
    /// large tree, so names are shared and no room is left over.
    fn outcomes<'n>(
        &self,
        subject: SubjectRef,
        instances: &Arc<Vec<String>>,
        said: impl Iterator<Item = (&'n Named<'r>, Outcome)>,
    ) -> (Vec<OutcomeOf>, usize)
    where
        'r: 'n,
    {
        let subject = Arc::new(subject);
        let mut count = 0;
        let mut outcomes = Vec::new();
        let mut doubts = Doubts::default();
        for (named, mut outcome) in said {
            count += 1;
            if let Outcome::Unknown(why, _) = &outcome {
                *doubts.causes.entry(why.clone()).or_default() += 1;
                if named.head.highest_severity() >= Severity::High {
                    doubts.weighty.push(Open { rule: Arc::clone(&named.id), subject: Arc::clone(&subject) });
                }
            }
            self.tally.note(named.number, &outcome);
            if let Outcome::Fail(findings) | Outcome::Unknown(_, findings) = &mut outcome {
                // Most have one finding, and room for four.
                findings.shrink_to_fit();
            }
            if self.keeps_all || !outcome.all_findings().is_empty() || matches!(outcome, Outcome::Fail(_)) {
                let (rule, subject, instances) = (Arc::clone(&named.id), Arc::clone(&subject), Arc::clone(instances));
                outcomes.push(OutcomeOf { rule, subject, instances, outcome, withdrawn: None });
            }
        }
        outcomes.shrink_to_fit();
        self.tally.doubt(doubts);
        self.tally.outcomes.fetch_add(count, Ordering::Relaxed);
        (outcomes, count)
    }

    /// Outcomes sorted by rule and subject. `raised` are severities of gonogo.toml, which may only raise.
    #[must_use]
    pub fn joined(&self, mut judged: Vec<Judged>, raised: &BTreeMap<String, Severity>) -> Vec<OutcomeOf> {
        judged.sort_by(|a, b| a.id.cmp(&b.id));
        let mut judged_by_kind: BTreeMap<SubjectKind, Vec<Vec<OutcomeOf>>> = BTreeMap::new();
        for Judged { kind, outcomes, .. } in judged {
            judged_by_kind.entry(kind).or_default().push(outcomes);
        }
        let mut outcomes = by_rule_then_subject(judged_by_kind, self.by_id());
        rules::yield_to_better(&mut outcomes, self.set);
        for outcome in &mut outcomes {
            let Some(least) = raised.get(outcome.rule.as_ref()) else { continue };
            for finding in outcome.outcome.all_findings_mut() {
                let most = if finding.is_suspected() { Severity::High } else { Severity::Critical };
                finding.severity = finding.severity.max(*least).min(most);
            }
            outcome.withdrawn = outcome.withdrawn.map(|severity| severity.max(*least));
        }
        outcomes
    }

    /// Ids of all rules, sorted, each with the kind of subject that it is about.
    fn by_id(&self) -> Vec<(&str, SubjectKind)> {
        let mut by_id: Vec<_> = self.by_kind.iter().flat_map(|(kind, rules)| rules.iter().map(|named| (&*named.id, *kind))).collect();
        by_id.sort_unstable();
        by_id
    }

    /// Rules of which every subject could be judged.
    #[must_use]
    pub fn decided(&self) -> BTreeSet<&'r str> {
        let decided = |number: usize| {
            let is = |flags: &[AtomicBool]| flags.get(number).is_some_and(|flag| flag.load(Ordering::Relaxed));
            is(&self.tally.answered) && !is(&self.tally.unknown)
        };
        self.by_kind.values().flatten().filter(|named| decided(named.number)).map(|named| &*named.head.id).collect()
    }

    /// What could not be decided.
    #[must_use]
    pub fn undecided(&self) -> Undecided {
        let doubts = std::mem::take(&mut *self.tally.undecided.lock().unwrap_or_else(PoisonError::into_inner));
        Undecided::of(doubts.causes, doubts.weighty)
    }

    /// What it took.
    #[must_use]
    pub fn work(&self, files_opened: usize) -> Work {
        Work { outcomes: self.tally.outcomes.load(Ordering::Relaxed), rules_asked: self.tally.asked.load(Ordering::Relaxed), files_opened }
    }
}

impl Tally {
    /// Adds what could not be decided of one subject.
    fn doubt(&self, doubts: Doubts) {
        if doubts.causes.is_empty() {
            return;
        }
        let mut all = self.undecided.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.causes.into_iter().for_each(|(why, count)| *all.causes.entry(why).or_default() += count);
        all.weighty.extend(doubts.weighty);
    }

    fn note(&self, number: usize, outcome: &Outcome) {
        let flags = if matches!(outcome, Outcome::Unknown(..)) { &self.unknown } else { &self.answered };
        if let Some(flag) = flags.get(number) {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

/// Outcomes by rule and then by subject. What comes in is sorted by id of the subject, and for each by rule, so that
/// nothing needs to be compared but the next of each: there are a hundred thousand in a large tree.
fn by_rule_then_subject(judged: BTreeMap<SubjectKind, Vec<Vec<OutcomeOf>>>, rules: Vec<(&str, SubjectKind)>) -> Vec<OutcomeOf> {
    let mut outcomes = Vec::with_capacity(judged.values().flatten().map(Vec::len).sum());
    let next_of = |of_subject: Vec<OutcomeOf>| of_subject.into_iter().peekable();
    let mut judged: BTreeMap<SubjectKind, Vec<_>> = judged
        .into_iter()
        .map(|(kind, subjects)| (kind, subjects.into_iter().filter(|of| !of.is_empty()).map(next_of).collect()))
        .collect();
    for (id, kind) in rules {
        let subjects = judged.get_mut(&kind).into_iter().flatten();
        outcomes.extend(subjects.filter_map(|of_subject| of_subject.next_if(|outcome| &*outcome.rule == id)));
    }
    outcomes
}

/// Writes instances into the findings of all outcomes.
pub fn mark(outcomes: &mut [OutcomeOf]) {
    outcomes.par_iter_mut().for_each(|outcome| {
        let findings = outcome.outcome.all_findings_mut();
        findings.iter_mut().for_each(|finding| finding.instances.clone_from(&outcome.instances));
    });
}

/// Where a finding stands, with its rule; without a place, its subject. The path goes by its rank among all.
type Place<'f> = (usize, u32, u32, &'f str, &'f str);

/// A finding with the other services that its line serves.
struct Merged {
    finding: Finding,
    also: BTreeSet<String>,
}

/// The findings of all outcomes, sorted by path, offset and rule. One place is one finding of a rule:
/// equal ones of several instances are one, with their list, and so are those of several services that
/// share a line (an anchor, an `env_file`), which the message then names. Outcomes that are not kept give theirs away.
#[must_use]
pub fn findings(outcomes: &mut [OutcomeOf], keeps: bool, says_fingerprints: bool, files: &Files) -> Vec<Finding> {
    let sources = files.sources();
    let mut paths: Vec<&str> = sources.values().map(|source| source.path()).collect();
    paths.sort_unstable();
    let rank = |path: &str| paths.partition_point(|known| *known < path) + 1;
    // As sorted by id as the sources are.
    let ranks: Vec<(SourceId, usize)> = sources.iter().map(|(id, source)| (*id, rank(source.path()))).collect();
    let of_outcome = |outcome: &mut OutcomeOf| match &mut outcome.outcome {
        Outcome::Fail(findings) | Outcome::Accepted(findings) | Outcome::Unknown(_, findings) if keeps => findings.clone(),
        Outcome::Fail(findings) | Outcome::Accepted(findings) | Outcome::Unknown(_, findings) => std::mem::take(findings),
        _ => Vec::new(),
    };
    let mut placed: Vec<Finding> = outcomes.par_iter_mut().flat_map_iter(of_outcome).collect();
    placed.par_sort_by(|one, other| place_of(one, &ranks).cmp(&place_of(other, &ranks)));
    let mut findings: Vec<Finding> = Vec::with_capacity(placed.len());
    let mut alike: Vec<Merged> = Vec::new();
    for finding in placed {
        if alike.first().is_some_and(|first| place_of(&first.finding, &ranks) != place_of(&finding, &ranks)) {
            findings.extend(alike.drain(..).map(Merged::told));
        }
        merge(&mut alike, finding);
    }
    findings.extend(alike.into_iter().map(Merged::told));
    let mut findings = unite(findings);
    if says_fingerprints {
        rules::fingerprints(&mut findings, |id| sources.get(&id).map(|source| source.path_in_project()));
    }
    findings
}

/// Adds a finding to others of its place and rule, each thing said once.
fn merge(alike: &mut Vec<Merged>, finding: Finding) {
    match alike.iter_mut().find(|known| known.is_same(&finding)) {
        Some(known) => known.add(&finding),
        None => alike.push(Merged { finding, also: BTreeSet::new() }),
    }
}

fn place_of<'f>(finding: &'f Finding, ranks: &[(SourceId, usize)]) -> Place<'f> {
    let span = finding.primary.as_ref().map(|label| label.span);
    let rank = |source: SourceId| ranks.binary_search_by_key(&source, |(id, _)| *id).ok().and_then(|at| ranks.get(at));
    let path = span.and_then(|span| rank(span.source)).map_or(0, |(_, rank)| *rank);
    let (start, end) = span.map_or((0, 0), |span| (span.start, span.end));
    let id = if span.is_none() { &*finding.subject.id } else { "" };
    (path, start, end, &finding.rule, id)
}

impl Merged {
    /// Whether the other finding, of the same place and rule, says the same: in the same words, or of another service.
    fn is_same(&self, other: &Finding) -> bool {
        let service = |finding: &Finding| finding.subject.kind == SubjectKind::Service && finding.primary.is_some();
        let another = self.finding.subject != other.subject && !self.also.contains(other.subject.id.as_ref());
        let certainty_differs = self.finding.certainty != other.certainty && self.finding.key == other.key;
        self.finding.message == other.message || certainty_differs || (service(&self.finding) && service(other) && another)
    }

    fn add(&mut self, other: &Finding) {
        let known = &mut self.finding;
        if known.key != other.key && !known.alike.iter().any(|alike| alike.key == other.key) {
            known.alike.push(Alike { key: other.key.clone(), source: None, fingerprint: String::new() });
        }
        match (known.is_suspected(), other.is_suspected()) {
            // What is certain of one of them is certain, in its words.
            (true, false) => {
                let instances = std::mem::take(&mut known.instances);
                let alike = std::mem::take(&mut known.alike);
                *known = Finding { instances, alike, suppressed: other.suppressed.clone().and(known.suppressed.take()), ..other.clone() };
            }
            (false, true) => {}
            _ => known.severity = known.severity.max(other.severity),
        }
        // The remedy of a database speaks its language.
        if known.engine.is_none() && other.engine.is_some() && known.certainty == other.certainty {
            (known.engine, known.help) = (other.engine, Arc::clone(&other.help));
        }
        if known.message != other.message && known.certainty == other.certainty {
            self.also.insert(other.subject.id.to_string());
        }
        if known.instances != other.instances || !known.instances.is_sorted_by(|one, next| one < next) {
            let instances = Arc::make_mut(&mut known.instances);
            instances.extend(other.instances.iter().cloned());
            instances.sort();
            instances.dedup();
        }
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
