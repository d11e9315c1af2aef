//! The texts that changes meet, each opened once: a file may have as many findings as lines.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::engines::Families;
use crate::formats::{Editable, FileKind};
use crate::model::Instance;
use crate::text::{Files, Source, SourceId, Span};

/// What each file was read as, by display path.
pub type KindOf = BTreeMap<String, &'static FileKind>;

/// Texts of one run.
pub(super) struct Texts<'f> {
    files: &'f Files,
    kinds: &'f KindOf,
    pub(super) families: Families,
    shared: BTreeSet<&'f str>,
    opened: RefCell<BTreeMap<SourceId, Option<Rc<dyn Editable>>>>,
}

impl<'f> Texts<'f> {
    pub(super) fn new(files: &'f Files, kinds: &'f KindOf, families: Families, instances: &'f [Instance]) -> Self {
        let mut seen = BTreeSet::new();
        let paths = instances.iter().flat_map(|instance| &instance.sources).map(String::as_str);
        let shared = paths.filter(|path| !seen.insert(*path)).collect();
        Self { files, kinds, families, shared, opened: RefCell::default() }
    }

    /// The text that a place is in.
    pub(super) fn source(&self, span: Span) -> Option<Arc<Source>> {
        self.files.source(span.source)
    }

    /// Whether more than one server reads a text.
    pub(super) fn is_shared(&self, source: &Source) -> bool {
        self.shared.contains(source.path())
    }

    /// A text, opened for editing; `None` where its kind is not known or cannot be edited.
    pub(super) fn editable(&self, source: &Arc<Source>) -> Option<Rc<dyn Editable>> {
        // What is not UTF-8 would be written back as something else.
        let open = || Some(Rc::from((self.kinds.get(source.path()).filter(|_| source.foreign().is_none())?.open?)(source)));
        self.opened.borrow_mut().entry(source.id()).or_insert_with(open).clone()
    }
}
