//! Whether the rules let a client in that runs in another container: its address is not one of the server's own, and out of
//! the ranges of the networks that both are on, where these are stated.

use super::address::{Address, Family, Range, numeric, prefix_length};
use super::anchors::literal_prefix;
use super::remarks::is_localhost;
use super::rule::{ConnectionType, NameItem, Names, Rule, sessions};
use crate::engines::frame::ranges::LOOPBACK;
use crate::workloads::Whence;

/// What the rules say of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Answer {
    /// Some rule lets it in, or may.
    MayEnter,
    /// This rule rejects it, by its index.
    Rejected(usize),
    /// This rule is for it, by its index, and asks for what it does not have.
    Asks(usize),
    /// This rule lets it in, by its index, if the platform happens to take its address out of that range; no other does.
    ByChance(usize),
    /// No rule matches it.
    NoRule,
}

/// The rule that decides for a client of the local socket; `None` where it cannot be told which.
pub(in super::super) fn local_rule(rules: &[Rule], user: &str, database: &str) -> Option<Option<usize>> {
    let visitor = Visitor { user, database, encrypted: None, unusable: &[], from: &Origin::Unknown };
    let local = rules.iter().enumerate().filter(|(_, rule)| rule.kind == ConnectionType::Local);
    for (index, rule) in local {
        match names(&rule.users, user, &visitor).min(names(&rule.databases, database, &visitor)) {
            Match::Never => {}
            Match::Always => return Some(Some(index)),
            Match::ByChance | Match::Maybe => return None,
        }
    }
    Some(None)
}

/// Whether something of a rule matches: always, never, or for some addresses and members of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    Never,
    /// For a range which may or may not become that of the network.
    ByChance,
    Maybe,
    Always,
}

/// As whom a client comes.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Visitor<'a> {
    /// Its role.
    pub user: &'a str,
    /// The database that it asks for.
    pub database: &'a str,
    /// Whether its sessions are always encrypted, or never.
    pub encrypted: Option<bool>,
    /// Methods by which it cannot show who it is.
    pub unusable: &'a [&'a str],
    /// From which address.
    pub from: &'a Origin,
}

/// From which address a client comes.
#[derive(Clone, Debug)]
pub(in super::super) enum Origin {
    /// Out of one of these ranges.
    Stated(Vec<Range>),
    /// The platform chooses the range.
    Chosen,
    /// That cannot be told.
    Unknown,
}

impl Origin {
    /// What is known of the address of a client of the project.
    pub(in super::super) fn of(whence: &Whence) -> Self {
        let range = |text: &String| {
            let (address, prefix) = text.split_once('/')?;
            let (family, address) = numeric(address)?;
            Some(Range::new(family, address, prefix_length(prefix, family)?))
        };
        match whence {
            Whence::Stated(ranges) => ranges.iter().map(range).collect::<Option<Vec<Range>>>().map_or(Self::Unknown, Self::Stated),
            Whence::Chosen => Self::Chosen,
            Whence::Apart | Whence::Unknown => Self::Unknown,
        }
    }
}

/// What the rules say. Where TLS is tried and then given up, or the other way round, one of both is enough.
pub(in super::super) fn answer(rules: &[Rule], visitor: &Visitor<'_>, ssl: Option<bool>) -> Answer {
    let carried: &[u8] = match visitor.encrypted {
        // The server refuses such a client, whatever its rules say.
        Some(true) if ssl == Some(false) => return Answer::MayEnter,
        Some(true) => &[sessions::TLS],
        Some(false) => &[sessions::PLAIN],
        None => &[sessions::TLS, sessions::PLAIN],
    };
    let mut last = None;
    for bit in carried {
        match (decide(rules, visitor, *bit, ssl), last) {
            (Answer::MayEnter, _) => return Answer::MayEnter,
            (_, Some(Answer::ByChance(_))) => {}
            (refused, _) => last = Some(refused),
        }
    }
    last.unwrap_or(Answer::NoRule)
}

fn decide(rules: &[Rule], visitor: &Visitor<'_>, bit: u8, ssl: Option<bool>) -> Answer {
    let mut by_chance = None;
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.kind.sessions(ssl) & bit != 0) {
        match (matches(rule, visitor), rule.method == "reject") {
            (Match::Never, _) | (Match::ByChance | Match::Maybe, true) => {}
            (Match::ByChance, false) => _ = by_chance.get_or_insert(index),
            (Match::Always, true) => return by_chance.map_or(Answer::Rejected(index), Answer::ByChance),
            (Match::Always, false) if visitor.unusable.contains(&rule.method.as_str()) => {
                return by_chance.map_or(Answer::Asks(index), Answer::ByChance);
            }
            (Match::Always | Match::Maybe, false) => return Answer::MayEnter,
        }
    }
    by_chance.map_or(Answer::NoRule, Answer::ByChance)
}

fn matches(rule: &Rule, visitor: &Visitor<'_>) -> Match {
    let user = names(&rule.users, visitor.user, visitor);
    address(rule, visitor.from).min(user).min(names(&rule.databases, visitor.database, visitor))
}

fn address(rule: &Rule, from: &Origin) -> Match {
    let is_near = |range: &Range| LOOPBACK.iter().any(|(family, address, prefix)| Range::new(*family, *address, *prefix).covers(range));
    match rule.address.as_ref().map(|address| &address.address) {
        None => Match::Never,
        _ if rule.dead_address => Match::Never,
        Some(Address::All | Address::SameNet) => Match::Always,
        // The addresses of the server are not those of another container.
        Some(Address::SameHost) => Match::Never,
        Some(Address::Range(range)) if range.prefix() == Some(0) && range.family == Family::Ipv4 => Match::Always,
        Some(Address::Range(range)) if is_near(range) => Match::Never,
        Some(Address::Host(name)) if is_localhost(name) => Match::Never,
        Some(Address::Range(range)) => within(range, from),
        Some(Address::Host(_)) => Match::Maybe,
    }
}

fn within(range: &Range, from: &Origin) -> Match {
    match from {
        Origin::Stated(ranges) if ranges.iter().all(|own| range.covers(own)) => Match::Always,
        Origin::Stated(ranges) if !ranges.iter().any(|own| range.covers(own) || own.covers(range)) => Match::Never,
        // Whoever admits the whole of a private range has thought of any that Docker may choose.
        Origin::Chosen if range.family == Family::Ipv4 && !WHOLE.iter().any(|whole| range.covers(&ipv4(*whole))) => Match::ByChance,
        Origin::Stated(_) | Origin::Chosen | Origin::Unknown => Match::Maybe,
    }
}

/// The private ranges of RFC 1918: address and prefix.
const WHOLE: [(u128, u32); 3] = [(10 << 24, 8), (172 << 24 | 16 << 16, 12), (192 << 24 | 168 << 16, 16)];

fn ipv4((address, prefix): (u128, u32)) -> Range {
    Range::new(Family::Ipv4, address, prefix)
}

fn names(names: &Names, wanted: &str, visitor: &Visitor<'_>) -> Match {
    if names.unseen.is_some() {
        return Match::Maybe;
    }
    names.items.iter().map(|item| name(item, wanted, visitor)).max().unwrap_or(Match::Never)
}

fn name(item: &NameItem, wanted: &str, visitor: &Visitor<'_>) -> Match {
    let when = |holds: bool| if holds { Match::Always } else { Match::Never };
    match item {
        NameItem::All => Match::Always,
        NameItem::Replication => Match::Never,
        NameItem::Name(name) => when(name == wanted),
        NameItem::SameUser => when(visitor.user == visitor.database),
        NameItem::Regex(expression) if literal_prefix(expression).is_some_and(|prefix| !wanted.starts_with(prefix)) => Match::Never,
        NameItem::SameRole | NameItem::Group(_) | NameItem::Regex(_) | NameItem::Unseen(_) => Match::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HbaInput, assemble};
    use super::*;
    use crate::text::Files;

    fn of(text: &str, encrypted: Option<bool>, ssl: Option<bool>) -> Answer {
        let files = Files::in_memory([("pg_hba.conf".to_owned(), text.to_owned())]);
        let resolve = |_: &str| None;
        let input =
            HbaInput { files: &files, path: Some("pg_hba.conf"), major: 17, ssl, resolve: &resolve, ident_maps: None, image_rules: &[] };
        answer(&assemble(&input).rules, &Visitor { user: "app", database: "shop", encrypted, unusable: &[], from: &Origin::Unknown }, ssl)
    }

    #[test]
    fn an_address_is_out_of_the_range_of_the_network() {
        let from = |origin: &Origin, text: &str| {
            let files = Files::in_memory([("pg_hba.conf".to_owned(), text.to_owned())]);
            let input = HbaInput {
                files: &files,
                path: Some("pg_hba.conf"),
                major: 17,
                ssl: None,
                resolve: &|_| None,
                ident_maps: None,
                image_rules: &[],
            };
            answer(&assemble(&input).rules, &Visitor { user: "app", database: "shop", encrypted: None, unusable: &[], from: origin }, None)
        };
        let on = |range: &str| format!("host shop app {range} scram-sha-256");
        let stated = Origin::of(&Whence::Stated(vec!["172.20.0.0/24".to_owned()]));
        for (range, answer) in [
            ("172.20.0.0/16", Answer::MayEnter),
            ("172.20.0.0/28", Answer::MayEnter),
            ("172.21.0.0/16", Answer::NoRule),
            ("samenet", Answer::MayEnter),
        ] {
            assert_eq!(from(&stated, &on(range)), answer, "{range}");
        }
        let reject = "host all all 172.20.0.0/16 reject\nhost all all all trust";
        assert_eq!(from(&stated, reject), Answer::Rejected(0));
        for (range, answer) in [
            ("172.18.0.0/16", Answer::ByChance(0)),
            ("192.168.77.0/24", Answer::ByChance(0)),
            ("172.16.0.0/12", Answer::MayEnter),
            ("10.0.0.0/8", Answer::MayEnter),
            ("samenet", Answer::MayEnter),
        ] {
            assert_eq!(from(&Origin::Chosen, &on(range)), answer, "{range}");
        }
        assert_eq!(from(&Origin::Chosen, &format!("{}\n{}", on("172.18.0.0/16"), on("samenet"))), Answer::MayEnter);
        assert!(matches!(Origin::of(&Whence::Stated(vec!["${NET}".to_owned()])), Origin::Unknown));
    }

    #[test]
    fn a_container_comes_from_no_address_of_the_server() {
        let on = |text: &str| of(text, None, Some(true));
        for near in
            ["local all all trust", "host all all 127.0.0.1/32 trust", "host all all samehost trust", "host all all localhost trust"]
        {
            assert_eq!(on(near), Answer::NoRule, "{near}");
        }
        for far in ["samenet", "all", "0.0.0.0/0", "10.0.0.0/8", "app.example.com", "172.18.0.0/16"] {
            assert_eq!(on(&format!("host shop app {far} scram-sha-256")), Answer::MayEnter, "{far}");
        }
        assert_eq!(on("host all all all reject\nhost all all all trust"), Answer::Rejected(0));
        assert_eq!(on("host all all 10.0.0.0/8 reject\nhost all all all trust"), Answer::MayEnter);
        assert_eq!(on("host all all 10.0.0.0/8 trust\nhost all all all reject"), Answer::MayEnter);
    }

    #[test]
    fn roles_databases_and_encryption_must_fit() {
        let on = |text: &str| of(text, None, Some(true));
        for other in ["shop admin", "other app", "sameuser app", "replication app", "/^x /^app$", "\"all\" all"] {
            assert_eq!(on(&format!("host {other} all trust")), Answer::NoRule, "{other}");
        }
        for maybe in ["shop +staff", "samerole all", "/^sh app", "all,replication /p$"] {
            assert_eq!(on(&format!("host {maybe} all trust")), Answer::MayEnter, "{maybe}");
        }
        let encrypted = "hostssl all all all trust";
        assert_eq!(of(encrypted, None, Some(true)), Answer::MayEnter);
        assert_eq!(of(encrypted, Some(false), Some(true)), Answer::NoRule);
        assert_eq!(of(encrypted, None, Some(false)), Answer::NoRule);
        assert_eq!(of("hostnossl all all all trust", Some(true), Some(true)), Answer::NoRule);
        assert_eq!(of("hostnossl all all all trust", Some(true), Some(false)), Answer::MayEnter, "TLS is what is missing");
    }
}
