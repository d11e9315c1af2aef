//! How services of a project meet: ports, dependencies, networks, shared volumes.

use super::ProjectContext;
use super::arguments::Argument;
use super::field::missing;
use super::footprints;
use super::roles::Identity;
use crate::model::{Aspect, Field, Placement, Port, Record, Value, Why};
use crate::workloads::reach::{PortScope, PublishedPort};

/// Whether a health check is written; unknown where the image may bring one.
#[must_use]
pub(super) fn healthcheck(placement: &Placement, identity: &Identity) -> Field {
    let brings = || {
        let known = placement.build.is_none() && identity.image.as_ref().is_some_and(|image| image.common().no_healthcheck);
        if known {
            missing(placement, &[Aspect::Health])
        } else {
            Field::unknown(Why::new(format!("the image of {} may bring a health check of its own", placement.name)))
        }
    };
    match &placement.healthcheck {
        Some(check) if check.disabled => Field::word("disabled", Some(check.span)),
        Some(check) if check.test.is_some() => Field::word("enabled", Some(check.span)),
        _ => brings(),
    }
}

/// A service as others see it.
#[must_use]
pub(super) fn service_record(placement: &Placement, identity: &Identity) -> Record {
    let span = Some(placement.name_span);
    let engine = identity.engine.map_or_else(Field::absent, |engine| Field::word(engine.word(), span));
    Record::new("service", placement.key.as_str(), span)
        .with("name", Field::text(&placement.name, span))
        .with("role", Field::text(identity.role, span))
        .with("engine", engine)
        .with("healthcheck", healthcheck(placement, identity))
        .with("active", Field::bool(placement.active, span))
        .with("ends", Field::bool(placement.restart.as_ref().is_some_and(|(policy, _)| policy == "no"), span))
}

/// Dependencies, each with the service that it names.
#[must_use]
pub(super) fn dependencies(placement: &Placement, context: &ProjectContext<'_>) -> Vec<Record> {
    let one = |dependency: &crate::model::Dependency| {
        let span = Some(dependency.span);
        let target = match context.record_of(&dependency.service) {
            Some(record) => Field::text(&dependency.service, record.span).with_record(record),
            None if context.fragment => Field::unknown(Why::new("the file is a fragment: the service may be defined elsewhere")),
            None => missing(placement, &[]),
        };
        let condition = dependency.condition.as_ref().map_or_else(Field::absent, |condition| Field::text(condition, span));
        Record::new("dependency", format!("{}.depends_on.{}", placement.key, dependency.service), span)
            .with("service", Field::text(&dependency.service, span))
            .with("condition", condition)
            .with("optional", Field::bool(dependency.optional, span))
            .with("target", target)
    };
    placement.depends_on.iter().map(one).collect()
}

/// The port that the server of a database listens on.
fn engine_port(placement: &Placement, identity: &Identity, arguments: &[Argument]) -> Option<u16> {
    if identity.role != "database" {
        return None;
    }
    let argument = arguments
        .iter()
        .filter(|argument| argument.place != "healthcheck" && argument.name == "port")
        .find_map(|argument| argument.value.as_deref());
    let variable = identity.engine.and_then(footprints::of).and_then(|footprint| footprint.server.port_variable);
    let named = placement.environment.iter().find(|entry| Some(entry.name.as_str()) == variable);
    let environment = named.and_then(|entry| entry.value.value.as_deref());
    let default =
        identity.image.as_ref().and_then(|image| image.port).or_else(|| identity.engine.and_then(crate::workloads::images::default_port));
    argument.or(environment).and_then(|port| port.parse().ok()).or(default)
}

pub(super) fn is_engine_port(port: &Port, engine_port: Option<u16>) -> bool {
    let (Some(wanted), Some(first)) = (engine_port, port.target) else {
        return false;
    };
    (first..=port.target_end.unwrap_or(first)).contains(&wanted) && port.protocol != "udp"
}

/// Published ports. Those of a container that uses the host's network have no effect, and are none.
#[must_use]
pub(super) fn ports(placement: &Placement, identity: &Identity, arguments: &[Argument]) -> Vec<Record> {
    let wanted = engine_port(placement, identity, arguments);
    let one = |port: &Port| {
        let span = Some(port.span);
        let unknown =
            || Field::unknown(Why::needing(port.unresolved.clone().unwrap_or_default(), "give the file with its value: --env-file FILE"));
        let scope = match PortScope::of(port) {
            PortScope::All => Field::word("all", span),
            PortScope::Loopback => Field::word("loopback", span),
            PortScope::Private | PortScope::Public => Field::word("specific", span),
            PortScope::Unknown => unknown(),
        };
        let text = |text: &Option<String>| text.as_ref().map_or_else(Field::absent, |text| Field::text(text, span));
        let target = port.target.map_or_else(unknown, |target| Field::known(Value::Integer(i64::from(target)), span));
        let engine_port =
            if port.target.is_none() && wanted.is_some() { unknown() } else { Field::bool(is_engine_port(port, wanted), span) };
        Record::new("port", format!("{}.ports", placement.key), span)
            .with("host_address", text(&port.host_address))
            .with("published", text(&port.published))
            .with("target", target)
            .with("scope", scope)
            .with("engine_port", engine_port)
    };
    if ignores_ports(placement) { Vec::new() } else { placement.ports.iter().map(one).collect() }
}

/// Whether the network mode makes published ports void.
fn ignores_ports(placement: &Placement) -> bool {
    placement
        .network_mode
        .as_ref()
        .is_some_and(|(mode, _)| mode == "host" || mode == "none" || mode.starts_with("service:") || mode.starts_with("container:"))
}

/// The published ports of the database server, for its reach.
#[must_use]
pub(super) fn published_engine_ports(placement: &Placement, identity: &Identity, arguments: &[Argument]) -> Vec<PublishedPort> {
    let wanted = engine_port(placement, identity, arguments);
    published(placement, |port| is_engine_port(port, wanted))
}

/// The published ports that lead to one of the container; one whose target is not known may.
pub(super) fn published(placement: &Placement, leads_to: impl Fn(&Port) -> bool) -> Vec<PublishedPort> {
    if ignores_ports(placement) {
        return Vec::new();
    }
    let mine = placement.ports.iter().filter(|port| port.target.is_none() || leads_to(port));
    mine.map(|port| PublishedPort { scope: PortScope::of(port), port: port.published.clone(), span: Some(port.span) }).collect()
}

/// Names of the networks of a service; the implicit one is called `default`.
#[must_use]
pub(super) fn networks(placement: &Placement) -> Vec<&str> {
    match &placement.network_mode {
        Some((mode, _)) if mode != "bridge" => Vec::new(),
        _ if placement.networks.is_empty() => vec!["default"],
        _ => placement.networks.iter().map(|(name, _)| name.as_str()).collect(),
    }
}

/// Services that wait for this one with `condition`.
#[must_use]
pub(super) fn awaited(placement: &Placement, condition: &str, context: &ProjectContext<'_>) -> bool {
    context.waits(placement, condition)
}
