//! The user information of URLs: `scheme://user:password@host`, `https://token@host`, and `user:password@host` without
//! a scheme, as DSNs write it.

use std::ops::Range;

use super::scan::{LINE, end_of_word, in_line};
use super::values::is_reference;

/// Names that stand where a password does in `https://TOKEN:x-oauth-basic@host`.
const NO_PASSWORD: [&str; 3] = ["", "x-oauth-basic", "x"];

/// A user name of this length, or longer, before a token's place is the token itself.
const TOKEN: usize = 16;

/// The places of what URLs let in with, in one pass over the text.
pub(super) fn places(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")).map(|at| from + at) {
        let authority = at + 3;
        let end = end_of_word(text, authority);
        from = end.max(authority);
        match text.get(authority..end).and_then(|word| word.rfind('@')) {
            Some(sign) => user_information(text, at, authority..authority + sign, found),
            None => found.extend(with_blanks(text, authority, end)),
        }
    }
}

/// The place of the password in the first `scheme://user:password@host` of a word, unless it is a mere reference.
pub(super) fn password(word: &str) -> Option<Range<usize>> {
    let authority = word.find("://")? + 3;
    let end = word.rfind('@').filter(|end| *end > authority)?;
    after_colon(word, authority..end)
}

fn after_colon(text: &str, user_information: Range<usize>) -> Option<Range<usize>> {
    let colon = user_information.start + text.get(user_information.clone())?.find(':')?;
    let range = colon + 1..user_information.end;
    let password = text.get(range.clone())?;
    (!password.is_empty() && !is_reference(password)).then_some(range)
}

fn user_information(text: &str, scheme_end: usize, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let written = text.get(range.clone()).unwrap_or("");
    let (user, password) = written.split_once(':').map_or((written, None), |(user, password)| (user, Some(password)));
    let web = text.get(..scheme_end).is_some_and(|head| head.ends_with("http") || head.ends_with("https"));
    // What a path holds is no user information.
    let token = web && !user.is_empty() && !user.contains(['/', '?']) && !is_reference(user);
    if token && (password.is_some_and(|password| NO_PASSWORD.contains(&password)) || (password.is_none() || user.len() > TOKEN)) {
        found.push(range.start..range.start + user.len());
    }
    found.extend(after_colon(text, range));
}

/// `scheme://user:a password with blanks@host`.
fn with_blanks(text: &str, authority: usize, end: usize) -> Option<Range<usize>> {
    let word = text.get(authority..end)?;
    let colon = word.find(':')?;
    if word.get(..colon)?.contains('/') {
        return None;
    }
    let behind = word.get(colon + 1..)?;
    // A port follows a host, and a path may follow that.
    let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').len();
    let port =
        digits > 0 && behind.get(digits..).is_none_or(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#', ',', ')', ';', '.', '`']));
    if port || behind.is_empty() || !behind.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let line = in_line(text, end, LINE);
    // A quote ends what the URL stands in.
    let sign = text.get(end..line)?.split(['"', '\'', '`']).next()?.rfind('@')?;
    Some(authority + colon + 1..end + sign)
}

/// The place of the password in `user:password@host`, of a word without a scheme.
pub(super) fn without_scheme(word: &str) -> Option<Range<usize>> {
    let first = word.find('@')?;
    let colon = word.find(':').filter(|colon| *colon < first)?;
    let last = word.rfind('@')?;
    let (before, host) = (word.get(..colon)?, word.get(last + 1..)?);
    let begins_host = host.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '$' | '/' | '(' | '[' | '{'));
    // `image:tag@sha256:…`, `mailto:somebody@…`, and what follows a percent sign in a format of log lines.
    if !begins_host || host.starts_with("sha256:") || before.ends_with("mailto") || before.contains('%') {
        return None;
    }
    let range = colon + 1..last;
    let password = word.get(range.clone())?;
    (!password.is_empty() && !password.starts_with(['%', '/']) && !is_reference(password)).then_some(range)
}

/// The place of the password in `jdbc:oracle:thin:user/password@host`, and in the same as a word of its own.
pub(super) fn of_oracle(word: &str) -> Option<Range<usize>> {
    let start = word.rfind(":thin:").map_or(0, |at| at + 6);
    let sign = word.get(start..)?.find('@').map(|at| start + at)?;
    let slash = word.get(start..sign)?.find('/').map(|at| start + at)?;
    (slash + 1 < sign).then_some(slash + 1..sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        places(text, &mut found);
        found.into_iter().map(|range| text.get(range).unwrap_or_default()).collect()
    }

    #[test]
    fn what_a_url_lets_in_with() {
        for (text, expected) in [
            ("postgres://u:pw@h/db", vec!["pw"]),
            ("postgresql+psycopg2://u:p/w@h/db and redis://:pw@c", vec!["p/w", "pw"]),
            ("https://ghp_token@github.com/x.git#main:sub", vec!["ghp_token"]),
            ("https://x-access-token:pw@github.com/x", vec!["pw"]),
            ("https://sometoken:x-oauth-basic@github.com/x", vec!["sometoken", "x-oauth-basic"]),
            ("postgres://u:my pw@h/db", vec!["my pw"]),
            ("${X:-mongodb+srv://u:pw@h}", vec!["pw"]),
            ("postgres://u@h/db ssh://git@h http://h:80/a http://h/a@b redis://c:6379 a@b", vec![]),
            ("postgres://u:${PW}@h", vec![]),
        ] {
            assert_eq!(hidden(text), expected, "{text}");
        }
    }

    #[test]
    fn a_scheme_is_not_needed() {
        for (word, expected) in [
            ("u:pw@db", Some("pw")),
            ("root:pw@tcp(db:3306)/app", Some("pw")),
            (":p@w@cache:6379", Some("p@w")),
            ("DSN=u:pw@/db", Some("pw")),
            ("postgres:16@sha256:abc", None),
            ("mailto:a@b.c", None),
            ("git@host:path", None),
            ("%u:%p@%h", None),
            ("%t:%u@%d:", None),
            ("u:${PW}@db", None),
        ] {
            assert_eq!(without_scheme(word).and_then(|range| word.get(range)), expected, "{word}");
        }
        assert_eq!(of_oracle("jdbc:oracle:thin:u/pw@//h").and_then(|range| "jdbc:oracle:thin:u/pw@//h".get(range)), Some("pw"));
    }
}
