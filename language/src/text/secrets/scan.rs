//! Walking over text in bounded steps: words, quotes, lines.

use std::ops::Range;

/// How far a quoted value, a line or a name is followed, in bytes: what is asked for every word must not read the whole
/// text each time.
pub(super) const LINE: usize = 1024;

/// Where the word ends that `from` lies in: at a blank or a quote.
pub(super) fn end_of_word(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')).unwrap_or(rest.len())
}

/// The end of the line that `from` lies in, at most `bound` bytes on.
pub(super) fn in_line(text: &str, from: usize, bound: usize) -> usize {
    let end = floor(text, from.saturating_add(bound));
    let line = text.get(from..end).unwrap_or("");
    from + line.find('\n').unwrap_or(line.len())
}

/// The last boundary of a character at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Words between blanks.
pub(super) fn words_of(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_whitespace(), start) {
            (true, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| from..text.len()));
    words
}

/// Extends the range of a credential that begins with a quote, or stands in one, up to the closing quote on its line.
pub(super) fn widen_to_quote(text: &str, range: Range<usize>) -> Range<usize> {
    let Range { start, end } = range;
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let first = text.get(start..end).and_then(|word| word.chars().next());
    let Some(quote) = [first, before].into_iter().flatten().find(|c| matches!(c, '"' | '\'' | '`')) else {
        return start..end;
    };
    // A quote that is closed within the word needs no more.
    if text.get(start..end).is_some_and(|word| word.len() > 1 && word.ends_with(quote))
        || text.get(end..).is_some_and(|rest| rest.starts_with(quote))
    {
        return start..end;
    }
    let line = in_line(text, end, LINE);
    let close = text.get(end..line).and_then(|rest| rest.find(quote)).unwrap_or(0);
    start..end + close
}

/// Ranges in order, those that touch made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
