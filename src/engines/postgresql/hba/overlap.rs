//! Rules that cross: each matches something that the other does not, and for what both match the earlier one decides.
//!
//! A narrow rule before a wide one is how such files are written, and nothing to speak of. Two rules of which neither lies
//! within the other depend on their order in a way that is easily overlooked; it matters where the earlier one asks
//! for less. A rule for fewer addresses is meant as an exception, whatever else it matches, and not counted.

use std::collections::BTreeSet;

use super::address::{Address, Range};
use super::cover::Analysis;
use super::relation::{Cover, EVERYWHERE, covers, pairs};
use super::rule::{NameItem, Names, Rule, sessions};
use super::strength::{Compared, compare_one};

/// Steps that the comparisons of a file may take; beyond, whether rules cross is unknown.
pub(super) const STEPS: usize = 300_000;

/// Whether a rule is crossed, and by which; `None` when that was not looked at.
pub(super) type Crossed = Option<Option<(usize, Compared)>>;

impl Analysis<'_> {
    /// The first earlier rule that crosses this one, decides for part of it, and asks for less; `None` when the steps are
    /// used up.
    ///
    /// What `index` claims must not be claimed yet.
    pub(super) fn crossed_by(&mut self, index: usize, rule: &Rule) -> Crossed {
        std::mem::swap(&mut self.budget, &mut self.crossing);
        let found = self.first_crossing(index, rule);
        std::mem::swap(&mut self.budget, &mut self.crossing);
        found
    }

    fn first_crossing(&mut self, index: usize, rule: &Rule) -> Crossed {
        for earlier in 0..index {
            self.budget.step()?;
            let Some(other) = self.rules.get(earlier).copied() else { continue };
            let common = rule.kind.sessions(self.ssl) & other.kind.sessions(self.ssl);
            if common == 0 || other.can_match(self.ssl) == Some(false) {
                continue;
            }
            let compared = compare_one(other, rule);
            if !matches!(compared, Compared::ByWeaker | Compared::ByReject) || !is_as_wide(other, rule) {
                continue;
            }
            self.budget.spend(pairs(other, rule) / 16)?;
            if !self.crosses(other, rule) {
                continue;
            }
            if self.decides_part(earlier, other, rule, common)? {
                return Some(Some((earlier, compared)));
            }
        }
        Some(None)
    }

    /// Whether neither lies within the other, for certain.
    fn crosses(&self, one: &Rule, other: &Rule) -> bool {
        let (of_one, of_other) = (one.kind.sessions(self.ssl), other.kind.sessions(self.ssl));
        let outside = |wide: &Rule, narrow: &Rule, left: u8| left != 0 || covers(wide, narrow) == Cover::No;
        outside(one, other, of_other & !of_one) && outside(other, one, of_one & !of_other)
    }

    /// Whether the earlier rule is the one that decides for something that both match.
    fn decides_part(&mut self, earlier: usize, other: &Rule, rule: &Rule, common: u8) -> Option<bool> {
        let (Some(database), Some(user), Some(range)) =
            (common_name(&other.databases, &rule.databases), common_name(&other.users, &rule.users), common_range(other, rule))
        else {
            return Some(false);
        };
        let (database, user) = (self.number(&database), self.number(&user));
        let bits = [sessions::SOCKET, sessions::PLAIN, sessions::TLS, sessions::GSS];
        for bit in bits.into_iter().filter(|bit| common & bit != 0) {
            let deciding: BTreeSet<usize> = self.deciding_range((bit, database, user), range)?.unwrap_or_default();
            if deciding.contains(&earlier) {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// Whether the addresses of one rule are all those of another, for certain.
fn is_as_wide(one: &Rule, other: &Rule) -> bool {
    let address = |rule: &Rule| rule.address.as_ref().map(|address| address.address.clone());
    match (address(one), address(other)) {
        (None, None) | (Some(Address::All), Some(_)) => true,
        (Some(Address::Range(one)), Some(Address::Range(other))) => one.covers(&other),
        _ => false,
    }
}

/// A name that both lists have for certain.
fn common_name(one: &Names, other: &Names) -> Option<NameItem> {
    let within_all = |item: &&NameItem| matches!(item, NameItem::Name(_) | NameItem::All);
    if one.has(&NameItem::All) {
        return other.items.iter().find(within_all).cloned();
    }
    if other.has(&NameItem::All) {
        return one.items.iter().find(within_all).cloned();
    }
    one.items.iter().find(|item| matches!(item, NameItem::Name(_) | NameItem::Replication) && other.has(item)).cloned()
}

/// The family (0 for IPv4, 1 for IPv6) and the addresses that both have, where ranges tell.
fn common_range(one: &Rule, other: &Rule) -> Option<(usize, u128, u128)> {
    let address = |rule: &Rule| rule.address.as_ref().map(|address| address.address.clone());
    let narrower = match (address(one), address(other)) {
        (None, None) => return Some((0, 0, 0)),
        (Some(Address::All), Some(Address::All)) => EVERYWHERE.first().copied()?,
        (Some(Address::All), Some(Address::Range(range))) | (Some(Address::Range(range)), Some(Address::All)) => range,
        (Some(Address::Range(one)), Some(Address::Range(other))) if one.covers(&other) => other,
        (Some(Address::Range(one)), Some(Address::Range(other))) if other.covers(&one) => one,
        _ => return None,
    };
    narrower.prefix().map(|_| of_range(&narrower))
}

fn of_range(range: &Range) -> (usize, u128, u128) {
    (range.family as usize, range.first(), range.last())
}
