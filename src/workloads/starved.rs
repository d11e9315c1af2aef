//! Limits of a container that no database server works with.

use super::problem_record::problem;
use super::roles::Identity;
use crate::model::{Placement, Record};
use crate::text::Span;

/// The least number of open files with which a server of any engine works under load.
const FEWEST_FILES: u64 = 1024;

/// So few that a server has none left for its data.
const TOO_FEW_FILES: u64 = 128;

/// The least that a disk takes in a second with which a server goes on, in bytes and in writes.
const SLOWEST_DISK: [(&str, f64); 2] = [("device_write_bps", 1_048_576.0), ("device_write_iops", 50.0)];

/// The least number of connections that may wait to be taken.
const SHORTEST_QUEUE: i64 = 16;

/// The least number of processes for a server whose connections are processes or threads.
const FEWEST_PROCESSES: i64 = 64;

/// The least part of a processor, in thousandths, with which a server answers in time.
const LEAST_PROCESSOR: f64 = 0.1;

/// Every such limit.
pub(super) fn problems(placement: &Placement, identity: &Identity) -> Vec<Record> {
    let mut found: Vec<Record> = few_files(placement).into_iter().collect();
    found.extend(few_processes(placement, identity));
    found.extend(short_files(placement));
    found.extend(little_processor(placement));
    found.extend(slow_disk(placement));
    found.extend(short_queue(placement));
    found
}

/// The value of a limit of `ulimits`: the softer of two.
fn limit(placement: &Placement, name: &str) -> Option<(u64, Span)> {
    let limits = placement.other.get("ulimits")?.iter();
    let of = |(text, span): &(String, Span)| {
        let (key, value) = text.split_once('=')?;
        let key = key.strip_suffix(".soft").or_else(|| key.strip_suffix(".hard")).unwrap_or(key);
        (key == name).then(|| value.parse::<u64>().ok()).flatten().map(|value| (value, *span))
    };
    limits.filter_map(of).min_by_key(|(value, _)| *value)
}

fn few_files(placement: &Placement) -> Option<Record> {
    let (limit, span) = limit(placement, "nofile").filter(|(limit, _)| *limit < FEWEST_FILES)?;
    if limit < TOO_FEW_FILES {
        let message = format!("{} may open {limit} files (nofile): a server needs as many for itself, and does not start", placement.name);
        return Some(problem(placement, "starved", "ulimits", span, message));
    }
    let message = format!("{} may open {limit} files (nofile), and needs more for its tables and connections", placement.name);
    Some(problem(placement, "few-open-files", "ulimits", span, message))
}

/// Every connection of most servers is a process or a thread.
fn few_processes(placement: &Placement, identity: &Identity) -> Option<Record> {
    if !identity.engine.is_some_and(crate::model::Engine::keeps_data) {
        return None;
    }
    let keys = ["pids_limit", "deploy.pids"].iter().filter_map(|key| placement.other.get(*key));
    let limits = keys.flatten().filter_map(|(text, span)| Some((text.parse::<i64>().ok()?, *span)));
    let of_account = limit(placement, "nproc").and_then(|(limit, span)| Some((i64::try_from(limit).ok()?, span)));
    let limits = limits.chain(of_account);
    let (limit, span) = limits.filter(|(limit, _)| (1..FEWEST_PROCESSES).contains(limit)).min_by_key(|(limit, _)| *limit)?;
    let message =
        format!("{} may run {limit} processes (pids): its connections take one each, and beyond that nobody comes in", placement.name);
    Some(problem(placement, "starved", "pids_limit", span, message))
}

/// A largest file size: data, logs and dumps grow beyond it.
fn short_files(placement: &Placement) -> Option<Record> {
    let (limit, span) = limit(placement, "fsize").filter(|(limit, _)| *limit < 1 << 30)?;
    let message = format!("no file of {} may grow beyond {limit} bytes (fsize): writing a table fails", placement.name);
    Some(problem(placement, "starved", "ulimits", span, message))
}

fn little_processor(placement: &Placement) -> Option<Record> {
    let (share, span) = placement.cpus.filter(|(share, _)| *share > 0.0 && *share < LEAST_PROCESSOR)?;
    let message = format!("{} may use {share} of a processor: it answers nobody in time", placement.name);
    Some(problem(placement, "starved", "cpus", span, message))
}

/// A rate at which a disk takes next to nothing.
fn slow_disk(placement: &Placement) -> Option<Record> {
    let (key, least) = SLOWEST_DISK.into_iter().find(|(key, _)| placement.other.contains_key(*key))?;
    let rates = placement.other.get(key)?.iter().filter_map(|(text, span)| Some((bytes(text)?, text, *span)));
    let (_, text, span) = rates.filter(|(rate, ..)| *rate > 0.0 && *rate < least).min_by(|one, other| one.0.total_cmp(&other.0))?;
    let message = format!("{} may write {text} a second to its disk ({key}): commits wait for it", placement.name);
    Some(problem(placement, "starved", "blkio_config", span, message))
}

/// An amount with a unit of Docker: `1kb`, `10m`.
fn bytes(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match lower.get(digits.len()..)?.trim_end_matches('b') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1_048_576.0,
        "g" => 1_073_741_824.0,
        _ => return None,
    };
    Some(digits.parse::<f64>().ok()? * factor)
}

/// A queue of connections that is full at once.
fn short_queue(placement: &Placement) -> Option<Record> {
    let of = |(text, span): &(String, Span)| Some((text.strip_prefix("net.core.somaxconn=")?.trim().parse::<i64>().ok()?, *span));
    let (limit, span) = placement.other.get("sysctls")?.iter().find_map(of).filter(|(limit, _)| *limit < SHORTEST_QUEUE)?;
    let message = format!(
        "{limit} connections may wait to be taken by {} (net.core.somaxconn): those of a pool that starts are lost",
        placement.name
    );
    Some(problem(placement, "starved", "sysctls", span, message))
}
