//! How much a small text may become: bounds of gonogo's own, each with its reason, and what is said where one is met.
//!
//! Whoever opens a pull request writes the files that are read. A bound is far above what real projects hold, and low
//! enough that a text of a megabyte takes neither seconds nor hundreds of megabytes. What it cuts off is unknown.

use std::collections::{BTreeMap, HashMap};

use crate::text::{SourceId, Span};

/// Bytes of one text after its variables were replaced. Linux takes no longer word of an environment or command line
/// (`MAX_ARG_STRLEN`).
pub const LONGEST_EXPANSION: usize = 128 * 1024;

/// Bytes that variables bring into all texts of one project.
pub const ALL_EXPANSIONS: usize = 4 * 1024 * 1024;

/// The same where a run has so many projects that they share [`ALL_EXPANSIONS`].
pub const LEAST_EXPANSIONS: usize = 64 * 1024;

/// Variables that all `env_file`s of one project bring into all of its services.
pub const MOST_FROM_ENV_FILES: usize = 20_000;

/// Files that one server's configuration includes, counting every repetition. The server has no such bound.
pub const MOST_INCLUDED_FILES: usize = 10_000;

/// Statements after which a configuration includes no further file: files that include each other twice double at every level.
pub const MOST_STATEMENTS: usize = 200_000;

/// Problems of one kind that one subject lists; what is wrong a thousand times is wrong.
pub const MOST_PROBLEMS: usize = 1_000;

/// Places that set what a later place sets again, and names with a dot that no catalogue has, that one server lists.
pub const MOST_ASSIGNMENTS: usize = 500;

/// Earlier values that one setting remembers.
pub const MOST_OVERRODE: usize = 100;

/// Rules or maps of one access file with what it includes; a rule costs some kilobytes in each release that reads it.
pub const MOST_ACCESS_LINES: usize = 10_000;

/// Fields of one line of an access file.
pub const MOST_ACCESS_FIELDS: usize = 1_000;

/// Names that all `@file`s bring into the lines of one access file: five hundred lines may each name twenty thousand.
pub const MOST_LISTED_NAMES: usize = 100_000;

/// What the aliases of one YAML text may copy: each value counts, and 64 bytes of text as one more. Every copy is read in
/// full where it stands; real files stay below a thousand.
pub const MOST_COPIED: u64 = 20_000;

/// Lines that say something, of files that several services mount, counted for each service but the first.
pub const MOST_REPEATED_LINES: usize = 10_000;

/// Variables of one dotenv file.
pub const MOST_VARIABLES: usize = 50_000;

/// Bytes of a script that a service runs from a mount; each service takes it apart again.
pub const LONGEST_SCRIPT: usize = 32 * 1024;

/// Words of one command line.
pub const MOST_WORDS: usize = 20_000;

/// Services of one compose file; each is a subject of its own, and looks at the others.
pub const MOST_SERVICES: usize = 1_000;

/// Remarks on one compose file.
pub const MOST_NOTES: usize = 200;

/// Counts what is listed, by kind.
#[derive(Clone, Debug, Default)]
pub struct Tally(HashMap<&'static str, usize>);

impl Tally {
    /// Whether one more problem of a kind may be listed.
    #[must_use]
    pub fn has_room(&self, kind: &'static str) -> bool {
        self.0.get(kind).is_none_or(|count| *count < MOST_PROBLEMS)
    }

    /// Counts one more problem of a kind; if there is no room for it, that is said.
    pub fn count(&mut self, kind: &'static str, span: Option<Span>, cuts: &mut Cuts) -> bool {
        let room = self.has_room(kind);
        if room {
            *self.0.entry(kind).or_default() += 1;
        } else if let Some(span) = span {
            cuts.add(kind, span, || format!("{kind}: the first {MOST_PROBLEMS} places are listed, this one is not"));
        }
        room
    }
}

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
        self.met.entry((span.source, kind)).and_modify(|cut| cut.more += 1).or_insert_with(|| Cut { message: message(), span, more: 0 });
    }

    /// One bound that was met.
    #[must_use]
    pub fn of(kind: &'static str, span: Span, message: &str) -> Self {
        let mut cuts = Self::default();
        cuts.add(kind, span, || message.to_owned());
        cuts
    }

    /// Takes over what another part of the same work met.
    pub fn extend(&mut self, other: Self) {
        for (key, cut) in other.met {
            self.met.entry(key).and_modify(|known| known.more += cut.more + 1).or_insert(cut);
        }
    }

    /// Takes over what another reading of the same text met, such as that of another release.
    pub fn join(&mut self, other: Self) {
        for (key, cut) in other.met {
            self.met.entry(key).and_modify(|known| known.more = known.more.max(cut.more)).or_insert(cut);
        }
    }

    /// The same bounds, all met at one place.
    #[must_use]
    pub fn moved_to(self, span: Span) -> Self {
        let mut moved = Self::default();
        for ((_, kind), cut) in self.met {
            moved.met.entry((span.source, kind)).or_insert(Cut { span, ..cut });
        }
        moved
    }

    /// Whether no bound was met.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.met.is_empty()
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
    fn the_documentation_tells_every_bound() {
        let told = include_str!("../../../docs/bounds.md");
        let copied = usize::try_from(MOST_COPIED).unwrap_or(usize::MAX);
        let bounds = [
            LONGEST_EXPANSION,
            ALL_EXPANSIONS,
            LEAST_EXPANSIONS,
            MOST_VARIABLES,
            MOST_FROM_ENV_FILES,
            copied,
            MOST_SERVICES,
            MOST_WORDS,
            LONGEST_SCRIPT,
            MOST_INCLUDED_FILES,
            MOST_STATEMENTS,
            MOST_ACCESS_LINES,
            MOST_ACCESS_FIELDS,
            MOST_LISTED_NAMES,
            MOST_REPEATED_LINES,
            MOST_PROBLEMS,
            MOST_ASSIGNMENTS,
            MOST_OVERRODE,
        ];
        for bound in bounds {
            assert!(told.contains(&bound.to_string()), "docs/bounds.md does not tell {bound}");
        }
    }

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
