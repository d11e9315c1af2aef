//! Variables of a service: which hold secrets, how these came to be, and as whom an application connects.

use std::cell::Cell;

use super::accounts::{administrator_named_by, names_account, superuser_field};
use super::images::{Entrypoint, SecretFile};
use super::roles::Identity;
use super::secrets;
use super::urls;
use super::values::seen_url;
use super::{ProjectContext, field, footprints};
use crate::model::footprint::Footprint;
use crate::model::{EnvironmentEntry, Field, Interpolated, Placement, Provenance, Record, Value, Why};
use crate::text::{Files, Span};

/// Whether the image takes the variable as a password of its database.
#[must_use]
pub(super) fn is_image_password(identity: &Identity, name: &str) -> bool {
    identity.role == "database" && known(identity).is_some_and(|footprint| footprint.environment.passwords.contains(&name))
}

/// What is known of the engine of a service.
fn known(identity: &Identity) -> Option<&'static Footprint> {
    identity.engine.and_then(footprints::of)
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
    let exempt = entry.value.value.as_deref().is_some_and(secrets::is_no_secret_value);
    let others = placement.environment.iter().map(|other| other.name.as_str());
    let secret = secret_name && !exempt && !secrets::is_key_id(&entry.name, others);
    let url = seen_url(&entry.value);
    if secret_name && !exempt {
        redact(context.files, &entry.value);
    }
    if url.as_ref().is_some_and(|url| url.password != "none") {
        redact_url(context.files, entry.value.span);
        entry.value.defined_at.iter().for_each(|span| redact_url(context.files, *span));
    }
    let image_password = is_image_password(identity, &entry.name);
    let origin = Some(origin(entry));
    let judged = |test: &dyn Fn(&str) -> bool| match (&entry.value.value, secret) {
        (Some(value), true) => field::truth(test(value), origin),
        (None, true) => Field::unknown(unresolved(&entry.name)),
        (_, false) => field::truth(false, origin),
    };
    let weak = judged(&|value| secrets::is_weak(value, names.iter().map(String::as_str)));
    let placeholder = judged(&|value| secrets::is_placeholder(&entry.name, value));
    let url_password = url.as_ref().map_or("none", |url| url.password);
    let shown = (!secret && !secret_name && url_password == "none").then(|| entry.value.value.clone()).flatten();
    let mut record = Record::new("environment", format!("{}.environment.{}", placement.key, entry.name), Some(whole(entry)))
        .with_room(16)
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
        .with("database_user", field::truth(names_account(entry, url.as_ref()), span))
        .with("superuser", superuser_field(entry, url.as_ref(), context))
        .with("both_set", both_set(placement, identity, entry))
        .with(
            "file_variable",
            file_variable(identity, &entry.name).map_or_else(Field::absent, |name| Field::text(name, Some(entry.name_span))),
        )
        .with("file_form", Field::text(file_form(placement, identity, &entry.name), Some(entry.name_span)));
    if let Some(defined) = entry.value.defined_at.filter(|defined| *defined != entry.value.span) {
        record.related.push((defined, "its value comes from here".to_owned()));
    }
    let account = record.truth("superuser") == Some(true);
    if secret || account || url_password != "none" {
        record.twin = Some(entry.value.value.as_deref().map_or_else(|| variable_twin(entry), urls::twin));
    }
    if account && let Some(account) = administrator_named_by(entry, url.as_ref(), context) {
        record.related.push((account, "this account is made the administrator here".to_owned()));
    }
    record
}

/// The same for the same variable, where nobody gave its value.
fn variable_twin(entry: &EnvironmentEntry) -> u64 {
    let twin = Cell::new(urls::twin(&entry.name));
    _ = entry.value.raw.test(|raw| {
        if !raw.is_empty() {
            twin.set(urls::twin(raw));
        }
        true
    });
    twin.get()
}

/// Where the value is to be changed: where a variable that is all of it is set, else where it stands.
pub(super) fn origin(entry: &EnvironmentEntry) -> Span {
    let whole_variable = entry.value.raw.test(|raw| raw.is_empty() || (raw.starts_with('$') && raw.matches('$').count() == 1));
    entry.value.defined_at.filter(|_| whole_variable).unwrap_or(entry.value.span)
}

/// Name and value; the name alone when they stand in different files.
fn whole(entry: &EnvironmentEntry) -> Span {
    if entry.name_span.source == entry.value.span.source { entry.name_span.to(entry.value.span) } else { entry.name_span }
}

pub(super) fn unresolved(name: &str) -> Why {
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

/// Whether a command line of the service names a variable: `"$$(cat $$REDIS_PASSWORD_FILE)"`.
fn is_on_command_line(placement: &Placement, name: &str) -> bool {
    let names = |text: &str| text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').any(|word| word == name);
    let test = placement.healthcheck.as_ref().and_then(|check| check.test.as_ref());
    let lines = placement.command.iter().chain(&placement.entrypoint).chain(test);
    lines.flat_map(|line| &line.words).any(|word| word.raw.test(names))
}

fn reads_official_variables(identity: &Identity) -> bool {
    identity.role == "database" && identity.image.as_ref().is_some_and(|image| image.common().entrypoint == Entrypoint::Official)
}

/// The variable that names a file with the value of another one, as the image of the service has it.
fn file_variable(identity: &Identity, name: &str) -> Option<String> {
    let image = identity.image.as_ref().filter(|_| identity.role == "database")?;
    match image.common().secret_file {
        SecretFile::Listed => known(identity)?.environment.from_file.contains(&name).then(|| format!("{name}_FILE")),
        SecretFile::Suffix => Some(format!("{name}_FILE")),
        SecretFile::Prefix => Some(format!("FILE__{name}")),
        SecretFile::None => None,
    }
}

/// Whether a variable and its `_FILE` form are both set, which ends the official entrypoints with an error.
fn both_set(placement: &Placement, identity: &Identity, entry: &EnvironmentEntry) -> Field {
    let span = Some(entry.name_span);
    let named = known(identity).is_some_and(|footprint| footprint.environment.from_file.contains(&entry.name.as_str()));
    if !reads_official_variables(identity) || !named {
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

/// Whether the name is a `_FILE` form, and whether the image reads it. What the command of the service names it reads itself.
fn file_form(placement: &Placement, identity: &Identity, name: &str) -> &'static str {
    let (Some(base), Some(footprint)) = (name.strip_suffix("_FILE"), known(identity)) else {
        return "no";
    };
    let own = footprint.reads_variable(base);
    match (own && reads_official_variables(identity), footprint.environment.from_file.contains(&base)) {
        (false, _) => "no",
        (true, false) if is_on_command_line(placement, name) => "no",
        (true, true) => "read",
        (true, false) => "ignored",
    }
}
