//! What a person reads about a rule.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::load::docs_of_embedded;
use crate::model::Engine;

/// What a person reads about a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// What goes wrong, concretely.
    pub why: String,
    /// What to do, with the line to write, and whether a reload or restart is needed.
    pub how: String,
    /// The same for a server that runs in a container, where it is not done alike.
    pub in_container: Option<String>,
    /// The same in the words and commands of one engine, where those differ. `{service}` is the service of the
    /// finding; other names in braces are fields of its record, or facts of the service. Of several texts the first is said in
    /// which all of them are known.
    pub how_for: BTreeMap<Engine, Vec<String>>,
    /// Pages that say so.
    pub references: Vec<String>,
}

/// The documentation of a rule. That of an embedded rule is half of its text, and is read when
/// somebody asks: most runs show that of a few rules, and need none of the others'.
#[derive(Clone, Debug, Default)]
pub struct Documentation {
    embedded: Option<&'static str>,
    read: OnceLock<Docs>,
    remedy: OnceLock<Arc<str>>,
    remedy_in_container: OnceLock<Arc<str>>,
}

impl Documentation {
    /// That of an embedded rule, by the text of its file.
    pub(super) fn of_embedded(text: &'static str) -> Self {
        Self { embedded: Some(text), ..Self::default() }
    }

    /// What to do, in a line: the first paragraph of it all. Every finding of the rule has a share.
    #[must_use]
    pub fn remedy(&self) -> Arc<str> {
        Arc::clone(self.remedy.get_or_init(|| first_paragraph(&self.how).into()))
    }

    /// The same for a server that runs in a container.
    #[must_use]
    pub fn remedy_in_container(&self) -> Arc<str> {
        let own = |how: &String| Arc::clone(self.remedy_in_container.get_or_init(|| first_paragraph(how).into()));
        self.in_container.as_ref().map_or_else(|| self.remedy(), own)
    }

    /// What may be said to do for one engine, with names in braces that are still to be filled.
    pub fn remedies_for(&self, engine: Engine) -> impl Iterator<Item = String> {
        self.how_for.get(&engine).into_iter().flatten().map(|how| first_paragraph(how))
    }
}

impl From<Docs> for Documentation {
    fn from(docs: Docs) -> Self {
        Self { read: OnceLock::from(docs), ..Self::default() }
    }
}

impl Deref for Documentation {
    type Target = Docs;

    fn deref(&self) -> &Docs {
        self.read.get_or_init(|| self.embedded.map(docs_of_embedded).unwrap_or_default())
    }
}

fn first_paragraph(text: &str) -> String {
    text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ")
}
