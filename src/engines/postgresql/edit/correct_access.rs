//! Repairs of `pg_hba.conf` and `pg_ident.conf`: words in the wrong spelling, blanks and backslashes in the wrong place.

use super::access;
use crate::formats::aligned::{self, line_of};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// What a complaint about an access file or a map offers; `code` comes without the prefix of its file.
pub(super) fn correct(code: &str, span: Span, complaint: &Complaint, source: &Source) -> Option<Edit> {
    let suggestion = complaint.suggestion.as_deref();
    match code {
        "keyword-case" | "unknown-type" | "unknown-method" => suggestion.and_then(|word| access::replace(span, word, source)),
        "quoted-keyword" => unquoted(span, '"', source),
        "single-quotes" => unquoted(span, '\'', source).filter(|edit| !is_keyword(&edit.replacement)),
        "host-bits-set" => suggestion.and_then(|range| network(span, range, source)),
        "space-before-comma" => before_comma(span, source),
        "clientcert-old-value" | "cert-with-verify-ca" => clientcert(span, source),
        "unknown-option" => option_name(span, suggestion, source),
        "comment-continuation" => comment_backslash(span, source),
        "broken-continuation" => blanks_behind_backslash(span, source),
        _ => None,
    }
}

/// The word without the quotes around it.
fn unquoted(span: Span, quote: char, source: &Source) -> Option<Edit> {
    let inner = source.slice(span).strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.' | '+' | '@' | '/');
    (!inner.is_empty() && inner.chars().all(plain)).then(|| aligned::replace(span, inner, source))?
}

fn is_keyword(word: &str) -> bool {
    ["all", "replication", "sameuser", "samerole", "samegroup", "samehost", "samenet"].contains(&word.trim())
        || word.starts_with(['+', '@'])
}

/// The address of the network that the server takes the line for. Where the mask is a field of its own, it stays.
fn network(span: Span, range: &str, source: &Source) -> Option<Edit> {
    let address = if source.slice(span).contains('/') { range } else { range.split('/').next()? };
    access::replace(span, address, source)
}

/// Blanks before a comma begin a new field; without them the list goes on.
fn before_comma(comma: Span, source: &Source) -> Option<Edit> {
    let line = line_of(comma, source)?;
    let before = source.text().get(line.start as usize..comma.start as usize)?;
    let start = line.start as usize + before.trim_end_matches([' ', '\t']).len();
    let blanks = start > line.start as usize && start < comma.start as usize;
    blanks.then(|| Edit { span: source.span(start, comma.start as usize), replacement: String::new() })
}

/// `1` asked for a certificate of a known authority, `0` for none; beside `cert`, which compares the name anyway, only
/// verify-full may stand.
fn clientcert(span: Span, source: &Source) -> Option<Edit> {
    let line = line_of(span, source)?;
    match source.slice(span) {
        "clientcert=verify-ca" => aligned::replace(span, "clientcert=verify-full", source),
        "clientcert=1" => aligned::replace(span, "clientcert=verify-ca", source),
        "clientcert=0" | "clientcert=no-verify" => {
            let before = source.text().get(line.start as usize..span.start as usize)?;
            let start = line.start as usize + before.trim_end_matches([' ', '\t']).len();
            Some(Edit { span: source.span(start, span.end as usize), replacement: String::new() })
        }
        _ => None,
    }
}

/// The name of an option that was mistyped; its value, which may be a secret, is not touched.
fn option_name(span: Span, suggestion: Option<&str>, source: &Source) -> Option<Edit> {
    let (name, _) = source.slice(span).split_once('=')?;
    let end = span.start as usize + name.len();
    Some(Edit { span: source.span(span.start as usize, end), replacement: suggestion?.to_owned() })
}

/// The backslash at the end of a comment, which makes the next line a part of it.
fn comment_backslash(span: Span, source: &Source) -> Option<Edit> {
    let line = line_of(span.start_point(), source)?;
    let at = (line.end as usize).checked_sub(1)?;
    source.slice(line).ends_with('\\').then(|| Edit { span: source.span(at, at + 1), replacement: String::new() })
}

/// Blanks behind the backslash that was to continue the line.
fn blanks_behind_backslash(span: Span, source: &Source) -> Option<Edit> {
    let line = line_of(span, source)?;
    let text = source.slice(line);
    let kept = text.trim_end_matches([' ', '\t']);
    let loose = kept.ends_with('\\') && kept.len() < text.len();
    loose.then(|| Edit { span: source.span(line.start as usize + kept.len(), line.end as usize), replacement: String::new() })
}
