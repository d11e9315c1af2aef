//! Ratios of passed items, in integers only.

use super::scorecard::CriterionStatus;

/// How far below a threshold is still slight, in points.
const SLIGHT: u32 = 10;

/// A ratio held against its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Items that pass.
    pub passed: u32,
    /// Denominator.
    pub applicable: u32,
    /// Threshold in percent.
    pub threshold: u32,
    /// Whether an item that blocks is among those that do not pass.
    pub blocker_missed: bool,
}

impl Ratio {
    /// How many must pass.
    #[must_use]
    pub fn need(&self) -> u32 {
        (self.threshold * self.applicable).div_ceil(100)
    }

    /// How many more may miss.
    #[must_use]
    pub fn misses_left(&self) -> u32 {
        self.passed.saturating_sub(self.need())
    }

    /// For display, rounded down; a hundred when nothing applies.
    #[must_use]
    pub fn percent(&self) -> u32 {
        (100 * self.passed).checked_div(self.applicable).unwrap_or(100)
    }

    /// Met, slightly below or below; not applicable when nothing applies.
    #[must_use]
    pub fn status(&self) -> CriterionStatus {
        let slightly = (self.threshold.saturating_sub(SLIGHT) * self.applicable).div_ceil(100);
        let one_missing = self.passed + 1 == self.applicable && !self.blocker_missed;
        match self.passed {
            _ if self.applicable == 0 => CriterionStatus::NotApplicable,
            passed if passed >= self.need() => CriterionStatus::Met,
            passed if passed >= slightly || one_missing => CriterionStatus::SlightlyBelow,
            _ => CriterionStatus::Below,
        }
    }
}

/// How many accepted items of a pillar leave its denominator.
#[must_use]
pub fn accepted_cap(applicable: u32, accepts: bool) -> u32 {
    if accepts { (applicable / 10).max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threshold, denominator, met from, slightly below from (0: never).
    const VECTORS: &[(u32, u32, u32, u32)] = &[
        (90, 16, 15, 13),
        (90, 14, 13, 12),
        (90, 13, 12, 11),
        (90, 12, 11, 10),
        (90, 11, 10, 9),
        (90, 10, 9, 8),
        (90, 9, 9, 8),
        (90, 8, 8, 7),
        (90, 4, 4, 3),
        (100, 16, 16, 15),
        (100, 13, 13, 12),
        (100, 6, 6, 5),
        (85, 18, 16, 14),
        (85, 16, 14, 12),
        (85, 14, 12, 11),
        (85, 10, 9, 8),
        (85, 9, 8, 7),
        (85, 8, 7, 6),
        (85, 7, 6, 0),
        (70, 13, 10, 8),
        (70, 11, 8, 7),
    ];

    #[test]
    fn thresholds_and_bands_are_those_of_the_vectors() {
        for &(threshold, applicable, met, slightly) in VECTORS {
            for passed in 0..=applicable {
                let expected = match passed {
                    _ if passed >= met => CriterionStatus::Met,
                    _ if slightly > 0 && passed >= slightly => CriterionStatus::SlightlyBelow,
                    _ => CriterionStatus::Below,
                };
                let ratio = Ratio { passed, applicable, threshold, blocker_missed: false };
                assert_eq!(ratio.status(), expected, "{passed} of {applicable} at {threshold} %");
            }
        }
    }

    #[test]
    fn one_miss_is_slight_unless_it_blocks() {
        let ratio = |blocker_missed| Ratio { passed: 3, applicable: 4, threshold: 90, blocker_missed };
        assert_eq!(ratio(false).status(), CriterionStatus::SlightlyBelow);
        assert_eq!(ratio(true).status(), CriterionStatus::Below);
    }

    #[test]
    fn what_is_shown_is_rounded_down() {
        let ratio = Ratio { passed: 7, applicable: 12, threshold: 90, blocker_missed: false };
        assert_eq!((ratio.need(), ratio.misses_left(), ratio.percent()), (11, 0, 58));
        let ratio = Ratio { passed: 16, applicable: 16, ..ratio };
        assert_eq!((ratio.need(), ratio.misses_left(), ratio.percent()), (15, 1, 100));
        assert_eq!(Ratio { passed: 0, applicable: 0, ..ratio }.status(), CriterionStatus::NotApplicable);
    }

    #[test]
    fn a_tenth_may_be_accepted_and_at_least_one() {
        let caps = [0, 9, 10, 19, 20, 25].map(|applicable| accepted_cap(applicable, true));
        assert_eq!(caps, [1, 1, 1, 1, 2, 2]);
        assert_eq!(accepted_cap(20, false), 0);
    }
}
