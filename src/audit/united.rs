//! One password is one finding: what a rule says of several services that have the same secret is said once, with all
//! of its places.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Alike, Finding, Label, SubjectKind};

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
    let mut places: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    for members in groups.into_values() {
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
