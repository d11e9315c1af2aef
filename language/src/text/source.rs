//! One text that was read, and places in it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::redact::{SECRET_PLACEHOLDER, private_keys, redact_text};
use super::secrets::continues_secret;
use crate::text::path::name_of;

/// Identifies a [`Source`] within its [`super::Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub(super) u32);

impl SourceId {
    /// An identifier for a text that belongs to no [`super::Files`], as in unit tests of a grammar.
    #[must_use]
    pub const fn detached() -> Self {
        Self(u32::MAX)
    }
}

/// A range of bytes in a source, end exclusive. Line and column are looked up only for output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text that the range lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end`; offsets beyond 4 GiB cannot occur, since reading is bounded far below.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that covers both, which must lie in one source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same start, with no length.
    #[must_use]
    pub fn start_point(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// As a range of bytes.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies within this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

/// A place as people and machines read it: 1-based line, 1-based column in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in UTF-16 code units.
    pub column: u32,
}

/// A window of a source that is safe to print: secrets are cut out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text of the line, without its line end; cut at the first redacted place.
    pub text: String,
    /// 1-based number of the line.
    pub line: u32,
    /// Byte range of the highlighted part within `text`.
    pub highlight: std::ops::Range<usize>,
}

/// The first byte of a text that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Where it stands in the text as it is read: the replacement character.
    pub offset: u32,
    /// The byte.
    pub byte: u8,
}

/// A text that was read, with its display path.
pub struct Source {
    id: SourceId,
    path: String,
    /// The path as seen from the project, where that differs.
    in_project: Option<String>,
    text: String,
    /// The first byte that is not UTF-8, which the text has a replacement character for.
    foreign: Option<Foreign>,
    line_starts: OnceLock<Vec<u32>>,
    redacted: Mutex<Redacted>,
    /// Whether a grammar gave up on it, so that places of secrets may be missing.
    distrusted: AtomicBool,
}

/// Places that are secret.
#[derive(Debug, Default)]
struct Redacted {
    places: BTreeSet<(u32, u32)>,
    /// Length of the longest: what reaches into a line cannot begin further before it.
    longest: u32,
}

/// The text may hold passwords, so that only its path is shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Source {
    pub(super) fn new(id: SourceId, path: String, text: String) -> Self {
        let source = Self {
            id,
            path,
            in_project: None,
            text,
            foreign: None,
            line_starts: OnceLock::new(),
            redacted: Mutex::default(),
            distrusted: AtomicBool::new(false),
        };
        for key in private_keys(&source.text) {
            source.redact(source.span(key.start, key.end));
        }
        source
    }

    /// A text outside any [`super::Files`], for tests of grammars.
    #[must_use]
    pub fn detached(path: &str, text: &str) -> Self {
        Self::new(SourceId::detached(), path.to_owned(), text.to_owned())
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> SourceId {
        self.id
    }

    /// The path as it is shown: relative, with forward slashes.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same text, which was read with a byte that is not UTF-8.
    #[cfg(feature = "program")]
    pub(super) fn read_with(self, foreign: Option<Foreign>) -> Self {
        Self { foreign, ..self }
    }

    /// The first byte that is not UTF-8, if there is one. It and those like it are replacement characters in the text.
    #[must_use]
    pub const fn foreign(&self) -> Option<Foreign> {
        self.foreign
    }

    /// The same text, with its path as seen from the project where that differs.
    #[cfg(feature = "program")]
    pub(super) fn seen_from_project(self, in_project: Option<String>) -> Self {
        Self { in_project, ..self }
    }

    /// The path for services and for fingerprints: from the project, wherever gonogo was run.
    #[must_use]
    pub fn path_in_project(&self) -> &str {
        self.in_project.as_deref().unwrap_or(&self.path)
    }

    /// The file name, without its folders.
    #[must_use]
    pub fn file_name(&self) -> &str {
        name_of(&self.path)
    }

    /// The whole text. For parsing; what is printed goes through [`Source::excerpt`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty when the span is not of this source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// A span over `start..end` of this source.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start, end)
    }

    /// Marks a place as secret: from here on, no excerpt shows it.
    pub fn redact(&self, span: Span) {
        if span.source == self.id && span.start < span.end {
            let mut redacted = self.redacted.lock().unwrap_or_else(PoisonError::into_inner);
            redacted.places.insert((span.start, span.end));
            redacted.longest = redacted.longest.max(span.end - span.start);
        }
    }

    /// Says that a grammar did not understand the text, so that not every secret in it could be marked: a line that
    /// goes on with what looks like a secret of an earlier one is not shown from here on.
    pub fn distrust(&self) {
        self.distrusted.store(true, Ordering::Relaxed);
    }

    /// Where a byte offset stands.
    #[must_use]
    pub fn location(&self, offset: u32) -> Location {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..(offset as usize).min(self.text.len())).unwrap_or("");
        let column = before.chars().map(char::len_utf16).sum::<usize>() + 1;
        Location { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// The byte range of a 1-based line, without its line end.
    #[must_use]
    pub fn line_range(&self, line: u32) -> std::ops::Range<usize> {
        let starts = self.line_starts();
        let index = (line as usize).saturating_sub(1);
        let start = starts.get(index).map_or(self.text.len(), |&start| start as usize);
        let end = starts.get(index + 1).map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start..end).unwrap_or("");
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// How many lines the text has.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.line_starts().len()).unwrap_or(u32::MAX)
    }

    /// The line that a span begins on, safe to print.
    ///
    /// The line is cut at its first redacted place, and whatever looks like a secret in the rest is
    /// replaced by pattern, so that a line that did not parse cannot leak either.
    #[must_use]
    pub fn excerpt(&self, span: Span) -> Excerpt {
        self.excerpt_of_line(self.location(span.start).line, span)
    }

    /// A given line, safe to print, with `span` highlighted as far as it lies on that line.
    #[must_use]
    pub fn excerpt_of_line(&self, line: u32, span: Span) -> Excerpt {
        let range = self.line_range(line);
        let cut = self.first_redacted_in(&range);
        let visible = self.text.get(range.start..cut.unwrap_or(range.end)).unwrap_or("");
        let mut text = redact_text(visible);
        if self.distrusted.load(Ordering::Relaxed) && self.goes_on_with_secret(line) {
            let shown = visible.len() - visible.trim_start_matches([' ', '\t', '-']).len();
            text = format!("{}{SECRET_PLACEHOLDER}", visible.get(..shown).unwrap_or(""));
        } else if cut.is_some() {
            text.push_str(SECRET_PLACEHOLDER);
        }
        let clamp = |offset: usize| {
            let mut at = offset.saturating_sub(range.start).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = clamp(span.start as usize);
        let end = clamp(span.end as usize).max(start);
        Excerpt { text, line, highlight: start..end }
    }

    fn goes_on_with_secret(&self, line: u32) -> bool {
        let text_of = |line: u32| self.text.get(self.line_range(line)).unwrap_or("");
        continues_secret(text_of(line), (1..line).rev().map(text_of))
    }

    fn first_redacted_in(&self, range: &std::ops::Range<usize>) -> Option<usize> {
        let redacted = self.redacted.lock().unwrap_or_else(PoisonError::into_inner);
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let (start, end) = (clamp(range.start), clamp(range.end));
        let near = redacted.places.range((start.saturating_sub(redacted.longest), 0)..(end, 0));
        near.filter(|(_, place_end)| *place_end > start).map(|(place, _)| (*place).max(start) as usize).next()
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        let source = Source::detached("a", "x\n😀é=1\n");
        let offset = u32::try_from(source.text().find('=').unwrap()).unwrap();
        assert_eq!(source.location(offset), Location { line: 2, column: 4 });
    }

    #[test]
    fn an_excerpt_stops_at_the_first_secret() {
        let source = Source::detached("a", "user=app password=hunter2 host=db\n");
        let start = source.text().find("hunter2").unwrap();
        source.redact(source.span(start, start + 7));
        let excerpt = source.excerpt(source.span(0, 4));
        assert!(!excerpt.text.contains("hunter2"), "{}", excerpt.text);
        assert!(!excerpt.text.contains("host=db"), "{}", excerpt.text);
        assert!(excerpt.text.starts_with("user=app password="));
    }

    #[test]
    fn a_line_that_nobody_marked_is_redacted_by_pattern() {
        let source = Source::detached("a", "  DB_PASSWORD: s3cr3t\r\n");
        assert!(!source.excerpt(source.span(2, 5)).text.contains("s3cr3t"));
    }

    #[test]
    fn below_a_key_of_a_text_that_no_grammar_understood_nothing_is_shown() {
        let source = Source::detached("a", "DB_PASSWORD: |\n  s3cr3t\nuser: app\n");
        source.distrust();
        assert_eq!(source.excerpt_of_line(2, source.span(17, 20)).text, "  <redacted>");
        assert_eq!(source.excerpt_of_line(3, source.span(24, 28)).text, "user: app");
    }
}
