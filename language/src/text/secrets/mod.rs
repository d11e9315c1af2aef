//! What looks like a secret, known in one place.
//!
//! This decides what is hidden when text is printed, so it errs on the side of hiding. What judges whether a secret is a
//! fault has its own, narrower words (`engines/services/secrets.rs`).
//!
//! Everything takes time in proportion to the text.

mod lines;
mod names;
mod options;
mod pairs;
mod pipes;
mod scan;
mod tokens;
mod urls;
mod values;

use std::ops::Range;

pub(super) use lines::continues_secret;
pub use names::names_secret;
pub(in crate::text) use names::says_secret;
pub use values::is_harmless;

use super::{SECRET_PLACEHOLDER, redact_text};

/// The place of the password in `scheme://user:password@host`, unless it is a mere reference.
#[must_use]
pub fn url_password(word: &str) -> Option<Range<usize>> {
    urls::password(word)
}

/// The places of credentials in a command line, a script, a connection string or the content of a configuration file;
/// in order, not overlapping.
#[must_use]
pub fn credentials_in(text: &str) -> Vec<Range<usize>> {
    if !may_hold_secret(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if text.contains("://") {
        urls::places(text, &mut found);
    }
    tokens::places(text, &mut found);
    pairs::places(text, &mut found);
    pipes::places(text, &mut found);
    let words = scan::words_of(text);
    pairs::schemes(text, &words, &mut found);
    let texts: Vec<&str> = words.iter().map(|word| text.get(word.clone()).unwrap_or("")).collect();
    for (index, range) in options::places(&texts) {
        if let Some(word) = words.get(index) {
            found.push(scan::widen_to_quote(text, word.start + range.start..word.start + range.end));
        }
    }
    // The quote that a value opens stays.
    let inside = |range: Range<usize>| {
        let quoted = text.get(range.clone()).is_some_and(|value| value.len() > 1 && value.starts_with(['"', '\'', '`']));
        range.start + usize::from(quoted)..range.end
    };
    scan::merged(found.into_iter().map(inside).collect())
}

/// A value without the credentials in it, in each of whose places the placeholder stands. Unlike [`redact_text`], which
/// cuts lines that nobody understood, it keeps what stands behind them.
#[must_use]
pub fn hidden(text: String) -> String {
    let places = credentials_in(&text);
    if places.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        out.push_str(text.get(from..place.start).unwrap_or(""));
        out.push_str(SECRET_PLACEHOLDER);
        from = place.end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

/// The places of credentials among the words of a command, as a list writes them: number of the word, and range within it.
#[must_use]
pub fn credentials_of_words(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    options::places(words)
}

/// The value of `name` as it may be kept for showing: without what looks like a secret.
#[must_use]
pub fn without_credentials(name: &str, value: &str) -> String {
    if names_secret(name) && !is_harmless(value) {
        return SECRET_PLACEHOLDER.to_owned();
    }
    redact_text(value)
}

/// Whether anything in a text can look like a secret: the name of one, an at sign of a URL, an option, a pipe, a token.
///
/// Every line that is shown and every value that is kept is asked, and most have nothing of the kind.
pub(super) fn may_hold_secret(text: &str) -> bool {
    let (mut word_end, mut opens, mut asks, mut sets) = (false, false, false, false);
    for byte in text.bytes() {
        match byte {
            b'@' | b'|' => return true,
            // A short option begins behind a blank.
            b'-' if word_end => return true,
            b'<' => opens = true,
            b'?' | b'&' => asks = true,
            b'=' => sets = true,
            _ => {}
        }
        word_end = byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'[' | b',');
    }
    // A parameter of a URL may sign it.
    let signed = asks && sets;
    signed || opens && text.contains("<<<") || names::may_name_secret(text) || tokens::may_hold_token(text)
}

#[cfg(test)]
mod tests;
