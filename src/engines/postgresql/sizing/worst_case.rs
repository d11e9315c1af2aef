//! The most memory that a server may use, term by term.
//!
//! shared_buffers + wal_buffers + 2 × max_connections × work_mem + autovacuum workers + one
//! maintenance command + the backends themselves. A query may use work_mem several times, and hash
//! nodes hash_mem_multiplier times of it (2 from version 15 on), so that the factor 2 is not generous;
//! where hash_mem_multiplier is higher, it is the factor.

use crate::model::{SettingState, Subject, Value, format_bytes};

/// Memory of one backend beside work_mem.
const BACKEND: f64 = 10.0 * 1_048_576.0;

/// One term of the sum, with how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// `work_mem (4MB × 100 connections × 2)`.
    pub how: String,
    /// Bytes.
    pub bytes: f64,
}

/// The terms; `None` when a setting is not known.
#[must_use]
pub fn terms(subject: &Subject) -> Option<Vec<Term>> {
    let number = |name| subject.setting_number(name);
    let term = |how: String, bytes| Term { how, bytes };
    let (buffers, work) = (number("shared_buffers")?, number("work_mem")?);
    let connections = sessions(subject)?;
    let (workers, maintenance) = (number("autovacuum_max_workers")?, number("maintenance_work_mem")?);
    let (vacuum_name, vacuum) = match number("autovacuum_work_mem") {
        Some(bytes) if bytes >= 0.0 => ("autovacuum_work_mem", bytes),
        _ => ("maintenance_work_mem", maintenance),
    };
    let times = times(subject);
    Some(vec![
        term("shared_buffers".to_owned(), buffers),
        term("wal_buffers".to_owned(), wal_buffers(subject, buffers)?),
        term(format!("work_mem ({} × {connections} connections × {times})", megabytes(work)), times * connections * work),
        term(format!("autovacuum ({workers} workers × {vacuum_name} {})", megabytes(vacuum)), workers * vacuum),
        term("maintenance_work_mem".to_owned(), maintenance),
        term(format!("backends ({connections} × {})", megabytes(BACKEND)), connections * BACKEND),
    ])
}

/// Sessions beside those of poolers, for administrators and monitoring.
const BESIDE_POOLS: f64 = 10.0;

/// The sessions that can exist: max_connections, or fewer where only a pooler is let in.
fn sessions(subject: &Subject) -> Option<f64> {
    let most = subject.setting_number("max_connections")?;
    let pooled = subject.facts.get("pooled_sessions").and_then(|field| field.datum.known()).and_then(Value::as_number);
    let reserved = subject.setting_number("superuser_reserved_connections").unwrap_or(3.0);
    Some(pooled.map_or(most, |pooled| most.min(pooled + reserved + BESIDE_POOLS)))
}

/// The setting to turn first: the one that contributes most; of work_mem and max_connections the one that somebody set.
#[must_use]
pub fn largest_lever(subject: &Subject) -> &'static str {
    let number = |name| subject.setting_number(name).unwrap_or(0.0);
    let is_set = |name| matches!(subject.settings.get(name), Some(SettingState::Known(known)) if known.origin.span.is_some());
    let of_sessions = sessions(subject).unwrap_or(0.0) * (times(subject) * number("work_mem") + BACKEND);
    match of_sessions > number("shared_buffers") {
        false => "shared_buffers",
        true if is_set("max_connections") && !is_set("work_mem") => "max_connections",
        true => "work_mem",
    }
}

/// A size in whole mebibytes, rounded up.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "rounded for display; beyond 2^63 it saturates")]
pub fn megabytes(bytes: f64) -> String {
    format_bytes((bytes / 1_048_576.0).ceil() as i64 * 1_048_576)
}

/// How often a session may take work_mem at once.
fn times(subject: &Subject) -> f64 {
    subject.setting_number("hash_mem_multiplier").unwrap_or(2.0).max(2.0)
}

/// -1 means a 32nd of shared_buffers, at least 64 kB and at most one WAL segment of 16 MB.
/// <https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-BUFFERS>
fn wal_buffers(subject: &Subject, shared_buffers: f64) -> Option<f64> {
    match (subject.setting_number("wal_buffers"), subject.setting_special("wal_buffers")) {
        (Some(bytes), _) if bytes >= 0.0 => Some(bytes),
        (Some(_), _) | (None, Some(_)) => Some((shared_buffers / 32.0).clamp(65_536.0, 16.0 * 1_048_576.0)),
        (None, None) => None,
    }
}
