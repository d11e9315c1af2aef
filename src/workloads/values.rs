//! Values that hold variables: what can be said of a connection string without keeping its password.

use std::cell::{Cell, RefCell};

use super::secrets;
use super::urls::{self, DatabaseUrl};
use crate::model::{Engine, Interpolated};

/// What can be said of a URL without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SeenUrl {
    /// Engine that its scheme names.
    pub(super) engine: Engine,
    /// User, as `${NAME}` where a variable has no value.
    pub(super) user: String,
    /// Host, likewise.
    pub(super) host: String,
    /// Database, where one is named, likewise.
    pub(super) database: Option<String>,
    /// What follows a question mark, likewise.
    pub(super) query: String,
    /// Port as written, where one is.
    pub(super) port: Option<String>,
    /// Whether it holds a password: `none`, `literal`, `default` (of a variable) or `variable`.
    pub(super) password: &'static str,
    /// Whether that password is weak, as far as its value is known.
    pub(super) weak: bool,
}

/// The database URL of a value, variables left as `${NAME}` where they have no value.
pub(super) fn seen_url(value: &Interpolated) -> Option<SeenUrl> {
    let seen = RefCell::new(None);
    let _ = value.raw.test(|raw| {
        let plain = plain_variables(raw);
        *seen.borrow_mut() = urls::find(&plain.text).map(|url| describe(&plain, &url));
        true
    });
    let mut seen = seen.into_inner();
    // A whole URL that comes from a variable of a file.
    if seen.is_none() {
        let text = value.value.as_deref()?;
        let plain = Plain { text: text.to_owned(), defaults: Vec::new() };
        seen = urls::find(text)
            .map(|url| SeenUrl { password: if url.password.is_some() { "variable" } else { "none" }, ..describe(&plain, &url) });
    }
    let mut seen = seen?;
    if let Some((text, resolved)) = value.value.as_deref().and_then(|text| Some((text, urls::find(text)?))) {
        let password = resolved.password.clone().and_then(|range| text.get(range)).unwrap_or("");
        seen.weak |= secrets::is_weak(password, [resolved.user.as_str(), resolved.host.as_str()]);
        seen.user = resolved.user;
        seen.host = resolved.host;
        seen.port = resolved.port;
        seen.database = resolved.database;
        seen.query = resolved.query;
    }
    Some(seen)
}

fn describe(plain: &Plain, url: &DatabaseUrl) -> SeenUrl {
    let password = url.password.clone().and_then(|range| plain.text.get(range)).unwrap_or("");
    let kind = match password {
        "" => "none",
        text if plain.defaults.iter().any(|name| text.contains(&format!("${{{name}}}"))) => "default",
        text if text.contains('$') => "variable",
        _ => "literal",
    };
    let weak = kind == "literal" && !password.contains('$') && secrets::is_weak(password, [url.user.as_str(), url.host.as_str()]);
    let DatabaseUrl { engine, user, host, port, database, query, .. } = url.clone();
    SeenUrl { engine, user, host, port, database, query, password: kind, weak }
}

/// A text with `${NAME:-default}` and the like reduced to `${NAME}`, and the names that have a default.
struct Plain {
    text: String,
    defaults: Vec<String>,
}

fn plain_variables(raw: &str) -> Plain {
    let mut plain = Plain { text: String::with_capacity(raw.len()), defaults: Vec::new() };
    let mut rest = raw;
    while let Some(at) = rest.find("${") {
        let (before, tail) = rest.split_at(at);
        plain.text.push_str(before);
        let depth = Cell::new(0_usize);
        let end = tail.char_indices().find_map(|(at, c)| {
            depth.set(match c {
                '{' => depth.get() + 1,
                '}' => depth.get().saturating_sub(1),
                _ => depth.get(),
            });
            (c == '}' && depth.get() == 0).then_some(at)
        });
        let Some(end) = end else {
            plain.text.push_str(tail);
            return plain;
        };
        let inside = tail.get(2..end).unwrap_or("");
        let name_end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
        let (name, modifier) = inside.split_at(name_end);
        if modifier.trim_start_matches(':').strip_prefix('-').is_some_and(|default| !default.is_empty()) {
            plain.defaults.push(name.to_owned());
        }
        plain.text.push_str("${");
        plain.text.push_str(name);
        plain.text.push('}');
        rest = tail.get(end + 1..).unwrap_or("");
    }
    plain.text.push_str(rest);
    plain
}
