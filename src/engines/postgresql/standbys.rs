//! Standbys beside their primaries: what must not be smaller than there, or the standby does not start.
//!
//! The server compares five settings with those that the WAL says the primary had (`CheckRequiredParameterValues`).
//! Which of the given servers a standby follows is told by the host of its `primary_conninfo`.

use crate::formats::connection_string;
use crate::model::{Datum, Engine, Field, Instance, Problem, Record, Setting, SettingState, Subject, Value, Why};
use crate::text::path::folder_of;

/// The settings that are compared. `max_wal_senders` counts from PostgreSQL 12 on.
const COMPARED: [&str; 5] =
    ["max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_transactions", "max_locks_per_transaction"];

/// Compares every standby among the servers with its primary.
pub(super) fn compare(instances: &mut [Instance]) {
    let found: Vec<(usize, Option<usize>)> =
        instances.iter().enumerate().filter(|(_, instance)| is_standby(instance)).map(|(at, _)| (at, primary_of(at, instances))).collect();
    for (at, primary) in found {
        let records = match primary.and_then(|primary| instances.get(primary)) {
            Some(primary) => instances.get(at).map(|standby| differences(standby, primary)).unwrap_or_default(),
            None => vec![unseen()],
        };
        let Some(standby) = instances.get_mut(at) else { continue };
        for view in &mut standby.views {
            records.iter().for_each(|record| view.subject.add(record.clone()));
        }
    }
}

fn last(instance: &Instance) -> Option<&Subject> {
    instance.views.last().map(|view| &view.subject)
}

fn setting<'i>(subject: &'i Subject, name: &str) -> Option<&'i Setting> {
    match subject.settings.get(name) {
        Some(SettingState::Known(setting)) => Some(setting),
        _ => None,
    }
}

/// The text by which a server connects to its primary.
fn connection(instance: &Instance) -> Option<&str> {
    let text = setting(last(instance)?, "primary_conninfo")?.value.as_text()?;
    (instance.engine == Engine::Postgresql && !text.is_empty()).then_some(text)
}

fn is_standby(instance: &Instance) -> bool {
    // Without queries on it, a standby needs no room for the locks of its primary.
    connection(instance).is_some() && last(instance).and_then(|subject| setting(subject, "hot_standby")?.value.as_bool()) != Some(false)
}

/// The one server that a standby can mean: by its host, else by the name of its folder beside the standby's.
fn primary_of(standby: usize, instances: &[Instance]) -> Option<usize> {
    let of = instances.get(standby)?;
    let host = connection(of).and_then(connection_string::host)?;
    let candidates = || {
        instances
            .iter()
            .enumerate()
            .filter(|(at, other)| *at != standby && other.engine == Engine::Postgresql && connection(other).is_none())
    };
    let only = |found: Vec<usize>| if let [only] = found.as_slice() { Some(*only) } else { None };
    only(candidates().filter(|(_, other)| is_at(other, of, &host)).map(|(at, _)| at).collect())
        .or_else(|| only(candidates().filter(|(_, other)| is_beside(other, of)).map(|(at, _)| at).collect()))
}

/// Whether a server is reached under a host name or address: as a service of the same file, or by where it listens.
fn is_at(other: &Instance, standby: &Instance, host: &str) -> bool {
    let same_file = || other.sources.iter().any(|path| standby.sources.contains(path));
    let by_service = other.service.as_deref() == Some(host) && same_file();
    let listens = last(other).and_then(|subject| setting(subject, "listen_addresses"));
    let by_address = listens.is_some_and(|listens| match &listens.value {
        Value::List(addresses) => addresses.iter().any(|address| address == host),
        _ => false,
    });
    by_service || (by_address && !matches!(host, "localhost" | "127.0.0.1" | "::1"))
}

/// Whether two servers are in sibling folders whose names say what they are: `primary/` and `standby/`.
fn is_beside(other: &Instance, standby: &Instance) -> bool {
    let folder = |instance: &Instance| instance.sources.iter().find(|path| path.ends_with(".conf")).map(|path| folder_of(path).to_owned());
    let (Some(one), Some(two)) = (folder(other), folder(standby)) else { return false };
    let (above, name) = one.rsplit_once('/').unwrap_or(("", &one));
    let (above_standby, _) = two.rsplit_once('/').unwrap_or(("", &two));
    let says_primary = ["primary", "master", "leader"].iter().any(|word| name.to_ascii_lowercase().contains(word));
    one != two && above == above_standby && says_primary
}

/// What a standby has less of than its primary.
fn differences(standby: &Instance, primary: &Instance) -> Vec<Record> {
    let (Some(own), Some(other)) = (last(standby), last(primary)) else { return Vec::new() };
    let before_12 = own.version.as_ref().is_some_and(|version| version.major() < 12);
    let compared = COMPARED.into_iter().filter(|name| !(before_12 && *name == "max_wal_senders"));
    let less = |name| {
        let (own_setting, other_setting) = (setting(own, name)?, setting(other, name)?);
        (own_setting.base? < other_setting.base?).then(|| difference(own, own_setting, other_setting, &primary.id))
    };
    compared.filter_map(less).collect()
}

fn difference(own: &Subject, standby: &Setting, primary: &Setting, id: &str) -> Record {
    let name = &standby.name;
    let default = if standby.origin.span.is_none() { " (default)" } else { "" };
    let message = format!(
        "`{name}` is {}{default} on this standby, and {} on its primary, {id}: with less than there the standby does not start.",
        standby.shown, primary.shown
    );
    Problem {
        code: "standby-smaller",
        name: name.clone(),
        span: standby.origin.span.or_else(|| own.place_of_unset(name)).or(own.anchor),
        message,
        found: Some(standby.shown.clone()),
        expected: Some(format!("at least {}", primary.shown)),
        fatal: true,
        related: primary.origin.span.map(|span| (span, "this is what the primary has".to_owned())).into_iter().collect(),
        ..Problem::default()
    }
    .record()
}

/// A stand-in for what a primary that was not seen may have more of.
fn unseen() -> Record {
    let why = Why::needing("the configuration of the primary was not given", "name the configuration of the primary too");
    let codes = ["standby-smaller", "none"].iter().map(|code| Value::text(*code)).collect();
    let field = Field { datum: Datum::Among(codes, Box::new(why)), span: None, origin: None, record: None };
    Record::new("problem", "standby-smaller", None).with("code", field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_are_those_of_the_server() {
        assert!(COMPARED.iter().all(|name| crate::engines::postgresql::catalogue::is_known(name)));
    }
}
