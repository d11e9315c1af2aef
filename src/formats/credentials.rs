//! Where a text shows a credential: by the name of a key, by the flag before it, by its place in a URL.
//!
//! This decides what is hidden when a line is printed, so it errs on the side of hiding.

use std::ops::Range;

use crate::text::{SECRET_PLACEHOLDER, redact_text};

/// Words that make a name secret wherever they stand in it.
const ANYWHERE: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "accesskey",
    "access_key",
    "privatekey",
    "requirepass",
    "masterauth",
];

/// Words that make a name secret as a whole part of it, or at the end of a part: `DB_PASS`, `REDISPWD`.
const AS_PART: [&str; 8] = ["pass", "pwd", "pw", "key", "keys", "auth", "salt", "pin"];

/// What every name that is secret has in it: one of these stands in each of the words above.
const TELLING: [&str; 9] = ["pass", "pw", "key", "secret", "token", "auth", "cred", "salt", "pin"];

/// Endings of names that speak about a secret without holding one.
const NOT_THE_SECRET: [&str; 12] = [
    "_file",
    "-file",
    "_path",
    "_dir",
    "_encryption",
    "_algorithm",
    "_policy",
    "_length",
    "_expiry",
    "_expiration",
    "_lifetime",
    "_enabled",
];

/// Values that tell nothing: a switch beside a name such as `ALLOW_EMPTY_PASSWORD`.
const HARMLESS: [&str; 12] = ["", "yes", "no", "true", "false", "on", "off", "0", "1", "null", "none", "~"];

/// Whether the name of a key says that its value is a secret.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    let lower = name.trim().to_ascii_lowercase();
    if lower.is_empty() || lower.len() > 200 || NOT_THE_SECRET.iter().any(|ending| lower.ends_with(ending)) {
        return false;
    }
    // Every key of every file is asked, and most are nothing of the kind.
    if lower.is_ascii() && !TELLING.iter().any(|word| lower.contains(word)) {
        return false;
    }
    if ANYWHERE.iter().any(|word| lower.contains(word)) {
        return true;
    }
    parts(name.trim()).any(|part| AS_PART.contains(&part.as_str()) || part.ends_with("pass") || part.ends_with("pwd"))
}

/// Whether a value need not be hidden: a switch, or nothing but references such as `${DB_PASSWORD}`.
#[must_use]
pub fn is_harmless(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    HARMLESS.contains(&value.to_ascii_lowercase().as_str()) || is_reference(value)
}

/// The value of `name` as it may be kept for showing: without what looks like a secret.
#[must_use]
pub fn without_credentials(name: &str, value: &str) -> String {
    if names_secret(name) && !is_harmless(value) {
        return SECRET_PLACEHOLDER.to_owned();
    }
    if credentials_in(value).is_empty() { value.to_owned() } else { redact_text(value) }
}

/// Whether a value is one variable without a default: it names a secret and does not tell it.
fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else {
        return false;
    };
    let name = match rest.strip_prefix('{') {
        Some(braced) => match braced.strip_suffix('}') {
            // What stands after `:?` is a message for people.
            Some(inner) => inner.split('?').next().unwrap_or("").trim_end_matches(':'),
            None => return false,
        },
        None => rest.trim_start_matches('$'),
    };
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The lower-case parts of `DB_PASS`, `db-pass`, `dbPass`.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (before_lower && c.is_uppercase()) {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    parts.into_iter()
}

/// The places of credentials in a command line, a script, or the content of a configuration file.
#[must_use]
pub fn credentials_in(text: &str) -> Vec<Range<usize>> {
    // One word without a flag, a separator or a scheme, as most values are, has no room for any.
    if text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'-' | b'=' | b':')) {
        return Vec::new();
    }
    let words = words_of(text);
    let mut found = Vec::new();
    for word in &words {
        if let Some(word_text) = text.get(word.clone()) {
            found.extend(url_password(word_text).map(|range| word.start + range.start..word.start + range.end));
        }
    }
    let texts: Vec<&str> = words.iter().map(|word| text.get(word.clone()).unwrap_or("")).collect();
    for (index, range) in credentials_of_words(&texts) {
        if let Some(word) = words.get(index) {
            found.push(widen_to_quote(text, word.start + range.start, word.start + range.end));
        }
    }
    found
}

/// The place of the password in `scheme://user:password@host`, unless it is a mere reference.
#[must_use]
pub fn url_password(word: &str) -> Option<Range<usize>> {
    let authority = word.find("://")? + 3;
    let end = word.rfind('@').filter(|end| *end > authority)?;
    let colon = authority + word.get(authority..end)?.find(':')?;
    let range = colon + 1..end;
    let password = word.get(range.clone())?;
    (!password.is_empty() && !is_reference(password)).then_some(range)
}

/// The places of credentials among the words of a command: number of the word, and range within it.
#[must_use]
pub fn credentials_of_words(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut program = Program::Other;
    let mut expected = false;
    for (index, word) in words.iter().enumerate() {
        let bare = word.trim_matches(['"', '\'', '[', ']', ',', '(', ')']);
        let offset = word.find(bare).unwrap_or(0);
        let taken = std::mem::replace(&mut expected, false);
        if taken && matches!(bare, "=" | ":" | "by" | "BY" | "with" | "WITH") {
            expected = true;
            continue;
        }
        if taken && !bare.is_empty() && !(bare.starts_with("--") || is_harmless(bare)) {
            found.push((index, offset..offset + bare.len()));
            continue;
        }
        program = Program::named(bare).unwrap_or(program);
        expected = announces(bare, program);
        if let Some(range) = attached(bare, program) {
            found.push((index, offset + range.start..offset + range.end));
        }
    }
    found
}

/// Programs whose short flags carry a password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Mysql,
    Mongo,
    Redis,
    Curl,
    Other,
}

impl Program {
    fn named(word: &str) -> Option<Self> {
        let name = word.rsplit('/').next().unwrap_or(word);
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if starts(&["mysql", "mariadb", "mytop", "xtrabackup", "innobackupex"]) {
            Some(Self::Mysql)
        } else if starts(&["mongo"]) {
            Some(Self::Mongo)
        } else if starts(&["redis-", "valkey-", "keydb-"]) {
            Some(Self::Redis)
        } else if starts(&["curl", "wget"]) {
            Some(Self::Curl)
        } else {
            None
        }
    }
}

/// Whether the next word is a credential.
fn announces(word: &str, program: Program) -> bool {
    let lower = word.to_ascii_lowercase();
    if let Some(name) = lower.strip_prefix("--") {
        return !name.contains('=') && names_secret(name);
    }
    match lower.as_str() {
        "-a" => program == Program::Redis,
        "-p" => program == Program::Mongo,
        "-u" => program == Program::Curl,
        "requirepass" | "masterauth" | "primaryauth" | "identified" => true,
        _ => lower.strip_suffix([':', '=']).is_some_and(names_secret) || matches!(lower.as_str(), "password" | "encrypted password"),
    }
}

/// The credential that a word carries itself: `--password=x`, `PGPASSWORD=x`, `-px`, `"password":"x"`.
fn attached(word: &str, program: Program) -> Option<Range<usize>> {
    if let Some(password) = word.strip_prefix("-p")
        && program == Program::Mysql
        && !password.is_empty()
    {
        return (!is_harmless(password)).then_some(2..word.len());
    }
    let separator = word.find(['=', ':'])?;
    let name = word.get(..separator)?.trim_matches(['"', '\'', '-', '{', ',']);
    let value = word.get(separator + 1..)?;
    (names_secret(name) && !is_harmless(value)).then_some(separator + 1..word.len())
}

/// Words between blanks; a quoted part is not kept together, which [`widen_to_quote`] makes up for.
fn words_of(text: &str) -> Vec<Range<usize>> {
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

/// Extends the range of a credential that begins with a quote up to its closing quote on the line.
fn widen_to_quote(text: &str, start: usize, end: usize) -> Range<usize> {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let first = text.get(start..end).and_then(|word| word.chars().next());
    let quote = [first, before].into_iter().flatten().find(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        return start..end;
    };
    let rest = text.get(end..).unwrap_or("");
    // A quote that is closed within the word needs no more.
    if text.get(start..end).is_some_and(|word| word.len() > 1 && word.ends_with(quote)) || rest.starts_with(quote) {
        return start..end;
    }
    let line = rest.find('\n').unwrap_or(rest.len());
    let close = rest.get(..line).and_then(|line| line.find(quote)).unwrap_or(0);
    start..end + close
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for name in
            ["DB_PASSWORD", "PGPASSWORD", "dbPass", "API_KEY", "SECRET_KEY_BASE", "JWT_TOKEN", "REDIS_AUTH", "aws.secretAccessKey", "DBPWD"]
        {
            assert!(names_secret(name), "{name}");
        }
        for name in ["POSTGRES_PASSWORD_FILE", "KEYCLOAK_URL", "MONKEY", "POSTGRES_USER", "PATH", "AUTHOR", "password_encryption"] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn credentials_are_found_where_people_put_them() {
        for text in [
            "redis-server --requirepass hunter2 --appendonly yes",
            "redis-cli -a hunter2 ping",
            "mysqladmin ping -h localhost -uroot -phunter2",
            "mysqladmin ping --password=hunter2",
            "mongosh -u root -p hunter2 --eval x",
            "PGPASSWORD=hunter2 psql -h db",
            "psql postgres://app:hunter2@db/app",
            "redis://:hunter2@cache",
            "ALTER USER app IDENTIFIED BY 'hunter2';",
            "CREATE ROLE app PASSWORD 'hunter2'",
            "requirepass hunter2",
            "password = hunter2",
            "db_password: hunter2",
            "curl -u elastic:hunter2 http://x",
            "{\"password\":\"hunter2\"}",
            "mysql -u root --password=\"hunter2 and more\"",
            "amqp://u:${PW:-hunter2}@mq",
        ] {
            let found = credentials_in(text);
            let at = text.find("hunter2").unwrap();
            assert!(found.iter().any(|range| range.start <= at && at + 7 <= range.end), "{text}: {found:?}");
        }
    }

    #[test]
    fn references_and_other_flags_stay_visible() {
        for text in [
            "redis-server --requirepass ${REDIS_PASSWORD}",
            "postgres://app:${DB_PASSWORD}@db",
            "mkdir -p /data",
            "pg_isready -U app -d app -p 5432",
            "PASSWORD_FILE=/run/secrets/x",
            "ALLOW_EMPTY_PASSWORD=yes",
            "psql -a -f x.sql",
        ] {
            assert!(credentials_in(text).is_empty(), "{text}: {:?}", credentials_in(text));
        }
    }
}
