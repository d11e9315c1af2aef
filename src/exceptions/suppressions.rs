//! Ignore comments of all texts: which rules, on which lines, and why.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::comment::{Directive, parse};
use super::dead::{MALFORMED, NO_REASON, Problem};
use crate::formats::Comment;
use crate::text::{Source, SourceId, Span, redact_text};

/// `ignore-file` is heard only where a reader of the file sees it.
const HEAD_LINES: u32 = 10;

/// Most rules that the ignore comments of one file name.
const MOST_OF_FILE: usize = 2_000;

/// A text with its comments, as its grammar found them.
#[derive(Clone, Copy, Debug)]
pub struct CommentedText<'t> {
    /// The text.
    pub source: &'t Source,
    /// Its comments, in their order.
    pub comments: &'t [Comment],
    /// Blocks (a YAML mapping under its key, braces, an ini section), from the line that opens them to their end.
    pub blocks: &'t [Span],
    /// Whether a backslash at the end of a comment makes the next line part of it, as in pg_hba.conf.
    pub backslash_joins_lines: bool,
}

/// A rule that a comment names, with its place.
#[derive(Clone, Debug)]
pub(super) struct NamedRule {
    pub(super) id: String,
    pub(super) span: Span,
}

/// One ignore comment that can be heard.
#[derive(Clone, Debug)]
pub(super) struct Suppression {
    pub(super) source: SourceId,
    /// The lines that it holds for.
    pub(super) lines: RangeInclusive<u32>,
    pub(super) rules: Vec<NamedRule>,
    pub(super) reason: String,
}

/// The ignore comments of all texts.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    pub(super) list: Vec<Suppression>,
    pub(super) problems: Vec<Problem>,
}

impl Suppressions {
    /// Reads the ignore comments of these texts.
    #[must_use]
    pub fn collect<'t>(texts: impl IntoIterator<Item = CommentedText<'t>>) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.add(text));
        all
    }

    fn add(&mut self, text: CommentedText<'_>) {
        let directives: Vec<(Comment, Directive)> =
            text.comments.iter().filter_map(|comment| Some((*comment, parse(text.source.slice(comment.span))?))).collect();
        if directives.is_empty() {
            return;
        }
        let layout = Layout::of(text);
        let mut heard = 0;
        for (comment, directive) in directives {
            heard += if let Directive::Ignore { rules, .. } = &directive { rules.len().max(1) } else { 1 };
            if heard > MOST_OF_FILE {
                let message =
                    format!("the ignore comments of this file name more than {MOST_OF_FILE} rules; this one and those below are not heard");
                self.problems.push(Problem::new(MALFORMED, comment.span, message));
                break;
            }
            match directive {
                Directive::Malformed(message) => {
                    self.problems.push(Problem::new(
                        MALFORMED,
                        comment.span,
                        format!("This ignore comment cannot be understood: {message}."),
                    ));
                }
                Directive::Ignore { whole_file, rules, reason } => self.ignore(text, &layout, comment, whole_file, &rules, &reason),
            }
        }
    }

    fn ignore(
        &mut self,
        text: CommentedText<'_>,
        layout: &Layout,
        comment: Comment,
        whole_file: bool,
        rules: &[(String, std::ops::Range<usize>)],
        reason: &str,
    ) {
        let line = text.source.location(comment.span.start).line;
        if text.backslash_joins_lines && text.source.slice(comment.span).trim_end().ends_with('\\') {
            let message = "This comment ends in a backslash, which makes the next line part of it. Remove the backslash.";
            self.problems.push(Problem::new(MALFORMED, comment.span, message.to_owned()));
        }
        if whole_file && line > HEAD_LINES {
            let message = format!("`ignore-file` is on line {line}; it only takes effect in the first {HEAD_LINES} lines.");
            self.problems.push(Problem::new(MALFORMED, comment.span, message));
            return;
        }
        if reason.is_empty() {
            let message = "This ignore comment gives no reason, so it is not heard. Write the reason after the bracket.";
            self.problems.push(Problem::new(NO_REASON, comment.span, message.to_owned()));
            return;
        }
        let lines = if whole_file {
            1..=u32::MAX
        } else if comment.trailing {
            line..=line
        } else {
            // A default is reported at its line behind a comment sign, which may be this one or stand in between.
            let below = layout.below(text.source.location(comment.span.end).line);
            line..=below.map_or_else(|| text.source.line_count(), |below| *below.end())
        };
        let named = |(id, range): &(String, std::ops::Range<usize>)| {
            let start = comment.span.start as usize;
            NamedRule { id: id.clone(), span: text.source.span(start + range.start, start + range.end) }
        };
        let rules = rules.iter().map(named).collect();
        self.list.push(Suppression { source: text.source.id(), lines, rules, reason: redact_text(reason) });
    }
}

/// Where the lines that say something are, and which of them open a block.
struct Layout {
    /// Per line, the first at index 0: the first line at or below it that says something.
    next: Vec<Option<u32>>,
    /// Line that opens a block → its last line.
    blocks: BTreeMap<u32, u32>,
}

impl Layout {
    fn of(text: CommentedText<'_>) -> Self {
        let source = text.source;
        let count = source.line_count();
        let mut silent: Vec<bool> =
            (1..=count).map(|line| source.text().get(source.line_range(line)).is_none_or(|text| text.trim().is_empty())).collect();
        for comment in text.comments.iter().filter(|comment| !comment.trailing) {
            let (first, last) = (source.location(comment.span.start).line, source.location(comment.span.end).line);
            for line in first..=last {
                if let Some(silent) = silent.get_mut(line as usize - 1) {
                    *silent = true;
                }
            }
        }
        // From the last line up, so that each line is looked at once.
        let mut below = None;
        let mut next: Vec<Option<u32>> = Vec::with_capacity(silent.len());
        for line in (1..=count).rev() {
            if silent.get(line as usize - 1) == Some(&false) {
                below = Some(line);
            }
            next.push(below);
        }
        next.reverse();
        let mut blocks: BTreeMap<u32, u32> = BTreeMap::new();
        for block in text.blocks {
            let last = source.location(block.end.saturating_sub(1).max(block.start)).line;
            let known = blocks.entry(source.location(block.start).line).or_insert(last);
            *known = (*known).max(last);
        }
        Self { next, blocks }
    }

    /// The line below a comment, or the block that this line opens.
    fn below(&self, line: u32) -> Option<RangeInclusive<u32>> {
        let first = (*self.next.get(line as usize)?)?;
        Some(first..=self.blocks.get(&first).copied().unwrap_or(first))
    }
}
