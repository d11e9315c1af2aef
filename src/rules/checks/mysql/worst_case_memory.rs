//! Whether the memory that the server may use at worst fits the machine or the container's limit.
//!
//! Caches for all sessions, and what each session may take at once: a query that sorts, joins without an index, reads a table
//! and writes uses each of its buffers. What only some servers have (Aria's cache, the query cache, tables in memory) counts
//! where it is known.

use crate::model::{Outcome, SettingState, Severity, Subject, Why, format_bytes};
use crate::rules::Rule;
use crate::rules::checks::{Context, fact_number, param_number, setting_number};
use crate::rules::evaluate::{Observation, finding};

/// Caches that exist once.
const SHARED: [&str; 5] =
    ["innodb_buffer_pool_size", "key_buffer_size", "aria_pagecache_buffer_size", "query_cache_size", "temptable_max_ram"];

/// What each session may take, beside its table in memory.
const OF_A_SESSION: [&str; 6] =
    ["sort_buffer_size", "join_buffer_size", "read_buffer_size", "read_rnd_buffer_size", "binlog_cache_size", "thread_stack"];

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let (Some(memory), Some(sessions)) = (fact_number(subject, "memory"), setting_number(subject, "max_connections")) else {
        return Outcome::unknown(Why::new("the memory settings are not all known"));
    };
    let (Some(most), Some(most_shared)) = (param_number(rule, "most_percent"), param_number(rule, "most_shared_percent")) else {
        return Outcome::unknown(Why::new("the rule states no thresholds"));
    };
    let (shared, each) = (sum(subject, &SHARED), sum(subject, &OF_A_SESSION) + table_in_memory(subject));
    let all = shared + each * sessions;
    let percent = |bytes: f64| 100.0 * bytes / memory;
    let severity = match (percent(shared) > most_shared, percent(all) > most) {
        (true, _) => Severity::High,
        (false, true) => Severity::Medium,
        (false, false) => return Outcome::Pass,
    };
    let message = format!(
        "at worst the server uses {}, which is {:.0} % of the {} that it has: {} + {sessions} connections × {}",
        size(all),
        percent(all),
        size(memory),
        listed(subject),
        size(each)
    );
    let mut observation = Observation::of_setting(subject, lever(subject, shared > each * sessions), message);
    observation.found = Some(format!("{:.0} % of memory", percent(all)));
    observation.expected = Some(format!("at most {most} % of memory"));
    observation.key = "memory".to_owned();
    observation.severity = Some(severity);
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

fn sum(subject: &Subject, names: &[&str]) -> f64 {
    names.iter().filter_map(|name| setting_number(subject, name)).sum()
}

/// A temporary table in memory, as large as the smaller limit; `MySQL` 8.0 and later have one store for all sessions.
fn table_in_memory(subject: &Subject) -> f64 {
    let number = |name| setting_number(subject, name);
    match (number("temptable_max_ram"), number("tmp_table_size"), number("max_heap_table_size")) {
        (None, Some(limit), Some(other)) => limit.min(other),
        _ => 0.0,
    }
}

/// The caches, each with its size.
fn listed(subject: &Subject) -> String {
    let known = SHARED.iter().filter_map(|name| Some((name, setting_number(subject, name)?))).filter(|(_, bytes)| *bytes > 0.0);
    known.map(|(name, bytes)| format!("{name} {}", size(bytes))).collect::<Vec<_>>().join(" + ")
}

/// The setting to turn first: the largest cache, else what somebody set of those that are multiplied.
fn lever(subject: &Subject, of_caches: bool) -> &'static str {
    let is_set = |name: &str| matches!(subject.settings.get(name), Some(SettingState::Known(known)) if known.origin.span.is_some());
    let largest = |names: &[&'static str]| {
        let known = names.iter().filter_map(|name| Some((*name, setting_number(subject, name)?)));
        known.max_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(name, _)| name)
    };
    let set: Vec<&str> = OF_A_SESSION.into_iter().chain(["tmp_table_size"]).filter(|name| is_set(name)).collect();
    let found = if of_caches { largest(&SHARED) } else { largest(&set) };
    found.unwrap_or("max_connections")
}

/// A size in whole mebibytes, rounded up.
#[expect(clippy::cast_possible_truncation, reason = "rounded for display; beyond 2^63 it saturates")]
fn size(bytes: f64) -> String {
    format_bytes((bytes / 1_048_576.0).ceil() as i64 * 1_048_576)
}
