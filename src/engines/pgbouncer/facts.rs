//! Facts of an instance: authentication, reach, and how many connections its pools open.

use std::collections::BTreeSet;

use super::access;
use super::server::Server;
use crate::model::records::CLIENTS;
use crate::model::{Datum, Field, ReachKnown, Record, SettingState, Subject, Value, Why};
use crate::text::Span;
use crate::workloads::network_place_at;
use crate::workloads::reach::{self, Listen, Place, ReachInput};

/// From how far away a client can open a session. Who is let in is a matter of authentication, which `auth_type` tells.
pub(super) fn reach_of(server: &Server<'_>, view: Option<&Subject>) -> ReachKnown {
    let listen = match view.and_then(|view| view.settings.get("listen_addr")) {
        Some(SettingState::Known(setting)) => match &setting.value {
            Value::List(addresses) => Listen::On(addresses.clone(), setting.origin.span),
            other => Listen::On(vec![other.to_string()], setting.origin.span),
        },
        Some(SettingState::Unknown(why)) => Listen::Unknown(why.clone()),
        _ => Listen::Unknown(Why::new("listen_addr could not be seen")),
    };
    let place = match server.base.workload {
        Some(workload) => network_place_at(workload.placement, view.and_then(listen_port)),
        None => Place::Host(None),
    };
    reach::reach(&ReachInput { place, listen, clients: clients(view) })
}

fn listen_port(view: &Subject) -> Option<u16> {
    match view.settings.get("listen_port") {
        Some(SettingState::Known(setting)) => setting.value.as_integer().and_then(|port| u16::try_from(port).ok()),
        _ => None,
    }
}

/// Facts that only this engine can fill, beside those of its pools.
pub(super) fn of_settings(subject: &mut Subject) {
    let authentication = authentication(subject);
    subject.facts.insert("authentication", authentication);
}

/// How clients show who they are. With `hba` it is what the weakest line of the access rules asks for.
fn authentication(subject: &Subject) -> Field {
    match subject.settings.get("auth_type") {
        Some(SettingState::Known(setting)) => {
            let place = setting.origin.span.or_else(|| subject.place_of_unset("auth_type"));
            match setting.value.as_text() {
                Some("hba") => by_rules(subject, place),
                Some("md5") => of_md5(subject, place),
                _ => Field::known(setting.value.clone(), place),
            }
        }
        Some(SettingState::Unknown(why)) => Field::unknown(why.clone()),
        _ => Field::unknown(Why::new("auth_type could not be seen")),
    }
}

fn by_rules(subject: &Subject, place: Option<Span>) -> Field {
    let rules = subject.records("hba");
    if let Some(why) = rules.incomplete {
        return Field { span: place, ..Field::unknown(why) };
    }
    match access::weakest(&rules) {
        Some(field) if field.datum.known().and_then(Value::as_text) == Some("md5") => of_md5(subject, field.span),
        Some(field) => field,
        None => Field::word("nobody", place),
    }
}

/// Kinds of client that are let in; not known where the access rules were not seen.
fn clients(view: Option<&Subject>) -> Result<BTreeSet<&'static str>, Why> {
    let anywhere = || Ok(BTreeSet::from(["anywhere"]));
    let Some(view) = view else { return anywhere() };
    match view.settings.get("auth_type") {
        Some(SettingState::Known(setting)) if setting.value.as_text() == Some("hba") => {
            let rules = view.records("hba");
            let admits = |rule: &&std::sync::Arc<Record>| rule.text("method") != Some("reject") && rule.truth("dead") == Some(false);
            let kinds = rules.rows.iter().filter(admits).filter_map(|rule| rule.text("clients"));
            let kinds: BTreeSet<&str> = kinds.collect();
            let words = CLIENTS.iter().copied().filter(|word| kinds.contains(word)).collect();
            rules.incomplete.map_or(Ok(words), Err)
        }
        Some(SettingState::Unknown(why)) => Err(why.clone()),
        _ => anywhere(),
    }
}

/// What `md5` comes to: for a user with a SCRAM secret it means SCRAM.
fn of_md5(subject: &Subject, place: Option<Span>) -> Field {
    let users = subject.records("user");
    let is_scram = |user: &std::sync::Arc<Record>| user.text("password") == Some("scram");
    let looked_up = !matches!(subject.settings.get("auth_user"), Some(SettingState::Absent));
    let unseen = if looked_up { Some(Why::new("auth_query finds the secrets of users")) } else { users.incomplete };
    match unseen {
        _ if !users.rows.iter().all(is_scram) => Field::word("md5", place),
        Some(why) => {
            let either = ["md5", "scram-sha-256"].map(Value::text);
            Field { datum: Datum::Among(either.into(), Box::new(why)), span: place, origin: None, record: None }
        }
        None if users.rows.is_empty() => Field::word("md5", place),
        None => Field::word("scram-sha-256", place),
    }
}
