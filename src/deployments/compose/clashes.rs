//! What two keys of a service say of one thing, for which Docker Compose refuses the project, or Docker the container.

use super::reader::Reader;
use super::units::amount;
use crate::formats::yaml::{Entry, Node};

/// A key of a service, and the key below `deploy` that sets the same.
const TWICE: [(&str, &[&str]); 5] = [
    ("mem_limit", &["resources", "limits", "memory"]),
    ("cpus", &["resources", "limits", "cpus"]),
    ("pids_limit", &["resources", "limits", "pids"]),
    ("mem_reservation", &["resources", "reservations", "memory"]),
    ("scale", &["replicas"]),
];

/// Reports keys that contradict each other.
pub(super) fn check(reader: &mut Reader<'_>, service: &Node) {
    for (key, path) in TWICE {
        let (Some(entry), Some(deploy)) = (service.entry(key), service.get("deploy")) else { continue };
        let other = path.iter().try_fold(deploy, |node, key| node.get(key));
        let Some((own, other)) = value(reader, &entry.value).zip(other.and_then(|other| value(reader, other))) else { continue };
        if amount(&own) != amount(&other) {
            let message = format!("`{key}` and `deploy.{}` say different things", path.join("."));
            problem(reader, entry, &message, "one of the two: Docker Compose refuses both");
        }
    }
    let both = service.entry("network_mode").filter(|entry| !entry.value.is_null());
    if let Some(entry) = both.filter(|_| service.get("networks").is_some_and(|networks| !networks.is_null())) {
        problem(reader, entry, "`network_mode` and `networks` exclude each other", "one of the two: Docker Compose refuses both");
    }
    reserved_beyond_limit(reader, service);
    two_kinds_of_processor_limits(reader, service);
    restart(reader, service);
}

/// A share of the processors, and a quota of one: Docker takes one of the two.
fn two_kinds_of_processor_limits(reader: &mut Reader<'_>, service: &Node) {
    let deploy = service.get("deploy").and_then(|deploy| deploy.get("resources")?.get("limits")?.get("cpus"));
    let positive = |node| value(reader, node).and_then(|text| amount(&text)).is_some_and(|amount| amount > 0.0);
    let has_share = deploy.or_else(|| service.get("cpus")).is_some_and(positive);
    let quota = ["cpu_quota", "cpu_period"].iter().filter_map(|key| service.entry(key)).find(|entry| positive(&entry.value));
    if let Some(entry) = quota.filter(|_| has_share) {
        problem(reader, entry, "a limit of `cpus` and a quota exclude each other", "one of the two: Docker does not create the container");
    }
}

/// A restart policy that Docker does not know.
fn restart(reader: &mut Reader<'_>, service: &Node) {
    let Some(entry) = service.entry("restart") else { return };
    let Some(text) = value(reader, &entry.value) else { return };
    let known = matches!(text.as_str(), "" | "no" | "false" | "always" | "unless-stopped" | "on-failure");
    let counted = text.strip_prefix("on-failure:").is_some_and(|count| count.parse::<u32>().is_ok());
    if !known && !counted {
        let expected = "no, always, unless-stopped or on-failure: Docker does not create the container";
        problem(reader, entry, "this is not a restart policy", expected);
    }
}

fn reserved_beyond_limit(reader: &mut Reader<'_>, service: &Node) {
    let of = |kind: &str, key: &str| {
        let deploy = service.get("deploy").and_then(|deploy| deploy.get("resources")?.get(kind)?.get("memory"));
        deploy.or_else(|| service.get(key)).filter(|node| !node.is_null())
    };
    let (Some(limit), Some(reserved)) = (of("limits", "mem_limit"), of("reservations", "mem_reservation")) else { return };
    let size = |node| value(reader, node).and_then(|text| amount(&text)).filter(|size| *size > 0.0);
    if size(limit).zip(size(reserved)).is_some_and(|(most, least)| least > most) {
        let message = "more memory is reserved than the limit allows, and Docker does not create the container";
        reader.problem("compose-invalid-value", reserved.place(), message, "a reservation within the limit");
    }
}

fn problem(reader: &mut Reader<'_>, entry: &Entry, message: &str, expected: &str) {
    reader.problem("compose-invalid-value", entry.key.span.to(entry.value.place()), message, expected);
}

/// The text of a scalar, where it is known.
fn value(reader: &Reader<'_>, node: &Node) -> Option<String> {
    reader.text(node)?.known().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_compared_whatever_their_unit() {
        assert_eq!(amount("4g"), amount("4096M"));
        assert_eq!(amount("0.5"), amount("0.50"));
        assert_ne!(amount("4g"), amount("1g"));
        assert_eq!(amount("x"), None);
    }
}
