//! Holding a rule against a subject: pure, synchronous, three-valued.

mod condition;
mod finding;
mod footprint;
mod help;
mod join;
mod passes;
mod predicate;
mod reading;
mod remedy;
mod suspicion;
mod truth;
mod versions;
mod wording;

pub use finding::{Observation, finding};
pub use footprint::Readers;
pub use join::{Views, judge_instance};
pub use passes::{fingerprints, yield_to_better};
pub use truth::Truth;

use std::collections::HashSet;

use super::checks::Context;
use super::condition::Condition;
use super::{Check, Read, Rule, checks};
use crate::model::{Finding, OriginKind, Outcome, Subject, Why};
use condition::{deciders, truth};
use reading::{Scope, Seen, read};

/// What a rule says of one subject.
#[must_use]
pub fn judge(rule: &Rule, subject: &Subject, context: &Context) -> Outcome {
    let outcome = outside(rule, subject, context).unwrap_or_else(|| ask(rule, subject, context));
    match (outcome, &subject.presuming) {
        (Outcome::Unknown(why, _), Some(presumed)) if outside(rule, presumed, context).is_none() => {
            let mut suspected = suspicion::suspicions(rule, subject, presumed, context);
            suspicion::tell(&mut suspected);
            Outcome::Unknown(why, suspected)
        }
        (outcome, _) => outcome,
    }
}

/// What a rule says of a subject that it is about.
fn ask(rule: &Rule, subject: &Subject, context: &Context) -> Outcome {
    let scope = Scope::of(subject, rule.logic.on_image_defaults);
    let guard = rule.logic.guard.as_ref().map_or(Truth::True, |guard| truth(guard, scope.of_guard()));
    if let (Truth::False, Some(guard)) = (&guard, &rule.logic.guard) {
        return not_concerned(context, || why_not(guard, scope.of_guard()));
    }
    let outcome = match &rule.logic.check {
        Check::Table(condition) => of_table(rule, condition, subject, context),
        Check::Native { name, reads } => unseen(reads, scope).map_or_else(|| of_native(name, rule, subject, context), Outcome::unknown),
        Check::Query(_) => Outcome::unknown(Why::needing("only a running server can tell", "ask it with --live URL")),
    };
    match (guard, outcome) {
        // A guard that cannot be told does not matter where the good state holds anyway.
        (Truth::Unknown(why), Outcome::Fail(_) | Outcome::Unknown(..)) => Outcome::unknown(why),
        (_, outcome) => outcome,
    }
}

/// The outcome of a rule that does not concern a subject, with its reason where that is asked for.
fn not_concerned(context: &Context, why: impl FnOnce() -> String) -> Outcome {
    Outcome::NotApplicable(if context.says_why_not { why() } else { String::new() })
}

/// Why the rule does not concern the subject at all, or cannot be told to.
fn outside(rule: &Rule, subject: &Subject, context: &Context) -> Option<Outcome> {
    if rule.subject != subject.kind {
        return Some(not_concerned(context, || format!("the rule is about {}", rule.subject)));
    }
    if !rule.concerns(subject) {
        let engines = rule.engines.iter().map(|engine| engine.name());
        let platforms = rule.platforms.iter().map(|platform| platform.name());
        let fits = rule.fits_platform(subject);
        let names = || if fits { engines.collect::<Vec<_>>() } else { platforms.collect() }.join(", ");
        return Some(not_concerned(context, || format!("the rule is about {}", names())));
    }
    let range = rule.logic.versions.of(subject.engine?)?;
    let Some(version) = &subject.version else {
        let why = Why::needing("the version is not known", "say it with --engine-version");
        return Some(Outcome::unknown(why));
    };
    match range.admits(version) {
        Some(true) => None,
        Some(false) => Some(not_concerned(context, || format!("the rule is about versions {range}; this is {version}"))),
        None => {
            let why = Why::needing(
                format!("the rule is about versions {range}; of this one only {version} is known"),
                "say it with --engine-version",
            );
            Some(Outcome::unknown(why))
        }
    }
}

/// The outcome of a condition, with one finding per record that makes it false, else one.
fn of_table(rule: &Rule, condition: &Condition, subject: &Subject, context: &Context) -> Outcome {
    let scope = Scope::of(subject, rule.logic.on_image_defaults);
    match truth(condition, scope) {
        Truth::True => Outcome::Pass,
        Truth::Unknown(why) => Outcome::unknown(why),
        Truth::False => {
            let causes = deciders(condition, false, scope);
            let counts = |origin| rule.logic.on_image_defaults || origin != OriginKind::ImageDefault;
            let causes = causes.iter().filter(|cause| counts(finding::origin(cause)));
            let mut findings: Vec<Finding> = causes.map(|cause| finding::of_cause(rule, subject, cause, context)).collect();
            // Many records may have one cause: what is said of it, in the same words and at the same place, is said once.
            if findings.len() > 1 {
                let mut said = HashSet::new();
                findings.retain(|finding| said.insert((finding.primary.as_ref().map(|label| label.span), finding.message.clone())));
            }
            if findings.is_empty() {
                return Outcome::NotApplicable("only the image's own defaults say so".to_owned());
            }
            Outcome::Fail(findings)
        }
    }
}

/// The outcome of a native check. The loader knows their names, so that one without its function is never met.
fn of_native(name: &str, rule: &Rule, subject: &Subject, context: &Context) -> Outcome {
    match checks::find(name) {
        Some(run) => run(rule, subject, context),
        None => Outcome::unknown(Why::new(format!("this program has no check `{name}`"))),
    }
}

/// Why the guard keeps the rule away, in its own words.
fn why_not(guard: &Condition, scope: Scope<'_>) -> String {
    let cause = deciders(guard, false, scope).into_iter().next();
    let sentence = cause.and_then(|cause| wording::wording(&cause).sentence);
    sentence.map_or_else(|| "it does not concern this one".to_owned(), |sentence| sentence.replace("; expected ", "; the rule is about "))
}

/// Why a native check cannot be asked: the first thing that it reads and that could not be seen.
fn unseen(reads: &[Read], scope: Scope<'_>) -> Option<Why> {
    reads.iter().find_map(|wanted| match wanted {
        Read::Records(kind) => scope.records(kind).1,
        Read::Value(operand) => match read(operand, scope).seen {
            Seen::Unknown(why) => Some(why),
            Seen::Among(_, why) => Some(why.clone()),
            Seen::Known(value) if matches!(value.as_ref(), crate::model::Value::Unresolved(_)) => {
                Some(Why::new(format!("the value of {} is not known: {value}", operand.name())))
            }
            Seen::Known(_) | Seen::Absent => None,
        },
    })
}

#[cfg(test)]
mod tests;
