//! `primaryLocationLineHash`, by which GitHub matches an alert over commits.
//!
//! The upload action computes it when it is missing, an upload through the API does not. It is a
//! rolling hash over the 100 characters that begin at a line, blanks and tabs left out (source:
//! `src/fingerprints.ts` of github/codeql-action and the vectors of its test).

use std::collections::{BTreeMap, VecDeque};

/// Characters that the hash of a line covers.
pub(super) const BLOCK: usize = 100;

const FACTOR: u64 = 37;

/// What the action takes as the sign after the last one.
const END: u16 = 0xffff;

/// The hashes of all lines, in order, each with the number of its occurrence: `271789c17abda88f:1`.
pub(super) fn line_hashes(text: &str) -> Vec<String> {
    let mut hashes = Rolling::default();
    for unit in normalised(text) {
        hashes.take(unit);
    }
    hashes.finish()
}

/// UTF-16 units without blanks and tabs, every kind of line end as one line feed.
fn normalised(text: &str) -> impl Iterator<Item = u16> {
    let mut after_return = false;
    text.encode_utf16().filter_map(move |unit| {
        let feed_of_return = after_return && unit == u16::from(b'\n');
        after_return = false;
        match u8::try_from(unit) {
            Ok(b' ' | b'\t') => None,
            Ok(b'\n') if feed_of_return => None,
            Ok(b'\r') => {
                after_return = true;
                Some(u16::from(b'\n'))
            }
            _ => Some(unit),
        }
    })
}

/// The last [`BLOCK`] units, which of them begin a line, and their hash.
struct Rolling {
    window: VecDeque<(u16, bool)>,
    hash: u64,
    leaving_factor: u64,
    at_line_start: bool,
    seen: BTreeMap<u64, usize>,
    hashes: Vec<String>,
}

impl Default for Rolling {
    fn default() -> Self {
        Self {
            window: std::iter::repeat_n((0, false), BLOCK).collect(),
            hash: 0,
            leaving_factor: (0..BLOCK).fold(1, |factor: u64, _| factor.wrapping_mul(FACTOR)),
            at_line_start: true,
            seen: BTreeMap::new(),
            hashes: Vec::new(),
        }
    }
}

impl Rolling {
    fn take(&mut self, unit: u16) {
        let begins_line = std::mem::replace(&mut self.at_line_start, unit == u16::from(b'\n'));
        self.push(unit, begins_line);
    }

    /// Moves the window on by one; the line that leaves it now has its hash complete.
    fn push(&mut self, unit: u16, begins_line: bool) {
        let (leaving, left_line) = self.window.pop_front().unwrap_or_default();
        if left_line {
            let occurrence = self.seen.entry(self.hash).or_default();
            *occurrence += 1;
            self.hashes.push(format!("{:x}:{occurrence}", self.hash));
        }
        let gone = self.leaving_factor.wrapping_mul(u64::from(leaving));
        self.hash = self.hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit)).wrapping_sub(gone);
        self.window.push_back((unit, begins_line));
    }

    fn finish(mut self) -> Vec<String> {
        self.take(END);
        for _ in 0..BLOCK {
            self.push(0, false);
        }
        self.hashes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the action's own test.
    #[test]
    fn agrees_with_the_upload_action() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let windows = line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n");
        assert_eq!(windows, line_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\n End\n"));
        assert_eq!(windows.first().map(String::as_str), Some("e9496ae3ebfced30:1"));
        assert_eq!(windows.last().map(String::as_str), Some("c129715d7a2bc9a3:1"));
        let repeated = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(repeated.get(5).map(String::as_str), Some("a7f2ff13bc495cf2:6"));
        assert_eq!(repeated.get(9).map(String::as_str), Some("cc97dc7b1d7d8f7b:1"));
    }
}
