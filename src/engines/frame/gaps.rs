//! What of the text of a server was not seen, and which settings that leaves in doubt.

use std::collections::BTreeMap;

use super::Pass;
use crate::model::Why;

/// What of the text was not seen, by position among the steps in which the server reads it.
#[derive(Debug, Default)]
pub struct Gaps {
    /// The last place where unseen text could set anything.
    last_gap: Option<(usize, Why)>,
    /// The first line that the server cannot read.
    first_broken: Option<(usize, Why)>,
    /// Names that such lines begin with.
    broken_names: BTreeMap<String, Why>,
}

impl Gaps {
    /// At this step unseen text could set anything: an include that was not read.
    pub fn gap(&mut self, step: usize, why: &Why) {
        self.last_gap = Some((step, why.clone()));
    }

    /// At this step is a line that the server cannot read, and that begins with a name.
    pub fn broken(&mut self, step: usize, why: &Why, name: Option<&str>) {
        if let Some(name) = name {
            self.broken_names.insert(name.to_ascii_lowercase(), why.clone());
        }
        self.first_broken.get_or_insert_with(|| (step, why.clone()));
    }

    /// Names that lines begin with that the server cannot read.
    pub fn broken_names(&self) -> impl Iterator<Item = &String> {
        self.broken_names.keys()
    }

    /// The first reason why there may be more.
    #[must_use]
    pub fn first_why(&self) -> Option<Why> {
        self.first_broken.as_ref().or(self.last_gap.as_ref()).map(|(_, why)| why.clone())
    }

    /// Why it is not certain that the files leave `key` as the step `last` sets it, or unset without one.
    #[must_use]
    pub fn doubt(&self, key: &str, last: Option<usize>) -> Option<&Why> {
        if let Some(why) = self.broken_names.get(key) {
            return Some(why);
        }
        let broken = self.first_broken.as_ref().filter(|(index, _)| last.is_none_or(|last| last > *index));
        let gap = self.last_gap.as_ref().filter(|(index, _)| last.is_none_or(|last| last < *index));
        broken.or(gap).map(|(_, why)| why)
    }

    /// The same of what the step `last` sets; that what was not read does not set it again can be presumed.
    #[must_use]
    pub fn doubt_in(&self, pass: Pass, key: &str, last: usize) -> Option<&Why> {
        match pass {
            Pass::Seen => self.doubt(key, Some(last)),
            Pass::Presuming => {
                let broken = self.first_broken.as_ref().filter(|(index, _)| last > *index);
                let gap = self.last_gap.as_ref().filter(|(index, why)| last < *index && why.presumed().is_empty());
                self.broken_names.get(key).or(broken.or(gap).map(|(_, why)| why))
            }
        }
    }
}
