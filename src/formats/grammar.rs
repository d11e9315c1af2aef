//! What grammars written with nom share: where a slice of the text is, and what should have come instead.
//!
//! A parser works on slices of the text and gives slices back. A slice knows where it is in the text that it was cut
//! from, so no parser counts bytes: [`place`] turns what it gave into a span.

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Offset, Parser};

use crate::text::{Source, Span};

/// What a parser gives: the rest of the text, and what it read.
pub(super) type Parsed<'t, T> = IResult<&'t str, T, Fault<'t>>;

/// Where a text stopped to follow its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault<'t> {
    /// The text from that place on.
    pub at: &'t str,
    /// What should have come, in words.
    pub wanted: &'static str,
}

impl<'t> ParseError<&'t str> for Fault<'t> {
    fn from_error_kind(at: &'t str, _: ErrorKind) -> Self {
        Self { at, wanted: "" }
    }

    fn append(_: &'t str, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// From here on nothing else can be meant: where `parser` fails, this is the fault, and no alternative is tried.
pub(super) fn must<'t, T>(
    wanted: &'static str,
    mut parser: impl Parser<&'t str, Output = T, Error = Fault<'t>>,
) -> impl FnMut(&'t str) -> Parsed<'t, T> {
    move |input| match parser.parse(input) {
        Err(Err::Error(fault)) => Err(Err::Failure(Fault { at: fault.at, wanted })),
        other => other,
    }
}

/// The fault behind an error of nom. No text is incomplete here: all of it is there from the start.
pub(super) fn fault(error: Err<Fault<'_>>) -> Fault<'_> {
    match error {
        Err::Error(fault) | Err::Failure(fault) => fault,
        Err::Incomplete(_) => Fault { at: "", wanted: "more text" },
    }
}

/// The span of a slice of the source's own text.
pub(super) fn place(source: &Source, slice: &str) -> Span {
    let start = source.text().offset(slice);
    source.span(start, start + slice.len())
}

/// Blanks, tabs and line ends, as `isspace` of C has them.
pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// The first line of a text, without its line end.
pub(super) fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or(text)
}
