//! Lines of `pg_hba.conf` and `pg_ident.conf`.

use crate::formats::aligned::{self, line_of};
use crate::model::Edit;
use crate::text::{Source, Span};

/// Puts another word in the place of one; what follows keeps its column.
pub(super) fn replace(span: Span, with: &str, source: &Source) -> Option<Edit> {
    let word = source.slice(span);
    let is_word = |text: &str| !text.is_empty() && !text.contains([' ', '\t', '\n', '\r', ',', '#', '"']);
    if !is_word(with) || word.contains(['\n', '\r']) || !takes_options(span, with, source)? {
        return None;
    }
    aligned::replace(span, with, source)
}

/// Whether what follows on the line goes with the word: of the options of other methods, scram-sha-256 takes only those
/// that any method takes.
fn takes_options(span: Span, with: &str, source: &Source) -> Option<bool> {
    if with != "scram-sha-256" {
        return Some(true);
    }
    let line = line_of(span, source)?;
    let rest = source.text().get(span.end as usize..line.end as usize)?;
    let options = rest.split('#').next()?.split([' ', '\t']).filter(|word| !word.is_empty());
    Some(options.into_iter().all(|option| option.starts_with("clientcert=") || option.starts_with("clientname=")))
}

/// Takes out the lines of a rule; not behind a backslash, which would join what comes next to what stands before.
pub(super) fn remove(span: Span, source: &Source) -> Option<Edit> {
    let edit = aligned::remove_lines(span, source)?;
    let before = source.text().get(..edit.span.start as usize)?;
    let continued = before.trim_end_matches(['\n', '\r']).ends_with('\\');
    (!continued).then_some(edit)
}
