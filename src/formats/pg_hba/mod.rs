//! `pg_hba.conf`, `pg_ident.conf` and the name lists that they include: one lexer for all of them.
//!
//! What a record is depends on the release: since PostgreSQL 14 a line that ends with a backslash
//! goes on in the next line, before that the backslash is a character like any other. So the document
//! keeps physical lines, and [`records`] makes records of them for one release or the other.

mod claim;
mod tokens;

pub use claim::{claims, claims_ident};
pub use tokens::{LogicalLine, Token, TokenField, records};

use std::fmt;

use crate::text::{Source, Span, redact_text, whole_lines};

/// How a physical line ends, as far as continuation is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// With something else than a backslash.
    Plain,
    /// With a backslash: the record goes on, from PostgreSQL 14 on.
    Backslash,
    /// With a backslash and blanks after it, which never continues a record.
    BackslashBlanks,
    /// Within the line stands a NUL byte; the server drops the rest of the line, from PostgreSQL 14 on also its end.
    Nul,
}

/// One line of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct PhysicalLine {
    /// 1-based number.
    pub number: u32,
    /// The line without its line end (LF, and any CR before it).
    pub span: Span,
    /// Its text, up to the first NUL byte.
    pub text: String,
    /// How it ends.
    pub end: LineEnd,
}

impl fmt::Debug for PhysicalLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} ({:?})", self.number, redact_text(&self.text), self.end)
    }
}

/// A file of access rules, of user name maps, or of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hba {
    /// Every line, in order.
    pub lines: Vec<PhysicalLine>,
    /// The byte order mark, where the file begins with one: the server takes it as part of the first word.
    pub byte_order_mark: Option<Span>,
}

/// Splits a text into physical lines. Only LF ends a line, as in the server; every text is accepted.
#[must_use]
pub fn parse(source: &Source) -> Hba {
    let mut lines = Vec::new();
    let mut start = 0;
    for (number, raw) in (1..).zip(whole_lines(source.text())) {
        let text = raw.trim_end_matches(['\n', '\r']);
        let (kept, end) = match text.split_once('\0') {
            Some((kept, _)) => (kept, LineEnd::Nul),
            None => (text, line_end(text)),
        };
        lines.push(PhysicalLine { number, span: source.span(start, start + text.len()), text: kept.to_owned(), end });
        start += raw.len();
    }
    let byte_order_mark = source.text().starts_with('\u{feff}').then(|| source.span(0, '\u{feff}'.len_utf8()));
    Hba { lines, byte_order_mark }
}

fn line_end(text: &str) -> LineEnd {
    if text.ends_with('\\') {
        LineEnd::Backslash
    } else if text.trim_end_matches([' ', '\t', '\r']).ends_with('\\') {
        LineEnd::BackslashBlanks
    } else {
        LineEnd::Plain
    }
}
