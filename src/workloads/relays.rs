//! Services that may pass clients on to a database of their project: what they publish leads there.
//!
//! An application is none, nor is a proxy that publishes and names no port of a database.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::links::networks;
use super::reach::PortScope;
use super::roles::engine_of_port;
use super::{ProjectContext, field::is_layer, images};
use crate::config::{Config, Relays, Target};
use crate::model::{Opening, Placement, Port, Reach};
use crate::text::Span;

/// Ports that poolers and routers of databases listen on, beside those of the databases themselves.
const POOLER_PORTS: [u16; 5] = [6432, 6033, 6446, 6447, 5433];

/// Most relays that are named for one database.
const MOST: usize = 8;

/// The largest file of a proxy that is searched.
const LARGEST: u64 = 256 * 1024;

/// A service that may pass clients on.
struct Relay<'a> {
    placement: &'a Placement,
    /// What of it leads on, and how far clients may be away.
    message: String,
    most: Reach,
    span: Span,
    /// The hosts that it leads to, where that was read; without them, it may lead anywhere.
    hosts: Option<HashSet<String>>,
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
                found.push(Opening { certain: false, most: relay.most, message, span });
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
        Some(Opening { certain: service.is_some(), most, message, span: at.span })
    })
}

/// Whether a project may have any: most have none, and need not be looked through.
#[must_use]
pub fn may_have(placements: &[Placement]) -> bool {
    let is_no_database = |placement: &Placement| placement.image.as_ref().is_none_or(|image| images::identify(image).role != "database");
    let may_relay = |placement: &Placement| {
        let leads = placement.ports.iter().any(is_of_database) || !placement.mounts.is_empty() || forwards(placement).is_some();
        label(placement).is_some() || !placement.ports.is_empty() && leads && is_no_database(placement)
    };
    placements.len() > 1 && placements.iter().any(may_relay)
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
        return Some(Relay { placement, message, most, span: port.span, hosts: None });
    }
    let (most, _) = widest(&mut placement.ports.iter())?;
    let text = forwards(placement).or_else(|| (identity.role == "proxy").then(|| files(placement, context)).flatten())?;
    let message = format!("service {name} is told to pass connections on to it");
    Some(Relay { placement, message, most, span: placement.name_span, hosts: Some(hosts_in(&text)) })
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
    port.target.is_some_and(is_known) || port.published.as_deref().and_then(|text| text.parse().ok()).is_some_and(is_known)
}

/// Whether databases or poolers listen on a port.
fn is_known(number: u16) -> bool {
    POOLER_PORTS.contains(&number) || engine_of_port(number).is_some()
}

/// The words of a program that forwards TCP (`socat TCP-LISTEN:15432,fork TCP:db:5432`).
fn forwards(placement: &Placement) -> Option<String> {
    let words = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words);
    let text = words.filter_map(|word| word.value.as_deref()).collect::<Vec<_>>().join(" ");
    let upper = text.to_ascii_uppercase();
    ["TCP:", "TCP4:", "TCP6:", "TCP-CONNECT:"].iter().any(|kind| upper.contains(kind)).then_some(text)
}

/// The configuration that a proxy mounts.
fn files(placement: &Placement, context: &ProjectContext<'_>) -> Option<String> {
    let mut text = String::new();
    for mount in &placement.mounts {
        text.extend(mount.content.iter().map(|(content, _)| content.as_str()));
        let Some(path) = &mount.source_path else { continue };
        for path in below(path, context) {
            if context.files.size(&path).is_some_and(|size| size <= LARGEST)
                && let Ok(source) = context.files.read(&path)
            {
                text.push_str(source.text());
                text.push('\n');
            }
        }
    }
    (!text.is_empty()).then_some(text)
}

/// A file, or the files directly in a folder.
fn below(path: &str, context: &ProjectContext<'_>) -> Vec<String> {
    match context.files.list(path) {
        Ok(entries) => entries.into_iter().filter(|entry| !entry.directory).map(|entry| entry.path).take(64).collect(),
        Err(_) => vec![path.to_owned()],
    }
}

/// The names by which other services reach one.
fn answers_to(placement: &Placement) -> impl Iterator<Item = &str> {
    std::iter::once(placement.name.as_str()).chain(placement.container_name.iter().map(|(name, _)| name.as_str()))
}

/// The hosts that a text names with a port of a database: `db` of `db:5432`.
fn hosts_in(text: &str) -> HashSet<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let named = text.match_indices(':').filter_map(|(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        let host = before.rsplit(|c| !is_of_name(c)).next().filter(|host| !host.is_empty())?;
        let digits = after.find(|c: char| !c.is_ascii_digit()).map_or(Some(after), |end| after.get(..end))?;
        digits.parse().is_ok_and(is_known).then(|| host.to_owned())
    });
    named.collect()
}

/// A label of the database by which Traefik routes TCP to it.
fn label(placement: &Placement) -> Option<Opening> {
    let labels = placement.other.get("labels")?;
    let (_, span) = labels.iter().find(|(label, _)| label.to_ascii_lowercase().starts_with("traefik.tcp."))?;
    let message = "a label lets Traefik route TCP connections to it".to_owned();
    Some(Opening { certain: false, most: Reach::Any, message, span: *span })
}

#[cfg(test)]
mod tests {
    use super::hosts_in;

    #[test]
    fn hosts_are_named_with_a_port_of_a_database() {
        let text =
            "stream { upstream x { server db:5432; server my-db.local:6432; } }\nproxy_pass http://api:8080; # other-db:5432x :5432 é:5432";
        let mut hosts: Vec<String> = hosts_in(text).into_iter().collect();
        hosts.sort();
        assert_eq!(hosts, ["db", "my-db.local", "other-db"]);
        assert!(hosts_in("").is_empty() && hosts_in("TCP:db:").is_empty());
    }
}
