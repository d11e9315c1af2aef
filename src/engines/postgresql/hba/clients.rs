//! From where the clients of a rule may come, in the words of the field `clients`.

use super::address::{Address, Family, Range};
use super::remarks::is_localhost;
use super::rule::{ConnectionType, Rule};

/// The word for a rule. A range that reaches beyond a private network is public, however private its beginning looks.
pub(super) fn clients(rule: &Rule) -> &'static str {
    match rule.address.as_ref().map(|address| &address.address) {
        None => "socket",
        Some(Address::All) => "anywhere",
        // Any of the server's own addresses: the client is on the same machine.
        Some(Address::SameHost) => "loopback",
        Some(Address::SameNet) => "own-networks",
        Some(Address::Host(name)) if is_localhost(name) => "loopback",
        Some(Address::Host(_)) => "by-name",
        Some(Address::Range(range)) => range.clients(),
    }
}

/// The word of the field `family`.
pub(super) fn family(rule: &Rule) -> Option<&'static str> {
    rule.address.as_ref().map(|address| match &address.address {
        Address::Range(Range { family: Family::Ipv4, .. }) => "ipv4",
        Address::Range(_) => "ipv6",
        _ => "both",
    })
}

/// The word of the field `tls`; none for local sockets, where nothing travels.
pub(super) const fn tls(kind: ConnectionType) -> Option<&'static str> {
    match kind {
        ConnectionType::Local => None,
        ConnectionType::HostSsl | ConnectionType::HostGssEnc => Some("required"),
        ConnectionType::Host | ConnectionType::HostNoGssEnc => Some("possible"),
        ConnectionType::HostNoSsl => Some("never"),
    }
}
