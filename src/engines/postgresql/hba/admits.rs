//! Whether the rules let a client in that runs in another container: of its address no more is known than that it is
//! not one of the server's own.

use super::address::Range;
use super::address::{Address, Family};
use super::anchors::literal_prefix;
use super::remarks::is_localhost;
use super::rule::{NameItem, Names, Rule, sessions};
use crate::engines::frame::ranges::LOOPBACK;

/// What the rules say of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Answer {
    /// Some rule lets it in, or may.
    MayEnter,
    /// This rule rejects it, by its index.
    Rejected(usize),
    /// No rule matches it.
    NoRule,
}

/// Whether something of a rule matches: always, never, or for some addresses and members of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    Never,
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
    let mut last = Answer::NoRule;
    for bit in carried {
        match decide(rules, visitor, *bit, ssl) {
            Answer::MayEnter => return Answer::MayEnter,
            refused => last = refused,
        }
    }
    last
}

fn decide(rules: &[Rule], visitor: &Visitor<'_>, bit: u8, ssl: Option<bool>) -> Answer {
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.kind.sessions(ssl) & bit != 0) {
        match (matches(rule, visitor), rule.method == "reject") {
            (Match::Never, _) | (Match::Maybe, true) => {}
            (Match::Always, true) => return Answer::Rejected(index),
            (Match::Always | Match::Maybe, false) => return Answer::MayEnter,
        }
    }
    Answer::NoRule
}

fn matches(rule: &Rule, visitor: &Visitor<'_>) -> Match {
    let user = names(&rule.users, visitor.user, visitor);
    address(rule).min(user).min(names(&rule.databases, visitor.database, visitor))
}

fn address(rule: &Rule) -> Match {
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
        Some(Address::Range(_) | Address::Host(_)) => Match::Maybe,
    }
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
        answer(&assemble(&input).rules, &Visitor { user: "app", database: "shop", encrypted }, ssl)
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
