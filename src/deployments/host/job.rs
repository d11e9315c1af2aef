//! A job of the machine as a workload: its command, and the script of the tree that the command names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Command, Interpolated, Mount, MountKind, Placement, Platform, Provenance, Secret};
use crate::text::path::name_of;
use crate::text::{Source, Span};

/// A job of this name and command; `text` is what a shell runs, `span` where it is written.
pub(super) fn job(name: &str, key: String, source: &Source, text: &str, span: Span) -> Placement {
    let mut placement = Placement::named(Platform::Host, key, name, span, span, source.path());
    let word = Interpolated {
        raw: Secret::new(text.to_owned()),
        value: Some(text.to_owned()),
        provenance: Provenance::Literal,
        variables: Vec::new(),
        span,
        defined_at: None,
    };
    placement.command = Some(Command { words: vec![word.clone()], shell: true, script: Some(word), span });
    placement.environment_incomplete = Some("what the machine sets for its jobs is not known".to_owned());
    // What a job writes, it writes on a disk of the machine.
    placement.mounts.push(bind("/", None, span));
    placement
}

/// The file of the machine at `target` is this one of the tree.
pub(super) fn bind(target: &str, source: Option<&str>, span: Span) -> Mount {
    Mount {
        kind: MountKind::Bind,
        source: source.map(str::to_owned),
        source_path: source.map(str::to_owned),
        target: target.to_owned(),
        read_only: false,
        content: None,
        value: None,
        storage: None,
        span,
    }
}

/// Scripts of the tree by the last part of their paths.
pub(super) struct Scripts<'s>(BTreeMap<&'s str, Vec<&'s Source>>);

impl<'s> Scripts<'s> {
    pub(super) fn of(scripts: &'s [Arc<Source>]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
        scripts.iter().for_each(|script| by_name.entry(name_of(script.path())).or_default().push(script));
        Self(by_name)
    }

    /// The script that a path of the machine means: the only one that ends in the most of the path.
    pub(super) fn at(&self, path: &str) -> Option<&'s Source> {
        let same = self.0.get(name_of(path))?;
        let shared = |script: &Source| script.path().rsplit('/').zip(path.rsplit('/')).take_while(|(own, other)| own == other).count();
        let best = same.iter().map(|script| shared(script)).max()?;
        let mut found = same.iter().filter(|script| shared(script) == best);
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }
}
