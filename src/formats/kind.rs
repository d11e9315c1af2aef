//! A kind of file: how it is recognised, what its comments are, how it may be passed over.
//!
//! The table of each kind is beside the room that reads it; here is what such a table holds, and the list of what was
//! recognised.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Claim, Comment, Open};
use crate::text::{Source, Span};

/// A kind of file that some room reads. Two kinds are the same when their names are.
#[derive(Clone, Copy)]
pub struct FileKind {
    /// The name in `inputs`, and of `--as`.
    pub name: &'static str,
    /// Whether a file of a path and the first bytes of its text is of this kind.
    pub claims: fn(path: &str, head: &str) -> Claim,
    /// Its comments; `None` for a kind that has none.
    pub comments: Option<fn(&Source) -> Commented>,
    /// Whether a name such as `*.sample` or `*.bak` says that no server reads the file.
    pub has_copies: bool,
    /// Whether a file of it may be a template (Jinja, Go, ERB), which only its rendered form can tell.
    pub may_be_template: bool,
    /// Opens a file of it for editing; `None` where nothing of it can be edited.
    pub open: Option<Open>,
    /// Whether it describes a server or a workload, so that a verdict rests on it.
    pub describes: bool,
}

/// The comments of a text, and what an ignore comment can hold for.
#[derive(Clone, Debug, Default)]
pub struct Commented {
    /// Every comment.
    pub comments: Vec<Comment>,
    /// Blocks that a comment before them holds for: a mapping, a section.
    pub blocks: Vec<Span>,
    /// Whether a backslash at the end of a line joins it with the next, comments included.
    pub backslash_joins_lines: bool,
}

impl FileKind {
    /// Whether a path says that no server reads the file: what is in `postgresql.conf.sample` is no decision.
    #[must_use]
    pub fn is_copy(&self, path: &str) -> bool {
        self.has_copies && super::copies::is_copy(path)
    }
}

impl PartialEq for FileKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for FileKind {}

impl std::fmt::Debug for FileKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Recognised texts by kind, each list sorted by path.
#[derive(Debug, Default)]
pub struct Recognised {
    by_kind: BTreeMap<&'static str, (&'static FileKind, Vec<Arc<Source>>)>,
}

impl Recognised {
    /// Adds a text. Texts of one kind come in the order of their paths.
    pub fn add(&mut self, kind: &'static FileKind, source: Arc<Source>) {
        self.by_kind.entry(kind.name).or_insert_with(|| (kind, Vec::new())).1.push(source);
    }

    /// Texts of a kind.
    #[must_use]
    pub fn of(&self, kind: &FileKind) -> &[Arc<Source>] {
        self.by_kind.get(kind.name).map(|(_, sources)| sources.as_slice()).unwrap_or_default()
    }

    /// Every text with its kind.
    pub fn all(&self) -> impl Iterator<Item = (&'static FileKind, &Arc<Source>)> {
        self.by_kind.values().flat_map(|(kind, sources)| sources.iter().map(move |source| (*kind, source)))
    }
}
