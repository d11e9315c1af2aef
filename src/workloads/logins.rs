//! Databases that let their clients in without a password, as far as the description of their container tells.

use super::ProjectContext;
use super::arguments::{Argument, arguments};
use super::footprints;
use super::images::Entrypoint;
use super::problem_record::problem;
use super::roles::Identity;
use crate::model::{Placement, Record};
use crate::text::Span;

/// The problem of a database that asks for no password.
pub(super) fn no_password(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let (span, message) = opened(placement, identity).or_else(|| by_engine(placement, identity, context))?;
    Some(problem(placement, "no-password", "environment", span, message))
}

/// A variable of an image of no engine that is read, as `xpack.security.enabled=false`.
fn opened(placement: &Placement, identity: &Identity) -> Option<(Span, String)> {
    let open = identity.image.as_ref()?.open;
    let is_open = |name: &str, value: &str| open.iter().any(|known| known.split_once('=') == Some((name, value)));
    let entry = placement.environment.iter().find(|entry| entry.value.value.as_deref().is_some_and(|value| is_open(&entry.name, value)))?;
    let message = format!("{} turns the logins of {} off: it asks nobody for a password", entry.name, placement.name);
    Some((entry.name_span, message))
}

fn by_engine(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<(Span, String)> {
    let access = identity.engine.and_then(footprints::of)?.access;
    let name = &placement.name;
    let set = |names: &[&str]| {
        let is_on =
            |value: Option<&str>| value.is_none_or(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "no" | "false" | "0"));
        placement.environment.iter().find(|entry| names.contains(&entry.name.as_str()) && is_on(entry.value.value.as_deref()))
    };
    if let Some(entry) = set(access.open_variables) {
        return Some((entry.name_span, format!("{} lets anyone log in to {name} without a password (the password is empty)", entry.name)));
    }
    let given = arguments(placement, context.files);
    let flag = |flags: &[&str]| {
        let is_one = |argument: &&Argument| {
            argument.place != "healthcheck" && flags.iter().any(|flag| flag.trim_start_matches('-').eq_ignore_ascii_case(&argument.name))
        };
        given.iter().find(is_one).map(|argument| argument.span)
    };
    if let Some(span) = flag(access.open_flags) {
        return Some((span, format!("{name} is told to ask for no password: anyone who reaches the port has all data")));
    }
    let official =
        identity.image.as_ref().is_some_and(|image| image.common().entrypoint == Entrypoint::Official) && placement.build.is_none();
    let is_configured = placement.mounts.iter().any(|mount| is_configuration(&mount.target)) || configured_by_command(placement);
    let asks = set(access.asks_variables).is_some() || flag(access.asks_flags).is_some();
    let whole = placement.environment_incomplete.is_none() && placement.incomplete.is_empty();
    (access.open_by_default && official && whole && !asks && !is_configured).then(|| {
        let span = placement.image.as_ref().map_or(placement.name_span, |image| image.span);
        (span, format!("nothing makes {name} ask for a password: without authentication anyone who reaches it has all data"))
    })
}

fn is_configuration(path: &str) -> bool {
    [".conf", ".cnf", ".yaml", ".yml", ".acl"].iter().any(|ending| path.ends_with(ending))
        || path.starts_with("/usr/local/etc")
        || path.starts_with("/etc")
}

fn configured_by_command(placement: &Placement) -> bool {
    let words = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words);
    words.into_iter().any(|word| word.value.as_deref().is_none_or(|text| text.split_whitespace().any(is_configuration)))
}
