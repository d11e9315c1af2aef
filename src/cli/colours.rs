//! A stream that shows no colours.

use std::io::{self, Write};

use anstream::adapter::StripBytes;

/// How many bytes are looked at together.
const PIECE: usize = 1024;

/// Takes colours out of what is written. A large report for programs has none, which is seen many bytes at a time.
pub struct WithoutColours<W> {
    inner: W,
    state: StripBytes,
}

impl<W: Write> WithoutColours<W> {
    /// Writes to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, state: StripBytes::new() }
    }
}

impl<W: Write> Write for WithoutColours<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.chunks(PIECE) {
            // What begins within a sequence, or within a sign that is not ASCII, is left to the parser.
            let is_plain = piece.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\n' | b'\t'));
            if is_plain && self.state == StripBytes::new() {
                self.inner.write_all(piece)?;
            } else {
                self.state.strip_next(piece).try_for_each(|shown| self.inner.write_all(shown))?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[&str]) -> String {
        let mut shown = Vec::new();
        let mut stream = WithoutColours::new(&mut shown);
        pieces.iter().for_each(|piece| stream.write_all(piece.as_bytes()).unwrap());
        stream.flush().unwrap();
        String::from_utf8(shown).unwrap()
    }

    #[test]
    fn what_is_shown_is_what_the_parser_shows_of_the_whole() {
        let long = "x".repeat(2_500);
        for pieces in [
            ["plain\n", "\u{1b}[1mb", "old\u{1b}[0m"],
            ["\u{1b}", "[3", "1mred\n"],
            ["größe\t", "\u{1b}[0mé", "\u{1f980}"],
            [long.as_str(), "\u{1b}[1m", long.as_str()],
        ] {
            assert_eq!(written(&pieces), anstream::adapter::strip_str(&pieces.concat()).to_string(), "{pieces:?}");
        }
    }
}
