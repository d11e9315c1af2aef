//! Whether one rule may cover another, where that depends on what no file tells: members of roles,
//! what regular expressions match, what host names resolve to.

use super::address::{Address, Family, Range};
use super::anchors::literal_prefix;
use super::rule::{NameItem, Names, Rule};

/// An answer in three values; `Maybe` says on what it depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Yes,
    No,
    Maybe(String),
}

impl Cover {
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Maybe(why) => match other() {
                Self::No => Self::No,
                _ => Self::Maybe(why),
            },
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Maybe(why), _) | (_, Self::Maybe(why)) => Self::Maybe(why),
            _ => Self::No,
        }
    }
}

/// How many pairs of words a comparison of two rules looks at, at most.
pub(super) fn pairs(one: &Rule, other: &Rule) -> usize {
    let of = |one: &Names, other: &Names| one.items.len().saturating_mul(other.items.len());
    of(&one.users, &other.users).saturating_add(of(&one.databases, &other.databases))
}

/// Whether something in the rule cannot be compared by text or by range alone.
pub(super) fn is_fuzzy(rule: &Rule) -> bool {
    let plain = |item: &NameItem| matches!(item, NameItem::All | NameItem::Replication | NameItem::Name(_));
    let plain_address = match rule.address.as_ref().map(|address| &address.address) {
        None | Some(Address::All) => true,
        Some(Address::Range(range)) => range.prefix().is_some(),
        Some(_) => false,
    };
    !plain_address || !rule.databases.items.iter().chain(&rule.users.items).all(plain)
}

/// Whether every session that `later` matches, `earlier` matches too. The sessions by type are compared by the caller.
pub(super) fn covers(earlier: &Rule, later: &Rule) -> Cover {
    address(earlier, later)
        .and(|| names(&earlier.users, &later.users, &later.users))
        .and(|| names(&earlier.databases, &later.databases, &later.users))
}

fn names(earlier: &Names, later: &Names, later_users: &Names) -> Cover {
    later.items.iter().fold(Cover::Yes, |cover, item| cover.and(|| name(earlier, item, later_users)))
}

fn name(earlier: &Names, item: &NameItem, later_users: &Names) -> Cover {
    let all = earlier.has(&NameItem::All) && !matches!(item, NameItem::Replication | NameItem::Unseen(_));
    if all || earlier.has(item) {
        return Cover::Yes;
    }
    earlier.items.iter().fold(Cover::No, |cover, candidate| cover.or(one_name(candidate, item, later_users)))
}

fn one_name(earlier: &NameItem, later: &NameItem, later_users: &Names) -> Cover {
    use NameItem::{All, Group, Name, Regex, Replication, SameRole, SameUser, Unseen};
    match (earlier, later) {
        (Unseen(file), _) => Cover::Maybe(format!("what {file} holds")),
        (_, Unseen(file)) => Cover::Maybe(format!("what {file} holds")),
        (_, Replication | All) | (Replication | All | Name(_), _) => Cover::No,
        (Regex(expression), Name(name)) if literal_prefix(expression).is_some_and(|prefix| !name.starts_with(prefix)) => Cover::No,
        (Regex(expression), _) => Cover::Maybe(format!("what the regular expression /{expression} matches")),
        (Group(role), Name(_) | Group(_) | Regex(_)) => Cover::Maybe(format!("who is a member of the role {role}")),
        (SameUser, Name(name)) => match later_users.items.as_slice() {
            [Name(user)] if user == name => Cover::Yes,
            users if users.iter().all(|user| matches!(user, Name(_) | All)) => Cover::No,
            _ => Cover::Maybe("who is a member of a role".to_owned()),
        },
        (SameRole, Name(_) | SameUser | Regex(_)) => Cover::Maybe("who is a member of the role named like the database".to_owned()),
        (Group(_) | SameUser | SameRole, _) => Cover::No,
    }
}

fn address(earlier: &Rule, later: &Rule) -> Cover {
    let (Some(earlier), Some(later)) = (earlier.address.as_ref(), later.address.as_ref()) else { return Cover::Yes };
    let resolves = |name: &str| Cover::Maybe(format!("which addresses {name} has"));
    let networks = || Cover::Maybe("which networks the server is connected to".to_owned());
    match (&earlier.address, &later.address) {
        (Address::All, _) => Cover::Yes,
        (earlier, later) if earlier == later => Cover::Yes,
        (Address::Range(earlier), Address::Range(later)) if earlier.covers(later) => Cover::Yes,
        (Address::SameNet, Address::SameHost) => Cover::Yes,
        (Address::Host(suffix), Address::Host(name)) if is_suffix(suffix, name) => Cover::Yes,
        (Address::Range(_) | Address::SameHost | Address::SameNet, Address::Host(name)) => resolves(name),
        (Address::Host(name), Address::Range(range)) if is_one_address(range) || (name.starts_with('.') && range.mask.count_ones() > 8) => {
            resolves(name)
        }
        (Address::SameHost, Address::Range(range)) if is_one_address(range) => Cover::Maybe("which addresses the server has".to_owned()),
        (Address::SameNet, Address::Range(range)) if range.mask.count_ones() >= 8 => networks(),
        _ => Cover::No,
    }
}

fn is_one_address(range: &Range) -> bool {
    range.mask == range.family.highest()
}

/// Whether `.example.com` holds `db.example.com`; equal names are also held. Case does not matter to the server.
pub(super) fn is_suffix(suffix: &str, name: &str) -> bool {
    let end = name.len().checked_sub(suffix.len()).and_then(|start| name.as_bytes().get(start..));
    let ends = end.is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()));
    ends && (suffix.len() == name.len() || suffix.starts_with('.'))
}

/// The ranges that stand for every address of a family.
pub(super) const EVERYWHERE: [Range; 2] =
    [Range { family: Family::Ipv4, address: 0, mask: 0 }, Range { family: Family::Ipv6, address: 0, mask: 0 }];
