//! What could not be decided, counted by its cause.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Input, SubjectKind, SubjectRef, Why};
use crate::verdict::scorecard::InstanceCard;

/// Most causes that a summary for people names.
const MOST_CAUSES: usize = 3;

/// A rule of high or critical severity that could not be decided of a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// Rule id.
    pub rule: Arc<str>,
    /// Of what.
    pub subject: Arc<SubjectRef>,
}

/// How many checks could not be decided, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undecided {
    /// Most frequent first.
    causes: Vec<(Why, usize)>,
    weighty: Vec<Open>,
}

impl Undecided {
    /// Of causes, each with the number of checks that it left undecided, and the weighty ones of these checks.
    #[must_use]
    pub fn of(causes: impl IntoIterator<Item = (Why, usize)>, mut weighty: Vec<Open>) -> Self {
        // What is presumed for a cause makes it no other cause.
        let mut known: BTreeMap<Why, usize> = BTreeMap::new();
        for (why, count) in causes {
            *known.entry(Why { presumed: None, ..why }).or_default() += count;
        }
        let mut causes: Vec<(Why, usize)> = known.into_iter().collect();
        causes.sort_by(|(one, many), (other, more)| more.cmp(many).then_with(|| one.cmp(other)));
        weighty.sort();
        Self { causes, weighty }
    }

    /// Changes what is said of the causes.
    pub fn reword(&mut self, reword: impl Fn(&mut Why)) {
        self.causes.iter_mut().for_each(|(why, _)| reword(why));
    }

    /// The weighty checks that could not be decided of a file that was named on the command line.
    #[must_use]
    pub fn weighty_on_named(&self, inputs: &[Input], instances: &[InstanceCard]) -> Vec<&Open> {
        let named = |path: &str| inputs.iter().any(|input| input.needed && input.was_read() && input.path == path);
        let is_named = |open: &&Open| match open.subject.kind {
            SubjectKind::Instance => {
                let own = instances.iter().find(|card| card.id == *open.subject.id);
                own.is_some_and(|card| card.sources.iter().any(|path| named(path)))
            }
            SubjectKind::Project => false,
            // A service goes by its file and name.
            SubjectKind::File | SubjectKind::Service => {
                named(&open.subject.id) || open.subject.id.rsplit_once('/').is_some_and(|(path, _)| named(path))
            }
        };
        self.weighty.iter().filter(is_named).collect()
    }

    /// How many checks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.causes.iter().map(|(_, count)| count).sum()
    }

    /// Each cause with how many checks it left undecided, most frequent first.
    pub fn causes(&self) -> impl ExactSizeIterator<Item = (&Why, usize)> {
        self.causes.iter().map(|(why, count)| (why, *count))
    }

    /// "3 checks could not be decided:", and a line for each of the most frequent causes; nothing where all were decided.
    pub(super) fn lines(&self) -> Option<(String, Vec<String>)> {
        let count = self.count();
        let checks = if count == 1 { "1 check" } else { &format!("{count} checks") };
        let cause = |(why, count): (&Why, usize)| {
            let next = why.needs.as_deref().map(|needs| format!(" ({needs})")).unwrap_or_default();
            format!("{count}: {}{next}", why.reason)
        };
        let mut lines: Vec<String> = self.causes().take(MOST_CAUSES).map(cause).collect();
        let rest: usize = self.causes().skip(MOST_CAUSES).map(|(_, count)| count).sum();
        if rest > 0 {
            let others = self.causes.len() - MOST_CAUSES;
            let others = if others == 1 { "one other cause".to_owned() } else { format!("{others} other causes") };
            lines.push(format!("{rest}: {others}; --format json lists all"));
        }
        (count > 0).then(|| (format!("{checks} could not be decided:"), lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_counted_and_the_most_frequent_goes_first() {
        let why = |text: &str| Why::needing(text, format!("give {text}"));
        let undecided =
            Undecided::of([(why("a"), 1), (why("b"), 2), (why("c"), 1), (why("b"), 3), (why("d"), 1), (why("e"), 1)], Vec::new());
        let (title, lines) = undecided.lines().unwrap();
        assert_eq!(title, "9 checks could not be decided:");
        assert_eq!(lines, ["5: b (give b)", "1: a (give a)", "1: c (give c)", "2: 2 other causes; --format json lists all"]);
        assert_eq!(Undecided::default().lines(), None);
    }
}
