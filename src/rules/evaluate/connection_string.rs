//! One key of a connection string, as a URI or as keywords and values. The grammar is that of libpq.
//!
//! <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>

use crate::model::{Secret, Value};
use crate::text::secrets::names_secret;

/// The value of a key, the last one where it stands twice; a secret stays one.
pub(super) fn value(text: &str, key: &str) -> Option<Value> {
    let found = match text.trim_start().split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => of_uri(rest, key),
        _ => of_pairs(text, key),
    }?;
    Some(if names_secret(key) { Value::Secret(Secret::new(found)) } else { Value::text(found) })
}

/// `host=db sslmode = 'verify-full'`: blanks around `=`, quotes, backslashes.
fn of_pairs(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text.trim_start();
    let mut found = None;
    while let Some((key, after)) = rest.split_once('=') {
        let (value, tail) = pair_value(after.trim_start());
        if key.trim() == wanted {
            found = Some(value);
        }
        rest = tail.trim_start();
    }
    found
}

/// A value and what follows it.
fn pair_value(text: &str) -> (String, &str) {
    let (quoted, mut rest) = text.strip_prefix('\'').map_or((false, text), |inner| (true, inner));
    let mut value = String::new();
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or("");
        if next == '\\' {
            let escaped = after.chars().next();
            value.extend(escaped);
            rest = after.get(escaped.map_or(0, char::len_utf8)..).unwrap_or("");
            continue;
        }
        if (quoted && next == '\'') || (!quoted && next.is_ascii_whitespace()) {
            return (value, after);
        }
        value.push(next);
        rest = after;
    }
    (value, rest)
}

/// `user@host:port/dbname?sslmode=require`: only what stands behind the question mark.
fn of_uri(rest: &str, wanted: &str) -> Option<String> {
    let (_, query) = rest.split_once('?')?;
    query.rsplit('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let text = |text: &str, key| value(text, key).map(|value| value.to_string());
        assert_eq!(text("host=db sslmode=require", "sslmode").as_deref(), Some("require"));
        assert_eq!(text(r"host='a b' sslmode = 'it\'s' x=1", "sslmode").as_deref(), Some("it's"));
        assert_eq!(text("host='sslmode=disable' port=1", "sslmode"), None);
        assert_eq!(text("postgresql://u@h/db?sslmode=verify-full&x=1", "sslmode").as_deref(), Some("verify-full"));
        assert_eq!(text("password=hunter2", "password").as_deref(), Some("<redacted>"));
        assert_eq!(text("", "sslmode"), None);
    }
}
