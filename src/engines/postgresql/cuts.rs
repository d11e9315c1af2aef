//! What of the text was not seen, and which settings that leaves in doubt.

use std::collections::BTreeMap;

use super::reading::{Reading, Step};
use crate::model::Why;

/// What of the text was not seen, by position among the steps.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// The last place where unseen text could set anything.
    last_gap: Option<(usize, Why)>,
    /// The first line that the server cannot read.
    first_broken: Option<(usize, Why)>,
    /// Names that such lines begin with.
    pub(super) broken_names: BTreeMap<String, Why>,
}

impl Cuts {
    /// What was not seen of a reading.
    pub(super) fn of(reading: &Reading) -> Self {
        let mut cuts = Self::default();
        for (index, step) in reading.steps.iter().enumerate() {
            match step {
                Step::Set(_) => {}
                Step::Gap(why) => cuts.last_gap = Some((index, why.clone())),
                Step::Broken(why, name) => {
                    if let Some(name) = name {
                        cuts.broken_names.insert(name.to_ascii_lowercase(), why.clone());
                    }
                    if cuts.first_broken.is_none() {
                        cuts.first_broken = Some((index, why.clone()));
                    }
                }
            }
        }
        cuts
    }

    /// The first reason why there may be more.
    pub(super) fn first_why(&self) -> Option<Why> {
        self.first_broken.as_ref().or(self.last_gap.as_ref()).map(|(_, why)| why.clone())
    }

    /// Why it is not certain that the files leave `key` as the step `last` sets it, or unset without one.
    pub(super) fn doubt(&self, key: &str, last: Option<usize>) -> Option<&Why> {
        if let Some(why) = self.broken_names.get(key) {
            return Some(why);
        }
        let broken = self.first_broken.as_ref().filter(|(index, _)| last.is_none_or(|last| last > *index));
        let gap = self.last_gap.as_ref().filter(|(index, _)| last.is_none_or(|last| last < *index));
        broken.or(gap).map(|(_, why)| why)
    }
}
