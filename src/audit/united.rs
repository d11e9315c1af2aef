//! One password is one finding: what a rule says of several services that have the same secret is said once, with all
//! of its places.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{Alike, Engine, Finding, Label, SubjectKind};
use crate::rules::RuleSet;
use crate::text::SourceId;

/// Most services that a message names beside the one that it speaks of.
const NAMED: usize = 3;

/// The findings in their order, those of one rule about one secret united in the weightiest of them.
pub(super) fn unite(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: HashMap<(Arc<str>, _), Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(twin) = finding.twin {
            groups.entry((finding.rule.to_string().into(), twin)).or_default().push(at);
        }
    }
    groups.retain(|_, members| members.len() > 1);
    if groups.is_empty() {
        return findings;
    }
    let engines: Vec<Option<Engine>> = findings.iter().map(|finding| finding.engine).collect();
    let mut places: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    for members in groups.into_values().flat_map(|members| by_engine(&members, &engines)) {
        let Some(first) = members.iter().copied().max_by_key(|at| weight(places.get(*at), *at)) else { continue };
        let others: Vec<Finding> =
            members.iter().filter(|at| **at != first).filter_map(|at| places.get_mut(*at).and_then(Option::take)).collect();
        if let Some(Some(known)) = places.get_mut(first) {
            others.iter().for_each(|other| add(known, other));
            tell(known, &others);
        }
    }
    places.into_iter().flatten().collect()
}

/// The members by engine, since each has a remedy of its own; clients belong to the first of them.
fn by_engine(members: &[usize], engines: &[Option<Engine>]) -> Vec<Vec<usize>> {
    let engine = |at: usize| engines.get(at).copied().flatten();
    let first = members.iter().find_map(|at| engine(*at));
    let mut groups: BTreeMap<Option<Engine>, Vec<usize>> = BTreeMap::new();
    members.iter().for_each(|at| groups.entry(engine(*at).or(first)).or_default().push(*at));
    groups.into_values().filter(|members| members.len() > 1).collect()
}

/// Without what a better rule says at the same place of another subject: a file of variables gives way to the service that
/// takes a value from it.
pub(super) fn give_way(findings: Vec<Finding>, rules: &RuleSet) -> Vec<Finding> {
    let better = |finding: &Finding| {
        let rule = rules.get(&finding.rule).filter(|_| finding.subject.kind == SubjectKind::File)?;
        Some(rule.logic.yields_to.as_slice()).filter(|better| !better.is_empty())
    };
    let wanted: HashSet<String> = findings.iter().filter_map(better).flatten().map(ToString::to_string).collect();
    if wanted.is_empty() {
        return findings;
    }
    let place = |label: &Label| (label.span.source, label.span.start);
    let mut told: HashSet<(String, (SourceId, u32))> = HashSet::new();
    for finding in findings.iter().filter(|finding| wanted.contains(&*finding.rule)) {
        told.extend(finding.primary.iter().chain(&finding.related).map(|label| (finding.rule.to_string(), place(label))));
    }
    let is_told = |finding: &Finding| {
        let at = finding.primary.as_ref().map(place);
        better(finding).zip(at).is_some_and(|(better, at)| better.iter().any(|rule| told.contains(&(rule.to_string(), at))))
    };
    findings.into_iter().filter(|finding| !is_told(finding)).collect()
}

/// What is not ignored, certain and weighty comes first; of equals a database, whose remedy speaks its language.
fn weight(finding: Option<&Option<Finding>>, at: usize) -> impl Ord + use<> {
    let finding = finding.and_then(Option::as_ref);
    finding.map(|finding| {
        let engine = finding.engine.is_some();
        (finding.suppressed.is_none(), !finding.is_suspected(), finding.severity, engine, std::cmp::Reverse(at))
    })
}

fn add(known: &mut Finding, other: &Finding) {
    let source = |finding: &Finding| finding.primary.as_ref().map(|label| label.span.source);
    let elsewhere = source(other).filter(|own| source(known) != Some(*own));
    known.alike.push(Alike { key: other.key.clone(), source: elsewhere, fingerprint: String::new() });
    known.alike.extend(other.alike.iter().cloned());
    if let Some(label) = &other.primary {
        known.related.push(Label { span: label.span, message: "the same here".to_owned() });
    }
    let instances = Arc::make_mut(&mut known.instances);
    instances.extend(other.instances.iter().cloned());
    instances.sort();
    instances.dedup();
}

/// Names the other services.
fn tell(known: &mut Finding, others: &[Finding]) {
    let short = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
    let services = others.iter().filter(|other| other.subject.kind == SubjectKind::Service).map(|other| short(&other.subject.id));
    let own = short(&known.subject.id);
    let mut services: Vec<String> = services.filter(|name| *name != own).collect();
    services.sort();
    services.dedup();
    let more = services.len().saturating_sub(NAMED);
    let text = match services.as_slice() {
        [] => return,
        [only] => format!("the same in {only}"),
        [most @ .., last] if more == 0 => format!("the same in {} and {last}", most.join(", ")),
        all => format!("the same in {} and {more} more", all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")),
    };
    known.message.push_str(&format!("; {text}"));
}
