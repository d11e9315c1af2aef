//! Administrators of the databases of a project, and who connects as one.

use super::ProjectContext;
use super::environment::{origin, unresolved};
use super::footprints;
use super::values::SeenUrl;
use crate::model::{Engine, EnvironmentEntry, Field, Interpolated, Placement};
use crate::text::Span;

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
    let known = footprints::of(engine).and_then(|footprint| footprint.account);
    let variable = known.and_then(|known| known.variable);
    match variable.and_then(|variable| placement.environment.iter().find(|entry| entry.name == variable)) {
        Some(entry) => Superuser { name: account(&entry.value), span: Some(entry.value.span) },
        None => Superuser { name: known.and_then(|known| known.default).map(str::to_owned), span: None },
    }
}

/// An account as text: its value, else the variable that stands for it.
fn account(value: &Interpolated) -> Option<String> {
    value.value.clone().or_else(|| match value.variables.as_slice() {
        [only] => Some(format!("${{{only}}}")),
        _ => None,
    })
}

pub(super) fn superuser_field(entry: &EnvironmentEntry, url: Option<&SeenUrl>, context: &ProjectContext<'_>) -> Field {
    let verdict = match url {
        Some(url) => connects_as_superuser(&url.user, url.engine, Some(&url.host), context),
        None => match engines_of_user_variable(&entry.name) {
            Some(engines) => account(&entry.value).and_then(|user| is_any_superuser(&user, &engines, context)),
            None => Some(false),
        },
    };
    verdict.map_or_else(|| Field::unknown(unresolved(&entry.name)), |truth| Field::bool(truth, Some(origin(entry))))
}

/// Where the account that a variable names is made an administrator, when a file says so.
pub(super) fn administrator_named_by(entry: &EnvironmentEntry, url: Option<&SeenUrl>, context: &ProjectContext<'_>) -> Option<Span> {
    let named = |engine: Engine, user: &str, host: Option<&str>| {
        let account = context.superusers(engine, host).find(|account| account.name.as_deref() == Some(user));
        account.and_then(|account| account.span)
    };
    match url {
        Some(url) => named(url.engine, &url.user, Some(&url.host).filter(|host| !host.contains('$')).map(String::as_str)),
        None => {
            let user = account(&entry.value)?;
            engines_of_user_variable(&entry.name)?.iter().find_map(|engine| named(*engine, &user, None))
        }
    }
}

/// Whether a variable names the account with which a database is reached: in a URL, or as `DB_USER`.
pub(super) fn names_account(entry: &EnvironmentEntry, url: Option<&SeenUrl>) -> bool {
    url.map_or_else(|| engines_of_user_variable(&entry.name).is_some(), |url| !url.user.is_empty())
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
    let default = footprints::of(engine).and_then(|footprint| footprint.account?.default);
    Some(default == Some(user))
}

/// Engines whose user a variable such as `DB_USER` or `PGUSER` names: those with an account that the image makes.
fn engines_of_user_variable(name: &str) -> Option<Vec<Engine>> {
    let upper = name.to_ascii_uppercase();
    let stem = upper.strip_suffix("USERNAME").or_else(|| upper.strip_suffix("USER"))?.trim_end_matches('_');
    let word = stem.rsplit('_').next().unwrap_or(stem);
    let any = matches!(word, "DB" | "DATABASE" | "DATASOURCE");
    let meant = footprints::ALL.iter().filter(|footprint| footprint.account.is_some() && (any || footprint.is_called(word)));
    let engines: Vec<Engine> = meant.map(|footprint| footprint.engine).collect();
    (!engines.is_empty()).then_some(engines)
}
