//! Whether the memory that `PostgreSQL` may use at worst fits the machine or the container's limit.

use crate::engines::postgresql::sizing;
use crate::engines::postgresql::sizing::worst_case::{largest_lever, megabytes, terms};
use crate::model::{Outcome, SettingState, Severity, Subject, Why};
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
    let stock = is_stock(subject);
    let figures = if stock { figures(subject).map(|figures| format!("; expected for example {figures}")) } else { None };
    let mut observation = Observation::of_setting(subject, largest_lever(subject), message + &figures.unwrap_or_default());
    observation.found = Some(format!("{percent:.0} % of memory"));
    observation.expected = Some(format!("at most {warn} % of memory"));
    observation.key = "memory".to_owned();
    observation.related.extend(memory_place(subject));
    observation.severity = Some(if percent > high && !stock { Severity::High } else { Severity::Medium });
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// Settings that somebody sets who sizes a server.
const SIZED: [&str; 6] =
    ["shared_buffers", "work_mem", "max_connections", "maintenance_work_mem", "autovacuum_work_mem", "hash_mem_multiplier"];

/// Whether nobody has sized the server: the stock settings of a small container serve few clients well.
fn is_stock(subject: &Subject) -> bool {
    let is_set = |name: &str| matches!(subject.settings.get(name), Some(SettingState::Known(setting)) if setting.origin.span.is_some());
    !SIZED.into_iter().any(is_set)
}

/// The settings to write, as the sizing has them.
fn figures(subject: &Subject) -> Option<String> {
    let sizing = sizing::advise(subject).ok()?;
    let wanted = ["max_connections", "shared_buffers", "work_mem", "autovacuum_work_mem"];
    let lines = sizing.lines.iter().filter(|line| wanted.contains(&line.name));
    let figures: Vec<String> = lines.filter_map(|line| Some(format!("{} = {}", line.name, line.advice.as_ref().ok()?.value))).collect();
    (!figures.is_empty()).then(|| figures.join(", "))
}

/// Where the memory is said, for the reader to compare.
fn memory_place(subject: &Subject) -> Option<(crate::text::Span, String)> {
    let span = subject.facts.get("memory")?.span?;
    Some((span, "memory limit set here".to_owned()))
}

#[cfg(test)]
mod tests;
