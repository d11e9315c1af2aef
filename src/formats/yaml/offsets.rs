//! From a place in the text of a scalar to the place in the file where that part is written.
//!
//! A folded command of ten lines is one scalar; a finding about one word of it must point at the
//! line of that word. The decoded text is walked beside the written one, past quotes, escapes,
//! folded line ends and indentation.

use super::{Kind, Node, Style};
use crate::text::{Source, Span};

/// The places of one scalar's text.
#[derive(Clone, Debug)]
pub struct Offsets {
    whole: Span,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    /// The text is written as it is, beginning here.
    Identity(usize),
    /// Where each byte of the text begins and ends in the file.
    Bytes(Vec<(u32, u32)>),
    /// The two could not be laid side by side.
    Unknown,
}

impl Offsets {
    /// The places of a scalar; of anything else only the whole is known.
    #[must_use]
    pub fn of(source: &Source, node: &Node) -> Self {
        let map = match &node.kind {
            Kind::Scalar(scalar) => map_scalar(source.slice(node.span), node.span.start as usize, &scalar.value, scalar.style),
            _ => Map::Unknown,
        };
        Self { whole: node.span, map }
    }

    /// Where the bytes `start..end` of the text are written; the whole scalar when that cannot be told.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let range = match &self.map {
            Map::Identity(base) => Some((clamp(base + start), clamp(base + end.max(start)))),
            Map::Bytes(bytes) if start < end => bytes.get(start).zip(bytes.get(end - 1)).map(|(first, last)| (first.0, last.1)),
            Map::Bytes(bytes) => bytes.get(start).map(|first| (first.0, first.0)),
            Map::Unknown => None,
        };
        match range {
            Some((from, to)) if self.whole.start <= from && to <= self.whole.end && from <= to => {
                Span { start: from, end: to, ..self.whole }
            }
            _ => self.whole,
        }
    }
}

fn map_scalar(written: &str, base: usize, text: &str, style: Style) -> Map {
    if written == text {
        return Map::Identity(base);
    }
    let inner = match style {
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        Style::Literal | Style::Folded if written.starts_with(['|', '>']) => written.find('\n').map_or(written.len(), |at| at + 1),
        _ => 0,
    };
    let body = written.get(inner..).unwrap_or("");
    if matches!(style, Style::SingleQuoted | Style::DoubleQuoted) && body.strip_suffix(['"', '\'']) == Some(text) {
        return Map::Identity(base + inner);
    }
    align(body, base + inner, text, style).map_or(Map::Unknown, Map::Bytes)
}

fn align(written: &str, base: usize, text: &str, style: Style) -> Option<Vec<(u32, u32)>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = written;
    for wanted in text.chars() {
        let (skipped, length) = next_written(rest, wanted, style)?;
        let from = base + (written.len() - rest.len()) + skipped;
        rest = rest.get(skipped + length..)?;
        let place = (u32::try_from(from).ok()?, u32::try_from(from + length).ok()?);
        bytes.extend(std::iter::repeat_n(place, wanted.len_utf8()));
    }
    Some(bytes)
}

/// How many bytes to skip before the written form of `wanted`, and how long that form is.
fn next_written(rest: &str, wanted: char, style: Style) -> Option<(usize, usize)> {
    let mut skipped = 0;
    loop {
        let here = rest.get(skipped..)?;
        // Behind the last written byte, only line ends that folding or chomping made up can come.
        let Some(first) = here.chars().next() else {
            return wanted.is_whitespace().then_some((skipped, 0));
        };
        if style == Style::DoubleQuoted && first == '\\' {
            let length = escape_length(here);
            if !here.get(1..)?.starts_with(['\n', '\r']) {
                return Some((skipped, length.min(here.len())));
            }
            skipped += 1;
        } else if style == Style::SingleQuoted && here.starts_with("''") && wanted == '\'' {
            return Some((skipped, 2));
        } else if first == wanted {
            return Some((skipped, first.len_utf8()));
        } else if first.is_whitespace() {
            // A folded line end stands for one blank; what indents the next line stands for nothing.
            if wanted == ' ' && matches!(first, '\n' | '\r') {
                return Some((skipped, first.len_utf8()));
            }
            skipped += first.len_utf8();
        } else {
            return None;
        }
    }
}

/// The length of an escape sequence of a double-quoted scalar, the backslash included.
fn escape_length(here: &str) -> usize {
    match here.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u')
            if here.get(6..8) == Some("\\u")
                && here.get(2..4).is_some_and(|high| high.eq_ignore_ascii_case("d8") || high.eq_ignore_ascii_case("d9")) =>
        {
            12
        }
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 1 + here.chars().nth(1).map_or(0, char::len_utf8),
    }
}
