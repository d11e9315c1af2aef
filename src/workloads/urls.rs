//! Connection strings in the environment of a service: `postgresql://user:password@host/database`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::footprints;
use crate::model::Engine;

/// A database URL, taken apart. Ranges are bytes of the text that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DatabaseUrl {
    /// Engine that the scheme names.
    pub engine: Engine,
    /// User name, decoded no further than it is written.
    pub user: String,
    /// Password, where one is written; empty ones are none.
    pub password: Option<Range<usize>>,
    /// Host without port.
    pub host: String,
    /// Port as written, where one is.
    pub port: Option<String>,
    /// Database, where one is named; not decoded.
    pub database: Option<String>,
    /// What follows a question mark.
    pub query: String,
}

/// Where a database URL leads, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlPlace {
    /// Engine that the scheme names.
    pub engine: Engine,
    /// Host without port.
    pub host: String,
    /// Name of the database; empty where none is written.
    pub database: String,
    /// User name, as it is written; empty where none is.
    pub user: String,
}

/// Where the first database URL in a text leads.
#[must_use]
pub fn place(text: &str) -> Option<UrlPlace> {
    let plain = without_defaults(text);
    find(&plain).map(|url| UrlPlace { engine: url.engine, host: url.host, database: url.database.unwrap_or_default(), user: url.user })
}

/// Equal for equal secrets, be they a value or the password of a URL: what is said of one of them is said of all.
pub(super) fn twin(value: &str) -> u64 {
    let password = find(value).and_then(|url| value.get(url.password?));
    let mut hasher = DefaultHasher::new();
    password.unwrap_or(value).hash(&mut hasher);
    hasher.finish()
}

/// A text with `${NAME:?some words}` as `${NAME}`: what stands for a missing value may hold anything.
fn without_defaults(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}').unwrap_or((after, ""));
        let name = inside.split([':', '-', '?', '+']).next().unwrap_or("");
        plain.push_str(before);
        plain.push_str("${");
        plain.push_str(name);
        plain.push('}');
        rest = behind;
    }
    plain + rest
}

/// Engine of a URL scheme, with what drivers add to it (`postgresql+asyncpg`, `jdbc:mysql`).
fn engine_of(scheme: &str) -> Option<Engine> {
    let scheme = scheme.to_ascii_lowercase();
    let scheme = scheme.strip_prefix("jdbc:").unwrap_or(&scheme);
    let scheme = scheme.split('+').next().unwrap_or(scheme);
    footprints::ALL.iter().find(|footprint| footprint.url_schemes.contains(&scheme)).map(|footprint| footprint.engine)
}

/// The first database URL in a text.
///
/// A password may hold `/`, `@` or `:`; as drivers do, the last `@` before the end of the word ends it.
#[must_use]
pub(super) fn find(text: &str) -> Option<DatabaseUrl> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("://") {
        let at = from + found;
        let head = text.get(..at)?;
        let scheme_start =
            head.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':'))).map_or(0, |end| end + 1);
        let scheme = head.get(scheme_start..).unwrap_or("").trim_start_matches(':');
        if let Some(engine) = engine_of(scheme) {
            return Some(take_apart(text, at + 3, engine));
        }
        from = at + 3;
    }
    None
}

fn take_apart(text: &str, start: usize, engine: Engine) -> DatabaseUrl {
    let rest = text.get(start..).unwrap_or("");
    let word = rest.split([' ', '\t', '\n', '"', '\'', '|']).next().unwrap_or("");
    // The user information ends at the last `@` of what comes before the path, or of the whole word
    // when the password itself holds a slash.
    let authority = word.split(['/', '?', '#']).next().unwrap_or("");
    let at_sign = authority.rfind('@').or_else(|| word.split(['?', '#']).next().and_then(|path| path.rfind('@')));
    let (user_info, host) = match at_sign {
        Some(at) => (word.get(..at).unwrap_or(""), word.get(at + 1..).unwrap_or("")),
        None => ("", word),
    };
    let (user, password) = match user_info.split_once(':') {
        Some((user, password)) => (user, (!password.is_empty()).then(|| start + user.len() + 1..start + user_info.len())),
        None => (user_info, None),
    };
    let after_host = if at_sign.is_some() { host } else { word };
    let (path, query) = after_host.split_once('?').unwrap_or((after_host, ""));
    let database = path.split_once('/').map(|(_, name)| name.split('#').next().unwrap_or(name).to_owned());
    let host = host.split(['/', '?', '#', ',']).next().unwrap_or("");
    let (host, port) = match host.split_once(':') {
        Some((host, port)) if !host.starts_with('[') => (host, Some(port.to_owned())),
        _ => (host, None),
    };
    DatabaseUrl { engine, user: user.to_owned(), password, host: host.to_owned(), port, database, query: query.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, user, password, host) in [
            ("postgresql://user:pw@db:5432/appdb", "user", Some("pw"), "db"),
            ("redis://:pw@cache:6379", "", Some("pw"), "cache"),
            ("redis://cache:6379", "", None, "cache"),
            ("DATA_SOURCE_NAME=postgres://u:p/w@db/x?sslmode=disable", "u", Some("p/w"), "db"),
            ("jdbc:postgresql://db:5432/app", "", None, "db"),
            ("postgresql+asyncpg://${U}:${P}@db/x", "${U}", Some("${P}"), "db"),
            ("mongodb://root:pw@m1:27017,m2:27017/x", "root", Some("pw"), "m1"),
        ] {
            let url = find(text).unwrap();
            assert_eq!(
                (url.user.as_str(), url.password.and_then(|range| text.get(range)), url.host.as_str()),
                (user, password, host),
                "{text}"
            );
        }
        let rest = |text: &str| find(text).map(|url| (url.database.unwrap_or_default(), url.query)).unwrap();
        assert_eq!(rest("postgresql://u:p@db:5432/shop?sslmode=require"), ("shop".to_owned(), "sslmode=require".to_owned()));
        assert_eq!(rest("postgres://u:p/w@db/x#y"), ("x".to_owned(), String::new()));
        assert_eq!(rest("postgres://u:p@db"), (String::new(), String::new()));
        let missing = place("postgres://app:${APP_PASSWORD:?set by the deployment}@db:5432/shop").unwrap();
        assert_eq!((missing.host.as_str(), missing.database.as_str(), missing.user.as_str()), ("db", "shop", "app"));
        assert_eq!(find("http://user:pw@host/x"), None);
        assert_eq!(find("no url"), None);
    }
}
