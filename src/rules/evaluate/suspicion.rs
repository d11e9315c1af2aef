//! Suspicions: what is bad in what was seen, if something holds that was not.
//!
//! A rule that cannot be told of a subject is asked again of the same subject under presumptions. What fails there is said,
//! with what it depends on; it decides nothing.

use super::ask;
use super::condition::truth;
use super::reading::Scope;
use super::truth::Truth;
use crate::model::{Applicability, Certainty, Finding, Outcome, Presumed, Severity, Subject};
use crate::rules::checks::Context;
use crate::rules::condition::Condition;
use crate::rules::presumptions;
use crate::rules::{Check, Read, Rule};

/// What a rule that cannot be told of a subject says of it under presumptions.
pub(super) fn suspicions(rule: &Rule, seen: &Subject, presumed: &Subject, context: &Context) -> Vec<Finding> {
    let Outcome::Fail(mut findings) = ask(rule, presumed, context) else { return Vec::new() };
    let conditions: Vec<String> = presumed_for(rule, seen, presumed).iter().map(presumptions::said).collect();
    for finding in &mut findings {
        finding.severity = finding.severity.min(Severity::High);
        finding.depends_on.clone_from(&conditions);
        suspect(finding);
    }
    findings
}

/// Marks a finding as one that depends on something.
pub(super) fn suspect(finding: &mut Finding) {
    finding.certainty = Certainty::Suspected;
    finding.severity = finding.severity.min(Severity::High);
    finding.shipped_severity = finding.severity;
    if let Some(fix) = &mut finding.fix
        && fix.applicability == Applicability::Safe
    {
        // Whether the line is in force at all was not seen.
        fix.applicability = Applicability::Unsafe;
    }
}

/// Says in its message what a finding depends on.
pub(super) fn tell(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| !finding.depends_on.is_empty()) {
        finding.message = format!("{} ({})", finding.message, finding.depends_on.join("; "));
    }
}

/// What was presumed for a rule to fail: of what it rests on, all that was not seen.
fn presumed_for(rule: &Rule, seen: &Subject, presumed: &Subject) -> Vec<Presumed> {
    let pair = Pair { seen: Scope::of(seen, rule.logic.on_image_defaults), presumed: Scope::of(presumed, rule.logic.on_image_defaults) };
    let of_guard = Pair { seen: pair.seen, presumed: pair.presumed.of_guard() };
    let guard = rule.logic.guard.iter().flat_map(|guard| of_guard.needed(guard, true));
    let own = match &rule.logic.check {
        Check::Table(condition) => pair.needed(condition, false),
        Check::Native { reads, .. } => pair.unseen(reads),
        Check::Query(_) => Vec::new(),
    };
    let mut needed: Vec<Presumed> = guard.chain(own).collect();
    if needed.is_empty() {
        // What a check works out of several values has a reason of its own.
        needed.clone_from(&presumed.presumed);
    }
    needed.sort();
    needed.dedup();
    needed
}

/// One subject, as it was seen and as it is under presumptions.
#[derive(Clone, Copy)]
struct Pair<'a> {
    seen: Scope<'a>,
    presumed: Scope<'a>,
}

impl Pair<'_> {
    /// What has to be presumed for a condition to be `value`, which it is under all presumptions.
    fn needed(self, condition: &Condition, value: bool) -> Vec<Presumed> {
        let Truth::Unknown(why) = truth(condition, self.seen) else { return Vec::new() };
        let parts = match condition {
            Condition::Not(inner) => return self.needed(inner, !value),
            Condition::All(parts) | Condition::Any(parts) => parts,
            Condition::Records(_) | Condition::Test(_) => return why.presumed().to_vec(),
        };
        let deciding = parts.iter().filter(|part| truth(part, self.presumed).is(value)).map(|part| self.needed(part, value));
        let each_alone_decides = matches!(condition, Condition::All(_)) != value;
        let needed: Vec<Presumed> =
            if each_alone_decides { deciding.min_by_key(Vec::len).unwrap_or_default() } else { deciding.flatten().collect() };
        if needed.is_empty() { why.presumed().to_vec() } else { needed }
    }

    /// What has to be presumed for what a check reads to be known.
    fn unseen(self, reads: &[Read]) -> Vec<Presumed> {
        let whys = reads.iter().filter_map(|read| super::unseen(std::slice::from_ref(read), self.seen));
        whys.flat_map(|why| why.presumed().to_vec()).collect()
    }
}
