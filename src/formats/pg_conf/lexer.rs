//! The tokens of a configuration file, with the patterns and the longest-match rule of the server's
//! own lexer (`src/backend/utils/misc/guc-file.l`, the same from 10 to 19).

use crate::formats::Comment;
use crate::text::Source;

/// Kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// The end of a line; at the end of the text there is none.
    EndOfLine,
    /// A name without a dot.
    Name,
    /// Two names with a dot between them.
    DottedName,
    /// A word that begins with a letter and is no name.
    Word,
    /// A text in single quotes.
    Quoted,
    /// A whole number, with letters behind it.
    Integer,
    /// A number with a point.
    Real,
    /// The equals sign.
    Equals,
    /// A byte that fits nothing.
    Unexpected,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Reads tokens one after another; comments are kept aside.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    source: &'t Source,
    bytes: &'t [u8],
    at: usize,
    /// Whether a token was met on this line.
    line_has_token: bool,
    /// Comments met so far.
    pub comments: Vec<Comment>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(source: &'t Source) -> Self {
        Self { source, bytes: source.text().as_bytes(), at: 0, line_has_token: false, comments: Vec::new() }
    }

    /// The next token, or `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<Token> {
        loop {
            match self.peek(0)? {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.comment(),
                _ => return Some(self.token()),
            }
        }
    }

    /// Goes to the end of the line that `token` stands on, as the server does after an error; tells whether the text goes on.
    pub(super) fn skip_line(&mut self, token: Option<Token>) -> bool {
        let mut token = token;
        while let Some(met) = token {
            match met.kind {
                TokenKind::EndOfLine => return true,
                // An open quote: nothing behind it is certain, and looking for its end again and again would take square time.
                TokenKind::Unexpected if self.bytes.get(met.start) == Some(&b'\'') => self.at = self.line_end(),
                _ => {}
            }
            token = self.next();
        }
        false
    }

    /// Where the line that is being read ends.
    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        self.at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn comment(&mut self) {
        let end = self.line_end();
        let visible = self.bytes.get(self.at..end).map_or(0, |comment| comment.trim_ascii_end().len());
        let span = self.source.span(self.at, self.at + visible);
        self.comments.push(Comment { span, trailing: self.line_has_token });
        self.at = end;
    }

    fn token(&mut self) -> Token {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let (kind, length) = match rest.first().copied() {
            Some(b'\n') => (TokenKind::EndOfLine, 1),
            Some(b'=') => (TokenKind::Equals, 1),
            Some(b'\'') => quoted(rest).map_or((TokenKind::Unexpected, 1), |length| (TokenKind::Quoted, length)),
            Some(byte) if is_letter(byte) => word(rest),
            _ => number(rest).unwrap_or_else(|| (TokenKind::Unexpected, character_length(rest))),
        };
        let start = self.at;
        self.at += length;
        self.line_has_token = kind != TokenKind::EndOfLine;
        Token { kind, start, end: self.at }
    }
}

/// `[A-Za-z_\200-\377]`
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_letter_or_digit(byte: u8) -> bool {
    is_letter(byte) || byte.is_ascii_digit()
}

/// How many bytes from the start satisfy `test`.
fn run(bytes: &[u8], test: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !test(*byte)).unwrap_or(bytes.len())
}

/// A name, a dotted name or a word: the longest wins, and among equals the first of these.
fn word(bytes: &[u8]) -> (TokenKind, usize) {
    let length = run(bytes, |byte| is_letter_or_digit(byte) || matches!(byte, b'-' | b'.' | b'_' | b':' | b'/'));
    let text = bytes.get(..length).unwrap_or(bytes);
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let is_name = |part: &[u8]| part.first().is_some_and(|byte| is_letter(*byte)) && part.iter().all(|byte| is_letter_or_digit(*byte));
    let kind = match (parts.next(), parts.next()) {
        (Some(only), None) if is_name(only) => TokenKind::Name,
        (Some(first), Some(second)) if is_name(first) && is_name(second) => TokenKind::DottedName,
        _ => TokenKind::Word,
    };
    (kind, length)
}

/// The length of a quoted text that ends on its line. Of `'a''b` only `'a'` is one.
fn quoted(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    let mut complete = None;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'\n' => break,
            b'\\' => match bytes.get(at + 1) {
                None | Some(b'\n') => break,
                Some(_) => at += 2,
            },
            b'\'' => {
                complete = Some(at + 1);
                if bytes.get(at + 1) != Some(&b'\'') {
                    break;
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
    complete
}

/// An integer (sign, decimal or `0x…`, letters) or a real (sign, digits, point, digits, exponent): the longer one.
fn number(bytes: &[u8]) -> Option<(TokenKind, usize)> {
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let unsigned = bytes.get(sign..).unwrap_or(&[]);
    let integer = integer_length(unsigned);
    let real = real_length(unsigned);
    match (integer, real) {
        (_, Some(real)) if real > integer => Some((TokenKind::Real, sign + real)),
        (1.., _) => Some((TokenKind::Integer, sign + integer)),
        _ => None,
    }
}

/// 0 when there is no digit.
fn integer_length(bytes: &[u8]) -> usize {
    let digits = run(bytes, |byte| byte.is_ascii_digit());
    if digits == 0 {
        return 0;
    }
    let with_letters = |length: usize| length + run(bytes.get(length..).unwrap_or(&[]), |byte| byte.is_ascii_alphabetic());
    let hexadecimal = if bytes.starts_with(b"0x") { run(bytes.get(2..).unwrap_or(&[]), |byte| byte.is_ascii_hexdigit()) } else { 0 };
    let longest = if hexadecimal > 0 { with_letters(2 + hexadecimal) } else { 0 };
    longest.max(with_letters(digits))
}

fn real_length(bytes: &[u8]) -> Option<usize> {
    let whole = run(bytes, |byte| byte.is_ascii_digit());
    if bytes.get(whole) != Some(&b'.') {
        return None;
    }
    let mut length = whole + 1;
    length += run(bytes.get(length..).unwrap_or(&[]), |byte| byte.is_ascii_digit());
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let digits = run(bytes.get(length + 1 + sign..).unwrap_or(&[]), |byte| byte.is_ascii_digit());
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    Some(length)
}

/// The bytes of the first character, so that no span cuts one in two.
fn character_length(bytes: &[u8]) -> usize {
    1 + run(bytes.get(1..).unwrap_or(&[]), |byte| byte & 0xC0 == 0x80)
}

/// What a quoted token means: without its quotes, escapes resolved (`GUC_scanstr` of the server).
///
/// The server's buffer ends at a NUL byte, and the byte before it is taken for the closing quote.
pub(super) fn unquote(token: &str) -> String {
    let token = token.split('\0').next().unwrap_or("");
    let inner = token.get(1..token.len().saturating_sub(1)).unwrap_or("").as_bytes();
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(byte) = inner.get(at).copied() {
        at += 1;
        match byte {
            b'\\' => at += escape(inner.get(at..).unwrap_or(&[]), &mut out),
            b'\'' => {
                out.push(b'\'');
                at += usize::from(inner.get(at) == Some(&b'\''));
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Resolves what follows a backslash and tells how many bytes that is.
fn escape(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(byte) = bytes.first().copied() else {
        return 0;
    };
    match byte {
        b'b' => out.push(0x08),
        b'f' => out.push(0x0C),
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'0'..=b'7' => {
            let length = run(bytes.get(..bytes.len().min(3)).unwrap_or(bytes), |byte| matches!(byte, b'0'..=b'7'));
            let octal = bytes.iter().take(length).fold(0_u16, |value, digit| value * 8 + u16::from(digit - b'0'));
            out.push(octal.to_le_bytes()[0]);
            return length;
        }
        other => out.push(other),
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, String)> {
        let source = Source::detached("a", text);
        let mut lexer = Lexer::new(&source);
        std::iter::from_fn(|| lexer.next())
            .map(|token| (token.kind, source.slice(source.span(token.start, token.end)).to_owned()))
            .collect()
    }

    #[test]
    fn the_longest_token_wins() {
        use TokenKind::{DottedName, Integer, Name, Quoted, Real, Unexpected, Word};
        for (text, expected) in [
            ("db.local", vec![(DottedName, "db.local")]),
            ("a.b.c", vec![(Word, "a.b.c")]),
            ("TLSv1.2", vec![(Word, "TLSv1.2")]),
            ("_x", vec![(Name, "_x")]),
            ("1e3", vec![(Integer, "1e"), (Integer, "3")]),
            ("1.5MB", vec![(Real, "1.5"), (Name, "MB")]),
            ("10.0.0.1", vec![(Real, "10.0"), (Real, ".0"), (Real, ".1")]),
            ("0x1BkB", vec![(Integer, "0x1BkB")]),
            ("0xZ", vec![(Integer, "0xZ")]),
            ("-.", vec![(Real, "-.")]),
            ("-", vec![(Unexpected, "-")]),
            ("::1", vec![(Unexpected, ":"), (Unexpected, ":"), (Integer, "1")]),
            ("'a''b'", vec![(Quoted, "'a''b'")]),
            ("'a''b", vec![(Quoted, "'a'"), (Unexpected, "'"), (Name, "b")]),
            ("'a\\'", vec![(Unexpected, "'"), (Name, "a"), (Unexpected, "\\"), (Unexpected, "'")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn escapes_are_those_of_the_server() {
        for (token, expected) in [("'it''s'", "it's"), (r"'a\tb\\c\101\q'", "a\tb\\cAq"), (r"'\x41'", "x41"), ("''", ""), ("'a\0b'", "")] {
            assert_eq!(unquote(token), expected, "{token}");
        }
    }
}
