//! Limits of a container that no database server works with.

use super::problem_record::problem;
use super::roles::Identity;
use crate::model::{Placement, Record};
use crate::text::Span;

/// The least number of open files with which a server of any engine works under load.
const FEWEST_FILES: u64 = 1024;

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
