//! What stands behind the name of a secret and a sign between both: `password=x`, `"password": "x"`, `X-Api-Key: x`,
//! `Host=h;Password=x`, `?sig=x`, `Authorization: Bearer x`, `${DB_PASSWORD:-x}`; and the words `Bearer x` and `Basic x`.

use std::ops::Range;

use super::names::names_secret;
use super::scan::{LINE, floor, in_line};
use super::values::is_harmless;

/// Longest name that is looked at, in bytes.
const NAME: usize = 256;

/// Names of parameters of a URL whose value lets in, beside those of [`names_secret`].
const PARAMETERS: [&str; 7] = ["sig", "signature", "x-amz-signature", "x-goog-signature", "x-oss-signature", "code", "sas"];

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The places of such values, in one pass over the text.
pub(super) fn places(text: &str, found: &mut Vec<Range<usize>>) {
    defaults(text, found);
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(['=', ':', '：'])).map(|at| from + at) {
        let sign = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        from = at + sign;
        let Some(name) = name_before(text, at).filter(|name| is_secret(text, name)) else { continue };
        let Some(value) = value_behind(text, &name, at + sign) else { continue };
        if !is_harmless(text.get(value.clone()).unwrap_or("")) {
            // A value may hold a sign itself, and need not be looked into again.
            from = value.end.max(from);
            found.push(value);
        }
    }
}

/// The name before a sign: directly, in quotes, or with blanks between.
fn name_before(text: &str, at: usize) -> Option<Range<usize>> {
    let head = text.get(floor(text, at.saturating_sub(NAME))..at)?;
    let base = at - head.len();
    let bare = head.trim_end_matches([' ', '\t']);
    let bare = bare.trim_end_matches(['"', '\'', '`', '+', '\\']);
    let start = bare.char_indices().rev().take_while(|(_, c)| is_of_name(*c)).last().map(|(at, _)| at)?;
    Some(base + start..base + bare.len())
}

fn is_secret(text: &str, name: &Range<usize>) -> bool {
    let written = text.get(name.clone()).unwrap_or("");
    let before = name.start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    names_secret(written)
        || (matches!(before, Some(b'?' | b'&' | b';')) && PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(written)))
}

/// The value behind a sign, wide rather than narrow: what follows on the line may belong to it.
fn value_behind(text: &str, name: &Range<usize>, from: usize) -> Option<Range<usize>> {
    let line = in_line(text, from, LINE);
    let rest = text.get(from..line)?;
    let start = from + rest.len() - rest.trim_start_matches([' ', '\t', '=', '>']).len();
    let blanks = text.get(from..start)?.len();
    let value = text.get(start..line)?;
    if value.is_empty() || text.get(..name.start).is_some_and(|head| head.ends_with("${")) {
        return None;
    }
    let length = length_of(text, name, value, blanks > 0);
    let opening = value.len() - value.trim_start_matches(['"', '\'', '`']).len();
    (opening < length).then_some(start + opening..start + length)
}

/// `${DB_PASSWORD:-x}`, and the same without the colon or with a plus.
fn defaults(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| from + at + 2) {
        from = at;
        let line = in_line(text, at, LINE);
        let rest = text.get(at..line).unwrap_or("");
        let name = rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        let behind = rest.get(name..).unwrap_or("");
        let operator = behind.len() - behind.trim_start_matches(':').len() + 1;
        if !behind.trim_start_matches(':').starts_with(['-', '+']) || !rest.get(..name).is_some_and(names_secret) {
            continue;
        }
        let value = behind.get(operator..).unwrap_or("");
        let end = closing_brace(value);
        if !is_harmless(value.get(..end).unwrap_or("")) {
            found.push(at + name + operator..at + name + operator + end);
            from = at + name + operator + end;
        }
    }
}

/// Where the brace closes that is open before a text, or its end.
fn closing_brace(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn length_of(text: &str, name: &Range<usize>, value: &str, spaced: bool) -> usize {
    // The quote that the value opens, or that name and value stand in.
    let own = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let around = text.get(..name.start).and_then(|head| head.chars().next_back()).filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = own {
        return closing(value, quote, 1).unwrap_or(value.len());
    }
    if let Some(quote) = around
        && !text.get(name.end..).is_some_and(|rest| rest.starts_with(quote))
    {
        return closing(value, quote, 0).unwrap_or(value.len());
    }
    let word = word_length(value);
    // `Password=a b;Database=c`
    if let Some(next) = next_pair(value) {
        return next.max(word);
    }
    // `Authorization: Bearer x`, `password = two words`, `password: two words`
    let first = value.get(..word).unwrap_or("");
    let scheme = matches!(first.to_ascii_lowercase().as_str(), "basic" | "bearer" | "digest" | "token" | "apikey");
    if scheme {
        let second = value.get(word..).unwrap_or("");
        let blanks = second.len() - second.trim_start().len();
        return word + blanks + word_length(second.trim_start());
    }
    if spaced && begins_line(text, name.start) { value.find(" #").unwrap_or(value.len()) } else { word }
}

/// Whether nothing but blanks, a dash, a comment sign or a quote stands before a place on its line.
fn begins_line(text: &str, at: usize) -> bool {
    let near = floor(text, at.saturating_sub(NAME));
    let head = text.get(near..at).unwrap_or("");
    let (line, whole) = head.rsplit_once('\n').map_or((head, near == 0), |(_, line)| (line, true));
    whole && line.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '"' | '\'' | '#'))
}

/// Up to a blank that no backslash stands before, or a quote that belongs to what is around.
fn word_length(value: &str) -> usize {
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c.is_whitespace() || (matches!(c, '"' | '`') && at > 0) => return at,
            _ => {}
        }
    }
    value.len()
}

fn closing(value: &str, quote: char, from: usize) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in value.char_indices().skip_while(|(at, _)| *at < from) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where `;name=` begins behind a value.
fn next_pair(value: &str) -> Option<usize> {
    let line = value.split(['"', '\'', '`']).next()?;
    line.match_indices(';').map(|(at, _)| at).take(16).find(|at| {
        let behind = line.get(at + 1..).unwrap_or("");
        let name = behind.len() - behind.trim_start_matches(|c: char| is_of_name(c) || c == ' ').len();
        name > 0 && behind.get(name..).is_some_and(|rest| rest.starts_with('='))
    })
}

/// `Bearer x`, and `Basic x` where `x` looks like what stands there.
pub(super) fn schemes(text: &str, words: &[Range<usize>], found: &mut Vec<Range<usize>>) {
    let quotes = ['"', '\'', '`', ',', '[', ']', '(', ')'];
    for pair in words.windows(2) {
        let [first, second] = pair else { continue };
        let scheme = text.get(first.clone()).unwrap_or("").rsplit([':', '=', '"', '\'', '`', '\\', '-']).next().unwrap_or("");
        let written = text.get(second.clone()).unwrap_or("");
        let bare = written.trim_matches(quotes);
        let encoded = bare.len() >= 8 && bare.chars().all(|c| c.is_ascii_alphanumeric() || "+/=_-.".contains(c));
        let mixed = bare.chars().skip(1).any(|c| c.is_ascii_digit() || c == '=' || c.is_ascii_uppercase());
        let secret = match scheme {
            "Bearer" => !bare.is_empty(),
            "Basic" | "basic" | "bearer" | "BEARER" | "BASIC" | "ApiKey" => encoded && mixed,
            _ => false,
        };
        if secret && !is_harmless(bare) {
            found.push(second.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::secrets::scan::words_of;

    fn hidden(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        places(text, &mut found);
        found.into_iter().map(|range| text.get(range).unwrap_or_default()).collect()
    }

    #[test]
    fn values_behind_the_name_of_a_secret() {
        for (text, expected) in [
            ("host=h password='p \\' w' sslmode=x", "p \\' w"),
            ("host=h password=p\\ w sslmode=x", "p\\ w"),
            ("Host=h;Username=u;Password=p w;Database=x", "p w"),
            ("jdbc:postgresql://h/db?user=u&password=pw", "pw"),
            ("mysql:host=h;dbname=d;password=pw", "pw"),
            ("https://b.example/x?sp=r&sig=pw%3D", "pw%3D"),
            ("https://s3/x?X-Amz-Signature=pw", "pw"),
            ("-H 'Authorization: Bearer p w' https://x", "Bearer p w"),
            ("{\"password\": \"pw\", \"a\": 1}", "pw"),
            ("{\\\"password\\\": \\\"pw\\\"}", "\\\"pw\\\"}"),
            ("  password: two words # c", "two words"),
            ("app ${DB_PASSWORD:-pw} x", "pw"),
            ("app ${DB_PASSWORD-pw} x", "pw"),
            ("パスワード：pw", "pw"),
            ("scram_client_key=pw host=h", "pw"),
        ] {
            assert_eq!(hidden(text).first().copied(), Some(expected), "{text}");
        }
        for text in ["host=h passfile=/x", "password=${PW}", "password_encryption = md5", "a?code2=1", "x: y"] {
            assert_eq!(hidden(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn schemes_of_the_web() {
        let hidden = |text: &str| {
            let mut found = Vec::new();
            schemes(text, &words_of(text), &mut found);
            found.len()
        };
        for text in ["Bearer abcdefgh", "X:Bearer pw1", "${X:-Bearer pw1}", "Basic dXNlcjpwdw==", "\"bearer abcdef123\""] {
            assert_eq!(hidden(text), 1, "{text}");
        }
        for text in ["Basic settings", "bearer tokens", "Bearer ${TOKEN}", "Basic"] {
            assert_eq!(hidden(text), 0, "{text}");
        }
    }
}
