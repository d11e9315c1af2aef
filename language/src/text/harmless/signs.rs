//! Signs that are not shown as themselves.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How an escape begins.
pub(super) const ESCAPE: &str = "\\u{";

/// Writes a sign by its code point.
pub(super) fn escape(sign: char, out: &mut String) {
    _ = write!(out, "{ESCAPE}{:x}}}", u32::from(sign));
}

/// Controls (C0, DEL, C1), separators of lines and paragraphs, marks of direction, signs without a width, tags, and what is
/// no character: a terminal acts on some, others change the order in which text is read, the rest nobody sees.
/// <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>
pub(super) fn is_hidden(sign: char) -> bool {
    if sign < '\u{ad}' {
        return sign.is_control();
    }
    let is_listed = matches!(
        sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    );
    is_listed || u32::from(sign) & 0xfffe == 0xfffe
}

/// Whether a hidden sign is part of one emoji with its neighbours; `before` is `None` after a sign that was escaped.
pub(super) fn joins(before: Option<char>, sign: char, after: Option<char>) -> bool {
    match (before, sign, after) {
        (Some('0'..='9' | '#' | '*'), '\u{fe0f}', Some('\u{20e3}')) => true,
        (Some(before), '\u{fe0f}', _) => is_pictograph(before),
        (Some(before), '\u{200d}', Some(after)) => (before == '\u{fe0f}' || is_pictograph(before)) && is_pictograph(after),
        _ => false,
    }
}

fn is_pictograph(sign: char) -> bool {
    matches!(
        sign,
        '©' | '®' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}'
        | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2934}' | '\u{2935}' | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}'
    )
}

/// A line without the colours that we write, and the colours with the offsets at which they stood.
///
/// Only one number per code, and only those that colour or weigh text: none that hides it.
pub(super) fn without_colours(line: &str) -> (Cow<'_, str>, Vec<(usize, &str)>) {
    if !line.contains('\u{1b}') {
        return (Cow::Borrowed(line), Vec::new());
    }
    let mut shown = String::with_capacity(line.len());
    let mut codes = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        let (before, from) = rest.split_at(at);
        shown.push_str(before);
        let length = colour_length(from);
        if let Some(code) = from.get(..length).filter(|code| !code.is_empty()) {
            codes.push((shown.len(), code));
            rest = from.get(length..).unwrap_or_default();
        } else {
            shown.push('\u{1b}');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    shown.push_str(rest);
    (Cow::Owned(shown), codes)
}

/// The length of the colour that a text begins with; 0 where it begins with none.
fn colour_length(text: &str) -> usize {
    let inner = text.strip_prefix("\u{1b}[").unwrap_or_default();
    let digits = inner.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let number = inner.get(..digits).filter(|_| inner.get(digits..).is_some_and(|rest| rest.starts_with('m')));
    let is_ours = |number: &str| match number {
        "0" | "1" | "2" | "3" | "4" => true,
        number => number.len() == 2 && matches!(number.parse::<u8>(), Ok(22 | 30..=37 | 39 | 90..=97)),
    };
    number.filter(|number| is_ours(number)).map_or(0, |number| number.len() + 3)
}
