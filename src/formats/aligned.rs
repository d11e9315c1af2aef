//! Replacing a word of a line so that what follows it stays in its column, and taking whole lines out.

use crate::model::Edit;
use crate::text::{Source, Span};

/// Columns from one tab stop to the next.
const TAB: usize = 8;

/// Lines that are longer, in bytes, are left alone: one of a megabyte may have a thousand findings.
const LONGEST: usize = 4096;

/// The line that a place lies on, without its line end; `None` where it is endless, or where the place goes on.
#[must_use]
pub fn line_of(span: Span, source: &Source) -> Option<Span> {
    let (start, end) = lines_of(span, source)?;
    let text = source.text().get(start..end)?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = source.span(start, start + line.trim_end_matches('\r').len());
    Some(line).filter(|line| line.contains(span) && !source.slice(*line).contains('\n'))
}

/// Where the lines of a place begin and end, the last line end included.
fn lines_of(span: Span, source: &Source) -> Option<(usize, usize)> {
    let bytes = source.text().as_bytes();
    let (start, end) = (span.start as usize, span.end as usize);
    let window = bytes.get(start.saturating_sub(LONGEST)..start)?;
    let before = window.iter().rposition(|byte| *byte == b'\n').map(|at| window.len() - at - 1);
    let before = before.or_else(|| (start <= LONGEST).then_some(start))?;
    let tail = bytes.get(end..bytes.len().min(end + LONGEST))?;
    let after = tail.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
    let after = after.or_else(|| (end + tail.len() == bytes.len()).then_some(tail.len()))?;
    Some((start - before, end + after))
}

/// Replaces a word; blanks behind it, where something follows, give or take what it grows or shrinks by.
#[must_use]
pub fn replace(span: Span, with: &str, source: &Source) -> Option<Edit> {
    let text = source.text();
    let (line_start, line_end) = lines_of(span, source)?;
    let after = text.get(span.end as usize..line_end)?;
    let blanks = after.get(..after.find(|sign| sign != ' ' && sign != '\t').unwrap_or(after.len()))?;
    let before = text.get(line_start..span.start as usize)?;
    let rest = after.get(blanks.len()..)?;
    let unchanged = Edit { span, replacement: with.to_owned() };
    if rest.is_empty() || rest.starts_with(['\n', '\r']) {
        return Some(unchanged);
    }
    let start = width(0, before);
    let column = width(width(start, source.slice(span)), blanks);
    let Some(filling) = filling(width(start, with), column, blanks) else { return Some(unchanged) };
    if filling == blanks {
        return Some(unchanged);
    }
    let wide = Span { end: span.end + u32::try_from(blanks.len()).ok()?, ..span };
    Some(Edit { span: wide, replacement: format!("{with}{filling}") })
}

/// Blanks of the same kind that lead to a column; at least one. `None` where the blanks are not to be touched:
/// a single one is a separator, and of a mixture nobody knows what it aligns.
fn filling(from: usize, column: usize, blanks: &str) -> Option<String> {
    let spaces = blanks.bytes().all(|byte| byte == b' ');
    let tabs = blanks.bytes().all(|byte| byte == b'\t');
    if spaces && blanks.len() > 1 {
        Some(" ".repeat(column.saturating_sub(from).max(1)))
    } else if tabs && !blanks.is_empty() {
        Some("\t".repeat((column / TAB).saturating_sub(from / TAB).max(1)))
    } else {
        None
    }
}

/// The column after a text that begins in a column.
fn width(start: usize, text: &str) -> usize {
    text.chars().fold(start, |column, sign| if sign == '\t' { (column / TAB + 1) * TAB } else { column + 1 })
}

/// Takes out the lines that a place lies on, whole. The last line of a text that does not end in a line end takes
/// the line end before it with it, so that the text still does not.
#[must_use]
pub fn remove_lines(span: Span, source: &Source) -> Option<Edit> {
    let (start, end) = lines_of(span, source)?;
    let text = source.text();
    let start = match text.get(start..end)?.ends_with('\n') {
        true => start,
        false => {
            let before = text.get(..start)?;
            before.strip_suffix('\n').map_or(start, |rest| rest.strip_suffix('\r').unwrap_or(rest).len())
        }
    };
    Some(Edit { span: source.span(start, end), replacement: String::new() })
}

/// The line end that a text uses before an offset.
#[must_use]
pub fn line_end(text: &str, offset: usize) -> &'static str {
    let before = text.get(..offset).and_then(|before| before.rfind('\n').map(|at| (before, at)));
    let line_feed = before.map_or_else(|| text.find('\n').map(|at| (text, at)), Some);
    match line_feed {
        Some((text, at)) if text.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, word: &str, with: &str) -> String {
        let source = Source::detached("a", text);
        let start = text.find(word).unwrap();
        let edit = replace(source.span(start, start + word.len()), with, &source).unwrap();
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.replacement);
        text
    }

    #[test]
    fn what_follows_keeps_its_column() {
        assert_eq!(replaced("host    all     all\n", "host", "hostssl"), "hostssl all     all\n");
        assert_eq!(replaced("fsync = off\t\t# turn\n", "off", "on"), "fsync = on\t\t# turn\n");
        assert_eq!(
            replaced("ssl = off\t# x\n", "off", "on\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"),
            "ssl = on\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\t# x\n"
        );
        assert_eq!(replaced("host all all md5 # x", "md5", "scram-sha-256"), "host all all scram-sha-256 # x");
        assert_eq!(replaced("a = b   \n", "b", "cc"), "a = cc   \n");
    }

    #[test]
    fn a_line_goes_with_its_end_and_no_other() {
        let removed = |text: &str, word: &str| {
            let source = Source::detached("a", text);
            let start = text.find(word).unwrap();
            let edit = remove_lines(source.span(start, start + word.len()), &source).unwrap();
            let mut text = text.to_owned();
            text.replace_range(edit.span.range(), &edit.replacement);
            text
        };
        assert_eq!(removed("a\r\nb # x\r\nc", "b"), "a\r\nc");
        assert_eq!(removed("a\r\nb", "b"), "a");
        assert_eq!(removed("a", "a"), "");
        assert_eq!(line_end("a\r\nb\n", 3), "\r\n");
        assert_eq!(line_end("a", 1), "\n");
    }
}
