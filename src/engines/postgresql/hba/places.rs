//! The places that clients come from, split where the rules of a file split them.

use std::collections::BTreeSet;

use super::address::{Address, Family, Range};
use super::intervals::{Budget, Intervals, winners};
use super::relation::{EVERYWHERE, is_suffix};
use super::remarks::is_localhost;
use super::rule::Rule;
use crate::engines::frame::ranges::{LOOPBACK, PRIVATE};

/// Most ranges of rules, and most names of hosts, that become paths of their own.
const MOST_RANGES: usize = 200;

/// Where a client may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On the machine, over a local socket.
    Socket,
    /// On the machine, over TCP; the address is that of the loopback interface.
    Loopback(Range),
    /// At an address of this family that only the server knows to belong here.
    Text(Address, Family),
    /// In a network that the Internet does not route and no rule names.
    Private(Range),
    /// In a range that a rule names.
    Named(Range),
    /// Anywhere else.
    Everywhere(Range),
}

impl Place {
    fn range(&self) -> Option<&Range> {
        match self {
            Self::Loopback(range) | Self::Private(range) | Self::Named(range) | Self::Everywhere(range) => Some(range),
            Self::Socket | Self::Text(..) => None,
        }
    }

    /// Whether a rule matches every client of this place, types of connection aside.
    pub(super) fn matched_by(&self, rule: &Rule) -> bool {
        let Some(address) = rule.address.as_ref().map(|address| &address.address) else { return *self == Self::Socket };
        match (self, address) {
            (Self::Socket, _) => false,
            (_, Address::All) => true,
            (Self::Text(text, _), address) if text == address => true,
            (Self::Text(_, family), Address::Range(range)) => range.family == *family && range.prefix() == Some(0),
            (Self::Text(Address::SameHost, _), Address::SameNet) => true,
            (Self::Text(Address::Host(name), _), Address::Host(other)) => is_suffix(other, name),
            (Self::Text(..), _) => false,
            (_, Address::Range(range)) => self.range().is_some_and(|own| range.covers(own)),
            (Self::Loopback(_), Address::SameHost | Address::SameNet) => true,
            (Self::Loopback(_), Address::Host(name)) => is_localhost(name),
            _ => false,
        }
    }

    /// Whether a range of clients lies around another.
    pub(super) fn encloses(&self, other: &Self) -> bool {
        match (self.range(), other.range()) {
            (Some(own), Some(range)) => own != range && own.covers(range),
            _ => false,
        }
    }

    /// Bits that are free in its range.
    pub(super) fn width(&self) -> u32 {
        self.range().map_or(0, |range| range.family.bits() - range.mask.count_ones())
    }

    /// Whether it is always shown.
    pub(super) fn is_key(&self) -> bool {
        matches!(self, Self::Socket | Self::Loopback(_) | Self::Everywhere(_))
    }

    /// Whether it may be shown as one with the place after it.
    pub(super) fn joins(&self, next: &Self) -> bool {
        if let (Self::Text(own, _), Self::Text(other, _)) = (self, next) {
            return own == other;
        }
        matches!(
            (self, next),
            (Self::Loopback(_), Self::Loopback(_))
                | (Self::Everywhere(_), Self::Everywhere(_))
                | (Self::Private(_) | Self::Named(_), Self::Private(_) | Self::Named(_))
        )
    }

    /// The label of both.
    pub(super) fn joined_label(&self, label: &str, next: &str) -> String {
        match self {
            Self::Loopback(_) => "loopback".to_owned(),
            Self::Everywhere(_) => "anywhere else".to_owned(),
            Self::Text(address, _) => text_label(address),
            _ => format!("{label}, {next}"),
        }
    }
}

/// The two families of the loopback interface.
pub(super) fn loopback() -> [Place; 2] {
    [Range::new(Family::Ipv4, 0x7f00_0001, 32), Range::new(Family::Ipv6, 1, 128)].map(Place::Loopback)
}

/// The two families of everywhere.
pub(super) fn everywhere() -> [Place; 2] {
    EVERYWHERE.map(Place::Everywhere)
}

/// All places with their labels, from near to far, and how many ranges were left out.
pub(super) fn places(rules: &[&Rule]) -> (Vec<(String, Place)>, usize) {
    let loopback = LOOPBACK.map(|(family, address, prefix)| Range::new(family, address, prefix));
    let texts: BTreeSet<&Address> =
        rules.iter().filter_map(|rule| Some(&rule.address.as_ref()?.address)).filter(|address| address.is_text()).collect();
    let far = |range: &Range| range.prefix().is_some_and(|prefix| prefix > 0) && !loopback.iter().any(|near| near.covers(range));
    let named: BTreeSet<Range> =
        rules.iter().filter_map(|rule| rule.range()).filter(far).map(|range| Range { address: range.first(), ..range }).collect();
    let left_out = named.len().saturating_sub(MOST_RANGES) + texts.len().saturating_sub(MOST_RANGES);
    let named: BTreeSet<Range> = named.into_iter().take(MOST_RANGES).collect();

    let mut found = vec![("local socket".to_owned(), Place::Socket)];
    found.extend(["loopback (IPv4)", "loopback (IPv6)"].map(str::to_owned).into_iter().zip(self::loopback()));
    let texts = texts.into_iter().take(MOST_RANGES).filter(|text| !is_loopback_text(text));
    found.extend(texts.flat_map(|text| {
        [(Family::Ipv4, "IPv4"), (Family::Ipv6, "IPv6")]
            .map(|(family, name)| (format!("{} ({name})", text_label(text)), Place::Text(text.clone(), family)))
    }));
    let private = PRIVATE.iter().map(|(family, address, prefix)| Range::new(*family, *address, *prefix));
    let mut ranges: Vec<Place> = private.filter(|range| !named.contains(range)).map(Place::Private).collect();
    ranges.extend(named.iter().map(|range| Place::Named(*range)));
    ranges.sort_by_key(|place| place.range().copied());
    found.extend(
        ranges
            .into_iter()
            .filter(|place| has_rest(place, &named))
            .map(|place| (place.range().map(ToString::to_string).unwrap_or_default(), place)),
    );
    let everywhere = ["anywhere else (IPv4)", "anywhere else (IPv6)"].into_iter().zip(EVERYWHERE);
    found
        .extend(everywhere.map(|(label, range)| (label.to_owned(), Place::Everywhere(range))).filter(|(_, place)| has_rest(place, &named)));
    (found, left_out)
}

fn is_loopback_text(address: &Address) -> bool {
    matches!(address, Address::Host(name) if is_localhost(name))
}

fn text_label(address: &Address) -> String {
    match address {
        Address::SameHost => "the server's own addresses".to_owned(),
        Address::SameNet => "networks that the server is connected to".to_owned(),
        Address::Host(name) => format!("clients named {name}"),
        Address::Range(range) => range.to_string(),
        Address::All => "anywhere".to_owned(),
    }
}

/// Whether narrower ranges leave anything of a place.
fn has_rest(place: &Place, named: &BTreeSet<Range>) -> bool {
    let Some(own) = place.range() else { return true };
    let mut budget = Budget(100_000);
    let mut inside = Intervals::default();
    for range in named.iter().filter(|range| *range != own && own.covers(range)) {
        if inside.claim(range.first(), range.last(), 0, &mut budget).is_none() {
            return true;
        }
    }
    !matches!(winners(&[&inside], own.first(), own.last(), &mut budget), Some(Some(_)))
}
