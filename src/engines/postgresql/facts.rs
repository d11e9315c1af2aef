//! Facts of an instance, and its reach.

use std::collections::BTreeSet;

use super::server::Server;
use super::tls;
use crate::config::Config;
use crate::model::{
    Date, Datum, Deployment, Engine, Field, Instance, Reach, ReachKnown, SettingState, Subject, Value, Version, VersionBasis, Why,
};
use crate::text::Files;
use crate::workloads;
use crate::workloads::end_of_life;
use crate::workloads::reach::{self, Listen, Place, ReachInput};

/// Facts that an instance takes over from its service.
const OF_SERVICE: [&str; 4] = ["tag_kind", "distribution", "data_directory", "data_mount"];

/// From how far away a client can open a session, by what the newest view says.
pub(super) fn reach_of(server: &Server<'_>, view: Option<&Subject>, files: &Files) -> ReachKnown {
    let hba = view.map(|view| view.records("hba")).unwrap_or_default();
    let admits =
        |row: &&std::sync::Arc<crate::model::Record>| row.text("method") != Some("reject") && row.truth("can_match") != Some(false);
    let clients: BTreeSet<&str> = hba.rows.iter().filter(admits).filter_map(|row| row.text("clients")).collect();
    // Rules that were not seen may admit anybody; one that admits everybody settles it all the same.
    let clients = (hba.incomplete.is_none() || clients.contains("anywhere")).then_some(clients);
    reach::reach(&ReachInput { clients, ..listening(server, view, files) })
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
        Some(SettingState::Unknown(why)) => Listen::Unknown(why.reason.to_string()),
        _ => Listen::Unknown("listen_addresses could not be seen".to_owned()),
    };
    let place = match &server.workload {
        None => Place::Host(None),
        Some(workload) => workloads::network_place(workload.placement, workload.identity, files),
    };
    ReachInput { place, listen, clients: Some(BTreeSet::from(["anywhere"])) }
}

/// Fills the facts of every view.
pub(super) fn fill(instance: &mut Instance, listens: &ReachKnown, server: &Server<'_>, config: &Config, now: Date) {
    let reach = reach_field(&instance.reach);
    let listens = reach_field(listens);
    let versions = instance.versions.clone();
    for (view, version) in instance.views.iter_mut().zip(&versions.candidates) {
        let facts = &mut view.subject.facts;
        facts.insert("engine", Field::text("postgresql", None));
        facts.insert("major", Field::known(Value::Integer(i64::from(version.major())), versions.span));
        facts.insert("deployment", Field::text(instance.deployment.word(), None));
        facts.insert("managed", Field::bool(instance.deployment == Deployment::Managed, None));
        facts.insert("purpose", Field::text(instance.purpose.word(), None));
        facts.insert("environment", Field::text(instance.environment.word(), None));
        facts.insert("reach", reach.clone());
        facts.insert("listens", listens.clone());
        let memory = instance.host.memory.map(|(bytes, span)| Field::known(Value::Bytes(bytes), span));
        facts.insert(
            "memory",
            memory.unwrap_or_else(|| unknown("the memory of the machine is not known", "say --memory, or [host] memory in gonogo.toml")),
        );
        let cpus = instance.host.cpus.map(|(cpus, span)| Field::known(Value::Real(cpus), span));
        facts.insert(
            "cpus",
            cpus.unwrap_or_else(|| unknown("the number of processors is not known", "say --cpus, or [host] cpus in gonogo.toml")),
        );
        let storage = instance.host.storage.map(|storage| Field::text(storage.word(), None));
        facts.insert("storage", storage.unwrap_or_else(|| unknown("the kind of disk is not known", "say --storage ssd or --storage hdd")));
        let workload = instance.host.workload.map(|workload| Field::text(workload.word(), None));
        facts.insert(
            "workload",
            workload.unwrap_or_else(|| unknown("the kind of work is not known", "say --workload web, oltp, dw or mixed")),
        );
        if server.patroni.is_none() {
            facts.insert("run_by", Field::absent());
        }
        let hosts = tls::hosts_of(server.target);
        let place = server.target.and_then(|target| target.url.as_ref()).map(|url| url.span);
        let hosts = if hosts.is_empty() { Field::absent() } else { Field::known(Value::List(hosts), place) };
        facts.insert("client_hosts", hosts);
        let objective = config.objectives_of(&instance.id).rpo;
        let rpo = objective.map(|at| Field::known(Value::Duration(microseconds(at.value)), Some(at.span)));
        facts.insert("rpo", rpo.unwrap_or_else(Field::absent));
        let peak = config.objectives_of(&instance.id).peak_clients;
        let peak = peak.map(|at| Field::known(Value::Integer(i64::from(at.value)), Some(at.span)));
        facts.insert("peak_clients", peak.unwrap_or_else(Field::absent));
        let connections = client_connections(&view.subject);
        view.subject.facts.insert("client_connections", connections);
        end_of_life_facts(&mut view.subject, version, &versions.basis, now);
        for name in OF_SERVICE {
            let of_service = server.workload.and_then(|workload| workload.subject.facts.get(name));
            view.subject.facts.insert(name, of_service.cloned().unwrap_or_else(Field::absent));
        }
    }
}

/// Connections that are left to clients: max_connections less those that are reserved.
fn client_connections(subject: &Subject) -> Field {
    let Some(SettingState::Known(most)) = subject.settings.get("max_connections") else {
        return unknown("max_connections of the server is not known", "name postgresql.conf too");
    };
    let reserved = |name| subject.setting_number(name).unwrap_or(0.0);
    let left = most.base.unwrap_or(0.0) - reserved("superuser_reserved_connections") - reserved("reserved_connections");
    #[expect(clippy::cast_possible_truncation, reason = "differences of 32-bit integers")]
    Field::known(Value::Integer(left as i64), most.origin.span)
}

/// The reach as a fact: certain, or one of several.
fn reach_field(reach: &ReachKnown) -> Field {
    let span = reach.chain.iter().find_map(|step| step.span);
    if let Some(exact) = reach.exact() {
        return Field::text(exact.word(), span);
    }
    let possible = Reach::ALL.iter().filter(|word| (reach.least..=reach.most).contains(word));
    let words = possible.map(|word| Value::text(word.word())).collect();
    let chain: Vec<&str> = reach.chain.iter().map(|step| step.message.as_str()).collect();
    let why = Why::new(format!("from where it can be reached is not certain ({} to {}): {}", reach.least, reach.most, chain.join("; ")));
    Field { datum: Datum::Among(words, Box::new(why)), span, origin: None, record: None }
}

fn end_of_life_facts(subject: &mut Subject, version: &Version, basis: &VersionBasis, now: Date) {
    let span = subject.facts.get("major").and_then(|field| field.span);
    let end = if *basis == VersionBasis::MovingTag {
        end_of_life::newest(Engine::Postgresql)
    } else {
        end_of_life::end_of_life(Engine::Postgresql, version)
    };
    let not_known = || unknown(&format!("when PostgreSQL {version} ends is not known to this version of gonogo"), "update gonogo");
    let days = end.and_then(|end| end.days_left(now)).map(|days| Field::known(Value::Integer(days), span));
    let date = end.and_then(|end| end.date).map(|date| Field::text(date.to_string(), span));
    subject.facts.insert("days_to_end_of_life", days.unwrap_or_else(not_known));
    subject.facts.insert("end_of_life", date.unwrap_or_else(not_known));
}

fn unknown(reason: &str, needs: &str) -> Field {
    Field::unknown(Why::needing(reason, needs))
}

fn microseconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
