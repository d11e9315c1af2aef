//! Connection strings, as a URI or as keywords and values. The grammar is that of libpq.
//!
//! <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>

use crate::model::{Secret, Value};
use crate::text::secrets::names_secret;

/// The value of a key, the last one where it stands twice; a secret stays one.
#[must_use]
pub fn value(text: &str, key: &str) -> Option<Value> {
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

/// The one host of a URI of any scheme; nothing where it names none or several, or a socket.
#[must_use]
pub fn host_of_uri(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => place.split_once(':').map_or(place, |(host, _)| host),
    };
    (!host.is_empty() && !host.contains([',', '%'])).then(|| host.to_owned())
}

/// The one host that a connection string names; nothing where it names none or several, or a socket.
///
/// `hostaddr` is preferred, as libpq does.
#[must_use]
pub fn host(text: &str) -> Option<String> {
    let keyed = |key| value(text, key).map(|host| host.to_string()).filter(|host| !host.is_empty());
    let host = keyed("hostaddr").or_else(|| keyed("host")).or_else(|| host_of_uri(text.trim_start()))?;
    let single = !host.contains([',', '%']) && !host.starts_with(['/', '@']);
    single.then(|| host.trim_matches(['[', ']']).to_owned())
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

    #[test]
    fn a_uri_has_one_host_or_none() {
        for (uri, host) in [
            ("postgres://auditor@db.internal/shop", Some("db.internal")),
            ("postgres://auditor:<redacted>@db.internal:5433", Some("db.internal")),
            ("postgres://[::1]:5432/shop", Some("::1")),
            ("postgres:///shop", None),
            ("postgres://a,b/shop", None),
        ] {
            assert_eq!(host_of_uri(uri).as_deref(), host, "{uri}");
        }
    }

    #[test]
    fn both_forms_name_a_host() {
        for (text, name) in [
            ("host=10.0.1.10 user=replicator sslmode=verify-full", Some("10.0.1.10")),
            ("user=r host = 'db1' port=5432", Some("db1")),
            ("password='x host=other' host=db1", Some("db1")),
            ("host=db1 hostaddr=10.0.0.9", Some("10.0.0.9")),
            ("postgresql://r:<redacted>@db1:5432/x?sslmode=require", Some("db1")),
            ("postgresql:///x?host=db1", Some("db1")),
            ("postgresql://r@[fd00::1]:5432/", Some("fd00::1")),
            ("postgresql://%2Fvar%2Frun/x", None),
            ("host=a,b", None),
            ("host=/var/run/postgresql", None),
            ("user=r", None),
            ("", None),
        ] {
            assert_eq!(host(text).as_deref(), name, "{text}");
        }
    }
}
