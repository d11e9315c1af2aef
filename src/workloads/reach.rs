//! From how far away a client can open a session: what is published × where the server listens ×
//! which clients its access rules admit. What is not known widens the answer to an interval.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::model::{Opening, Port, Reach, ReachKnown, ReachStep, Why};
use crate::text::Span;

/// Which addresses of the host a port is published on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortScope {
    /// Every address.
    All,
    /// The loopback interface.
    Loopback,
    /// An address of a private network.
    Private,
    /// An address of the Internet, or a name.
    Public,
    /// A variable without a value.
    Unknown,
}

impl PortScope {
    /// The scope of a published port.
    #[must_use]
    pub fn of(port: &Port) -> Self {
        // Where no address is written, a variable may hold one: `${BIND}5432:5432`.
        if port.unresolved.is_some() && port.host_address.is_none() {
            return Self::Unknown;
        }
        port.host_address.as_deref().map_or(Self::All, |address| match Bound::of(address) {
            Bound::All => Self::All,
            Bound::Loopback => Self::Loopback,
            Bound::Private => Self::Private,
            Bound::Public => Self::Public,
        })
    }
}

/// A port of the server that is published on its host.
#[derive(Clone, Debug)]
pub struct PublishedPort {
    /// On which addresses.
    pub scope: PortScope,
    /// Port of the host, as written.
    pub port: Option<String>,
    /// Where that is written.
    pub span: Option<Span>,
}

/// Where the server runs.
#[derive(Clone, Debug)]
pub enum Place {
    /// Directly on a machine, or in a container with `network_mode: host` (whose place is given).
    Host(Option<Span>),
    /// In the network of containers of one host, with these published ports, and other ways that lead there.
    Container(Vec<PublishedPort>, Vec<Opening>),
    /// In a container without any network.
    Isolated(Option<Span>),
    /// In the network of another container, whose published ports are not known.
    Borrowed(Option<Span>),
}

/// Where the server listens.
#[derive(Clone, Debug)]
pub enum Listen {
    /// On these addresses, as in `listen_addresses`; none of them means only a local socket.
    On(Vec<String>, Option<Span>),
    /// It cannot be told, for this reason.
    Unknown(Why),
}

/// What reach depends on.
#[derive(Clone, Debug)]
pub struct ReachInput<'a> {
    /// Where the server runs.
    pub place: Place,
    /// Where it listens.
    pub listen: Listen,
    /// Kinds of client that some access rule admits, words of [`crate::model::records::CLIENTS`];
    /// or why the rules could not be seen. An engine without such rules admits `anywhere`.
    pub clients: Result<BTreeSet<&'a str>, Why>,
}

impl Listen {
    /// Whether it listens on more than a local socket and the loopback interface.
    #[must_use]
    pub fn is_on_network(&self) -> bool {
        matches!(self, Self::On(addresses, _) if widest(addresses).is_some_and(|widest| widest > Bound::Loopback))
    }
}

/// From how far away a client can open a session.
#[must_use]
pub fn reach(input: &ReachInput<'_>) -> ReachKnown {
    let mut known = match &input.place {
        Place::Host(span) => on_host(&input.listen, *span),
        Place::Isolated(span) => exactly(Reach::None, "the container has no network", *span),
        Place::Borrowed(span) => between(Reach::None, Reach::Any, "it uses the network of another container", *span),
        Place::Container(ports, openings) => in_container(ports, openings, &input.listen),
    };
    if known.most > Reach::None {
        let behind_nat = matches!(input.place, Place::Container(..) | Place::Borrowed(_));
        narrow(&mut known, &input.clients, behind_nat);
    }
    known
}

fn on_host(listen: &Listen, network_mode: Option<Span>) -> ReachKnown {
    let mut known = match listen {
        Listen::Unknown(why) => {
            let known = between(Reach::None, Reach::Any, format!("where it listens is not known: {}", why.reason), None);
            ReachKnown { presumed: why.presumed().to_vec(), ..known }
        }
        Listen::On(addresses, span) => match widest(addresses) {
            None => exactly(Reach::None, "it listens on a local socket only", *span),
            Some(Bound::Loopback) => exactly(Reach::None, "it listens on the loopback interface only", *span),
            Some(Bound::Private) => exactly(Reach::Private, format!("it listens on {}", addresses.join(", ")), *span),
            Some(Bound::Public) => {
                between(Reach::Private, Reach::Any, format!("it listens on {}; a firewall was not seen", addresses.join(", ")), *span)
            }
            Some(Bound::All) => {
                between(Reach::Private, Reach::Any, "it listens on all addresses of the host; a firewall was not seen", *span)
            }
        },
    };
    if let Some(span) = network_mode {
        known.chain.insert(0, step("the container uses the network of the host", Some(span)));
    }
    known
}

fn in_container(ports: &[PublishedPort], openings: &[Opening], listen: &Listen) -> ReachKnown {
    let mut known = published(ports);
    open(&mut known, openings);
    match listen {
        Listen::On(addresses, span) if matches!(widest(addresses), None | Some(Bound::Loopback)) => {
            known = exactly(Reach::None, "inside its container it listens on no address that other containers can reach", *span);
        }
        Listen::On(..) => {}
        Listen::Unknown(why) => {
            known.least = Reach::None;
            known.chain.push(step(format!("where it listens inside the container is not known: {}", why.reason), None));
            known.presumed.extend(why.presumed().to_vec());
        }
    }
    known
}

/// Widens a reach by ways that do not need a published port of the container itself.
fn open(known: &mut ReachKnown, openings: &[Opening]) {
    if !openings.is_empty() && known.most == Reach::Host {
        known.chain.clear();
    }
    for opening in openings {
        // Who is in the network of the host was not seen.
        let least = if opening.certain { Reach::Private.min(opening.most) } else { Reach::Host };
        known.least = known.least.max(least);
        known.most = known.most.max(opening.most);
        known.chain.push(step(opening.message.clone(), Some(opening.span)));
    }
}

/// How far the published ports carry, whatever the server listens on.
#[must_use]
pub fn published(ports: &[PublishedPort]) -> ReachKnown {
    let mut known = exactly(Reach::Host, "no port is published: only containers of the same host can connect", None);
    let mut first = true;
    for port in ports {
        let number = port.port.as_deref().map_or_else(|| "its port".to_owned(), |number| format!("port {number}"));
        let (least, most, message) = match port.scope {
            PortScope::All => (
                Reach::Any,
                Reach::Any,
                format!("{number} is published on all addresses of the host; Docker's own firewall rules come before ufw"),
            ),
            PortScope::Public => (Reach::Any, Reach::Any, format!("{number} is published on a public address")),
            PortScope::Private => (Reach::Private, Reach::Private, format!("{number} is published on a private address")),
            PortScope::Loopback => (Reach::Host, Reach::Host, format!("{number} is published on the loopback interface only")),
            PortScope::Unknown => {
                (Reach::Host, Reach::Any, format!("{number} is published on an address that is a variable without a value"))
            }
        };
        if std::mem::take(&mut first) {
            known.chain.clear();
        }
        known.least = known.least.max(least);
        known.most = known.most.max(most);
        known.chain.push(step(message, port.span));
    }
    known
}

/// Narrows a reach by the clients that access rules admit.
///
/// `behind_nat`: a container sees some clients of its published ports with an address of its own network.
fn narrow(known: &mut ReachKnown, clients: &Result<BTreeSet<&str>, Why>, behind_nat: bool) {
    let clients = match clients {
        Ok(clients) => clients,
        Err(why) => {
            known.least = Reach::None;
            known.chain.push(step("its access rules were not seen", None));
            known.presumed.extend(why.presumed().to_vec());
            return;
        }
    };
    let (cap, message) = clients
        .iter()
        .map(|client| admitted(client))
        .max_by_key(|(cap, _)| *cap)
        .unwrap_or((Reach::None, "no access rule admits a client"));
    if cap < known.most {
        known.chain.push(step(message, None));
    }
    known.least = known.least.min(cap);
    if behind_nat && cap == Reach::Private && known.most > cap {
        // docker-proxy, rootless Docker and Docker Desktop: the peer is the gateway, whoever is behind it.
        // https://docs.docker.com/engine/network/port-publishing/
        known.chain.push(step("Docker may hand on clients from outside with a private address of its own", None));
        return;
    }
    known.most = known.most.min(cap);
}

fn admitted(client: &str) -> (Reach, &'static str) {
    match client {
        "socket" | "loopback" => (Reach::None, "its access rules admit local clients only"),
        "own-networks" | "private" => (Reach::Private, "its access rules admit private networks only"),
        _ => (Reach::Any, "its access rules admit public addresses"),
    }
}

/// What one address covers; ordered from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    Loopback,
    Private,
    Public,
    All,
}

impl Bound {
    fn of(address: &str) -> Self {
        let bare = address.trim().trim_start_matches('[').trim_end_matches(']');
        match bare {
            "" | "*" | "0.0.0.0" | "::" | "0" => return Self::All,
            "localhost" | "ip6-localhost" => return Self::Loopback,
            _ => {}
        }
        match bare.parse::<IpAddr>() {
            Ok(ip) if ip.is_unspecified() => Self::All,
            Ok(ip) if ip.is_loopback() => Self::Loopback,
            Ok(ip) if is_private(ip) => Self::Private,
            // A name may stand for any address.
            _ => Self::Public,
        }
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        // 100.64.0.0/10 is shared address space (RFC 6598), not routed on the Internet.
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || (ip.octets()[0] == 100 && (64..128).contains(&ip.octets()[1])),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

fn widest(addresses: &[String]) -> Option<Bound> {
    addresses.iter().map(|address| Bound::of(address)).max()
}

fn step(message: impl Into<String>, span: Option<Span>) -> ReachStep {
    ReachStep { message: message.into(), span }
}

fn between(least: Reach, most: Reach, message: impl Into<String>, span: Option<Span>) -> ReachKnown {
    ReachKnown { least, most, chain: vec![step(message, span)], presumed: Vec::new() }
}

fn exactly(at: Reach, message: impl Into<String>, span: Option<Span>) -> ReachKnown {
    between(at, at, message, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(place: Place, listen: &[&str], clients: Option<&[&'static str]>) -> (Reach, Reach) {
        let listen = Listen::On(listen.iter().map(ToString::to_string).collect(), None);
        let clients = clients.map(|clients| clients.iter().copied().collect()).ok_or_else(|| Why::new("not given"));
        let known = reach(&ReachInput { place, listen, clients });
        assert!(known.least <= known.most && !known.chain.is_empty(), "{known:?}");
        (known.least, known.most)
    }

    fn container(scopes: &[PortScope]) -> Place {
        let ports = scopes.iter().map(|scope| PublishedPort { scope: *scope, port: Some("5432".to_owned()), span: None });
        Place::Container(ports.collect(), Vec::new())
    }

    const ALL: Option<&[&str]> = Some(&["anywhere"]);

    #[test]
    fn what_is_published_decides_for_a_container() {
        use PortScope::{All, Loopback, Private, Public, Unknown};
        assert_eq!(known(container(&[]), &["*"], ALL), (Reach::Host, Reach::Host));
        assert_eq!(known(container(&[Loopback]), &["*"], ALL), (Reach::Host, Reach::Host));
        assert_eq!(known(container(&[Loopback, Private]), &["*"], ALL), (Reach::Private, Reach::Private));
        assert_eq!(known(container(&[All]), &["*"], ALL), (Reach::Any, Reach::Any));
        assert_eq!(known(container(&[Public]), &["0.0.0.0"], ALL), (Reach::Any, Reach::Any));
        assert_eq!(known(container(&[Unknown]), &["*"], ALL), (Reach::Host, Reach::Any));
        assert_eq!(known(container(&[All]), &["localhost"], ALL), (Reach::None, Reach::None));
    }

    #[test]
    fn where_it_listens_decides_on_a_host() {
        assert_eq!(known(Place::Host(None), &[], ALL), (Reach::None, Reach::None));
        assert_eq!(known(Place::Host(None), &["localhost", "::1"], ALL), (Reach::None, Reach::None));
        assert_eq!(known(Place::Host(None), &["127.0.0.1", "10.0.0.5"], ALL), (Reach::Private, Reach::Private));
        assert_eq!(known(Place::Host(None), &["*"], ALL), (Reach::Private, Reach::Any));
        assert_eq!(known(Place::Host(None), &["203.0.113.7"], ALL), (Reach::Private, Reach::Any));
        assert_eq!(known(Place::Isolated(None), &["*"], ALL), (Reach::None, Reach::None));
    }

    #[test]
    fn access_rules_narrow_and_their_absence_leaves_it_open() {
        assert_eq!(known(container(&[PortScope::All]), &["*"], Some(&["socket", "loopback"])), (Reach::None, Reach::None));
        assert_eq!(known(Place::Host(None), &["*"], Some(&["own-networks"])), (Reach::Private, Reach::Private));
        assert_eq!(known(Place::Host(None), &["*"], Some(&[])), (Reach::None, Reach::None));
        assert_eq!(known(container(&[PortScope::All]), &["*"], None), (Reach::None, Reach::Any));
    }

    #[test]
    fn private_rules_do_not_keep_the_world_out_of_a_published_container() {
        let private: Option<&[&str]> = Some(&["loopback", "private"]);
        assert_eq!(known(container(&[PortScope::All]), &["*"], private), (Reach::Private, Reach::Any));
        assert_eq!(known(container(&[PortScope::Public]), &["*"], Some(&["own-networks"])), (Reach::Private, Reach::Any));
        assert_eq!(known(container(&[PortScope::Private]), &["*"], private), (Reach::Private, Reach::Private));
        assert_eq!(known(container(&[]), &["*"], private), (Reach::Host, Reach::Host));
        // A gateway is no loopback address.
        assert_eq!(known(container(&[PortScope::All]), &["*"], Some(&["loopback"])), (Reach::None, Reach::None));
        assert_eq!(known(Place::Host(None), &["*"], private), (Reach::Private, Reach::Private));
    }

    #[test]
    fn an_unknown_listen_address_widens() {
        let input = ReachInput {
            place: container(&[PortScope::All]),
            listen: Listen::Unknown(Why::new("postgresql.conf was not given")),
            clients: Ok(BTreeSet::from(["anywhere"])),
        };
        let known = reach(&input);
        assert_eq!((known.least, known.most), (Reach::None, Reach::Any));
    }
}
