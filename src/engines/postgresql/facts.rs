//! From how far away a PostgreSQL server can be reached, by its settings and access rules.

use std::collections::BTreeSet;

use super::server::Server;
use crate::engines::frame::Pass;
use crate::model::{Field, Presumed, Presumption, ReachKnown, SettingState, Settings, Subject, Value, Why};
use crate::text::Files;
use crate::workloads;
use crate::workloads::reach::{self, Listen, Place, ReachInput};

/// From how far away a client can open a session, by what the newest view says.
pub(super) fn reach_of(server: &Server<'_>, view: Option<&Subject>, files: &Files, pass: Pass) -> ReachKnown {
    let hba = view.map(|view| view.records("hba")).unwrap_or_default();
    let admits =
        |row: &&std::sync::Arc<crate::model::Record>| row.text("method") != Some("reject") && row.truth("can_match") != Some(false);
    let clients: BTreeSet<&str> = hba.rows.iter().filter(admits).filter_map(|row| row.text("clients")).collect();
    // Rules that were not seen may admit anybody; one that admits everybody settles it all the same.
    let unseen = hba.incomplete.filter(|_| !clients.contains("anywhere"));
    let mut input = listening(server, view, files);
    // What is presumed in this pass.
    let mut made: Vec<Presumed> = Vec::new();
    input.clients = match unseen {
        None => Ok(clients),
        Some(why) if hba.rows.is_empty() && input.listen.is_on_network() => {
            made.extend(why.clone().presuming(Presumption::NetworkClients).presumed().to_vec());
            pass.presume(why, Presumption::NetworkClients, BTreeSet::from(["anywhere"]))
        }
        Some(why) => Err(why),
    };
    let is_local = |clients: &BTreeSet<&str>| clients.iter().all(|client| ["socket", "loopback"].contains(client));
    if let (Ok(clients), Listen::Unknown(why)) = (&input.clients, &input.listen)
        && !is_local(clients)
        && why.presumed().is_empty()
    {
        let everywhere = Listen::On(vec!["*".to_owned()], None);
        made.extend(why.clone().presuming(Presumption::NetworkListener).presumed().to_vec());
        input.listen = pass.presume(why.clone(), Presumption::NetworkListener, everywhere).unwrap_or_else(Listen::Unknown);
    }
    let mut known = reach::reach(&input);
    if pass == Pass::Presuming {
        known.presumed.extend(made);
    }
    known
}

/// How far the addresses carry that the server listens on, whatever its access rules admit.
pub(super) fn listens(server: &Server<'_>, view: Option<&Subject>, files: &Files) -> ReachKnown {
    reach::reach(&listening(server, view, files))
}

fn listening<'a>(server: &Server<'_>, view: Option<&Subject>, files: &Files) -> ReachInput<'a> {
    let listen = match view.and_then(|view| view.settings.get("listen_addresses")) {
        Some(SettingState::Known(setting)) => match &setting.value {
            Value::List(addresses) => Listen::On(addresses.clone(), setting.origin.span),
            other => Listen::On(vec![other.to_string()], setting.origin.span),
        },
        Some(SettingState::Unknown(why)) => Listen::Unknown(why.clone()),
        _ => Listen::Unknown(Why::new("listen_addresses could not be seen")),
    };
    let place = match &server.base.workload {
        None => Place::Host(None),
        Some(workload) => workloads::network_place(workload.placement, workload.identity, files),
    };
    ReachInput { place, listen, clients: Ok(BTreeSet::from(["anywhere"])) }
}

/// The facts that only this engine can fill: whether it has replicas or is one, and how many clients it admits.
pub(super) fn of_settings(subject: &mut Subject) {
    let replicated = replicated(&subject.settings);
    let limit = match subject.settings.get("max_connections") {
        Some(SettingState::Known(setting)) => Field::known(setting.value.clone(), setting.origin.span),
        Some(SettingState::Unknown(why)) => Field::unknown(why.clone()),
        _ => Field::unknown(Why::new("max_connections could not be seen")),
    };
    subject.facts.insert("replicated", replicated);
    subject.facts.insert("client_limit", limit);
    let connections = client_connections(subject);
    subject.facts.insert("client_connections", connections);
}

/// Connections that are left to clients: `max_connections` less those that are reserved.
fn client_connections(subject: &Subject) -> Field {
    let Some(SettingState::Known(most)) = subject.settings.get("max_connections") else {
        return Field::unknown(Why::needing("max_connections of the server is not known", "name postgresql.conf too"));
    };
    let reserved = |name| subject.setting_number(name).unwrap_or(0.0);
    let left = most.base.unwrap_or(0.0) - reserved("superuser_reserved_connections") - reserved("reserved_connections");
    #[expect(clippy::cast_possible_truncation, reason = "differences of 32-bit integers")]
    Field::known(Value::Integer(left as i64), most.origin.span)
}

/// Settings that only a primary with replicas, or a replica, has.
const OF_REPLICATION: [&str; 2] = ["primary_conninfo", "synchronous_standby_names"];

fn replicated(settings: &Settings) -> Field {
    let mut unseen = None;
    for name in OF_REPLICATION {
        match settings.get(name) {
            Some(SettingState::Known(setting)) if !setting.shown.is_empty() => return Field::bool(true, setting.origin.span),
            Some(SettingState::Known(_)) => {}
            Some(SettingState::Unknown(why)) => unseen = Some(why.clone()),
            // The release knows no such setting, or a recovery.conf would hold it.
            Some(SettingState::NotInVersion | SettingState::Absent) => {}
            None => unseen = Some(Why::new(format!("{name} could not be seen"))),
        }
    }
    unseen.map_or_else(|| Field::bool(false, None), Field::unknown)
}
