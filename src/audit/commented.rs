//! Ignore comments of every text that was read.

use std::sync::Arc;

use crate::exceptions::{CommentedText, Suppressions};
use crate::formats::{Commented, Recognised};
use crate::text::Source;

/// The words that an ignore comment begins with.
const MARK: &str = "gonogo:";

/// The ignore comments of every text whose kind has comments.
pub(super) fn suppressions(recognised: &Recognised) -> Suppressions {
    let marked = recognised.all().filter(|(_, source)| source.text().contains(MARK));
    let texts: Vec<(&Arc<Source>, Commented)> = marked.filter_map(|(kind, source)| Some((source, kind.comments?(source)))).collect();
    Suppressions::collect(texts.iter().map(|(source, commented)| CommentedText {
        source,
        comments: &commented.comments,
        blocks: &commented.blocks,
        backslash_joins_lines: commented.backslash_joins_lines,
    }))
}
