//! From where the clients of a rule may come, in the words of the field `clients`.

use super::address::{Address, Family, Range};
use super::remarks::is_localhost;
use super::rule::{ConnectionType, Rule};

const fn ipv4(a: u8, b: u8, c: u8, d: u8, prefix: u32) -> (Family, u128, u32) {
    (Family::Ipv4, u32::from_be_bytes([a, b, c, d]) as u128, prefix)
}

/// The loopback networks.
pub(super) const LOOPBACK: [(Family, u128, u32); 2] = [ipv4(127, 0, 0, 0, 8), (Family::Ipv6, 1, 128)];

/// Networks that the Internet does not route: RFC 1918, shared address space (RFC 6598), link-local, unique local (RFC 4193).
pub(super) const PRIVATE: [(Family, u128, u32); 7] = [
    ipv4(10, 0, 0, 0, 8),
    ipv4(172, 16, 0, 0, 12),
    ipv4(192, 168, 0, 0, 16),
    ipv4(100, 64, 0, 0, 10),
    ipv4(169, 254, 0, 0, 16),
    (Family::Ipv6, 0xfc00 << 112, 7),
    (Family::Ipv6, 0xfe80 << 112, 10),
];

fn within(range: &Range, networks: &[(Family, u128, u32)]) -> bool {
    networks.iter().any(|(family, address, prefix)| Range::new(*family, *address, *prefix).covers(range))
}

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
        Some(Address::Range(range)) if range.prefix() == Some(0) => "anywhere",
        Some(Address::Range(range)) if within(range, &LOOPBACK) => "loopback",
        Some(Address::Range(range)) if within(range, &PRIVATE) => "private",
        Some(Address::Range(_)) => "public",
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
