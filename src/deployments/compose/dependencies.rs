//! What a service starts after: `depends_on`, and every key by which it takes something of another service.

use std::collections::HashSet;

use super::reader::Reader;
use crate::formats::yaml::Node;
use crate::model::{Dependency, Placement};
use crate::text::Span;

const STARTED: &str = "service_started";

/// Reads `depends_on`.
pub(super) fn written(reader: &mut Reader<'_>, node: &Node) -> Vec<Dependency> {
    if !node.is_mapping() {
        let plain = |(service, span)| Dependency { service, condition: None, optional: false, implied: false, span };
        return reader.known_list("depends_on", node).into_iter().map(plain).collect();
    }
    let mut dependencies: Vec<Dependency> = Vec::new();
    let mut named = HashSet::new();
    for entry in node.entries() {
        let Some(service) = reader.name_of_entry("depends_on", entry) else {
            continue;
        };
        let condition = entry.value.get("condition").and_then(|value| reader.known("depends_on", value)).map(|(text, _)| text);
        let required = entry.value.get("required").and_then(|value| reader.truth("depends_on", value)).unwrap_or(true);
        let condition = condition.or_else(|| Some(STARTED.to_owned()));
        // A variable may name a service that is named already.
        if !named.insert(service.clone()) {
            dependencies.retain(|known| known.service != service);
        }
        dependencies.push(Dependency {
            service,
            condition,
            optional: !required,
            implied: false,
            span: entry.key.span.to(entry.value.place()),
        });
    }
    dependencies
}

/// Adds what compose-go adds when it normalises a project: a link, a namespace or volumes of another service wait for its start, and
/// the project is refused where there is no such service. What `depends_on` says of the same service stays.
pub(super) fn add_implied(placement: &mut Placement) {
    let of_service = |(mode, span): &(String, Span)| Some((mode.strip_prefix("service:")?.to_owned(), *span));
    let mut found: Vec<(String, Span)> = placement.network_mode.iter().filter_map(of_service).collect();
    let kept = |key: &str| placement.other.get(key).map(Vec::as_slice).unwrap_or_default();
    found.extend(["ipc", "pid"].iter().flat_map(|key| kept(key)).filter_map(of_service));
    // `service:alias`, and `service:ro`.
    let first = |(text, span): &(String, Span)| (text.split(':').next().unwrap_or(text).to_owned(), *span);
    found.extend(kept("links").iter().map(first));
    found.extend(kept("volumes_from").iter().filter(|(text, _)| !text.starts_with("container:")).map(first));
    let mut known: HashSet<String> = placement.depends_on.iter().map(|dependency| dependency.service.clone()).collect();
    for (service, span) in found {
        if known.insert(service.clone()) {
            placement.depends_on.push(Dependency { service, condition: Some(STARTED.to_owned()), optional: false, implied: true, span });
        }
    }
}
