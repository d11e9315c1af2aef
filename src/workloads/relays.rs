//! Services that may pass clients on to a database of their project: what they publish leads there.
//!
//! An application is none, nor is a proxy that publishes and names no port of a database.

use std::collections::HashMap;

use super::footprints;
use super::links::networks;
use super::reach::PortScope;
use super::{ProjectContext, field::is_layer, images};
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
    /// The text that names where it leads, where it was read; without it, it may lead anywhere.
    text: Option<String>,
}

/// The ways that other services of the project open to each of its services, in their order.
#[must_use]
pub fn openings(context: &ProjectContext<'_>) -> Vec<Vec<Opening>> {
    let mut by_network: HashMap<&str, Vec<Relay<'_>>> = HashMap::new();
    for placement in context.placements.iter().filter(|placement| placement.active && !is_layer(placement)) {
        for network in networks(placement) {
            if let Some(relay) = relay(placement, context) {
                by_network.entry(network).or_default().push(relay);
            }
        }
    }
    let databases: std::collections::HashSet<*const Placement> =
        context.databases().map(|(placement, _)| std::ptr::from_ref(placement)).collect();
    let of = |placement: &Placement| {
        if !databases.contains(&std::ptr::from_ref(placement)) {
            return Vec::new();
        }
        let mut found: Vec<Opening> = label(placement).into_iter().collect();
        for relay in networks(placement).iter().filter_map(|network| by_network.get(network)).flatten() {
            if found.len() >= MOST {
                break;
            }
            let leads_here = !std::ptr::eq(relay.placement, placement) && relay.text.as_ref().is_none_or(|text| names(text, placement));
            if leads_here && !found.iter().any(|known| known.span == relay.span) {
                let (message, span) = (relay.message.clone(), relay.span);
                found.push(Opening { certain: false, most: relay.most, message, span });
            }
        }
        found
    };
    context.placements.iter().map(of).collect()
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
        return Some(Relay { placement, message, most, span: port.span, text: None });
    }
    let (most, _) = widest(&mut placement.ports.iter())?;
    let text = forwards(placement).or_else(|| (identity.role == "proxy").then(|| files(placement, context)).flatten())?;
    let message = format!("service {name} is told to pass connections on to it");
    Some(Relay { placement, message, most, span: placement.name_span, text: Some(text) })
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
    let known =
        |number: u16| POOLER_PORTS.contains(&number) || footprints::ALL.iter().any(|footprint| footprint.server.port == Some(number));
    port.target.is_some_and(known) || port.published.as_deref().and_then(|text| text.parse().ok()).is_some_and(known)
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

/// Whether a text names a port of the database at one of its names: `db:5432`.
fn names(text: &str, database: &Placement) -> bool {
    let hosts = std::iter::once(database.name.as_str()).chain(database.container_name.iter().map(|(name, _)| name.as_str()));
    hosts.into_iter().any(|host| {
        text.match_indices(host).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + host.len()..).unwrap_or_default();
            let digits: String = after.strip_prefix(':').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
            let is_word = before.is_none_or(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
            let is_port = |number: u16| {
                POOLER_PORTS.contains(&number) || footprints::ALL.iter().any(|footprint| footprint.server.port == Some(number))
            };
            is_word && digits.parse().is_ok_and(is_port)
        })
    })
}

/// A label of the database by which Traefik routes TCP to it.
fn label(placement: &Placement) -> Option<Opening> {
    let labels = placement.other.get("labels")?;
    let (_, span) = labels.iter().find(|(label, _)| label.to_ascii_lowercase().starts_with("traefik.tcp."))?;
    let message = "a label lets Traefik route TCP connections to it".to_owned();
    Some(Opening { certain: false, most: Reach::Any, message, span: *span })
}
