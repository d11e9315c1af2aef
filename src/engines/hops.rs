//! Which pooler is in front of which server, and what that means for both.
//!
//! A pooler keeps no data: what is found about it counts for the servers that its clients reach through it, and of
//! these the connections are counted that it may open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Field, Instance, Reach, Record, RecordSet, Value, View, Why};
use crate::text::path::folder_of;

/// What one pooler is in front of.
#[derive(Debug, Default)]
struct Hop {
    /// Servers by their position among the instances.
    servers: Vec<usize>,
    /// Whether its pools name them, rather than that nothing else is known.
    named: bool,
}

/// Joins poolers and servers. `neighbours` names the services that a service of this id shares its host and network with.
pub fn join(instances: &mut [Instance], neighbours: &dyn Fn(&str) -> BTreeSet<String>) {
    let poolers: Vec<usize> = (0..instances.len()).filter(|at| instances.get(*at).is_some_and(is_pooler)).collect();
    for instance in instances.iter_mut().filter(|instance| !is_pooler(instance)) {
        state(instance, "pooled_sessions", &Field::absent());
    }
    let mut sessions: BTreeMap<usize, Vec<Field>> = BTreeMap::new();
    for at in poolers {
        let Some(pooler) = instances.get_mut(at) else { continue };
        if pooler.service.is_some() {
            stay_on_host(pooler, &neighbours(&pooler.id));
        }
        let Some(pooler) = instances.get(at) else { continue };
        let hop = hop(pooler, instances);
        let (own, connections) = (pooler.id.clone(), server_connections(&hop, instances));
        let most = pooler.views.last().map(|view| view.subject.fact("pool_connections"));
        let local = pooler.service.is_none();
        let ids: Vec<String> = hop.servers.iter().filter_map(|server| instances.get(*server)).map(|server| server.id.clone()).collect();
        for server in hop.servers.iter().filter(|_| hop.named && local) {
            sessions.entry(*server).or_default().extend(most.clone());
        }
        if let Some(pooler) = instances.get_mut(at) {
            state(pooler, "server_connections", &connections);
            // Of many servers these are many names: the views share them.
            let ids: Arc<Vec<String>> = Arc::new(std::iter::once(own).chain(ids).collect());
            for subject in pooler.views.iter_mut().flat_map(View::subjects_mut) {
                subject.instances = Arc::clone(&ids);
            }
        }
    }
    for (at, fields) in sessions {
        if let Some(server) = instances.get_mut(at)
            && server.reach.most == Reach::None
        {
            state(server, "pooled_sessions", &sum(&fields));
        }
    }
}

/// An access file that a pooler names is no server of its own, whatever it is called.
pub fn keep_servers(instances: &mut Vec<Instance>) {
    let named: BTreeSet<String> =
        instances.iter().filter(|instance| is_pooler(instance)).flat_map(|instance| instance.sources.clone()).collect();
    if !named.is_empty() {
        let is_its = |instance: &Instance| matches!(instance.sources.as_slice(), [only] if named.contains(only));
        instances.retain(|instance| is_pooler(instance) || instance.service.is_some() || !is_its(instance));
    }
}

fn is_pooler(instance: &Instance) -> bool {
    instance.engine.passes_on_to().is_some()
}

fn state(instance: &mut Instance, fact: &'static str, field: &Field) {
    for subject in instance.views.iter_mut().flat_map(View::subjects_mut) {
        subject.facts.insert(fact, field.clone());
    }
}

fn sum(fields: &[Field]) -> Field {
    let numbers: Option<Vec<i64>> = fields.iter().map(|field| field.datum.known()?.as_integer()).collect();
    let unknown = || fields.iter().find(|field| field.datum.known().is_none()).cloned().unwrap_or_else(Field::absent);
    numbers.map_or_else(unknown, |numbers| {
        let span = fields.first().and_then(|field| field.span);
        Field::known(Value::Integer(numbers.into_iter().fold(0, i64::saturating_add)), span)
    })
}

/// The servers that a pooler is in front of: those that its pools name, else every one that it could pass sessions on to.
fn hop(pooler: &Instance, instances: &[Instance]) -> Hop {
    let behind = |server: &Instance| Some(server.engine) == pooler.engine.passes_on_to();
    let possible: Vec<usize> = instances.iter().enumerate().filter(|(_, server)| behind(server)).map(|(at, _)| at).collect();
    let pools = pooler.views.last().map(|view| view.subject.records("pool").rows).unwrap_or_default();
    let names = |server: &Instance| pools.iter().any(|pool| leads_to(pool, pooler, server));
    let servers: Vec<usize> = possible.iter().copied().filter(|at| instances.get(*at).is_some_and(names)).collect();
    if servers.is_empty() { Hop { servers: near_to(pooler, possible, instances), named: false } } else { Hop { servers, named: true } }
}

/// Of the servers that a pooler may be in front of, those that are kept nearest to its own files; a single one wherever it is.
fn near_to(pooler: &Instance, possible: Vec<usize>, instances: &[Instance]) -> Vec<usize> {
    if possible.len() < 2 {
        return possible;
    }
    let depth = |at: &usize| instances.get(*at).map_or(0, |server| shared_folders(&pooler.sources, &server.sources));
    let deepest = possible.iter().map(depth).max().unwrap_or(0);
    possible.into_iter().filter(|at| deepest > 0 && depth(at) == deepest).collect()
}

/// How many folders from the top two servers have in common, by the nearest of their files.
fn shared_folders(one: &[String], other: &[String]) -> usize {
    let folders = |path: &str| folder_of(path).split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let common = |one: &String, other: &String| folders(one).iter().zip(&folders(other)).take_while(|(one, other)| one == other).count();
    one.iter().flat_map(|one| other.iter().map(move |other| common(one, other))).max().unwrap_or(0)
}

/// Whether a pool opens its connections to a server.
fn leads_to(pool: &Record, pooler: &Instance, server: &Instance) -> bool {
    let hosts = pool.fields.get("hosts").and_then(|field| field.datum.known());
    match (&pooler.service, &server.service) {
        (Some(_), Some(service)) => {
            let one_file = pooler.sources.iter().any(|path| server.sources.contains(path));
            one_file && matches!(hosts, Some(Value::List(hosts)) if hosts.contains(service))
        }
        (None, None) => matches!(pool.text("server"), Some("socket" | "loopback")) && same_port(pool, server),
        _ => false,
    }
}

fn same_port(pool: &Record, server: &Instance) -> bool {
    let wanted = pool.fields.get("port").and_then(|field| field.datum.known()).and_then(Value::as_number);
    let listened = server.views.last().and_then(|view| view.subject.setting_number("port"));
    wanted.zip(listened).is_none_or(|(wanted, listened)| (wanted - listened).abs() < 0.5)
}

/// A hop to a service of the same host crosses no network that others can listen on.
fn stay_on_host(pooler: &mut Instance, neighbours: &BTreeSet<String>) {
    for subject in pooler.views.iter_mut().flat_map(View::subjects_mut) {
        let Some(set) = subject.records.get("pool") else { continue };
        let rows = set.rows.iter().map(|pool| near(pool, neighbours).map_or_else(|| Arc::clone(pool), Arc::new)).collect();
        let near = RecordSet { rows, incomplete: set.incomplete.clone() };
        subject.records.insert("pool", near);
    }
}

fn near(pool: &Record, neighbours: &BTreeSet<String>) -> Option<Record> {
    let hosts = pool.fields.get("hosts")?;
    let Value::List(names) = hosts.datum.known()? else { return None };
    let all = pool.text("server") == Some("network") && names.iter().all(|name| neighbours.contains(name));
    all.then(|| pool.clone().with("server", Field::word("host", hosts.span)))
}

/// How many connections the servers take from the pooler; of several servers the least.
fn server_connections(hop: &Hop, instances: &[Instance]) -> Field {
    if hop.servers.is_empty() {
        return Field::unknown(Why::needing(
            "how many connections the server takes is not known",
            "name the files of the server too, and no others",
        ));
    }
    if !hop.named && hop.servers.len() > 1 {
        return Field::unknown(Why::new("several servers were given, and the pools name none of them"));
    }
    let views = hop.servers.iter().filter_map(|at| instances.get(*at)).flat_map(|server| &server.views);
    let fields: Vec<Field> = views.map(|view| view.subject.fact("client_connections")).collect();
    let number = |field: &Field| field.datum.known().and_then(Value::as_integer);
    match fields.iter().find(|field| number(field).is_none()) {
        Some(unknown) => unknown.clone(),
        None => fields.into_iter().min_by_key(|field| number(field).unwrap_or(0)).unwrap_or_else(Field::absent),
    }
}
