//! Repairs of compose files.

use crate::formats::aligned::{self, line_of};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// What a complaint about a compose file offers.
pub(super) fn correct(code: &str, span: Span, complaint: &Complaint, source: &Source) -> Vec<Edit> {
    match code {
        "obsolete-version" => version_line(span, source).into_iter().collect(),
        "dollar-not-escaped" => complaint.name.as_deref().and_then(|name| escaped(span, name, source)).unwrap_or_default(),
        "compose-unknown-key" => meant_key(span, complaint.expected.as_deref(), source).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The line of `version:`, where that is all that it says; with the blank line behind it, if the file begins with it.
fn version_line(key: Span, source: &Source) -> Option<Edit> {
    let line = line_of(key, source)?;
    let value = source.slice(line).strip_prefix(source.slice(key))?.trim_start().strip_prefix(':')?;
    let value = value.split(" #").next()?.trim();
    let inner = value.trim_matches(['"', '\'']);
    let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if line.start != key.start || !is_number {
        return None;
    }
    let mut edit = aligned::remove_lines(line, source)?;
    if edit.span.start == 0 {
        let after = source.text().get(edit.span.end as usize..)?;
        let blank = if after.starts_with("\r\n") { 2 } else { u32::from(after.starts_with('\n')) };
        edit.span.end += blank;
    }
    Some(edit)
}

/// A second dollar sign before each use of a variable that is the container's own.
fn escaped(word: Span, name: &str, source: &Source) -> Option<Vec<Edit>> {
    let text = source.slice(word);
    let mut edits = Vec::new();
    for (at, _) in text.match_indices('$') {
        let before = text.get(..at)?;
        let rest = text.get(at + 1..)?;
        let bare = rest.strip_prefix('{').unwrap_or(rest);
        let ends = |after: &str| !after.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '_');
        if !before.ends_with('$') && bare.strip_prefix(name).is_some_and(ends) {
            let start = word.start as usize + at;
            edits.push(Edit { span: source.span(start, start), replacement: "$".to_owned() });
        }
    }
    (!edits.is_empty()).then_some(edits)
}

/// The key that was probably meant.
fn meant_key(key: Span, expected: Option<&str>, source: &Source) -> Option<Edit> {
    let (meant, rest) = expected?.strip_prefix('`')?.split_once('`')?;
    let is_key = !meant.is_empty() && meant.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let sure = is_key && rest.ends_with("probably meant") && !source.slice(key).contains(['\n', '"', '\'']);
    sure.then(|| Edit { span: key, replacement: meant.to_owned() })
}
