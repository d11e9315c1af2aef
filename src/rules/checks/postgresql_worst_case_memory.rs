//! Whether the memory that `PostgreSQL` may use at worst fits the machine or the container's limit.
//!
//! shared_buffers + wal_buffers + 2 × max_connections × work_mem + autovacuum workers + one
//! maintenance command + the backends themselves. A query may use work_mem several times, and hash
//! nodes twice of it from version 15 on, so that the factor 2 is not generous.

use super::{Context, fact_number, param_number, setting_number, setting_special};
use crate::model::{Outcome, SettingState, Severity, Subject, Why, format_bytes};
use crate::rules::Rule;
use crate::rules::evaluate::{Observation, finding};

/// Memory of one backend beside work_mem.
const BACKEND: f64 = 10.0 * 1_048_576.0;

/// One term of the sum, with how it came about.
struct Term {
    how: String,
    bytes: f64,
}

pub(super) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(memory), Some(terms)) = (fact_number(subject, "memory"), terms(subject)) else {
        return Outcome::Unknown(Why::new("the memory settings are not all known"));
    };
    let (Some(warn), Some(high)) = (param_number(rule, "warn_percent"), param_number(rule, "high_percent")) else {
        return Outcome::Unknown(Why::new("the rule states no thresholds"));
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

fn terms(subject: &Subject) -> Option<Vec<Term>> {
    let number = |name| setting_number(subject, name);
    let term = |how: String, bytes| Term { how, bytes };
    let (buffers, connections, work) = (number("shared_buffers")?, number("max_connections")?, number("work_mem")?);
    let (workers, maintenance) = (number("autovacuum_max_workers")?, number("maintenance_work_mem")?);
    let (vacuum_name, vacuum) = match number("autovacuum_work_mem") {
        Some(bytes) if bytes >= 0.0 => ("autovacuum_work_mem", bytes),
        _ => ("maintenance_work_mem", maintenance),
    };
    Some(vec![
        term("shared_buffers".to_owned(), buffers),
        term("wal_buffers".to_owned(), wal_buffers(subject, buffers)?),
        term(format!("work_mem ({} × {connections} connections × 2)", megabytes(work)), 2.0 * connections * work),
        term(format!("autovacuum ({workers} workers × {vacuum_name} {})", megabytes(vacuum)), workers * vacuum),
        term("maintenance_work_mem".to_owned(), maintenance),
        term(format!("backends ({connections} × {})", megabytes(BACKEND)), connections * BACKEND),
    ])
}

/// -1 means a 32nd of shared_buffers, at least 64 kB and at most one WAL segment of 16 MB.
/// <https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-BUFFERS>
fn wal_buffers(subject: &Subject, shared_buffers: f64) -> Option<f64> {
    match (setting_number(subject, "wal_buffers"), setting_special(subject, "wal_buffers")) {
        (Some(bytes), _) if bytes >= 0.0 => Some(bytes),
        (Some(_), _) | (None, Some(_)) => Some((shared_buffers / 32.0).clamp(65_536.0, 16.0 * 1_048_576.0)),
        (None, None) => None,
    }
}

/// The setting to turn first: the one that contributes most; of work_mem and max_connections the one that somebody set.
fn largest_lever(subject: &Subject) -> &'static str {
    let number = |name| setting_number(subject, name).unwrap_or(0.0);
    let is_set = |name| matches!(subject.settings.get(name), Some(SettingState::Known(known)) if known.origin.span.is_some());
    let of_sessions = number("max_connections") * (2.0 * number("work_mem") + BACKEND);
    match of_sessions > number("shared_buffers") {
        false => "shared_buffers",
        true if is_set("max_connections") && !is_set("work_mem") => "max_connections",
        true => "work_mem",
    }
}

/// Where the memory is said, for the reader to compare.
fn memory_place(subject: &Subject) -> Option<(crate::text::Span, String)> {
    let span = subject.facts.get("memory")?.span?;
    Some((span, "the memory is said here".to_owned()))
}

#[expect(clippy::cast_possible_truncation, reason = "rounded for display; beyond 2^63 it saturates")]
fn megabytes(bytes: f64) -> String {
    format_bytes((bytes / 1_048_576.0).ceil() as i64 * 1_048_576)
}

#[cfg(test)]
mod tests;
