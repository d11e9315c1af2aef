//! Published ports, in the short and the long form.

use std::net::IpAddr;
use std::ops::Range;

use super::reader::Reader;
use super::text::{Text, is_unknown};
use crate::formats::yaml::{Node, Typed, looks_sexagesimal};
use crate::model::Port;
use crate::text::Span;

/// Reads `ports`.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Vec<Port> {
    let Some(items) = node.items() else {
        if !node.is_null() {
            reader.problem("compose-invalid-port", node.place(), "`ports` is not a list", "a list, with `- ` before each port");
            reader.lost("ports", node.place());
        }
        return Vec::new();
    };
    items.iter().filter_map(|item| if item.is_mapping() { long(reader, item) } else { short(reader, item) }).collect()
}

fn short(reader: &mut Reader<'_>, item: &Node) -> Option<Port> {
    if looks_sexagesimal(item) {
        let message = "without quotes, a YAML 1.1 reader takes this for a number to base 60; Docker Compose v2 reads the two ports";
        reader.remark("yaml-sexagesimal", item.place(), message, "the ports in quotes");
    }
    if let Some(Typed::Real(_) | Typed::Bool(_)) = item.typed() {
        return refuse(reader, item, "this is not a valid port");
    }
    let text = reader.scalar("ports", item)?;
    let spec = match Spec::of(text.expanded()) {
        Ok(spec) => spec,
        Err(_) if text.known().is_none() => {
            // The variable may hold more than one of the parts, so that nothing of it is certain.
            let unresolved = text.unresolved(0..text.expanded().len());
            let empty = Port {
                host_address: None,
                published: None,
                target: None,
                target_end: None,
                protocol: "tcp".to_owned(),
                unresolved,
                span: item.place(),
            };
            return Some(empty);
        }
        Err(what) => return refuse(reader, item, what),
    };
    let whole = 0..text.expanded().len();
    let open = spec.is_open;
    Some(spec.port(text.unresolved(whole).filter(|_| open), item.place()))
}

fn refuse<T>(reader: &mut Reader<'_>, item: &Node, what: &str) -> Option<T> {
    reader.problem(
        "compose-invalid-port",
        item.place(),
        what,
        "[HOST-ADDRESS:][HOST-PORT:]CONTAINER-PORT[/PROTOCOL], as \"127.0.0.1:5432:5432\"",
    );
    reader.lost("ports", item.place());
    None
}

/// `[address:][published:]target[/protocol]`, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Spec<'t> {
    address: Option<&'t str>,
    published: Option<String>,
    target: Option<(u16, u16)>,
    protocol: String,
    /// Whether a variable without a value decides where it is published, or what. One that is all that stands before the
    /// port of the container is a port: `${PORT}:5432` is on every address.
    is_open: bool,
}

impl<'t> Spec<'t> {
    fn of(text: &'t str) -> Result<Self, &'static str> {
        let (rest, target) = text.rsplit_once(':').map_or(("", text), |(rest, target)| (rest, target));
        let (address, published) = rest.rsplit_once(':').map_or(("", rest), |(address, published)| (address, published));
        let (target, protocol) = target.split_once('/').unwrap_or((target, ""));
        let protocol = if protocol.is_empty() { "tcp".to_owned() } else { protocol.to_ascii_lowercase() };
        if !["tcp", "udp", "sctp"].contains(&protocol.as_str()) && !is_unknown(&protocol) {
            return Err("the protocol is none of tcp, udp, sctp");
        }
        if target.is_empty() {
            return Err("the port of the container is missing");
        }
        let target = range(target)?;
        let is_open = target.is_none() || is_unknown(&protocol) || is_unknown(rest) && !is_one_variable(rest);
        let published = if published.is_empty() { None } else { Some((range(published)?, published)) };
        if let (Some((Some(from), _)), Some(to)) = (&published, target) {
            let lengths = (to.1 - to.0, from.1 - from.0);
            if lengths.0 != 0 && lengths.0 != lengths.1 {
                return Err("the two ranges of ports differ in length");
            }
        }
        Ok(Self {
            address: address_of(address)?,
            published: published.and_then(|(range, _)| range.map(show_range)),
            target,
            protocol,
            is_open,
        })
    }

    fn port(self, unresolved: Option<String>, span: Span) -> Port {
        Port {
            host_address: self.address.filter(|address| !is_unknown(address)).map(str::to_owned),
            published: self.published,
            target: self.target.map(|target| target.0),
            target_end: self.target.filter(|target| target.0 != target.1).map(|target| target.1),
            protocol: self.protocol,
            unresolved,
            span,
        }
    }
}

/// Whether a text is one variable without a value, and nothing else.
fn is_one_variable(text: &str) -> bool {
    is_unknown(text) && text.chars().count() == 1
}

/// A port or a range of ports; `Ok(None)` when a variable without a value is in it.
fn range(text: &str) -> Result<Option<(u16, u16)>, &'static str> {
    if is_unknown(text) {
        return Ok(None);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    match (port(first), port(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Some((first, last))),
        _ => Err("this is neither a port between 0 and 65535 nor a range of ports"),
    }
}

fn show_range((first, last): (u16, u16)) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// The host address without the brackets of IPv6.
fn address_of(text: &str) -> Result<Option<&str>, &'static str> {
    if text.is_empty() || is_unknown(text) {
        return Ok((!text.is_empty()).then_some(text));
    }
    let bare = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']'));
    match bare.map(|bare| (bare, bare.parse::<IpAddr>())) {
        // An address of IPv6 needs its brackets here.
        Some((bare, Ok(address))) if address.is_ipv4() || text.starts_with('[') => Ok(Some(bare)),
        _ => Err("the host address is not a valid IP address; an IPv6 address is written in brackets"),
    }
}

fn long(reader: &mut Reader<'_>, item: &Node) -> Option<Port> {
    let Some(target) = item.get("target") else {
        return refuse_long(reader, item, "`target`, the port of the container, is missing");
    };
    let target_text = reader.scalar("ports", target)?;
    let published = text_of(reader, item, "published")?;
    let address = text_of(reader, item, "host_ip")?;
    let protocol = text_of(reader, item, "protocol")?;
    let all = |text: &Text| text.unresolved(full(text));
    // Which port of the host it is changes nothing about where it can be reached.
    let texts = [Some(&target_text), address.as_ref(), protocol.as_ref()];
    let unresolved: Vec<String> = texts.into_iter().flatten().filter_map(all).collect();
    let Ok(target_range) = range(target_text.expanded()) else {
        return refuse_long(reader, item, "`target` is not a valid port");
    };
    let published = match published.as_ref().map(|text| range(text.expanded())).transpose() {
        Ok(range) => range.flatten().map(show_range),
        Err(_) if published.as_ref().is_some_and(|text| text.expanded().is_empty()) => None,
        Err(_) => return refuse_long(reader, item, "`published` is not a valid port"),
    };
    let known = |text: Option<Text>| text.and_then(|text| text.known().map(str::to_owned)).filter(|text| !text.is_empty());
    let address = known(address).map(|address| address.trim_matches(['[', ']']).to_owned());
    Some(Port {
        host_address: address,
        published,
        target: target_range.map(|range| range.0),
        target_end: None,
        protocol: known(protocol).unwrap_or_else(|| "tcp".to_owned()).to_ascii_lowercase(),
        unresolved: (!unresolved.is_empty()).then(|| unresolved.join(", ")),
        span: item.place(),
    })
}

fn refuse_long(reader: &mut Reader<'_>, item: &Node, what: &str) -> Option<Port> {
    reader.problem("compose-invalid-port", item.place(), what, "`target: 5432`, with `published` and `host_ip` beside it");
    reader.lost("ports", item.place());
    None
}

/// A field of the long form; the outer `None` is a problem that was told.
fn text_of(reader: &mut Reader<'_>, item: &Node, key: &str) -> Option<Option<Text>> {
    match item.get(key).filter(|value| !value.is_null()) {
        Some(value) => reader.scalar("ports", value).map(Some),
        None => Some(None),
    }
}

fn full(text: &Text) -> Range<usize> {
    0..text.expanded().len()
}
