//! Whether the memory that `PostgreSQL` may use at worst is more than hardly any machine has, or far more than its own
//! `effective_cache_size` tells of, where it is not known which machine it is on.

use crate::engines::postgresql::sizing::worst_case::{largest_lever, megabytes, terms};
use crate::model::{Outcome, Setting, SettingState, Severity, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number};
use crate::rules::evaluate::{Observation, finding};
use crate::text::Span;

const GIGABYTE: f64 = 1_073_741_824.0;

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    if fact_number(subject, "memory").is_some() {
        return Outcome::NotApplicable("the memory is known; postgresql-worst-case-memory compares with it".to_owned());
    }
    let (Some(terms), Some(warn), Some(high)) = (terms(subject), param_number(rule, "warn_gb"), param_number(rule, "high_gb")) else {
        return Outcome::unknown(Why::new("the memory settings are not all known"));
    };
    let sum: f64 = terms.iter().map(|term| term.bytes).sum();
    let cache = written_cache(subject, sum);
    if sum <= warn * GIGABYTE && cache.is_none() {
        return Outcome::Pass;
    }
    let most = terms.iter().max_by(|one, other| one.bytes.total_cmp(&other.bytes));
    let most = most.map(|term| format!("; {} of it is {}", megabytes(term.bytes), term.how)).unwrap_or_default();
    let compared = match &cache {
        Some((cache, _)) if sum <= warn * GIGABYTE => {
            format!("while `effective_cache_size` of {} tells of a machine with about {}", cache.shown, machine_of(cache))
        }
        _ => "and hardly any machine has so much".to_owned(),
    };
    let message = format!(
        "at worst the server uses {}{most}, {compared}; expected at most the memory of the machine, which `--memory` states",
        megabytes(sum)
    );
    let mut observation = Observation::of_setting(subject, largest_lever(subject), message);
    observation.expected = Some("at most the memory of the machine".to_owned());
    observation.key = "memory".to_owned();
    observation.related.extend(cache.map(|(_, span)| (span, "what the planner is told of the memory".to_owned())));
    observation.severity = Some(if sum > high * GIGABYTE { Severity::High } else { Severity::Medium });
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// How much more than the stated cache is a contradiction: the cache is at least half of a machine that a database has for
/// itself, and twice its memory is beyond every doubt.
const TIMES_CACHE: f64 = 4.0;

/// The `effective_cache_size` that a file states, with its place, where the sum is far beyond a machine with such a cache. One
/// that is below `shared_buffers` tells nothing of the machine.
fn written_cache(subject: &Subject, sum: f64) -> Option<(&Setting, Span)> {
    let written = |name: &str| match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => Some((&**setting, setting.origin.span?)),
        _ => None,
    };
    let (cache, span) = written("effective_cache_size")?;
    let bytes = subject.setting_number("effective_cache_size")?;
    let buffers = subject.setting_number("shared_buffers")?;
    let is_sized = written("work_mem").or_else(|| written("max_connections")).is_some();
    (is_sized && bytes > buffers && sum > TIMES_CACHE * bytes).then_some((cache, span))
}

/// What machine a cache tells of: it is between a half of the memory and all of it.
fn machine_of(cache: &Setting) -> String {
    let bytes = cache.value.as_number().unwrap_or_default();
    format!("{} to {}", megabytes(bytes), megabytes(2.0 * bytes))
}
