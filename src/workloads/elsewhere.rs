//! Applications that depend on a database of their project and connect to another one, or not in its language.

use super::ProjectContext;
use super::footprints;
use super::problem_record::problem;
use super::roles::Identity;
use super::values::seen_url;
use crate::model::{Engine, Placement, Record};
use crate::text::Span;

/// Names of the container itself.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A server that a service is told to connect to.
struct Target {
    engine: Engine,
    host: String,
    span: Span,
}

/// The problem of an application whose every connection leads past the database that it depends on.
pub(super) fn problem_of(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let is_open = context.fragment || !placement.incomplete.is_empty() || placement.environment_incomplete.is_some();
    if !placement.active || placement.network_mode.is_some() || is_open || !matches!(identity.role, "application" | "other") {
        return None;
    }
    let waited = placement.depends_on.iter().find_map(|dependency| {
        let server = context.service_at(&dependency.service).filter(|other| other.name == dependency.service)?;
        let identity = context.identity(server);
        Some((server, identity.engine.filter(|_| identity.role == "database")?))
    });
    let (server, engine) = waited?;
    let targets: Vec<Target> = targets(placement);
    let open = targets.iter().any(|target| target.host.contains(['$', '{', ',', '%', '/']) || target.host.is_empty());
    let known = |target: &&Target| context.service_at(&target.host).is_some() || known_elsewhere(placement, &target.host);
    let at_server = targets.iter().find(|target| context.service_at(&target.host).is_some_and(|known| known.name == server.name));
    if let Some(target) = at_server {
        let why = other_language(target, engine, server).or_else(|| renamed(placement, target))?;
        return Some(record(placement, &why, target.span));
    }
    let target = targets.iter().find(|target| is_same(target.engine, engine))?;
    if open || targets.iter().any(|target| known(&target)) {
        return None;
    }
    let host = &target.host;
    let why = if OWN.contains(&host.as_str()) {
        format!("depends on {} and connects to {host}, which is its own container, where no server runs", server.name)
    } else if host.contains(['.', ':']) {
        format!(
            "depends on {} and connects to another server, {host}: the database of this project is not the one that it uses",
            server.name
        )
    } else {
        format!("depends on {} and connects to {host}, and no service of this project has that name", server.name)
    };
    Some(record(placement, &why, target.span))
}

fn record(placement: &Placement, why: &str, span: Span) -> Record {
    problem(placement, "connects-elsewhere", "environment", span, format!("{} {why}", placement.name))
}

fn is_same(one: Engine, other: Engine) -> bool {
    one == other || footprints::share_names(one, other)
}

/// What its variables name: connection strings, and the hosts that client libraries read.
fn targets(placement: &Placement) -> Vec<Target> {
    let urls = placement.environment.iter().filter_map(|entry| {
        let url = seen_url(&entry.value)?;
        Some(Target { engine: url.engine, host: url.host, span: entry.value.span })
    });
    let hosts = footprints::ALL.iter().flat_map(|footprint| {
        let named = placement.environment.iter().filter(|entry| footprint.environment.hosts.contains(&entry.name.as_str()));
        named.map(|entry| Target { engine: footprint.engine, host: entry.value.value.clone().unwrap_or_default(), span: entry.value.span })
    });
    urls.chain(hosts).collect()
}

/// Whether a name is given by other means than those of the project's networks.
fn known_elsewhere(placement: &Placement, host: &str) -> bool {
    let listed = |key: &str| placement.other.get(key).into_iter().flatten();
    let names = |text: &str| text.split([':', '=']).any(|part| part == host);
    host == "host.docker.internal"
        || ["links", "external_links", "extra_hosts"].iter().any(|key| listed(key).any(|(text, _)| names(text)))
        // A network that others made may have more names.
        || !OWN.contains(&host) && placement.subnets.iter().any(|(_, ranges)| ranges.is_none())
}

/// A connection string of another engine than the server is.
fn other_language(target: &Target, engine: Engine, server: &Placement) -> Option<String> {
    let differs = !is_same(target.engine, engine) && target.engine.passes_on_to() != Some(engine);
    differs.then(|| format!("speaks {} to {}, which is {}", target.engine.word(), server.name, engine.word()))
}

/// A line of `extra_hosts` that gives the name of the server another address.
fn renamed(placement: &Placement, target: &Target) -> Option<String> {
    let lines = placement.other.get("extra_hosts")?;
    let other = |text: &str| text.split_once(['=', ':']).filter(|(name, _)| *name == target.host).map(|(_, address)| address.to_owned());
    let address = lines.iter().find_map(|(text, _)| other(text))?;
    Some(format!("connects to {}, and `extra_hosts` gives that name the address {address}", target.host))
}
