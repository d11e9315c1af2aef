//! Services that may pass clients on to a database of their project: what they publish leads there.
//!
//! An application is none, nor is a proxy that publishes and names no port of a database.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::forwarders::{files, is_known_port, may_pass_on, targets, upstreams, way};
use super::links::networks;
use super::reach::PortScope;
use super::side_doors::Way;
use super::{ProjectContext, field::is_layer, images};
use crate::config::{Config, Relays, Target};
use crate::model::{Opening, Placement, Port, Reach};
use crate::text::Span;

/// Most relays that are named for one database.
const MOST: usize = 8;

/// A service that may pass clients on.
struct Relay<'a> {
    placement: &'a Placement,
    /// What of it leads on, and how far clients may be away.
    message: String,
    most: Reach,
    span: Span,
    /// The hosts that it leads to, where that was read; without them, it may lead anywhere.
    hosts: Option<HashSet<String>>,
    /// The hosts that it names, where it may lead elsewhere too.
    told: Option<HashSet<String>>,
}

/// What somebody says of the services that pass clients on to a database of this name.
fn stated<'c>(config: &'c Config, placement: &Placement) -> Option<&'c Relays> {
    let (name, folder, path) = (&placement.name, &placement.directory, &placement.path);
    let is_it = |target: &&Target| {
        let target = &target.name.value;
        target == name || *target == format!("{folder}/{name}") || *target == format!("{path}/{name}")
    };
    config.targets.iter().find(is_it)?.relays.as_ref()
}

/// Whether somebody says which services pass clients on.
#[must_use]
pub fn are_stated(config: &Config) -> bool {
    config.targets.iter().any(|target| target.relays.is_some())
}

/// The ways that other services of the project open to each of its services, in their order.
#[must_use]
pub fn openings(context: &ProjectContext<'_>, config: &Config) -> Vec<Vec<Opening>> {
    let mut by_network: HashMap<&str, Vec<Rc<Relay<'_>>>> = HashMap::new();
    for placement in context.placements.iter().filter(|placement| placement.active && !is_layer(placement)) {
        let Some(relay) = relay(placement, context).map(Rc::new) else { continue };
        for network in networks(placement) {
            by_network.entry(network).or_default().push(Rc::clone(&relay));
        }
    }
    let of = |(at, placement): (usize, &Placement)| {
        if !context.is_database(at) {
            return Vec::new();
        }
        let stated = stated(config, placement);
        let mut found: Vec<Opening> = label(placement).into_iter().collect();
        found.extend(stated.into_iter().flat_map(|stated| of_statement(stated, placement, context)));
        for relay in networks(placement).iter().filter_map(|network| by_network.get(network)).flatten() {
            if found.len() >= MOST {
                break;
            }
            if relay.hosts.is_none()
                && let Some(stated) = stated.filter(|stated| !names(stated, &relay.placement.name))
            {
                placement.reviews.waive((&placement.path, &placement.name), &stated.reason);
                continue;
            }
            let leads_here = !std::ptr::eq(relay.placement, placement)
                && relay.hosts.as_ref().is_none_or(|hosts| answers_to(placement).any(|host| hosts.contains(host)));
            if leads_here && !found.iter().any(|known| known.span == relay.span) {
                let (message, span) = (relay.message.clone(), relay.span);
                let is_told = |hosts: &HashSet<String>| answers_to(placement).any(|host| hosts.contains(host));
                let named = relay.hosts.as_ref().or(relay.told.as_ref()).is_some_and(is_told);
                found.push(Opening { certain: false, named, most: relay.most, message, span });
            }
        }
        found
    };
    context.placements.iter().enumerate().map(of).collect()
}

/// Whether a statement names a service.
fn names(stated: &Relays, service: &str) -> bool {
    stated.services.iter().any(|at| at.value == service)
}

/// The ways through services that are said to pass clients on, and through those that are named and not there.
fn of_statement<'s>(stated: &'s Relays, placement: &'s Placement, context: &'s ProjectContext<'_>) -> impl Iterator<Item = Opening> + 's {
    stated.services.iter().filter_map(move |at| {
        let service = context.placements.iter().find(|other| other.name == at.value && other.path == placement.path);
        let (most, message) = match service {
            Some(service) => {
                let most = service.ports.iter().filter_map(scope).max()?;
                (most, format!("service {} passes clients on to it, as gonogo.toml says", at.value))
            }
            None => (Reach::Any, format!("gonogo.toml says that {} passes clients on to it, and no service has that name", at.value)),
        };
        Some(Opening { certain: service.is_some(), named: false, most, message, span: at.span })
    })
}

/// Whether a project may have any: most have none, and need not be looked through.
#[must_use]
pub fn may_have(placements: &[Placement]) -> bool {
    let is_no_database = |placement: &Placement| placement.image.as_ref().is_none_or(|image| images::identify(image).role != "database");
    let may_relay = |placement: &Placement| {
        let leads = placement.ports.iter().any(is_of_database) || !placement.mounts.is_empty() || is_proxy(placement);
        label(placement).is_some() || !placement.ports.is_empty() && leads && is_no_database(placement) || may_pass_on(placement)
    };
    placements.len() > 1 && placements.iter().any(may_relay)
}

fn is_proxy(placement: &Placement) -> bool {
    placement.image.as_ref().is_some_and(|image| images::identify(image).role == "proxy")
}

fn relay<'a>(placement: &'a Placement, context: &ProjectContext<'_>) -> Option<Relay<'a>> {
    let identity = context.identity(placement);
    // A pooler that is read is a server of its own, and joined to those behind it.
    if matches!(identity.role, "database" | "exporter" | "monitoring" | "backup" | "admin-ui")
        || identity.image.as_ref().is_some_and(|image| image.engine.is_some())
    {
        return None;
    }
    let name = &placement.name;
    let widest =
        |ports: &mut dyn Iterator<Item = &'a Port>| ports.filter_map(|port| Some((scope(port)?, port))).max_by_key(|(reach, _)| *reach);
    if let Some((most, port)) = widest(&mut placement.ports.iter().filter(|port| is_of_database(port))) {
        let number = port.target.or_else(|| port.published.as_deref()?.parse().ok()).unwrap_or_default();
        let message = format!("service {name} publishes port {number} and shares a network with it: it may pass clients on");
        let told = way(placement, context.files).and_then(|_| targets(placement));
        return Some(Relay { placement, message, most, span: port.span, hosts: None, told });
    }
    let published = widest(&mut placement.ports.iter()).map(|(most, _)| most);
    if let Some(way) = way(placement, context.files) {
        return forwarder(placement, way, published);
    }
    let most = published.filter(|_| identity.role == "proxy")?;
    let relay = |message: String, hosts| Some(Relay { placement, message, most, span: placement.name_span, hosts, told: None });
    match files(placement, context) {
        // What is no web page may be anything.
        Some(files) if !files.whole && placement.ports.iter().any(|port| !is_of_web(port)) => {
            relay(format!("service {name} is a proxy of whose configuration a part was not seen: it may pass connections on to it"), None)
        }
        Some(files) => relay(format!("service {name} is told to pass connections on to it"), Some(upstreams(&files.text))),
        None if placement.ports.iter().any(|port| !is_of_web(port)) => {
            relay(format!("service {name} is a proxy whose configuration was not seen: it may pass connections on to it"), None)
        }
        None => None,
    }
}

/// A service whose program does nothing but pass connections on.
fn forwarder(placement: &Placement, way: Way, published: Option<Reach>) -> Option<Relay<'_>> {
    let name = &placement.name;
    let most = match way {
        Way::Tunnel => Reach::Any,
        Way::Network => published.unwrap_or(Reach::Private).min(Reach::Private),
        Way::Port | Way::Gateway | Way::Socks => published?,
    };
    let (what, hosts) = match way {
        Way::Port => ("passes connections on to it", targets(placement)),
        Way::Tunnel => ("opens a tunnel to a machine outside, which leads to it or may do so", targets(placement)),
        Way::Network => ("joins a private network to the one that it shares with it", None),
        Way::Gateway => ("runs what its users ask the database for", None),
        Way::Socks => ("connects its users to any address of its networks", None),
    };
    Some(Relay { placement, message: format!("service {name} {what}"), most, span: placement.name_span, hosts, told: None })
}

/// Whether a port is one of web pages, on both sides.
fn is_of_web(port: &Port) -> bool {
    const WEB: [u16; 12] = [80, 81, 443, 3000, 8000, 8008, 8080, 8081, 8088, 8443, 8888, 9443];
    port.target.is_none_or(|target| WEB.contains(&target))
}

/// How far a published port carries; `None` where only the host itself reaches it.
fn scope(port: &Port) -> Option<Reach> {
    match PortScope::of(port) {
        PortScope::Loopback => None,
        PortScope::Private => Some(Reach::Private),
        PortScope::All | PortScope::Public | PortScope::Unknown => Some(Reach::Any),
    }
}

/// Whether a port is known as one of a database or a pooler, on either side.
fn is_of_database(port: &Port) -> bool {
    port.target.is_some_and(is_known_port) || port.published.as_deref().and_then(|text| text.parse().ok()).is_some_and(is_known_port)
}

/// The names by which other services reach one.
fn answers_to(placement: &Placement) -> impl Iterator<Item = &str> {
    std::iter::once(placement.name.as_str()).chain(placement.container_name.iter().map(|(name, _)| name.as_str()))
}

/// A label of the database by which Traefik routes TCP to it.
fn label(placement: &Placement) -> Option<Opening> {
    let mut labels = ["labels", "deploy.labels"].into_iter().filter_map(|key| placement.other.get(key)).flatten();
    let (_, span) = labels.find(|(label, _)| label.to_ascii_lowercase().starts_with("traefik.tcp."))?;
    let message = "a label lets Traefik route TCP connections to it".to_owned();
    Some(Opening { certain: false, named: true, most: Reach::Any, message, span: *span })
}
