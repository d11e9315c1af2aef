//! What a person reads about a rule.

use std::ops::Deref;
use std::sync::OnceLock;

use super::load::docs_of_embedded;

/// What a person reads about a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// What goes wrong, concretely.
    pub why: String,
    /// What to do, with the line to write, and whether a reload or restart is needed.
    pub how: String,
    /// Pages that say so.
    pub references: Vec<String>,
}

/// The documentation of a rule. That of an embedded rule is half of its text, and is read when
/// somebody asks: most runs show that of a few rules, and need none of the others'.
#[derive(Clone, Debug, Default)]
pub struct Documentation {
    embedded: Option<&'static str>,
    read: OnceLock<Docs>,
}

impl Documentation {
    /// That of an embedded rule, by the text of its file.
    pub(super) fn of_embedded(text: &'static str) -> Self {
        Self { embedded: Some(text), read: OnceLock::new() }
    }
}

impl From<Docs> for Documentation {
    fn from(docs: Docs) -> Self {
        Self { embedded: None, read: OnceLock::from(docs) }
    }
}

impl Deref for Documentation {
    type Target = Docs;

    fn deref(&self) -> &Docs {
        self.read.get_or_init(|| self.embedded.map(docs_of_embedded).unwrap_or_default())
    }
}
