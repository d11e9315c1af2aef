//! Whether the memory that `PostgreSQL` may use at worst fits the machine or the container's limit.

use crate::engines::postgresql::sizing::worst_case::{largest_lever, megabytes, terms};
use crate::model::{Outcome, Severity, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number};
use crate::rules::evaluate::{Observation, finding};

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(memory), Some(terms)) = (fact_number(subject, "memory"), terms(subject)) else {
        return Outcome::unknown(Why::new("the memory settings are not all known"));
    };
    let (Some(warn), Some(high)) = (param_number(rule, "warn_percent"), param_number(rule, "high_percent")) else {
        return Outcome::unknown(Why::new("the rule states no thresholds"));
    };
    let sum: f64 = terms.iter().map(|term| term.bytes).sum();
    let percent = 100.0 * sum / memory;
    if percent <= warn {
        return Outcome::Pass;
    }
    let listed: Vec<_> = terms.iter().map(|term| format!("{} {}", megabytes(term.bytes), term.how)).collect();
    let message = format!(
        "at worst the server uses {}, which is {percent:.0} % of the {} that it has: {}",
        megabytes(sum),
        megabytes(memory),
        listed.join(" + ")
    );
    let mut observation = Observation::of_setting(subject, largest_lever(subject), message);
    observation.found = Some(format!("{percent:.0} % of memory"));
    observation.expected = Some(format!("at most {warn} % of memory"));
    observation.key = "memory".to_owned();
    observation.related.extend(memory_place(subject));
    observation.severity = Some(if percent > high { Severity::High } else { Severity::Medium });
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// Where the memory is said, for the reader to compare.
fn memory_place(subject: &Subject) -> Option<(crate::text::Span, String)> {
    let span = subject.facts.get("memory")?.span?;
    Some((span, "memory limit set here".to_owned()))
}

#[cfg(test)]
mod tests;
