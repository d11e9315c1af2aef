//! Ranges of addresses, each with the first rule that claimed it.

use std::collections::{BTreeMap, BTreeSet};

/// Disjoint ranges; the first to claim an address keeps it, as the first matching rule decides.
#[derive(Debug, Default)]
pub(super) struct Intervals {
    ranges: BTreeMap<u128, (u128, usize)>,
}

/// Counts down the steps that an analysis may still take.
#[derive(Debug)]
pub(super) struct Budget(pub usize);

impl Budget {
    /// Takes one step, if there is one left.
    pub(super) fn step(&mut self) -> Option<()> {
        self.spend(1)
    }

    /// Takes so many steps; where fewer are left, none is left after it.
    pub(super) fn spend(&mut self, steps: usize) -> Option<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ())
    }
}

impl Intervals {
    /// What of `first..=last` nobody claimed yet goes to `owner`; `None` when the budget is used up.
    pub(super) fn claim(&mut self, first: u128, last: u128, owner: usize, budget: &mut Budget) -> Option<()> {
        let mut at = first;
        loop {
            budget.step()?;
            let end = match self.containing(at) {
                Some((end, _)) => end,
                None => {
                    let end = self.next_start(at).filter(|next| *next <= last).map_or(last, |next| next - 1);
                    self.ranges.insert(at, (end, owner));
                    end
                }
            };
            if end >= last {
                return Some(());
            }
            at = end + 1;
        }
    }

    /// The end and owner of the range that holds an address.
    fn containing(&self, address: u128) -> Option<(u128, usize)> {
        let (_, (end, owner)) = self.ranges.range(..=address).next_back()?;
        (*end >= address).then_some((*end, *owner))
    }

    fn next_start(&self, address: u128) -> Option<u128> {
        self.ranges.range(address..).next().map(|(start, _)| *start)
    }
}

/// The rules that decide for `first..=last`, when several sets of ranges together cover it: at each address the lowest owner.
///
/// `Some(None)` when something is left uncovered; `None` when the budget is used up.
pub(super) fn winners(sets: &[&Intervals], first: u128, last: u128, budget: &mut Budget) -> Option<Option<BTreeSet<usize>>> {
    let mut found = BTreeSet::new();
    let mut at = first;
    loop {
        budget.step()?;
        let here: Vec<(u128, usize)> = sets.iter().filter_map(|set| set.containing(at)).collect();
        let Some(owner) = here.iter().map(|(_, owner)| *owner).min() else { return Some(None) };
        found.insert(owner);
        let ends = here.iter().map(|(end, _)| *end);
        let starts = sets.iter().filter(|set| set.containing(at).is_none()).filter_map(|set| set.next_start(at)).map(|start| start - 1);
        let end = ends.chain(starts).min().unwrap_or(last);
        if end >= last {
            return Some(Some(found));
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_claim_wins_and_halves_make_a_whole() {
        let mut budget = Budget(1000);
        let (mut low, mut rest) = (Intervals::default(), Intervals::default());
        low.claim(0, 127, 1, &mut budget).unwrap();
        rest.claim(100, u128::MAX, 2, &mut budget).unwrap();
        rest.claim(0, u128::MAX, 3, &mut budget).unwrap();
        assert_eq!(winners(&[&low], 0, 200, &mut budget), Some(None));
        assert_eq!(winners(&[&low, &rest], 0, u128::MAX, &mut budget), Some(Some(BTreeSet::from([1, 2]))));
        assert_eq!(winners(&[&rest], 0, 100, &mut budget), Some(Some(BTreeSet::from([2, 3]))));
        assert_eq!(winners(&[&rest], 0, 100, &mut Budget(0)), None);
    }
}
