//! Dotenv files (`.env`, `env_file`) as rules see them: subjects of kind `file`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field;
use super::gitignore::ignored;
use super::{secrets, urls};
use crate::model::{EnvironmentEntry, Field, Provenance, Record, RecordSet, Secret, Subject, SubjectKind, Value, Why};
use crate::text::path::name_of;
use crate::text::{Files, Span};

/// A dotenv file that was read.
#[derive(Clone, Debug)]
pub struct DotenvFile {
    /// Display path.
    pub path: String,
    /// Every assignment, in order, repeated names included.
    pub entries: Vec<EnvironmentEntry>,
    /// Whether a deployment loads it; `None` when nothing given is a deployment that could.
    pub loaded: Option<bool>,
    /// The first byte of the file, for what is absent.
    pub head: Span,
}

/// Endings and beginnings of names that say "example".
const EXAMPLE_WORDS: &[&str] = &["example", "sample", "dist", "template", "tmpl", "tpl", "defaults", "skel"];

/// Whether a name says that the file is an example: `.env.example`, `sample.env`, `.env-dist`.
#[must_use]
pub fn is_example(path: &str) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|part| EXAMPLE_WORDS.contains(&part))
}

/// Endings of files that development tools read by themselves: `.env.local` of a web framework, `.envrc` of direnv.
const OF_TOOLS: &[&str] = &["envrc", "flaskenv", "local", "test", "testing", "development", "ci"];
/// What tells of a framework that reads `.env.production` and the like.
const OF_FRAMEWORKS: &[&str] = &["package.json", "Gemfile", "composer.json", "artisan", "mix.exs"];

/// Whether a file is read by something else than a deployment: a development tool, a framework, or what names it in the
/// same folder.
#[must_use]
pub fn is_of_another_tool(path: &str, files: &Files) -> bool {
    let name = name_of(path);
    let folder = path.strip_suffix(name).unwrap_or_default();
    let is_there = |other: &&str| files.exists(&format!("{folder}{other}")) == Ok(true);
    let ending = name.rsplit('.').next().unwrap_or(name);
    let sources = files.sources();
    let mut beside = sources.values().filter(|source| source.path() != path && source.path().starts_with(folder));
    OF_TOOLS.contains(&ending)
        || name.starts_with(".env") && OF_FRAMEWORKS.iter().any(is_there)
        || name != ".env" && beside.any(|source| names_file(source.text(), name))
}

/// Whether a text names a file, by its whole name.
fn names_file(text: &str, name: &str) -> bool {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// The subject of a dotenv file.
#[must_use]
pub fn dotenv_subject(file: &DotenvFile, files: &Files) -> Subject {
    let mut subject = Subject::new(SubjectKind::File, file.path.as_str());
    let head = Some(file.head);
    subject.anchor = head;
    let loaded = file.loaded.map_or_else(
        || Field::unknown(Why::new(format!("nothing that was given could load {}", file.path))),
        |loaded| Field::bool(loaded, head),
    );
    let mode = files.meant_mode(&file.path);
    let facts = &mut subject.facts;
    facts.insert("kind", Field::word("dotenv", head));
    facts.insert("path", Field::text(&file.path, head));
    facts.insert("loaded", loaded);
    facts.insert("example", Field::bool(is_example(&file.path), head));
    facts.insert("ignored", ignored(files, &file.path).field(head));
    facts.insert("mode", mode.map_or_else(Field::absent, |mode| Field::known(Value::Integer(i64::from(mode)), head)));
    facts.insert("world_readable", mode.map_or_else(Field::absent, |mode| Field::bool(mode & 0o004 != 0, head)));
    let names = known_names(&file.entries);
    let last = last_by_name(&file.entries);
    let rows = file
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| Arc::new(record(entry, later(at, entry, &last, &file.entries), &names, &file.entries, files)));
    let rows: Vec<Arc<Record>> = rows.collect();
    subject.facts.insert("secret_names", secret_names(&rows));
    subject.records.insert("environment", RecordSet { rows, incomplete: None });
    subject.records.insert("problem", RecordSet::default());
    subject
}

/// Names of the variables that hold a secret, at the first of them.
fn secret_names(rows: &[Arc<Record>]) -> Field {
    let holds = |row: &&Arc<Record>| {
        (row.truth("secret") == Some(true) || row.text("url_password") == Some("literal")) && row.truth("placeholder") == Some(false)
    };
    let secret: Vec<&Arc<Record>> = rows.iter().filter(holds).collect();
    let place = secret.first().and_then(|row| row.fields.get("secret")?.span);
    field::list(secret.iter().filter_map(|row| row.text("name")), place)
}

fn last_by_name(entries: &[EnvironmentEntry]) -> BTreeMap<&str, usize> {
    entries.iter().enumerate().map(|(at, entry)| (entry.name.as_str(), at)).collect()
}

/// The line that sets the same name once more, and wins.
fn later<'e>(
    at: usize,
    entry: &EnvironmentEntry,
    last: &BTreeMap<&str, usize>,
    entries: &'e [EnvironmentEntry],
) -> Option<&'e EnvironmentEntry> {
    entries.get(*last.get(entry.name.as_str())?).filter(|_| last.get(entry.name.as_str()) != Some(&at))
}

/// Values of users, databases and hosts: a password that repeats one is weak.
fn known_names(entries: &[EnvironmentEntry]) -> Vec<&str> {
    let names_something = |entry: &&EnvironmentEntry| {
        let upper = entry.name.to_ascii_uppercase();
        ["USER", "USERNAME", "_DB", "DATABASE", "DBNAME", "PROJECT_NAME"].iter().any(|ending| upper.ends_with(ending))
    };
    entries.iter().filter(names_something).filter_map(|entry| entry.value.value.as_deref()).collect()
}

fn record(entry: &EnvironmentEntry, later: Option<&EnvironmentEntry>, names: &[&str], all: &[EnvironmentEntry], files: &Files) -> Record {
    let span = Some(entry.value.span);
    let value = entry.value.value.as_deref();
    // A value that is nothing but another variable is that one's secret.
    let holds = value.is_none_or(|value| !secrets::is_no_secret_value(value)) && !is_reference(entry);
    let secret_name = secrets::is_secret_name(&entry.name);
    let secret = secret_name && holds && !secrets::is_key_id(&entry.name, all.iter().map(|other| other.name.as_str()));
    let password = value.and_then(|value| Some((value, urls::find(value)?.password?)));
    let url_password = password.clone().and_then(|(value, range)| value.get(range));
    redact(entry, secret_name && holds, url_password.is_some(), files);
    let placeholder = |text: Option<&str>| text.is_some_and(|text| secrets::is_placeholder(&entry.name, text));
    let url_kind = match url_password {
        None => "none",
        Some(_) if !entry.value.variables.is_empty() => "variable",
        Some(_) => "literal",
    };
    let shown = value.filter(|_| !secret_name && url_password.is_none());
    let mut record = Record::new("environment", entry.name.as_str(), Some(entry.name_span.to(entry.value.span)))
        .with("name", Field::text(&entry.name, Some(entry.name_span)))
        .with("value", value.map_or_else(|| unresolved(span), |value| Field::known(Value::Secret(Secret::new(value)), span)))
        .with("text", shown.map_or_else(Field::absent, |text| Field::text(text, span)))
        .with("secret", Field::bool(secret, span))
        .with("image_password", Field::bool(false, span))
        .with("database_password", Field::bool(secret && secrets::is_database_password_name(&entry.name), span))
        .with("provenance", Field::word(entry.value.provenance.word(), span))
        .with("weak", Field::bool(secret && value.is_some_and(|value| secrets::is_weak(value, names.iter().copied())), span))
        .with("placeholder", Field::bool(secret && placeholder(value) || placeholder(url_password), span))
        .with("url_password", Field::text(url_kind, span))
        .with("url_weak", Field::bool(url_password.is_some_and(|password| secrets::is_weak(password, names.iter().copied())), span))
        .with("duplicate", Field::bool(later.is_some(), Some(entry.name_span)))
        .with("dollar", Field::bool((secret || url_password.is_some()) && swallows_dollar(entry), span));
    if secret || url_password.is_some() {
        record.twin = value.map(urls::twin);
    }
    if let Some(later) = later {
        record.related.push((later.name_span, "set again here, and this value wins".to_owned()));
    }
    record
}

/// A value that depends on a variable that nothing sets.
fn unresolved(span: Option<Span>) -> Field {
    Field { span, ..Field::unknown(Why::new("the value depends on a variable that nothing sets")) }
}

/// Whether part of the value is taken for a variable that nothing defines; a value that is nothing
/// but a variable is meant to be one.
fn swallows_dollar(entry: &EnvironmentEntry) -> bool {
    let value = &entry.value;
    let undefined = value.provenance == Provenance::Unresolved;
    undefined && !value.variables.is_empty() && !is_reference(entry)
}

/// Whether the value is nothing but a variable: `$NAME`, `${NAME}`, `${NAME:?message}`.
fn is_reference(entry: &EnvironmentEntry) -> bool {
    entry.value.raw.test(|raw| {
        let raw = raw.trim().trim_matches('"');
        let inner = raw.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).or_else(|| raw.strip_prefix('$'));
        let name = inner.map(|inner| inner.split_once('?').map_or(inner, |(name, _)| name.trim_end_matches(':')));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    })
}

fn redact(entry: &EnvironmentEntry, secret: bool, url: bool, files: &Files) {
    let Some(source) = files.source(entry.value.span.source).filter(|_| secret || url) else {
        return;
    };
    let span = entry.value.span;
    let password = if secret { None } else { urls::find(source.slice(span)).and_then(|url| url.password) };
    let start = span.start as usize;
    source.redact(password.map_or(span, |range| Span::new(span.source, start + range.start, start + range.end)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_examples() {
        for path in [".env.example", "app/example.env", ".env-dist", "env.sample", ".env.template"] {
            assert!(is_example(path), "{path}");
        }
        for path in [".env", ".env.production", "prod.env", "distribution.env"] {
            assert!(!is_example(path), "{path}");
        }
    }
}
