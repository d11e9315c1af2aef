//! Syntax errors of YAML, in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use crate::formats::Diagnostic;
use crate::text::{Source, Span};

/// What the parser complains about, as a diagnostic; `conflict` is the first line of an unresolved merge.
pub(super) fn syntax_error(source: &Source, error: &ScanError, conflict: Option<Span>) -> Diagnostic {
    let span = conflict.or_else(|| opening_quote(source, error)).unwrap_or_else(|| place(source, error));
    let span = tab_below(source, span).filter(|_| conflict.is_none()).unwrap_or(span);
    let (message, expected) = match conflict {
        Some(_) => {
            ("this file holds an unresolved merge conflict".to_owned(), "the file without its `<<<<<<<`, `=======` and `>>>>>>>` lines")
        }
        None => explain(error.kind(), line_of(source, span)),
    };
    Diagnostic {
        code: "yaml-syntax-error",
        span,
        message: format!("{message}; expected {expected}"),
        found: None,
        expected: Some(expected.to_owned()),
        related: Vec::new(),
        fatal: true,
    }
}

/// A byte that is not UTF-8, even in a comment: every reader of YAML refuses the file.
pub(super) fn not_utf8(source: &Source) -> Option<Diagnostic> {
    let foreign = source.foreign()?;
    let start = foreign.offset as usize;
    Some(Diagnostic {
        code: "yaml-syntax-error",
        span: source.span(start, start + char::REPLACEMENT_CHARACTER.len_utf8()),
        message: format!("byte 0x{:02X} is not UTF-8; expected UTF-8, for example by iconv -f LATIN1 -t UTF-8", foreign.byte),
        found: None,
        expected: Some("UTF-8".to_owned()),
        related: Vec::new(),
        fatal: true,
    })
}

/// The first line that a version control system wrote into the file because a merge was not finished.
pub(super) fn conflict_marker(source: &Source) -> Option<Span> {
    // Nearly every text has none anywhere.
    if !["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|marker| source.text().contains(marker)) {
        return None;
    }
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|marker| line.starts_with(marker)) {
            return Some(source.span(at, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

/// Where the error stands: the rest of its line, or the last written line when the text ends too early.
fn place(source: &Source, error: &ScanError) -> Span {
    let text = source.text();
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.trim_end().len());
    // The text before a tab is where the parser stops, the tab what it stops at.
    let tab = text.get(at..).and_then(|rest| rest.find('\t')).filter(|_| matches!(error.kind(), ErrorKind::TabInPlainScalar));
    let at = at + tab.unwrap_or(0);
    let at = (0..=at).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0);
    let offset = u32::try_from(at).unwrap_or(u32::MAX);
    let line = source.line_range(source.location(offset).line);
    source.span(at, line.end.max(at))
}

/// For a quoted text that is not closed, where it opens: the parser tells where it gave up.
fn opening_quote(source: &Source, error: &ScanError) -> Option<Span> {
    let kinds = [ErrorKind::UnclosedQuotedScalar, ErrorKind::DocumentIndicatorInQuotedScalar, ErrorKind::InvalidQuotedScalarIndent];
    let end = error.marker().byte_offset().filter(|_| kinds.contains(error.kind()))?;
    let before = source.text().get(..end)?;
    let opens = |at: usize| before.get(..at).is_none_or(|head| head.is_empty() || head.ends_with([' ', '\n', '[', '{', ',']));
    let (at, _) = before.char_indices().rev().take(10_000).find(|(at, c)| matches!(c, '"' | '\'') && opens(*at))?;
    let line = source.line_range(source.location(u32::try_from(at).ok()?).line);
    Some(source.span(at, line.end.max(at + 1)))
}

/// The next line, where a tab indents it: the parser takes it for more of the text above, and complains there.
fn tab_below(source: &Source, span: Span) -> Option<Span> {
    let range = source.line_range(source.location(span.start).line + 1);
    let line = source.text().get(range.clone()).filter(|_| range.start > span.start as usize)?;
    let indented = line.starts_with([' ', '\t']) && !line.trim().is_empty();
    let has_tab = line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t');
    (indented && has_tab).then(|| source.span(range.start, range.end))
}

fn line_of(source: &Source, span: Span) -> &str {
    let range = source.line_range(source.location(span.start).line);
    source.text().get(range).unwrap_or("")
}

/// What is wrong, and what was expected instead.
fn explain(kind: &ErrorKind, line: &str) -> (String, &'static str) {
    let indent_has_tab = line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t');
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("a tab indents this line".to_owned(), "spaces: YAML allows no tab in indentation"),
        _ if indent_has_tab => ("a tab indents this line".to_owned(), "spaces: YAML allows no tab in indentation"),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => {
            ("a quoted text is not closed".to_owned(), "its closing quote, and every further line of it indented")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("text follows a closing quote".to_owned(), "quotes around the whole text")
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape | ErrorKind::InvalidUnicodeEscape => {
            ("a backslash in double quotes begins no known escape".to_owned(), "`\\\\` for a backslash, or single quotes around the text")
        }
        ErrorKind::UnclosedFlowCollection { open } => (format!("a `{open}` is not closed"), "its closing bracket"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (format!("a `{open}` is closed by `{close}`"), "brackets that belong together")
        }
        ErrorKind::MisplacedFlowCollectionEnd => ("a closing bracket has no opening one".to_owned(), "quotes around a text with brackets"),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("the items between these brackets are not separated".to_owned(), "a comma between them, and a closing bracket")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement | ErrorKind::InvalidMappingValueWhitespace => (
            "a `:` where no value can begin".to_owned(),
            "the same indentation as the lines around it, and quotes around a text that holds `: `",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("this line, or the one before it, is neither `key: value` nor `- item`".to_owned(), "a colon with a blank after the key")
        }
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection | ErrorKind::InvalidBlockEntryWhitespace => {
            ("a `-` where no list item can begin".to_owned(), "list items on lines of their own, indented alike")
        }
        ErrorKind::RecursionLimitExceeded => ("this is nested deeper than 255 levels".to_owned(), "a file with less nesting"),
        ErrorKind::UndeclaredTagHandle => {
            ("this tag uses an undeclared prefix".to_owned(), "a tag such as `!reset`, or quotes around the text")
        }
        ErrorKind::UnexpectedCharacter { character } => (format!("`{character}` cannot begin a value"), "quotes around the text"),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::InvalidBlockScalarIndent | ErrorKind::ZeroBlockScalarIndent => {
            ("there is text next to the `|` or `>` that opens a block".to_owned(), "the text on the next lines, indented")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::UnexpectedEndOfPlainScalar
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidFlowScalarIndent => (
            "this line does not fit the lines above it".to_owned(),
            "the indentation of its neighbours, keys beside keys and items beside items",
        ),
        ErrorKind::CommentInterceptedScalar => (
            "after the comment of this line, the next line goes on with the text before it".to_owned(),
            "the next line indented like this one",
        ),
        ErrorKind::MissingAnchorOrAliasName => ("`&` or `*` begins an anchor without a name".to_owned(), "quotes around the text"),
        _ => ("this is not valid YAML".to_owned(), "keys with values, or list items, indented with spaces"),
    }
}
