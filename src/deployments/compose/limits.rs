//! Limits, restart policy, replicas and logging, from `deploy` or the keys of older files.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::units::{self, bytes};
use crate::formats::yaml::{Entry, Node};
use crate::model::Logging;
use crate::text::Span;
use crate::text::secrets::without_credentials;

/// The memory limit in bytes. `deploy.resources.limits.memory` wins over `mem_limit`.
pub(super) fn memory(reader: &mut Reader<'_>, service: &Node) -> Option<(i64, Span)> {
    // Docker Compose checks both, also the one that does not count.
    let older = service.get("mem_limit").and_then(|limit| size(reader, "mem_limit", limit));
    match deploy_limit(service, "memory") {
        Some(limit) => size(reader, "mem_limit", limit),
        None => older,
    }
}

/// The processor limit.
pub(super) fn cpus(reader: &mut Reader<'_>, service: &Node) -> Option<(f64, Span)> {
    let Some(limit) = deploy_limit(service, "cpus").or_else(|| service.get("cpus")) else { return quota(reader, service) };
    let (text, span) = reader.known("cpus", limit)?;
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    if number.is_none() {
        reader.problem("compose-invalid-value", span, "this is not a valid number of processors", "a number such as 1.5");
        reader.lost("cpus", span);
    }
    number.filter(|number| *number > 0.0).map(|number| (number, span))
}

/// Microseconds in which a quota is used up, where nothing else is said.
const PERIOD: f64 = 100_000.0;

/// `cpu_quota` of `cpu_period`: microseconds of a processor in each period.
fn quota(reader: &mut Reader<'_>, service: &Node) -> Option<(f64, Span)> {
    let mut number = |key: &str| {
        let (text, span) = reader.known("cpus", service.get(key)?)?;
        Some((text.trim().trim_end_matches("us").parse::<f64>().ok().filter(|number| *number > 0.0)?, span))
    };
    let (quota, span) = number("cpu_quota")?;
    let period = number("cpu_period").map_or(PERIOD, |(period, _)| period);
    Some((quota / period, span))
}

/// `shm_size` in bytes.
pub(super) fn shm_size(reader: &mut Reader<'_>, service: &Node) -> Option<(i64, Span)> {
    size(reader, "shm_size", service.get("shm_size")?)
}

fn deploy_limit<'n>(service: &'n Node, name: &str) -> Option<&'n Node> {
    service.get("deploy")?.get("resources")?.get("limits")?.get(name)
}

fn size(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<(i64, Span)> {
    let (text, span) = reader.known(key, node)?;
    let size = bytes(&text);
    if size.is_none() && !text.starts_with('-') {
        reader.problem("compose-invalid-value", span, "this is not a valid size", "a number with a unit, for example 512m or 2g");
        reader.lost(key, span);
    }
    // Zero means no limit.
    size.filter(|size| *size > 0).map(|size| (size, span))
}

/// The restart policy: `restart`, unless `deploy.restart_policy` says another.
pub(super) fn restart(reader: &mut Reader<'_>, service: &Node) -> Option<(String, Span)> {
    if let Some(policy) = service.get("deploy").and_then(|deploy| deploy.get("restart_policy")).filter(|policy| policy.is_mapping()) {
        // Without a condition, Compose passes an empty policy on, which restarts nothing.
        let Some(condition) = policy.get("condition") else {
            return Some(("no".to_owned(), policy.span));
        };
        let (condition, span) = reader.known("restart", condition)?;
        let word = match condition.as_str() {
            "any" => "always",
            "none" => "no",
            other => other,
        };
        return Some((word.to_owned(), span));
    }
    let node = service.get("restart")?;
    if node.as_bool() == Some(false) {
        reader.problem("compose-invalid-value", node.place(), "`restart` is a truth value here", "\"no\" in quotes");
        return Some(("no".to_owned(), node.span));
    }
    let (text, span) = reader.known("restart", node)?;
    Some((if text.is_empty() { "no".to_owned() } else { text }, span))
}

/// `deploy.replicas` or `scale`.
pub(super) fn replicas(reader: &mut Reader<'_>, service: &Node) -> Option<(i64, Span)> {
    let node = service.get("deploy").and_then(|deploy| deploy.get("replicas")).or_else(|| service.get("scale"))?;
    let (text, span) = reader.known("replicas", node)?;
    text.parse().ok().map(|number| (number, span))
}

/// `stop_grace_period`, in microseconds.
pub(super) fn stop_grace(reader: &mut Reader<'_>, service: &Node) -> Option<(i64, Span)> {
    let (text, span) = reader.known("stop_grace_period", service.get("stop_grace_period")?)?;
    units::duration(&text).map(|microseconds| (microseconds, span))
}

/// `logging`.
pub(super) fn logging(reader: &mut Reader<'_>, entry: &Entry) -> Option<Logging> {
    let node = &entry.value;
    if !node.is_mapping() {
        return None;
    }
    let driver = node.get("driver").and_then(|driver| reader.known("logging", driver)).map(|(driver, _)| driver);
    let mut options = BTreeMap::new();
    if let Some(written) = node.get("options") {
        for option in written.entries() {
            let value = reader.known("logging", &option.value);
            if let (Some(name), Some((value, _))) = (option.key.text(), value) {
                options.insert(name.to_owned(), without_credentials(name, &value));
            }
        }
    }
    Some(Logging { driver, options, span: entry.key.span.to(node.span) })
}
