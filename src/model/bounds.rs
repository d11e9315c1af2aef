//! How much a small text may become: bounds of gonogo's own, each with its reason, and what is said where one is met.
//!
//! Whoever opens a pull request writes the files that are read. A bound is far above what real projects hold, and low
//! enough that a text of a megabyte takes neither seconds nor hundreds of megabytes. What it cuts off is unknown.

use std::collections::BTreeMap;

use crate::text::{SourceId, Span};

/// Bytes of one text after its variables were replaced. Linux takes no longer word of an environment or command line
/// (`MAX_ARG_STRLEN`).
pub const LONGEST_EXPANSION: usize = 128 * 1024;

/// Bytes that variables bring into all texts of one project.
pub const ALL_EXPANSIONS: usize = 4 * 1024 * 1024;

/// The same where a run has so many projects that they share [`ALL_EXPANSIONS`].
pub const LEAST_EXPANSIONS: usize = 64 * 1024;

/// Variables that all `env_file`s of one project bring into all of its services.
pub const MOST_FROM_ENV_FILES: usize = 50_000;

/// One bound that was met in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What was not read for it, in words.
    pub message: String,
    /// The first place.
    pub span: Span,
    /// At how many further places of the file the same happened.
    pub more: usize,
}

impl Cut {
    /// The words, with the number of further places.
    #[must_use]
    pub fn text(&self) -> String {
        match self.more {
            0 => self.message.clone(),
            1 => format!("{}; the same at one more place", self.message),
            more => format!("{}; the same at {more} more places", self.message),
        }
    }
}

/// The bounds that were met, one of each kind for each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    met: BTreeMap<(SourceId, &'static str), Cut>,
}

impl Cuts {
    /// Remembers that a bound of a kind was met at a place. Of all places in a file, the first is told and the others counted.
    pub fn add(&mut self, kind: &'static str, span: Span, message: impl FnOnce() -> String) {
        self.met
            .entry((span.source, kind))
            .and_modify(|cut| cut.more += 1)
            .or_insert_with(|| Cut { message: message(), span, more: 0 });
    }

    /// Takes over what another part of the same work met.
    pub fn extend(&mut self, other: Self) {
        for (key, cut) in other.met {
            self.met.entry(key).and_modify(|known| known.more += cut.more + 1).or_insert(cut);
        }
    }

    /// All of them, by file.
    pub fn iter(&self) -> impl Iterator<Item = &Cut> {
        self.met.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn the_first_place_is_told_and_the_others_are_counted() {
        let source = Source::detached("a", "one two three");
        let mut cuts = Cuts::default();
        for start in [0, 4, 8] {
            cuts.add("long", source.span(start, start + 3), || format!("at {start}"));
        }
        cuts.add("many", source.span(4, 7), || "of another kind".to_owned());
        let told: Vec<String> = cuts.iter().map(Cut::text).collect();
        assert_eq!(told, ["at 0; the same at 2 more places", "of another kind"]);
    }
}
