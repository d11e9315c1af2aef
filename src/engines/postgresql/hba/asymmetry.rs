//! Rules that treat IPv4 and IPv6 clients of the same kind differently.
//!
//! Most people write a rule for IPv4 and forget that the server listens on IPv6 too, or open the latter by accident.

use super::connect::last_word;
use super::cover::Step;
use super::places::{everywhere, loopback};
use super::rule::{Rule, sessions};
use super::strength::{Compared, compare};
use crate::model::words::words;

words! {
    /// How a rule for one family compares with what decides for the other; the words of the field `asymmetry`.
    Asymmetry {
        /// It admits IPv6 clients that IPv4 clients of the same kind have to prove more for, or are refused.
        Weaker = "weaker",
        /// The same for clients on the machine itself alone.
        WeakerNear = "weaker-near",
        /// It admits IPv4 clients on the machine itself, and nothing admits the same by IPv6.
        Missing = "missing",
    }
}

/// A rule that differs from its twin, by their indexes among the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uneven {
    pub(super) rule: usize,
    pub(super) how: Asymmetry,
    pub(super) twin: Option<usize>,
}

/// The rules that are uneven, each once.
pub(super) fn uneven(steps: &[Step<'_>], ssl: Option<bool>) -> Vec<Uneven> {
    if steps.iter().any(|step| matches!(step, Step::Unseen(..))) {
        return Vec::new();
    }
    let mut found: Vec<Uneven> = Vec::new();
    for bit in [sessions::TLS, sessions::PLAIN] {
        if bit == sessions::TLS && ssl == Some(false) {
            continue;
        }
        let [near, far] =
            [loopback(), everywhere()].map(|[ipv4, ipv6]| (last_word(steps, &ipv4, bit, ssl), last_word(steps, &ipv6, bit, ssl)));
        found.extend(weaker(steps, far, Asymmetry::Weaker));
        found.extend(weaker(steps, near, Asymmetry::WeakerNear));
        if let (Some(Some(rule)), Some(None)) = near
            && rule_at(steps, rule).is_some_and(admits)
        {
            found.push(Uneven { rule, how: Asymmetry::Missing, twin: None });
        }
    }
    let mut seen = Vec::new();
    found.retain(|uneven| {
        let new = !seen.contains(&uneven.rule);
        seen.push(uneven.rule);
        new
    });
    found
}

fn admits(rule: &Rule) -> bool {
    rule.method != "reject"
}

/// `None` in a pair: it cannot be told; `Some(None)`: no rule matches.
fn weaker(steps: &[Step<'_>], (ipv4, ipv6): (Option<Option<usize>>, Option<Option<usize>>), how: Asymmetry) -> Option<Uneven> {
    let (twin, index) = (ipv4?, ipv6??);
    let rule = rule_at(steps, index).filter(|rule| admits(rule))?;
    let weaker = match twin.and_then(|twin| rule_at(steps, twin)) {
        Some(twin) => twin.line != rule.line && compare(&[rule], twin).0 == Compared::ByWeaker,
        // Who has no rule for 127.0.0.1 hardly means to keep the machine itself out.
        None => how == Asymmetry::Weaker,
    };
    weaker.then_some(Uneven { rule: index, how, twin })
}

/// The rule of a step; it has the same index among the rules, since nothing is unseen.
fn rule_at<'r>(steps: &[Step<'r>], index: usize) -> Option<&'r Rule> {
    match steps.get(index)? {
        Step::Rule(rule) => Some(rule),
        Step::Unseen(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::engines::postgresql::hba::{HbaInput, assemble};
    use crate::text::Files;

    fn asymmetries(text: &str) -> Vec<(usize, String)> {
        let files = Files::in_memory([("pg_hba.conf".to_owned(), text.to_owned())]);
        let input = HbaInput {
            files: &files,
            path: Some("pg_hba.conf"),
            major: 17,
            ssl: Some(true),
            resolve: &|_| None,
            ident_maps: None,
            image_rules: &[],
        };
        let rows = assemble(&input).records.rows;
        let word = |row: &crate::model::Record| row.text("asymmetry").unwrap_or("none").to_owned();
        rows.iter().enumerate().map(|(at, row)| (at + 1, word(row))).filter(|(_, word)| word != "no").collect()
    }

    #[test]
    fn ipv6_that_is_weaker_than_ipv4_is_found() {
        let of = |line, word: &str| vec![(line, word.to_owned())];
        assert_eq!(asymmetries("host all all 0.0.0.0/0 scram-sha-256\nhost all all ::/0 trust\n"), of(2, "weaker"));
        assert_eq!(asymmetries("host all all 10.0.0.0/8 scram-sha-256\nhost all all ::/0 scram-sha-256\n"), of(2, "weaker"));
        assert_eq!(asymmetries("host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 trust\n"), of(2, "weaker-near"));
        assert_eq!(asymmetries("host all all 127.0.0.1/32 scram-sha-256\nhost all all all md5\n"), of(2, "weaker-near"));
        assert_eq!(asymmetries("host all all 127.0.0.1/32 scram-sha-256\n"), of(1, "missing"));
        assert_eq!(asymmetries("host all all 0.0.0.0/0 scram-sha-256\nhost all all ::/0 scram-sha-256\n"), []);
        assert_eq!(asymmetries("host all all all scram-sha-256\n"), []);
        assert_eq!(asymmetries("host all all 127.0.0.1/32 md5\nhost all all ::1/128 scram-sha-256\n"), []);
        // Somebody said so.
        assert_eq!(asymmetries("host all all 0.0.0.0/0 trust\nhost all all ::/0 reject\n"), []);
    }
}
