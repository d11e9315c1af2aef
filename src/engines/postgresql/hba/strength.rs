//! How strong the authentication of a rule is, to say whether a dead rule loses to a weaker one.

use std::collections::BTreeSet;

use super::address::Address;
use super::rule::{ConnectionType, Rule};
use crate::model::words::words;

words! {
    /// How the rules that decide compare with the rule that they leave nothing to; the words of the field `shadowed`.
    Compared {
        /// They match and ask the very same.
        Duplicate = "duplicate",
        /// Just as strong.
        BySame = "by-same",
        /// Stronger.
        ByStronger = "by-stronger",
        /// They reject what it would let in.
        ByReject = "by-reject",
        /// Weaker in something: the method, encryption, or the certificate of the client.
        ByWeaker = "by-weaker",
    }
}

const REJECT: &str = "reject";

/// Compares the deciding rules with the dead one; also which of them to name.
pub(super) fn compare(deciding: &[&Rule], dead: &Rule) -> (Compared, usize) {
    let one = |rule: &&Rule| compare_one(rule, dead);
    if let [only] = deciding
        && same_rule(only, dead)
    {
        return (Compared::Duplicate, 0);
    }
    let order = [Compared::ByWeaker, Compared::ByReject, Compared::ByStronger, Compared::BySame];
    let found = order.into_iter().find_map(|wanted| Some((wanted, deciding.iter().position(|rule| one(rule) == wanted)?)));
    found.unwrap_or((Compared::BySame, 0))
}

/// Compares one rule that decides with one that it leaves nothing to.
pub(super) fn compare_one(decides: &Rule, dead: &Rule) -> Compared {
    match (decides.method.as_str(), dead.method.as_str()) {
        (REJECT, REJECT) => Compared::BySame,
        (REJECT, _) => Compared::ByReject,
        (_, REJECT) => Compared::ByWeaker,
        _ => {
            let (this, that) = (strength(decides), strength(dead));
            if this.iter().zip(&that).any(|(this, that)| this < that) {
                Compared::ByWeaker
            } else if this == that {
                Compared::BySame
            } else {
                Compared::ByStronger
            }
        }
    }
}

/// Method, encryption of the session, certificate of the client: each from weak to strong.
fn strength(rule: &Rule) -> [u8; 3] {
    let method = match rule.method.as_str() {
        "trust" => 0,
        "ident" => 1,
        // With these the server sees the password itself.
        "password" | "ldap" | "pam" | "radius" | "bsd" => 2,
        "md5" => 3,
        "scram-sha-256" | "peer" => 4,
        "gss" | "sspi" | "oauth" => 5,
        _ => 6,
    };
    let encryption = match rule.kind {
        ConnectionType::HostNoSsl => 0,
        ConnectionType::Host | ConnectionType::HostNoGssEnc | ConnectionType::Local => 1,
        ConnectionType::HostSsl | ConnectionType::HostGssEnc => 2,
    };
    let certificate = match rule.option("clientcert").and_then(|option| option.text()) {
        _ if rule.method == "cert" => 2,
        Some("verify-full") => 2,
        Some("verify-ca" | "1") => 1,
        _ => 0,
    };
    [method, encryption, certificate]
}

/// Whether two rules match the same and ask the same.
fn same_rule(one: &Rule, other: &Rule) -> bool {
    let sets = |rule: &Rule| {
        let databases: BTreeSet<_> = rule.databases.items.iter().cloned().collect();
        let users: BTreeSet<_> = rule.users.items.iter().cloned().collect();
        let options: BTreeSet<_> = rule.options.iter().map(|option| (option.name.clone(), option.text().map(str::to_owned))).collect();
        (databases, users, options)
    };
    one.kind == other.kind && one.method == other.method && same_address(one, other) && sets(one) == sets(other)
}

fn same_address(one: &Rule, other: &Rule) -> bool {
    let address = |rule: &Rule| match rule.address.as_ref().map(|address| &address.address) {
        Some(Address::Range(range)) => Some(Address::Range(super::address::Range { address: range.first(), ..*range })),
        Some(Address::Host(name)) => Some(Address::Host(name.to_ascii_lowercase())),
        other => other.cloned(),
    };
    address(one) == address(other)
}
