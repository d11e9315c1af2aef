//! Ranges of addresses that access rules name, and how far away their clients are.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

const fn ipv4(a: u8, b: u8, c: u8, d: u8, prefix: u32) -> (Family, u128, u32) {
    (Family::Ipv4, u32::from_be_bytes([a, b, c, d]) as u128, prefix)
}

/// The loopback networks.
pub const LOOPBACK: [(Family, u128, u32); 2] = [ipv4(127, 0, 0, 0, 8), (Family::Ipv6, 1, 128)];

/// Networks that the Internet does not route: RFC 1918, shared address space (RFC 6598), link-local, unique local (RFC 4193).
pub const PRIVATE: [(Family, u128, u32); 7] = [
    ipv4(10, 0, 0, 0, 8),
    ipv4(172, 16, 0, 0, 12),
    ipv4(192, 168, 0, 0, 16),
    ipv4(100, 64, 0, 0, 10),
    ipv4(169, 254, 0, 0, 16),
    (Family::Ipv6, 0xfc00 << 112, 7),
    (Family::Ipv6, 0xfe80 << 112, 10),
];

/// Address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4: the low 32 bits count.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    /// How many bits an address has.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Ipv4 => 32,
            Self::Ipv6 => 128,
        }
    }

    /// The highest address, which is also the mask of a single address.
    #[must_use]
    pub const fn highest(self) -> u128 {
        match self {
            Self::Ipv4 => u32::MAX as u128,
            Self::Ipv6 => u128::MAX,
        }
    }
}

/// An address and a mask, as written: bits outside the mask may be set, and the mask may have holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// Family of both.
    pub family: Family,
    /// The address.
    pub address: u128,
    /// The mask.
    pub mask: u128,
}

impl Range {
    /// The range of a prefix length, which must fit the family.
    #[must_use]
    pub fn new(family: Family, address: u128, prefix: u32) -> Self {
        let host_bits = family.bits().saturating_sub(prefix);
        let mask = family.highest().checked_shl(host_bits).unwrap_or(0) & family.highest();
        Self { family, address, mask }
    }

    /// The prefix length, unless the mask has holes.
    #[must_use]
    pub fn prefix(&self) -> Option<u32> {
        let prefix = self.mask.count_ones();
        (Self::new(self.family, 0, prefix).mask == self.mask).then_some(prefix)
    }

    /// The lowest address that can match.
    #[must_use]
    pub const fn first(&self) -> u128 {
        self.address & self.mask
    }

    /// The highest address that can match; without holes in the mask, all between match too.
    #[must_use]
    pub const fn last(&self) -> u128 {
        self.first() | (self.family.highest() & !self.mask)
    }

    /// Whether an address of the same family matches.
    #[must_use]
    pub const fn matches(&self, address: u128) -> bool {
        address & self.mask == self.first()
    }

    /// Whether every address of `other` matches.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.family == other.family && self.mask & other.mask == self.mask && self.matches(other.first())
    }

    /// From where clients of the range come, in the words of the field `clients`. A range that reaches beyond a private
    /// network is public, however private its beginning looks.
    #[must_use]
    pub fn clients(&self) -> &'static str {
        let within = |networks: &[(Family, u128, u32)]| {
            networks.iter().any(|(family, address, prefix)| Self::new(*family, *address, *prefix).covers(self))
        };
        if self.prefix() == Some(0) {
            "anywhere"
        } else if within(&LOOPBACK) {
            "loopback"
        } else if within(&PRIVATE) {
            "private"
        } else {
            "public"
        }
    }

    /// IPv4 clients are IPv4 to the server, never `::ffff:a.b.c.d`: a rule for such addresses matches nobody.
    #[must_use]
    pub fn is_mapped_ipv4(&self) -> bool {
        Self::new(Family::Ipv6, 0xffff_0000_0000, 96).covers(self)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(f, self.family, self.first())?;
        match self.prefix() {
            Some(prefix) => write!(f, "/{prefix}"),
            None => {
                f.write_str(" ")?;
                write_address(f, self.family, self.mask)
            }
        }
    }
}

fn write_address(f: &mut fmt::Formatter<'_>, family: Family, address: u128) -> fmt::Result {
    match (family, u32::try_from(address)) {
        (Family::Ipv4, Ok(address)) => write!(f, "{}", Ipv4Addr::from(address)),
        _ => write!(f, "{}", Ipv6Addr::from(address)),
    }
}
