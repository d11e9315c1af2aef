//! Text of files made harmless: what a terminal or a CI service acts on, and what nobody sees, becomes a visible escape.
//!
//! Whoever opens a pull request chooses names and values, and a log shows them. A sign that is not shown as itself is
//! written by its code point, `\u{202e}`: two names that differ only in such signs stay two names. The sign that makes a
//! text a workflow command is written in the same way. Ordinary text stays as it is, and so does an emoji that is joined
//! of several.

mod commands;
mod signs;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use super::whole_lines;

/// How many bytes of an output are looked at together.
const BLOCK: usize = 1024;

/// What a text may hold that would be harmful elsewhere, because we write it ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing.
    Text,
    /// Colours of a terminal.
    Coloured,
    /// The two lines with which a file of a unified diff begins, which open a group in a log of Buildkite.
    Diff,
    /// Annotations of a GitHub workflow.
    Annotations,
}

/// A field on one line, for instance a name, a value or a message: line ends and tabs are escaped as well.
///
/// Call it once on a text: a text that already holds `\u{` gets its backslash escaped, since it would read like an escape.
#[must_use]
pub fn one_line(text: &str) -> String {
    if is_plain(text, |_| false) && !text.contains(signs::ESCAPE) {
        return text.to_owned();
    }
    let mut marks = commands::anywhere(text);
    marks.extend(text.match_indices(signs::ESCAPE).map(|(at, _)| at));
    rewrite(text, &mut marks, |_| false, signs::escape)
}

/// One line of a file, and a range of its bytes, as an excerpt shows them: tabs stay.
#[must_use]
pub fn excerpt(text: &str, range: Range<usize>) -> (String, Range<usize>) {
    let is_tab = |sign| sign == '\t';
    if is_plain(text, is_tab) && !text.contains(signs::ESCAPE) {
        return (text.to_owned(), range);
    }
    let mut marks = commands::anywhere(text);
    marks.extend(text.match_indices(signs::ESCAPE).map(|(at, _)| at));
    let mut moved = range.clone();
    let mut out = String::with_capacity(text.len() + 16);
    walk(text, &mut marks, is_tab, |at, sign, is_harmful| {
        if at == range.start {
            moved.start = out.len();
        }
        if at == range.end {
            moved.end = out.len();
        }
        if is_harmful { signs::escape(sign, &mut out) } else { out.push(sign) }
    });
    let end = |at: usize, moved: usize| if at >= text.len() { out.len() } else { moved };
    moved = end(range.start, moved.start)..end(range.end, moved.end);
    (out, moved)
}

/// Whole output, line by line. Its fields went through [`one_line`] already; this holds for what did not, and for what
/// became a command only where it is: at the beginning of a line.
#[must_use]
pub fn lines(text: &str, dialect: Dialect) -> Cow<'_, str> {
    // Each line is looked at once: up to the first that is not plain, nothing is copied.
    let mut done = 0;
    let mut out: Option<String> = None;
    let mut shown = String::new();
    for block in blocks(text) {
        if is_plain_block(block) {
            match &mut out {
                None => done += block.len(),
                Some(out) => out.push_str(block),
            }
            continue;
        }
        for line in whole_lines(block) {
            shown.clear();
            if !is_plain_line(line) {
                one_of_many(line, dialect, &mut shown);
            }
            let line_out = if shown.is_empty() { line } else { &shown };
            match &mut out {
                // Words of any language are no reason for a copy.
                None if line_out == line => done += line.len(),
                None => {
                    let mut begun = String::with_capacity(text.len() + 64);
                    begun.push_str(text.get(..done).unwrap_or_default());
                    begun.push_str(line_out);
                    out = Some(begun);
                }
                Some(out) => out.push_str(line_out),
            }
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Pieces of a text that are whole lines, of at least so many bytes that a look at a piece as a whole pays.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let far = rest.as_bytes().get(BLOCK..).and_then(|behind| behind.iter().position(|byte| *byte == b'\n'));
        let (block, behind) = rest.split_at_checked(far.map_or(rest.len(), |end| BLOCK + end + 1))?;
        rest = behind;
        Some(block).filter(|block| !block.is_empty())
    })
}

/// A whole JSON text as it was serialised: the same values for whoever parses it, without a harmful sign.
#[must_use]
pub fn json(text: String) -> String {
    let is_line_end = |sign| sign == '\n';
    // A large report with words of any language needs no copy.
    if !commands::may_be_in(&text) && !has_hidden(&text) {
        return text;
    }
    rewrite(&text, &mut commands::anywhere(&text), is_line_end, |sign, out| {
        for unit in sign.encode_utf16(&mut [0; 2]) {
            _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// A string of TOML on one line, whatever the text holds.
#[must_use]
pub fn toml_string(text: &str) -> String {
    let mut marks = commands::anywhere(text);
    marks.extend(text.match_indices(['"', '\\']).map(|(at, _)| at));
    let inner = rewrite(
        text,
        &mut marks,
        |_| false,
        |sign, out| {
            _ = match sign {
                '"' | '\\' => write!(out, "\\{sign}"),
                _ => write!(out, "\\U{:08x}", u32::from(sign)),
            };
        },
    );
    format!("\"{inner}\"")
}

/// Whether a sign acts or is not seen wherever it stands; what is harmless between other signs is decided with them.
#[must_use]
pub fn is_hidden(sign: char) -> bool {
    signs::is_hidden(sign)
}

/// Whether a text holds a sign or a command that would have to be escaped; tabs and line ends are none.
#[must_use]
pub fn is_harmful(text: &str) -> bool {
    let mut found = false;
    walk(text, &mut commands::anywhere(text), |sign| matches!(sign, '\n' | '\t'), |_, _, is_harmful| found |= is_harmful);
    found
}

/// A line with what `dialect` allows, and nothing else.
fn one_of_many(line: &str, dialect: Dialect, out: &mut String) {
    let body = line.strip_suffix('\n').unwrap_or(line);
    let end = line.get(body.len()..).unwrap_or_default();
    // A line of a file that was written elsewhere may end so, and a diff shows lines as they are.
    let (body, end) = body.strip_suffix('\r').filter(|_| !end.is_empty()).map_or((body, end), |body| (body, "\r\n"));
    let (shown, codes) = if dialect == Dialect::Coloured { signs::without_colours(body) } else { (Cow::Borrowed(body), Vec::new()) };
    // Nothing but colours makes most lines of a terminal's report look suspicious.
    if !codes.is_empty() && is_plain_line(&shown) {
        return out.push_str(line);
    }
    let mut marks = commands::anywhere(&shown);
    marks.extend(commands::at_line_start(&shown, dialect));
    let mut codes = codes.into_iter().peekable();
    walk(
        &shown,
        &mut marks,
        |sign| sign == '\t',
        |at, sign, is_harmful| {
            while let Some((_, code)) = codes.next_if(|(before, _)| *before <= at) {
                out.push_str(code);
            }
            if is_harmful { signs::escape(sign, out) } else { out.push(sign) }
        },
    );
    codes.for_each(|(_, code)| out.push_str(code));
    out.push_str(end);
}

fn rewrite(text: &str, marks: &mut [usize], keeps: impl Fn(char) -> bool, escape: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    walk(text, marks, keeps, |_, sign, is_harmful| if is_harmful { escape(sign, &mut out) } else { out.push(sign) });
    out
}

/// Goes through a text with the offset of each sign and whether it has to be escaped: because it is marked, or hidden.
fn walk(text: &str, marks: &mut [usize], keeps: impl Fn(char) -> bool, mut see: impl FnMut(usize, char, bool)) {
    marks.sort_unstable();
    let mut marks = marks.iter().copied().peekable();
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, sign)) = rest.next() {
        let is_marked = marks.next_if(|mark| *mark <= at).is_some();
        let after = rest.peek().map(|(_, sign)| *sign);
        let is_harmful = is_marked || (signs::is_hidden(sign) && !keeps(sign) && !signs::joins(before, sign, after));
        see(at, sign, is_harmful);
        before = Some(sign).filter(|_| !is_harmful);
    }
}

/// A quick look that most texts pass: nothing but signs of ASCII that are shown, and no part of a command.
fn is_plain(text: &str, keeps: impl Fn(char) -> bool) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') || keeps(char::from(byte))) && !commands::may_be_in(text)
}

/// Whether a text has a sign that is hidden, line feeds apart.
fn has_hidden(text: &str) -> bool {
    let is_shown = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    let mut at = 0;
    // Pieces of many bytes at once, which the compiler makes few steps of; what is not ASCII is looked at by sign.
    text.as_bytes().chunks(256).any(|piece| {
        let from = at;
        at += piece.len();
        if piece.iter().fold(true, |all, byte| all & is_shown(byte)) {
            return false;
        }
        // An offset within a sign gives none.
        let unusual = piece.iter().enumerate().filter(|(_, byte)| !is_shown(byte));
        unusual.filter_map(|(start, _)| text.get(from + start..)?.chars().next()).any(signs::is_hidden)
    })
}

/// The same for several whole lines: what may begin a command only at the beginning of a line is looked for behind every
/// blank.
fn is_plain_block(block: &str) -> bool {
    let bytes = block.as_bytes();
    let begins = |byte: u8| matches!(byte, b':' | b'-' | b'+' | b'~' | b'^');
    let is_shown = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n');
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let is_plain = pairs.fold(true, |all, (one, next)| {
        let begun = matches!(*one, b' ' | b'\t' | b'\n') & begins(*next);
        let command = ((*one == b'#') & (*next == b'#')) | ((*next == b'_') & ((*one == b'n') | (*one == b's')));
        all & is_shown(*one) & !begun & !command
    });
    is_plain && !bytes.first().is_some_and(|first| begins(*first)) && bytes.last().is_none_or(|last| is_shown(*last))
}

/// The same for a whole line, of which a report has many: each part is a loop without a way out, which the compiler makes
/// many steps at once of.
fn is_plain_line(line: &str) -> bool {
    let bytes = line.as_bytes();
    let first = bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n'));
    if matches!(first, Some(b':' | b'-' | b'+' | b'~' | b'^')) {
        return false;
    }
    let shown = bytes.iter().fold(true, |all, byte| all & (matches!(byte, b' '..=b'~') | matches!(byte, b'\t' | b'\n')));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let suspicious = pairs
        .fold(false, |any, (one, next)| any | ((*one == b'#') & (*next == b'#')) | ((*next == b'_') & ((*one == b'n') | (*one == b's'))));
    shown && !(suspicious && commands::may_be_in(line))
}

#[cfg(test)]
mod tests;
