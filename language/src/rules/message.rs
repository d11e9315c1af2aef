//! Messages with `{fields}`, taken apart when the rule is loaded.

use std::borrow::Cow;
use std::ops::Range;

use super::condition::Operand;

/// Part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Text(Cow<'static, str>),
    /// The value of something.
    Value(Operand),
    /// What was found, as the finding says it.
    Found,
    /// What was expected, as the finding says it.
    Expected,
}

/// A message, taken apart.
pub type Message = Vec<Piece>;

/// A part of a message before its names are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RawPiece<'m> {
    Text(String),
    Name(&'m str, Range<usize>),
}

/// Splits `"{type} rule for {users}"`; two braces stand for one. Ranges are bytes of `text`.
pub(super) fn split(text: &str) -> Result<Vec<RawPiece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(brace) = ["{{", "}}"].into_iter().find(|pair| rest.starts_with(pair)) {
            plain.extend(brace.chars().next());
            at += 2;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let end = inner.find('}').ok_or("a `{` is not closed; write `{{` for a brace")?;
            pieces.push(RawPiece::Text(std::mem::take(&mut plain)));
            pieces.push(RawPiece::Name(inner.get(..end).unwrap_or(""), at + 1..at + 1 + end));
            at += end + 2;
        } else if rest.starts_with('}') {
            return Err("a `}` without its `{`; write `}}` for a brace".to_owned());
        } else {
            let end = rest.find(['{', '}']).unwrap_or(rest.len());
            plain.push_str(rest.get(..end).unwrap_or(""));
            at += end;
        }
    }
    pieces.push(RawPiece::Text(plain));
    pieces.retain(|piece| !matches!(piece, RawPiece::Text(text) if text.is_empty()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_braces() {
        let text = |text: &str| RawPiece::Text(text.to_owned());
        assert_eq!(split("a {b.c} {{d}}"), Ok(vec![text("a "), RawPiece::Name("b.c", 3..6), text(" {d}")]));
        assert_eq!(split("{a}"), Ok(vec![RawPiece::Name("a", 1..2)]));
        assert!(split("{a").unwrap_err().contains("not closed"));
        assert!(split("a}").unwrap_err().contains("without its"));
    }
}
