//! Facts of an instance: authentication, reach, and how many connections its pools open.

use std::collections::BTreeSet;

use super::assemble::Server;
use crate::config::Config;
use crate::model::{Datum, Deployment, Field, Instance, Port, Reach, ReachKnown, Record, SettingState, Subject, Value, Why};
use crate::workloads::reach::{self, Listen, Place, PortScope, PublishedPort, ReachInput};

/// From how far away a client can open a session. Who is let in is a matter of authentication, which `auth_type` tells.
pub(super) fn reach_of(server: &Server<'_>, view: Option<&Subject>) -> ReachKnown {
    let listen = match view.and_then(|view| view.settings.get("listen_addr")) {
        Some(SettingState::Known(setting)) => match &setting.value {
            Value::List(addresses) => Listen::On(addresses.clone(), setting.origin.span),
            other => Listen::On(vec![other.to_string()], setting.origin.span),
        },
        Some(SettingState::Unknown(why)) => Listen::Unknown(why.reason.to_string()),
        _ => Listen::Unknown("listen_addr could not be seen".to_owned()),
    };
    let port = view.and_then(|view| view.setting_number("listen_port"));
    reach::reach(&ReachInput { place: place(server, port), listen, clients: Some(BTreeSet::from(["anywhere"])) })
}

fn place(server: &Server<'_>, port: Option<f64>) -> Place {
    let Some(workload) = server.workload else { return Place::Host(None) };
    let placement = workload.placement;
    let span = placement.network_mode.as_ref().map(|(_, span)| *span);
    match placement.network_mode.as_ref().map(|(mode, _)| mode.as_str()) {
        Some("host") => Place::Host(span),
        Some("none") => Place::Isolated(span),
        Some(mode) if mode.starts_with("service:") || mode.starts_with("container:") => Place::Borrowed(span),
        _ => {
            let ours = placement.ports.iter().filter(|published| leads_to(published, port));
            let published = |port: &Port| PublishedPort { scope: PortScope::of(port), port: port.published.clone(), span: Some(port.span) };
            Place::Container(ours.map(published).collect())
        }
    }
}

/// Whether a published port leads to the one that is listened on; one that is not known may.
fn leads_to(published: &Port, port: Option<f64>) -> bool {
    let (Some(first), Some(port)) = (published.target, port) else { return true };
    (f64::from(first)..=f64::from(published.target_end.unwrap_or(first))).contains(&port) && published.protocol != "udp"
}

/// Fills the facts of every view.
pub(super) fn fill(instance: &mut Instance, server: &Server<'_>, config: &Config) {
    let reach = reach_field(&instance.reach);
    let memory = instance.host.memory.map(|(bytes, span)| Field::known(Value::Bytes(bytes), span));
    for view in &mut instance.views {
        let authentication = authentication(&view.subject);
        let facts = &mut view.subject.facts;
        facts.insert("engine", Field::text(instance.engine.word(), None));
        facts.insert("deployment", Field::text(instance.deployment.word(), None));
        facts.insert("managed", Field::bool(instance.deployment == Deployment::Managed, None));
        facts.insert("environment", Field::text(instance.environment.word(), None));
        facts.insert("reach", reach.clone());
        facts.insert("listens", reach.clone());
        facts.insert("memory", memory.clone().unwrap_or_else(|| Field::unknown(Why::new("the memory of the machine is not known"))));
        facts.insert("authentication", authentication);
        let peak = config.objectives_of(&instance.id).peak_clients;
        let peak = peak.map(|at| Field::known(Value::Integer(i64::from(at.value)), Some(at.span)));
        facts.insert("peak_clients", peak.unwrap_or_else(Field::absent));
        for name in ["tag_kind", "distribution"] {
            let of_service = server.workload.and_then(|workload| workload.facts.get(name));
            facts.insert(name, of_service.cloned().unwrap_or_else(Field::absent));
        }
    }
}

/// How clients show who they are. With `hba` a file of access rules says it, which is not read yet.
fn authentication(subject: &Subject) -> Field {
    match subject.settings.get("auth_type") {
        Some(SettingState::Known(setting)) => {
            let place = setting.origin.span.or_else(|| subject.place_of_unset("auth_type"));
            match setting.value.as_text() {
                Some("hba") => {
                    let why = Why::new("auth_type is hba, and auth_hba_file is not read yet");
                    Field { datum: Datum::Unknown(why), span: place, origin: None, record: None }
                }
                // For a user with a SCRAM secret md5 means SCRAM.
                Some("md5") if all_have_scram(subject) => Field::text("scram-sha-256", place),
                _ => Field::known(setting.value.clone(), place),
            }
        }
        Some(SettingState::Unknown(why)) => Field::unknown(why.clone()),
        _ => Field::unknown(Why::new("auth_type could not be seen")),
    }
}

/// Whether a SCRAM secret is known of every user that can log in.
fn all_have_scram(subject: &Subject) -> bool {
    let users = subject.records("user");
    let looked_up = !matches!(subject.settings.get("auth_user"), Some(SettingState::Absent));
    let scram = |user: &std::sync::Arc<Record>| user.text("password") == Some("scram");
    !looked_up && users.incomplete.is_none() && !users.rows.is_empty() && users.rows.iter().all(scram)
}

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

/// How many connections the pools open at most, all together.
pub(super) fn of_pools(subject: &mut Subject, users: &Result<usize, Why>) {
    let pools = subject.records("pool");
    let most = match &pools.incomplete {
        Some(why) => Err(why.clone()),
        None => pools.rows.iter().map(|pool| most_of(pool, users)).sum::<Result<i64, Why>>(),
    };
    let span = pools.rows.first().and_then(|pool| pool.span);
    let field = most.map_or_else(Field::unknown, |most| Field::known(Value::Integer(most), span));
    subject.facts.insert("pool_connections", field);
}

/// How many connections the pools of one database open at most: one pool, or one for each user.
pub(super) fn most_of(pool: &Record, users: &Result<usize, Why>) -> Result<i64, Why> {
    let number = |name: &str| pool.fields.get(name).and_then(|field| field.datum.known()).and_then(Value::as_integer);
    let unknown = |name: &str| match pool.fields.get(name).map(|field| &field.datum) {
        Some(Datum::Unknown(why)) => Some(why.clone()),
        Some(Datum::Among(_, why)) => Some(Why::clone(why)),
        _ => None,
    };
    let limit = number("max_connections");
    let of_pools = || {
        if let Some(why) = unknown("size").or_else(|| unknown("reserve")) {
            return Err(why);
        }
        let size = number("size").ok_or_else(|| Why::new("a pool has no limit"))?;
        let each = size.saturating_add(number("reserve").unwrap_or(0));
        let several = pool.truth("fallback") == Some(true);
        if several {
            return Err(Why::new("the entry `*` opens pools for any number of databases"));
        }
        let pools = match pool.text("user") {
            Some(_) => 1,
            None if pool.text("auth_user").is_some() => return Err(Why::new("auth_query finds users, however many there are")),
            None => i64::try_from(users.clone()?).unwrap_or(i64::MAX),
        };
        Ok(each.saturating_mul(pools))
    };
    match (of_pools(), limit) {
        (Ok(most), Some(limit)) => Ok(most.min(limit)),
        (Ok(most), None) => Ok(most),
        (Err(_), Some(limit)) if pool.truth("fallback") != Some(true) => Ok(limit),
        (Err(why), _) => Err(why),
    }
}
