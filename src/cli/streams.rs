//! The two streams, with the last guard on each: whatever a command writes, no line of it is executed by a terminal or by
//! the CI service that reads the log.

use std::io::{self, Write};

use crate::text::harmless::{Dialect, lines};

/// A stream that lets harmless lines through. A line waits until it is whole, since only then can it be judged.
///
/// Once its reader is gone, what is written goes nowhere and is no failure: whether somebody reads to the end changes
/// nothing about what was found.
pub(super) struct Guarded<'w> {
    inner: &'w mut dyn Write,
    waiting: Vec<u8>,
    is_closed: bool,
}

impl<'w> Guarded<'w> {
    /// A guard before `inner`.
    pub(super) fn new(inner: &'w mut dyn Write) -> Self {
        Self { inner, waiting: Vec::new(), is_closed: false }
    }

    /// Writes whole lines that may hold what `dialect` allows.
    pub(super) fn write_as(&mut self, dialect: Dialect, text: &str) -> io::Result<()> {
        self.let_out(self.waiting.len())?;
        self.pass_on(lines(text, dialect).as_bytes())
    }

    /// Lets out what still waits for the end of its line.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.let_out(self.waiting.len())?;
        self.flush()
    }

    fn pass_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.inner.write_all(bytes);
        self.unless_closed(written)
    }

    fn unless_closed(&mut self, written: io::Result<()>) -> io::Result<()> {
        self.is_closed |= written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        if self.is_closed { Ok(()) } else { written }
    }

    fn let_out(&mut self, length: usize) -> io::Result<()> {
        let rest = self.waiting.split_off(length);
        let whole = std::mem::replace(&mut self.waiting, rest);
        if whole.is_empty() {
            return Ok(());
        }
        self.pass_on(lines(&String::from_utf8_lossy(&whole), Dialect::Text).as_bytes())
    }
}

impl Write for Guarded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            self.let_out(self.waiting.len() - bytes.len() + end + 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_closed(flushed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(with: impl FnOnce(&mut Guarded<'_>)) -> String {
        let mut bytes = Vec::new();
        let mut guarded = Guarded::new(&mut bytes);
        with(&mut guarded);
        guarded.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_command_in_pieces_is_still_one() {
        let text = written(|out| {
            for piece in ["a\n ", ":", ":er", "ror::x\n#", "#", "[y]"] {
                out.write_all(piece.as_bytes()).unwrap();
                out.flush().unwrap();
            }
        });
        assert_eq!(text, "a\n \\u{3a}:error::x\n#\\u{23}[y]");
    }

    #[test]
    fn what_is_no_text_does_not_get_out_as_it_is() {
        let text = written(|out| out.write_all(b"a\x9b2J\xff\n\x1b[31mb").unwrap());
        assert_eq!(text, "a\u{fffd}2J\u{fffd}\n\\u{1b}[31mb");
    }

    #[test]
    fn a_dialect_holds_for_what_is_written_in_it() {
        let text = written(|out| {
            write!(out, "a").unwrap();
            out.write_as(Dialect::Coloured, "\u{1b}[1mb\u{1b}[0m\n").unwrap();
            out.write_as(Dialect::Annotations, "::error x::y\n").unwrap();
            writeln!(out, "::error x::y").unwrap();
        });
        assert_eq!(text, "a\u{1b}[1mb\u{1b}[0m\n::error x::y\n\\u{3a}:error x::y\n");
    }
}
