//! The address of a rule: as the server's `getaddrinfo` reads it, and what clients it means.

use std::net::Ipv6Addr;

pub use crate::engines::frame::ranges::{Family, Range};

/// Where the clients of a rule may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// The keyword `all`: both families.
    All,
    /// The keyword `samehost`: any address of the server itself.
    SameHost,
    /// The keyword `samenet`: any network that the server is directly connected to.
    SameNet,
    /// An address with a mask.
    Range(Range),
    /// A host name, or with a leading dot the end of one; as written.
    Host(String),
}

impl Address {
    /// Whether it is told by its text alone.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::SameHost | Self::SameNet | Self::Host(_) => true,
            Self::Range(range) => range.prefix().is_none(),
            Self::All => false,
        }
    }
}

/// An address as `getaddrinfo` with `AI_NUMERICHOST` reads it, so that anything else is a host name.
#[must_use]
pub(super) fn numeric(text: &str) -> Option<(Family, u128)> {
    if let Some(address) = ipv4(text) {
        return Some((Family::Ipv4, u128::from(address)));
    }
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    let address = u128::from(address.parse::<Ipv6Addr>().ok()?);
    zone.is_none_or(|zone| valid_zone(address, zone)).then_some((Family::Ipv6, address))
}

/// A number, or for link-local addresses also the name of an interface (taken to exist).
fn valid_zone(address: u128, zone: &str) -> bool {
    let link_local = address >> 118 == 0xfe80 >> 6 || (address >> 112) & 0xff0f == 0xff02;
    let number = zone.bytes().all(|byte| byte.is_ascii_digit()) && zone.parse::<u32>().is_ok();
    number || (link_local && !zone.is_empty())
}

/// `inet_aton` without trailing text: one to four numbers, decimal, octal or hexadecimal as in C, the last filling the rest.
fn ipv4(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split('.').collect();
    let (last, leading) = parts.split_last()?;
    let mut address = 0u32;
    for part in leading.iter().take(4) {
        let number = c_number(part).filter(|number| *number <= 0xff)?;
        address = address << 8 | number;
    }
    let room = 32u32.checked_sub(u32::try_from(leading.len()).ok()? * 8).filter(|room| *room > 0)?;
    let number = c_number(last).filter(|number| room == 32 || *number < 1 << room)?;
    Some(if room == 32 { number } else { address << room | number })
}

/// A number as `strtoul` with base 0 reads it, and nothing after it.
fn c_number(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = match lower.strip_prefix("0x") {
        Some(hexadecimal) => (hexadecimal, 16),
        None if lower.starts_with('0') && lower.len() > 1 => (lower.as_str(), 8),
        None => (lower.as_str(), 10),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u32::from_str_radix(digits, base).ok()).flatten()
}

/// A prefix length as `strtol` with base 10 reads it: blanks and a sign may stand before it.
pub(super) fn prefix_length(text: &str, family: Family) -> Option<u32> {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (negative, digits) = match trimmed.strip_prefix(['+', '-']) {
        Some(digits) => (trimmed.starts_with('-'), digits),
        None => (false, trimmed),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let number = if significant.is_empty() { 0 } else { significant.parse::<u32>().ok()? };
    (number <= family.bits() && !(negative && number > 0)).then_some(number)
}

/// Why a host name can be that of no client, in words; `None` for names that DNS could hold.
#[must_use]
pub(super) fn impossible_host_name(name: &str) -> Option<&'static str> {
    let labels: Vec<&str> = name.strip_prefix('.').unwrap_or(name).split('.').collect();
    let numeric = |label: &&str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
    if name.is_empty() || name == "." {
        return Some("it is empty");
    }
    if name.contains('*') {
        return Some("a host name has no wildcards");
    }
    if name.contains(':') {
        return Some("it is neither a valid IPv6 address nor a host name");
    }
    if labels.last().is_some_and(|label| label.is_empty()) {
        return Some("the names that the server compares it with have no dot at the end");
    }
    if labels.last().is_some_and(numeric) || labels.iter().filter(|label| numeric(label)).count() >= 3 {
        return Some("it looks like an address and is none");
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!name.bytes().all(legal)).then_some("it holds characters that no host name has")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_c_library_reads_them() {
        for (text, expected) in [
            ("127.1", Some(0x7f00_0001)),
            ("0", Some(0)),
            ("127.0.0.010", Some(0x7f00_0008)),
            ("0x7f.0.0.01", Some(0x7f00_0001)),
            ("10.0.0", Some(0x0a00_0000)),
            ("10.0.0.08", None),
            ("256.0.0.1", None),
            ("10.0.0.", None),
            ("1.2.3.4.5", None),
            ("4294967295", Some(0xffff_ffff)),
            ("4294967296", None),
            ("0x", None),
            ("+1.2.3.4", None),
            ("", None),
        ] {
            assert_eq!(ipv4(text), expected, "{text}");
        }
        assert_eq!(numeric("fe80::1%eth0"), Some((Family::Ipv6, 0xfe80 << 112 | 1)));
        assert_eq!(numeric("2001:db8::1%eth0"), None);
        assert_eq!(numeric("fe80::1%"), None);
    }

    #[test]
    fn a_mask_with_holes_has_no_prefix() {
        let range = Range { family: Family::Ipv4, address: 0x0a00_0000, mask: 0xff00_ff00 };
        assert_eq!(range.prefix(), None);
        assert_eq!(Range::new(Family::Ipv4, 0x0a01_0203, 8).to_string(), "10.0.0.0/8");
        assert!(Range::new(Family::Ipv4, 0, 0).covers(&range));
        assert!(!Range::new(Family::Ipv6, 0, 0).covers(&range));
        assert_eq!(prefix_length("08", Family::Ipv4), Some(8));
        assert_eq!(prefix_length("-0", Family::Ipv4), Some(0));
        assert_eq!(prefix_length("-1", Family::Ipv4), None);
        assert_eq!(prefix_length("8x", Family::Ipv4), None);
    }

    #[test]
    fn what_cannot_be_a_host_name_is_noticed() {
        for name in ["10.0.0.*", "10.0.0.1-10.0.0.9", "*.example.com", "10.0.0.x", "10.0.0.256", "", "a.b.", "a:b", "ALL!"] {
            assert!(impossible_host_name(name).is_some(), "{name}");
        }
        for name in ["db", "db.example.com", ".example.com", "localhost", "ip-10-0-0-1.eu-west-1.compute.internal", "web_1"] {
            assert!(impossible_host_name(name).is_none(), "{name}");
        }
    }
}
