//! Which rules can never decide, because earlier rules match everything that they match.
//!
//! A session is one of (how it is carried) × (database) × (user) × (address). Every rule is taken
//! apart into such products; for each the address ranges that earlier rules claimed are kept, so that
//! several rules may cover one together, and a file of thousands of rules takes no quadratic time.
//! What cannot be told from the text is unknown, never "covered".

use std::collections::{BTreeSet, HashMap};

use super::address::Address;
use super::intervals::{Budget, Intervals, winners};
use super::overlap::{self, Crossed};
use super::relation::{Cover, EVERYWHERE, covers, is_fuzzy, pairs};
use super::rule::{NameItem, Names, Rule, sessions};
use super::strength::{Compared, compare};
use crate::model::Why;

/// Steps that one analysis may take; beyond, the answer is unknown.
const STEPS: usize = 4_000_000;

/// Most products of one rule.
const MOST_PRODUCTS: usize = 20_000;

/// Whether earlier rules leave anything to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shadow {
    /// Some session may be decided by it.
    No,
    /// It cannot be told.
    Unknown(Why),
    /// Nothing is left to it.
    Covered {
        /// How the rules that decide instead compare with it.
        compared: Compared,
        /// These rules, by their index; the first is the one to name.
        by: Vec<usize>,
    },
}

/// What the analysis walks through.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'r> {
    /// A rule.
    Rule(&'r Rule),
    /// Rules that could not be seen.
    Unseen(&'r Why, crate::text::Span),
}

/// What earlier rules leave to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// Whether anything is left at all.
    pub(super) shadow: Shadow,
    /// Whether unencrypted sessions are, or may be.
    pub(super) plain: bool,
    /// An earlier rule that crosses it, decides for part of it, and asks for less.
    pub(super) crossed_by: Crossed,
}

/// The answer for every rule among the steps, in order.
pub(super) fn analyse(steps: &[Step<'_>], ssl: Option<bool>) -> Vec<Left> {
    let mut analysis = Analysis::new(ssl);
    for step in steps {
        match step {
            Step::Unseen(why, _) => analysis.unseen = Some((*why).clone()),
            Step::Rule(rule) => analysis.rule(rule),
        }
    }
    let crossed = analysis.crossed.into_iter();
    let found = analysis.found.into_iter().zip(analysis.plain).zip(crossed);
    found.map(|((shadow, plain), crossed_by)| Left { shadow, plain, crossed_by }).collect()
}

/// What earlier rules claimed of one product of session, database and user.
#[derive(Debug, Default)]
struct Claimed {
    ranges: [Intervals; 2],
    /// Addresses that only their own text tells.
    texts: HashMap<String, usize>,
}

pub(super) struct Analysis<'r> {
    pub(super) ssl: Option<bool>,
    names: HashMap<NameItem, u32>,
    /// Numbers of the items that `all` among the databases does not hold.
    outside_all: BTreeSet<u32>,
    claimed: HashMap<(u8, u32, u32), Claimed>,
    pub(super) rules: Vec<&'r Rule>,
    fuzzy: Vec<usize>,
    pub(super) budget: Budget,
    /// Why a rule that nothing seen covers may be covered all the same.
    unseen: Option<Why>,
    found: Vec<Shadow>,
    plain: Vec<bool>,
    crossed: Vec<Crossed>,
    /// Steps left for finding rules that cross.
    pub(super) crossing: Budget,
}

impl<'r> Analysis<'r> {
    fn new(ssl: Option<bool>) -> Self {
        let names = HashMap::from([(NameItem::All, 0)]);
        let budget = Budget(STEPS);
        Self {
            ssl,
            names,
            outside_all: BTreeSet::new(),
            claimed: HashMap::new(),
            rules: Vec::new(),
            fuzzy: Vec::new(),
            budget,
            unseen: None,
            found: Vec::new(),
            plain: Vec::new(),
            crossed: Vec::new(),
            crossing: Budget(overlap::STEPS),
        }
    }

    fn rule(&mut self, rule: &'r Rule) {
        let index = self.rules.len();
        self.rules.push(rule);
        if rule.can_match(self.ssl) == Some(false) {
            self.found.push(Shadow::No);
            self.plain.push(false);
            self.crossed.push(Some(None));
            return;
        }
        let products = self.products(rule);
        let plain = self.leaves_plain(rule, products.as_deref());
        self.plain.push(plain);
        let crossed = self.crossed_by(index, rule);
        let answer = products.and_then(|products| self.judge(index, rule, products));
        if answer.is_none() {
            let why = Why::new("the file has more rules than can be compared with each other");
            self.unseen.get_or_insert(why);
        }
        let answer = match (answer, &self.unseen) {
            (Some(Shadow::No) | None, Some(why)) => Shadow::Unknown(why.clone()),
            (answer, _) => answer.unwrap_or(Shadow::No),
        };
        // What is dead altogether is told as that.
        let dead = matches!(answer, Shadow::Covered { .. });
        self.crossed.push(if dead { Some(None) } else { crossed });
        self.found.push(answer);
        if is_fuzzy(rule) {
            self.fuzzy.push(index);
        }
    }

    /// Compares a rule with what is claimed, then lets it claim the rest; `None` when the budget is used up.
    fn judge(&mut self, index: usize, rule: &Rule, products: Vec<(u8, u32, u32)>) -> Option<Shadow> {
        let mut deciding = Some(BTreeSet::new());
        // Of each, what earlier rules claimed is looked up in eight places.
        self.budget.spend(products.len().saturating_mul(16))?;
        for product in &products {
            let here = self.deciding(*product, rule)?;
            deciding = match (deciding, here) {
                (Some(mut all), Some(here)) => {
                    all.extend(here);
                    Some(all)
                }
                _ => None,
            };
            if deciding.is_none() {
                break;
            }
        }
        let answer = match deciding {
            Some(by) if !by.is_empty() => self.covered(rule, by.into_iter().collect()),
            _ => self.perhaps(rule)?,
        };
        for product in products {
            self.claim(product, rule, index)?;
        }
        Some(answer)
    }

    /// Whether earlier rules leave unencrypted sessions to a rule; when it cannot be told, they may.
    fn leaves_plain(&mut self, rule: &Rule, products: Option<&[(u8, u32, u32)]>) -> bool {
        if rule.kind.sessions(self.ssl) & sessions::PLAIN == 0 {
            return false;
        }
        let Some(products) = products else { return true };
        let plain = products.iter().filter(|(bit, _, _)| *bit == sessions::PLAIN);
        plain.into_iter().any(|product| !matches!(self.deciding(*product, rule), Some(Some(_))))
    }

    /// Sessions × databases × users of a rule; what `all` holds anyway is left out.
    fn products(&mut self, rule: &Rule) -> Option<Vec<(u8, u32, u32)>> {
        let databases = self.items(&rule.databases);
        let users = self.items(&rule.users);
        let carried = rule.kind.sessions(self.ssl);
        let bits = [sessions::SOCKET, sessions::PLAIN, sessions::TLS, sessions::GSS].into_iter().filter(move |bit| carried & bit != 0);
        let bits: Vec<u8> = bits.collect();
        if databases.len().saturating_mul(users.len()).saturating_mul(bits.len()) > MOST_PRODUCTS {
            return None;
        }
        let pairs = databases.iter().flat_map(|database| users.iter().map(|user| (*database, *user)));
        Some(pairs.flat_map(|(database, user)| bits.iter().map(move |bit| (*bit, database, user))).collect())
    }

    fn items(&mut self, names: &Names) -> Vec<u32> {
        let all = names.has(&NameItem::All);
        let kept = |item: &&NameItem| !all || matches!(item, NameItem::All | NameItem::Replication | NameItem::Unseen(_));
        let mut found: Vec<u32> = names.items.iter().filter(kept).map(|item| self.number(item)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(super) fn number(&mut self, item: &NameItem) -> u32 {
        if let Some(known) = self.names.get(item) {
            return *known;
        }
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.insert(item.clone(), next);
        if matches!(item, NameItem::Replication | NameItem::Unseen(_)) {
            self.outside_all.insert(next);
        }
        next
    }

    /// The earlier rules that decide a product of a rule, when nothing of it is left.
    fn deciding(&mut self, (bit, database, user): (u8, u32, u32), rule: &Rule) -> Option<Option<BTreeSet<usize>>> {
        let keys = self.keys((bit, database, user));
        let claimed: Vec<&Claimed> = keys.iter().filter_map(|key| self.claimed.get(key)).collect();
        if claimed.is_empty() {
            return Some(None);
        }
        let by_text = texts_that_cover(rule)
            .iter()
            .filter_map(|text| claimed.iter().filter_map(|claimed| claimed.texts.get(text)).min())
            .min()
            .copied();
        if let Some(by_text) = by_text {
            return Some(Some(BTreeSet::from([by_text])));
        }
        let mut all = BTreeSet::new();
        for span in spans(rule) {
            match self.deciding_range((bit, database, user), span)? {
                Some(here) => all.extend(here),
                None => return Some(None),
            }
        }
        Some(Some(all))
    }

    /// The same for a range of addresses of one family.
    pub(super) fn deciding_range(
        &mut self,
        product: (u8, u32, u32),
        (family, first, last): (usize, u128, u128),
    ) -> Option<Option<BTreeSet<usize>>> {
        let keys = self.keys(product);
        let claimed = keys.iter().filter_map(|key| self.claimed.get(key));
        let sets: Vec<&Intervals> = claimed.filter_map(|claimed| claimed.ranges.get(family)).collect();
        winners(&sets, first, last, &mut self.budget)
    }

    /// Under which products something that holds this one may be claimed.
    fn keys(&self, (bit, database, user): (u8, u32, u32)) -> BTreeSet<(u8, u32, u32)> {
        let databases = if self.outside_all.contains(&database) { vec![database] } else { vec![database, 0] };
        databases.iter().flat_map(|database| [(bit, *database, user), (bit, *database, 0)]).collect()
    }

    fn claim(&mut self, product: (u8, u32, u32), rule: &Rule, index: usize) -> Option<()> {
        let claimed = self.claimed.entry(product).or_default();
        if let Some(text) = own_text(rule) {
            claimed.texts.entry(text).or_insert(index);
            return Some(());
        }
        for (family, first, last) in spans(rule) {
            if let Some(ranges) = claimed.ranges.get_mut(family) {
                ranges.claim(first, last, index, &mut self.budget)?;
            }
        }
        Some(())
    }

    fn covered(&self, rule: &Rule, by: Vec<usize>) -> Shadow {
        let deciding: Vec<&Rule> = by.iter().filter_map(|index| self.rules.get(*index).copied()).collect();
        let (compared, first) = compare(&deciding, rule);
        let mut by = by;
        if first < by.len() {
            by.swap(0, first);
        }
        Shadow::Covered { compared, by }
    }

    /// Whether one earlier rule may cover it, depending on what no file tells.
    fn perhaps(&mut self, rule: &Rule) -> Option<Shadow> {
        let earlier = self.rules.len().saturating_sub(1);
        let candidates: Vec<usize> = if is_fuzzy(rule) { (0..earlier).collect() } else { self.fuzzy.clone() };
        let carried = rule.kind.sessions(self.ssl);
        for index in candidates {
            self.budget.step()?;
            let Some(other) = self.rules.get(index).copied() else { continue };
            if carried & !other.kind.sessions(self.ssl) != 0 || other.can_match(self.ssl) == Some(false) {
                continue;
            }
            self.budget.spend(pairs(other, rule) / 16)?;
            match covers(other, rule) {
                Cover::Yes => return Some(self.covered(rule, vec![index])),
                Cover::Maybe(what) => {
                    let reason = format!("whether the rule at line {} leaves anything to it depends on {what}", other.line);
                    return Some(Shadow::Unknown(Why::new(reason)));
                }
                Cover::No => {}
            }
        }
        Some(Shadow::No)
    }
}

/// The ranges of addresses of a rule, by family (0 for IPv4, 1 for IPv6). A text address lies somewhere in all of them,
/// a mask with holes within its outer bounds, and a local socket has but one address.
fn spans(rule: &Rule) -> Vec<(usize, u128, u128)> {
    match rule.address.as_ref().map(|address| &address.address) {
        None => vec![(0, 0, 0)],
        Some(Address::Range(range)) => vec![(range.family as usize, range.first(), range.last())],
        Some(_) => EVERYWHERE.iter().map(|range| (range.family as usize, range.first(), range.last())).collect(),
    }
}

/// The text by which an address claims, where it has no range of its own.
fn own_text(rule: &Rule) -> Option<String> {
    match &rule.address.as_ref()?.address {
        Address::SameHost => Some("samehost".to_owned()),
        Address::SameNet => Some("samenet".to_owned()),
        Address::Host(name) => Some(format!("name {}", name.to_ascii_lowercase())),
        Address::Range(range) if range.prefix().is_none() => Some(format!("mask {range}")),
        Address::Range(_) | Address::All => None,
    }
}

/// The texts that, claimed by an earlier rule, cover the address of this one.
fn texts_that_cover(rule: &Rule) -> Vec<String> {
    let mut texts: Vec<String> = own_text(rule).into_iter().collect();
    match rule.address.as_ref().map(|address| &address.address) {
        Some(Address::SameHost) => texts.push("samenet".to_owned()),
        Some(Address::Host(name)) => {
            let lower = name.to_ascii_lowercase();
            let dots = lower.match_indices('.').map(|(at, _)| at).take(128);
            texts.extend(dots.filter_map(|at| lower.get(at..)).map(|suffix| format!("name {suffix}")));
        }
        _ => {}
    }
    texts
}
