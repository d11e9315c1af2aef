//! As whom the services of a project connect to its databases: what their connection strings and variables say.

use super::ProjectContext;
use super::footprints;
use super::images::default_port;
use super::values::{SeenUrl, seen_url};
use crate::model::{Engine, EnvironmentEntry, Placement};
use crate::text::Span;

/// One way in which a service connects to a database of its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The service.
    pub service: String,
    /// The file that describes both.
    pub path: String,
    /// The service that is the database.
    pub server: String,
    /// Its engine.
    pub engine: Engine,
    /// As whom it connects.
    pub user: String,
    /// To which database.
    pub database: String,
    /// At which port; `None` where a variable hides it.
    pub port: Option<u16>,
    /// Whether the session is always encrypted, or never; `None` where both are tried, or the driver decides.
    pub encrypted: Option<bool>,
    /// Whether a password is all that it is given to show who it is.
    pub by_password: bool,
    /// From which address it comes.
    pub from: Whence,
    /// Where that is said.
    pub span: Span,
}

/// From which address a client reaches its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whence {
    /// It is out of one of these ranges, which are stated for every network that both are on.
    Stated(Vec<String>),
    /// The platform chooses the range when it makes the network.
    Chosen,
    /// From none: no network has them both.
    Apart,
    /// That cannot be told.
    Unknown,
}

/// From which address a service reaches another one.
fn whence(placement: &Placement, server: &Placement, context: &ProjectContext<'_>) -> Whence {
    let is_open = |placement: &Placement| placement.subnets.is_empty() || !placement.incomplete.is_empty();
    if context.fragment || is_open(placement) || is_open(server) {
        return Whence::Unknown;
    }
    let of_server = |name: &str| server.subnets.iter().any(|(known, _)| known == name);
    let shared: Option<Vec<&Vec<String>>> =
        placement.subnets.iter().filter(|(name, _)| of_server(name)).map(|(_, ranges)| ranges.as_ref()).collect();
    match shared {
        Some(shared) if shared.is_empty() => Whence::Apart,
        Some(shared) if shared.iter().all(|ranges| ranges.is_empty()) => Whence::Chosen,
        Some(shared) if shared.iter().all(|ranges| !ranges.is_empty()) => Whence::Stated(shared.into_iter().flatten().cloned().collect()),
        _ => Whence::Unknown,
    }
}

/// How a service that is running connects to the databases of its project, as far as its variables tell. One that uses the
/// network of the host, or of another service, comes from elsewhere and is left out.
#[must_use]
pub fn clients(placement: &Placement, context: &ProjectContext<'_>) -> Vec<Client> {
    if !placement.active || placement.network_mode.is_some() {
        return Vec::new();
    }
    let by_url = placement.environment.iter().filter_map(|entry| of_url(entry, placement, context));
    let mut clients: Vec<Client> = Vec::new();
    for client in by_url.chain(of_variables(placement, context)) {
        if !clients.iter().any(|known| (&known.server, &known.user, &known.database) == (&client.server, &client.user, &client.database)) {
            clients.push(client);
        }
    }
    clients
}

fn of_url(entry: &EnvironmentEntry, placement: &Placement, context: &ProjectContext<'_>) -> Option<Client> {
    let SeenUrl { engine, user, host, port, database, query, password, .. } = seen_url(&entry.value)?;
    // What is encoded, or said once more behind the question mark, is left to drivers.
    let is_plain = |text: &str| !text.is_empty() && !text.contains(['%', '$', '{']);
    let says = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    if !is_plain(&user) || ["host", "user", "dbname"].into_iter().any(|name| says(name).is_some()) {
        return None;
    }
    let database = database.filter(|name| !name.is_empty()).unwrap_or_else(|| user.clone());
    let encrypted = says("sslmode").and_then(encryption);
    let server = server(&host, engine, placement, context).filter(|_| is_plain(&database))?;
    let port = port.map_or_else(|| default_port(engine), |port| port.parse().ok());
    let (service, path) = (placement.name.clone(), server.path.clone());
    let (from, span) = (whence(placement, server, context), entry.value.span);
    let by_password = password != "none" && !has_tickets(placement);
    Some(Client { service, path, server: server.name.clone(), engine, user, database, port, encrypted, by_password, from, span })
}

/// Whether something of a service is about Kerberos, whose tickets show who it is without a password.
fn has_tickets(placement: &Placement) -> bool {
    let named = |text: &str| text.to_ascii_lowercase().contains("krb5");
    placement.environment.iter().any(|entry| named(&entry.name)) || placement.mounts.iter().any(|mount| named(&mount.target))
}

/// The variables that clients of an engine read.
fn of_variables<'a>(placement: &'a Placement, context: &'a ProjectContext<'_>) -> impl Iterator<Item = Client> + 'a {
    footprints::ALL.iter().filter_map(move |footprint| {
        let known = &footprint.environment;
        let entry = |names: &[&str]| placement.environment.iter().find(|entry| names.contains(&entry.name.as_str()));
        let value = |names: &[&str]| entry(names).map(|entry| entry.value.value.clone());
        let (host, user) = (value(known.hosts)??, value(known.users)??);
        // Without one, the database is called like the user; one that is not known may be any.
        let database = value(known.databases).unwrap_or_else(|| Some(user.clone()))?;
        let encrypted = value(known.encryption).flatten().as_deref().and_then(encryption);
        let server = server(&host, footprint.engine, placement, context)?;
        let (service, path) = (placement.name.clone(), server.path.clone());
        let span = entry(known.users)?.value.span;
        let port = value(footprint.server.port_variable.as_slice()).map_or(footprint.server.port, |port| port?.parse().ok());
        let (server, from, engine) = (server.name.clone(), whence(placement, server, context), footprint.engine);
        let by_password = placement.environment.iter().any(|entry| entry.name.contains("PASS")) && !has_tickets(placement);
        Some(Client { service, path, server, engine, user, database, port, encrypted, by_password, from, span })
    })
}

/// The database that a host name means, if it is one of this engine that has an address of its own.
fn server<'a>(host: &str, engine: Engine, placement: &Placement, context: &ProjectContext<'a>) -> Option<&'a Placement> {
    let server = context.service_at(host).filter(|server| server.key != placement.key && server.network_mode.is_none())?;
    let identity = context.identity(server);
    (identity.role == "database" && identity.engine == Some(engine)).then_some(server)
}

/// Whether a mode encrypts always, or never.
fn encryption(mode: &str) -> Option<bool> {
    match mode {
        "disable" => Some(false),
        "require" | "verify-ca" | "verify-full" => Some(true),
        _ => None,
    }
}
