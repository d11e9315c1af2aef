//! Facts of an instance: from how far away it is reached, how many clients it admits.

use std::collections::BTreeSet;

use super::server::Server;
use crate::model::{Field, ReachKnown, SettingState, Subject, Value, Why};
use crate::workloads::network_place_at;
use crate::workloads::reach::{self, Listen, Place, ReachInput};

/// From how far away a client can open a session. Which accounts there are is not in files, and any may be for every host.
pub(super) fn reach_of(server: &Server<'_>, view: Option<&Subject>) -> ReachKnown {
    let place = match server.base.workload {
        Some(workload) => network_place_at(workload.placement, view.and_then(port)),
        None => Place::Host(None),
    };
    reach::reach(&ReachInput { place, listen: listen(view), clients: Ok(BTreeSet::from(["anywhere"])) })
}

fn listen(view: Option<&Subject>) -> Listen {
    let Some(view) = view else { return Listen::Unknown(Why::new("the server was not seen")) };
    match view.settings.get("skip_networking") {
        Some(SettingState::Known(setting)) if setting.value == Value::Bool(true) => return Listen::On(Vec::new(), setting.origin.span),
        Some(SettingState::Unknown(why)) => return Listen::Unknown(why.clone()),
        _ => {}
    }
    match view.settings.get("bind_address") {
        Some(SettingState::Known(setting)) => {
            let addresses = match &setting.value {
                Value::List(addresses) => addresses.clone(),
                other => vec![other.to_string()],
            };
            // Without one, or with an empty one, it listens on every address.
            let all = addresses.is_empty();
            Listen::On(if all { vec!["*".to_owned()] } else { addresses }, setting.origin.span)
        }
        Some(SettingState::Unknown(why)) => Listen::Unknown(why.clone()),
        _ => Listen::On(vec!["*".to_owned()], None),
    }
}

fn port(view: &Subject) -> Option<u16> {
    match view.settings.get("port") {
        Some(SettingState::Known(setting)) => setting.value.as_integer().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0),
        _ => None,
    }
}

/// Facts that only this family can fill.
pub(super) fn of_settings(subject: &mut Subject) {
    let limit = match subject.settings.get("max_connections") {
        Some(SettingState::Known(setting)) => Field::known(setting.value.clone(), setting.origin.span),
        Some(SettingState::Unknown(why)) => Field::unknown(why.clone()),
        _ => Field::absent(),
    };
    subject.facts.insert("client_limit", limit);
}
