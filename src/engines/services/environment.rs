//! Variables of a service: which hold secrets, how these came to be, and as whom an application connects.

use std::cell::{Cell, RefCell};

use super::roles::Identity;
use super::secrets;
use super::urls::{self, DatabaseUrl};
use super::{ProjectContext, field};
use crate::model::{Engine, EnvironmentEntry, Field, Interpolated, Placement, Provenance, Record, Value, Why};
use crate::text::{Files, Span};

/// Variables that images take as passwords of the database.
const IMAGE_PASSWORDS: &[(Engine, &[&str])] = &[
    (
        Engine::Postgresql,
        &[
            "POSTGRES_PASSWORD",
            "POSTGRESQL_PASSWORD",
            "POSTGRESQL_POSTGRES_PASSWORD",
            "POSTGRES_POSTGRES_PASSWORD",
            "POSTGRESQL_REPLICATION_PASSWORD",
            "POSTGRESQL_ADMIN_PASSWORD",
            "PGPASSWORD_SUPERUSER",
            "PGPASSWORD_STANDBY",
            "PATRONI_SUPERUSER_PASSWORD",
            "PATRONI_REPLICATION_PASSWORD",
            "REPMGR_PASSWORD",
        ],
    ),
    (Engine::Mysql, &["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "MYSQL_REPLICATION_PASSWORD"]),
    (
        Engine::Mariadb,
        &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_PASSWORD",
            "MARIADB_REPLICATION_PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_PASSWORD",
            "MARIADB_GALERA_MARIABACKUP_PASSWORD",
        ],
    ),
    (Engine::Mongodb, &["MONGO_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD", "MONGODB_PASSWORD"]),
    (Engine::Redis, &["REDIS_PASSWORD"]),
    (Engine::Valkey, &["VALKEY_PASSWORD"]),
];

/// Variables of which the official images also read the `_FILE` form.
const FILE_FORMS: &[(Engine, &[&str])] = &[
    (Engine::Postgresql, &["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"]),
    (Engine::Mysql, &["MYSQL_ROOT_PASSWORD", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_ROOT_HOST"]),
    (
        Engine::Mariadb,
        &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_ROOT_PASSWORD_HASH",
            "MARIADB_DATABASE",
            "MARIADB_USER",
            "MARIADB_PASSWORD",
            "MARIADB_PASSWORD_HASH",
            "MARIADB_ROOT_HOST",
            "MARIADB_USER_HOST",
            "MARIADB_REPLICATION_USER",
            "MARIADB_REPLICATION_PASSWORD",
            "MARIADB_REPLICATION_PASSWORD_HASH",
            "MARIADB_MASTER_HOST",
            "MARIADB_MASTER_PORT",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
            "MYSQL_ROOT_HOST",
        ],
    ),
    (Engine::Mongodb, &["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"]),
    (Engine::Redis, &[]),
    (Engine::Valkey, &[]),
];

/// Distributions that use the entrypoint of the official image.
const OFFICIAL_ENTRYPOINT: &[&str] = &["official", "postgis", "timescale", "pgvector"];

fn of_engine(table: &[(Engine, &'static [&'static str])], engine: Engine) -> &'static [&'static str] {
    table.iter().find(|(known, _)| *known == engine).map_or(&[], |(_, names)| names)
}

/// Whether the image takes the variable as a password of its database.
#[must_use]
pub(super) fn is_image_password(identity: &Identity, name: &str) -> bool {
    identity.role == "database" && identity.engine.is_some_and(|engine| of_engine(IMAGE_PASSWORDS, engine).contains(&name))
}

/// Names that make a password of this service weak when they are it.
#[must_use]
pub(super) fn known_names(placement: &Placement) -> Vec<String> {
    let mut names = vec![placement.name.clone()];
    names.extend(placement.project.clone());
    for entry in &placement.environment {
        let upper = entry.name.to_ascii_uppercase();
        let names_something = ["USER", "USERNAME", "_DB", "DATABASE", "DBNAME"].iter().any(|ending| upper.ends_with(ending));
        if names_something && !secrets::is_secret_name(&entry.name) {
            names.extend(entry.value.value.clone());
        }
    }
    names
}

/// One record per variable.
#[must_use]
pub(super) fn records(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    let names = known_names(placement);
    placement.environment.iter().map(|entry| record(placement, identity, entry, &names, context)).collect()
}

fn record(placement: &Placement, identity: &Identity, entry: &EnvironmentEntry, names: &[String], context: &ProjectContext<'_>) -> Record {
    let span = Some(entry.value.span);
    let secret_name = secrets::is_secret_name(&entry.name) || is_image_password(identity, &entry.name);
    let exempt = entry.value.value.as_deref().is_some_and(is_no_secret_value);
    let secret = secret_name && !exempt;
    let url = seen_url(&entry.value);
    if secret {
        redact(context.files, &entry.value);
    }
    if url.as_ref().is_some_and(|url| url.password != "none") {
        redact_url(context.files, entry.value.span);
        entry.value.defined_at.iter().for_each(|span| redact_url(context.files, *span));
    }
    let image_password = is_image_password(identity, &entry.name);
    let judged = |test: &dyn Fn(&str) -> bool| match (&entry.value.value, secret) {
        (Some(value), true) => field::truth(test(value), span),
        (None, true) => Field::unknown(unresolved(&entry.name)),
        (_, false) => field::truth(false, span),
    };
    let weak = judged(&|value| secrets::is_weak(value, names.iter().map(String::as_str)));
    let placeholder = judged(&|value| secrets::is_placeholder(&entry.name, value));
    let url_password = url.as_ref().map_or("none", |url| url.password);
    let shown = (!secret && !secret_name && url_password == "none").then(|| entry.value.value.clone()).flatten();
    let mut record = Record::new("environment", format!("services.{}.environment.{}", placement.name, entry.name), Some(whole(entry)))
        .with("name", Field::text(&entry.name, Some(entry.name_span)))
        .with("value", value_field(entry))
        .with("text", text_field(entry, shown, secret || secret_name || url_password != "none"))
        .with("secret", field::truth(secret, span))
        .with("image_password", field::truth(image_password, span))
        .with("database_password", field::truth(secret && (image_password || secrets::is_database_password_name(&entry.name)), span))
        .with("provenance", Field::text(provenance(entry), span))
        .with("weak", weak)
        .with("placeholder", placeholder)
        .with("url_password", Field::text(url_password, span))
        .with("url_weak", url.as_ref().map_or_else(|| field::truth(false, span), |url| field::truth(url.weak, span)))
        .with("superuser", superuser_field(entry, url.as_ref(), context))
        .with("both_set", both_set(placement, identity, entry))
        .with("file_form", Field::text(file_form(identity, &entry.name), Some(entry.name_span)));
    if let Some(defined) = entry.value.defined_at {
        record.related.push((defined, "its value comes from here".to_owned()));
    }
    record
}

/// Name and value; the name alone when they stand in different files.
fn whole(entry: &EnvironmentEntry) -> Span {
    if entry.name_span.source == entry.value.span.source { entry.name_span.to(entry.value.span) } else { entry.name_span }
}

fn unresolved(name: &str) -> Why {
    Why::needing(format!("the value of {name} is a variable that nothing given defines"), "give the file with its value: --env-file FILE")
}

fn value_field(entry: &EnvironmentEntry) -> Field {
    match &entry.value.value {
        Some(value) => Field::known(Value::Secret(crate::model::Secret::new(value.clone())), Some(entry.value.span)),
        None if entry.value.provenance == Provenance::PassThrough => {
            Field::unknown(Why::new(format!("{} is passed on from the shell", entry.name)))
        }
        None => Field::unknown(unresolved(&entry.name)),
    }
}

fn text_field(entry: &EnvironmentEntry, shown: Option<String>, withheld: bool) -> Field {
    match shown {
        Some(text) => Field::text(text, Some(entry.value.span)),
        None if withheld => Field::absent(),
        None => Field::unknown(unresolved(&entry.name)),
    }
}

fn provenance(entry: &EnvironmentEntry) -> &'static str {
    match entry.value.provenance {
        Provenance::Literal | Provenance::Default if entry.from_file => Provenance::EnvFile.word(),
        other => other.word(),
    }
}

/// Values that are no secret whatever the name says: a path of a secret file, a switch, nothing.
fn is_no_secret_value(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    lower.is_empty()
        || lower.starts_with("/run/secrets/")
        || matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "none" | "null")
}

/// Keeps a secret out of every excerpt, where it is written and where it comes from.
fn redact(files: &Files, value: &Interpolated) {
    for span in std::iter::once(value.span).chain(value.defined_at) {
        if let Some(source) = files.source(span.source) {
            source.redact(span);
        }
    }
}

fn redact_url(files: &Files, span: Span) {
    let Some(source) = files.source(span.source) else {
        return;
    };
    let password = urls::find(source.slice(span)).and_then(|url| url.password);
    let place = password.map_or(span, |range| Span::new(span.source, span.start as usize + range.start, span.start as usize + range.end));
    source.redact(place);
}

/// What can be said of a URL without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SeenUrl {
    engine: Engine,
    user: String,
    host: String,
    /// `none`, `literal` or `variable`.
    password: &'static str,
    weak: bool,
}

/// The database URL of a value, variables left as `${NAME}` where they have no value.
fn seen_url(value: &Interpolated) -> Option<SeenUrl> {
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
    if let Some(resolved) = value.value.as_deref().and_then(urls::find) {
        seen.user = resolved.user;
        seen.host = resolved.host;
    }
    Some(seen)
}

fn describe(plain: &Plain, url: &DatabaseUrl) -> SeenUrl {
    let password = url.password.clone().and_then(|range| plain.text.get(range)).unwrap_or("");
    let kind = match password {
        "" => "none",
        text if text.contains('$') && !plain.defaults.iter().any(|name| text.contains(&format!("${{{name}}}"))) => "variable",
        _ => "literal",
    };
    let weak = kind == "literal" && !password.contains('$') && secrets::is_weak(password, [url.user.as_str(), url.host.as_str()]);
    SeenUrl { engine: url.engine, user: url.user.clone(), host: url.host.clone(), password: kind, weak }
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

/// The administrator's account of a database service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superuser {
    /// Its name, or the variable that names it as `${NAME}`; `None` when it cannot be told.
    pub name: Option<String>,
    /// Where it is set; `None` for the default of the image.
    pub span: Option<Span>,
}

/// The account that the image makes an administrator.
#[must_use]
pub(super) fn superuser(placement: &Placement, engine: Engine) -> Superuser {
    let (variable, default) = match engine {
        Engine::Postgresql => ("POSTGRES_USER", Some("postgres")),
        Engine::Mysql | Engine::Mariadb => ("", Some("root")),
        Engine::Mongodb => ("MONGO_INITDB_ROOT_USERNAME", None),
        Engine::Redis | Engine::Valkey | Engine::Sqlite => ("", None),
    };
    match placement.environment.iter().find(|entry| entry.name == variable) {
        Some(entry) => Superuser { name: account(&entry.value), span: Some(entry.value.span) },
        None => Superuser { name: default.map(str::to_owned), span: None },
    }
}

/// An account as text: its value, else the variable that stands for it.
fn account(value: &Interpolated) -> Option<String> {
    value.value.clone().or_else(|| match value.variables.as_slice() {
        [only] => Some(format!("${{{only}}}")),
        _ => None,
    })
}

fn superuser_field(entry: &EnvironmentEntry, url: Option<&SeenUrl>, context: &ProjectContext<'_>) -> Field {
    let verdict = match url {
        Some(url) => connects_as_superuser(&url.user, url.engine, Some(&url.host), context),
        None => match engines_of_user_variable(&entry.name) {
            Some(engines) => account(&entry.value).and_then(|user| is_any_superuser(&user, engines, context)),
            None => Some(false),
        },
    };
    verdict.map_or_else(|| Field::unknown(unresolved(&entry.name)), |truth| field::truth(truth, Some(entry.value.span)))
}

/// The same for a variable that names no host: every database of the project with such an engine may be meant.
fn is_any_superuser(user: &str, engines: &[Engine], context: &ProjectContext<'_>) -> Option<bool> {
    let present: Vec<Engine> = engines.iter().copied().filter(|engine| context.superusers(*engine, None).next().is_some()).collect();
    let engines = if present.is_empty() { engines } else { present.as_slice() };
    let verdicts: Vec<Option<bool>> = engines.iter().map(|engine| connects_as_superuser(user, *engine, None, context)).collect();
    if verdicts.contains(&Some(true)) {
        Some(true)
    } else if verdicts.contains(&None) {
        None
    } else {
        Some(false)
    }
}

/// Whether `user` is the administrator of the database at `host`; `None` when it cannot be told.
fn connects_as_superuser(user: &str, engine: Engine, host: Option<&str>, context: &ProjectContext<'_>) -> Option<bool> {
    if user.is_empty() {
        return Some(false);
    }
    let databases: Vec<&Superuser> = context.superusers(engine, host.filter(|host| !host.contains('$'))).collect();
    if databases.iter().any(|account| account.name.as_deref() == Some(user)) {
        return Some(true);
    }
    let variable = user.contains('$') || databases.iter().any(|account| account.name.as_deref().is_none_or(|name| name.contains('$')));
    if !databases.is_empty() {
        return if variable { None } else { Some(false) };
    }
    match engine {
        Engine::Postgresql => Some(user == "postgres"),
        Engine::Mysql | Engine::Mariadb => Some(user == "root"),
        _ => Some(false),
    }
}

/// Engines whose user a variable such as `DB_USER` or `PGUSER` names.
fn engines_of_user_variable(name: &str) -> Option<&'static [Engine]> {
    let upper = name.to_ascii_uppercase();
    let stem = upper.strip_suffix("USERNAME").or_else(|| upper.strip_suffix("USER"))?.trim_end_matches('_');
    match stem.rsplit('_').next().unwrap_or(stem) {
        "PG" | "POSTGRES" | "POSTGRESQL" => Some(&[Engine::Postgresql]),
        "MYSQL" => Some(&[Engine::Mysql, Engine::Mariadb]),
        "MARIADB" => Some(&[Engine::Mariadb]),
        "MONGO" | "MONGODB" => Some(&[Engine::Mongodb]),
        "DB" | "DATABASE" => Some(&[Engine::Postgresql, Engine::Mysql, Engine::Mariadb, Engine::Mongodb]),
        _ => None,
    }
}

fn reads_official_variables(identity: &Identity) -> bool {
    let distribution = identity.image.as_ref().and_then(|image| image.distribution);
    identity.role == "database" && distribution.is_some_and(|name| OFFICIAL_ENTRYPOINT.contains(&name))
}

/// Whether a variable and its `_FILE` form are both set, which ends the official entrypoints with an error.
fn both_set(placement: &Placement, identity: &Identity, entry: &EnvironmentEntry) -> Field {
    let span = Some(entry.name_span);
    let named = identity.engine.map_or(&[][..], |engine| of_engine(FILE_FORMS, engine));
    if !reads_official_variables(identity) || !named.contains(&entry.name.as_str()) {
        return field::truth(false, span);
    }
    let twin = format!("{}_FILE", entry.name);
    let Some(twin) = placement.environment.iter().find(|other| other.name == twin) else {
        return field::truth(false, span);
    };
    match (entry.value.value.as_deref(), twin.value.value.as_deref()) {
        (Some(""), _) | (_, Some("")) => field::truth(false, span),
        (Some(_), Some(_)) => field::truth(true, span),
        _ => Field::unknown(unresolved(&entry.name)),
    }
}

/// Whether the name is a `_FILE` form, and whether the image reads it.
fn file_form(identity: &Identity, name: &str) -> &'static str {
    let (Some(base), Some(engine)) = (name.strip_suffix("_FILE"), identity.engine) else {
        return "no";
    };
    let own = match engine {
        Engine::Postgresql => base.starts_with("POSTGRES_") || base == "PGDATA",
        Engine::Mysql => base.starts_with("MYSQL_"),
        Engine::Mariadb => base.starts_with("MARIADB_") || base.starts_with("MYSQL_"),
        Engine::Mongodb => base.starts_with("MONGO_INITDB_"),
        Engine::Redis => base.starts_with("REDIS_"),
        Engine::Valkey => base.starts_with("VALKEY_"),
        Engine::Sqlite => false,
    };
    match (own && reads_official_variables(identity), of_engine(FILE_FORMS, engine).contains(&base)) {
        (false, _) => "no",
        (true, true) => "read",
        (true, false) => "ignored",
    }
}
