//! Ignore comments of every text that was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::exceptions::{CommentedText, Suppressions};
use crate::formats::{Commented, FileKind, Recognised};
use crate::text::{Files, Source};

/// The words that an ignore comment begins with.
const MARK: &str = "gonogo:";

/// The ignore comments of every text whose kind has comments: those that were recognised, and those that a server reads as
/// what `read_as` says.
pub(super) fn suppressions(recognised: &Recognised, read_as: &BTreeMap<String, &'static FileKind>, files: &Files) -> Suppressions {
    let known: BTreeSet<&str> = recognised.all().map(|(_, source)| source.path()).collect();
    let beside = read_as.iter().filter(|(path, _)| !known.contains(path.as_str()) && files.has_read(path));
    let beside: Vec<_> = beside.filter_map(|(path, kind)| Some((*kind, files.read(path).ok()?))).collect();
    let all = recognised.all().chain(beside.iter().map(|(kind, source)| (*kind, source)));
    let marked = all.filter(|(_, source)| source.text().contains(MARK));
    let texts: Vec<(&Arc<Source>, Commented)> = marked.filter_map(|(kind, source)| Some((source, kind.comments?(source)))).collect();
    Suppressions::collect(texts.iter().map(|(source, commented)| CommentedText {
        source,
        comments: &commented.comments,
        blocks: &commented.blocks,
        backslash_joins_lines: commented.backslash_joins_lines,
    }))
}
