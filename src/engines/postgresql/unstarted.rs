//! Why the first start of the official image fails: what its entrypoint needs, and the project takes from it.
//!
//! On an empty data directory it runs `initdb`, starts a temporary server with the command of the service and without TCP, and
//! makes the database through `/var/run/postgresql` as `POSTGRES_USER`, with `POSTGRES_PASSWORD`. Where that fails the
//! container ends, and its next start finds a cluster without the database. Source: `docker-entrypoint.sh` of
//! github.com/docker-library/postgres.

use super::catalogue::{Catalogue, Context};
use super::hba::{HbaView, Rule, local_rule};
use super::image;
use super::server::Server;
use crate::model::{Aspect, MountKind, Placement, Problem, Record, SettingState, Settings, Value};
use crate::text::Span;
use crate::workloads::commands::covers;

/// Where the image has its socket; `/var/run` is a link to `/run`.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/run/postgresql"];

/// The account of the operating system that the temporary server and its client run as.
const ACCOUNT: &str = "postgres";

/// Why the first start fails, and where that is written.
struct Failure {
    message: String,
    span: Span,
}

/// The problem of a server whose container does not get through its first start.
pub(super) fn problem(server: &Server<'_>, settings: &Settings, hba: &HbaView, major: u32) -> Option<Record> {
    let placement = server.base.workload.filter(|_| server.patroni.is_none() && server.has_faithful_image())?.placement;
    if !by_entrypoint(placement) || placement.gap_in(&[Aspect::Mounts]).is_some() {
        return None;
    }
    let failure = nested_mount(server, placement)
        .or_else(|| initdb_option(server, major))
        .or_else(|| other_locale(server))
        .or_else(|| hidden_password(server, placement))
        .or_else(|| session_options(server, major))
        .or_else(|| other_socket(settings))
        .or_else(|| refused(server, placement, hba))?;
    let message = format!("the first start of {} fails: {}", placement.name, failure.message);
    Some(Problem { code: "first-start-fails", span: Some(failure.span), message, ..Problem::default() }.record())
}

/// Whether the entrypoint of the image makes the cluster, as it does for a command that begins with the server or an option of it.
fn by_entrypoint(placement: &Placement) -> bool {
    let first = placement.command.as_ref().map(|command| command.words.first().and_then(|word| word.value.as_deref()));
    let starts = match first {
        None => true,
        Some(word) => word.is_some_and(|word| word == "postgres" || word.starts_with('-')),
    };
    starts && placement.build.is_none() && placement.entrypoint.is_none()
}

/// Something that is mounted inside the data directory: `initdb` wants to find it empty.
fn nested_mount(server: &Server<'_>, placement: &Placement) -> Option<Failure> {
    let data = server.data_directory()?.trim_end_matches('/');
    let is_inside = |target: &str| covers(data, target) && target.trim_end_matches('/') != data;
    let mount = placement.mounts.iter().find(|mount| is_inside(&mount.target) && mount.kind != MountKind::Tmpfs)?;
    let message = format!("{} is mounted inside the data directory, and initdb makes a cluster in an empty one alone", mount.target);
    Some(Failure { message, span: mount.span })
}

/// An option that `initdb` does not have.
fn initdb_option(server: &Server<'_>, major: u32) -> Option<Failure> {
    let arguments = server.base.variable("POSTGRES_INITDB_ARGS")?;
    let words = arguments.value.value.as_deref()?.split_whitespace();
    let unknown = words.filter_map(|word| word.strip_prefix("--")).map(|word| word.split('=').next().unwrap_or(word));
    let unknown = unknown.filter(|name| !name.is_empty()).find(|name| !image::is_initdb_option(name, major))?;
    Some(Failure { message: format!("initdb of PostgreSQL {major} has no option --{unknown}"), span: arguments.value.span })
}

/// A locale that the Debian variant of the image does not have: initdb takes it from the environment.
fn other_locale(server: &Server<'_>) -> Option<Failure> {
    let is_debian = server.base.workload?.placement.image.as_ref()?.tag.as_deref().is_some_and(|tag| !tag.contains("alpine"));
    let arguments = server.base.variable("POSTGRES_INITDB_ARGS").and_then(|entry| entry.value.value.as_deref()).unwrap_or_default();
    let entry =
        ["LC_ALL", "LANG"].iter().find_map(|name| server.base.variable(name)).filter(|_| is_debian && !arguments.contains("locale"))?;
    let value = entry.value.value.as_deref()?;
    let (language, rest) = value.split_once('.').unwrap_or((value, ""));
    let is_utf8 = rest.to_ascii_lowercase().replace('-', "") == "utf8";
    let is_there = matches!(value, "" | "C" | "POSIX") || matches!(language, "C" | "en_US") && is_utf8;
    let message = format!("{} is {value}, and the image has the locales C, POSIX, C.UTF-8 and en_US.UTF-8 only", entry.name);
    (!is_there).then_some(Failure { message, span: entry.value.span })
}

/// A password that Docker Compose copies into a folder which memory is mounted over.
fn hidden_password(server: &Server<'_>, placement: &Placement) -> Option<Failure> {
    let file = server.base.variable("POSTGRES_PASSWORD_FILE")?.value.value.as_deref()?;
    let copied =
        placement.mounts.iter().any(|mount| mount.target == file && mount.kind == MountKind::Secret && mount.source_path.is_none());
    let memory = placement.mounts.iter().find(|mount| mount.kind == MountKind::Tmpfs && covers(&mount.target, file))?;
    let message = format!("the memory at {} hides {file}, which POSTGRES_PASSWORD_FILE names", memory.target);
    copied.then_some(Failure { message, span: memory.span })
}

/// Options for sessions that no session takes: the client of the entrypoint is refused with them.
fn session_options(server: &Server<'_>, major: u32) -> Option<Failure> {
    let options = server.base.variable("PGOPTIONS")?;
    let catalogue = Catalogue::of(major)?;
    let refused = |name: &str| catalogue.entry(name).is_some_and(|entry| matches!(entry.context, Context::Postmaster | Context::Sighup));
    let words = options.value.value.as_deref()?.split_whitespace().map(|word| word.trim_start_matches("-c").trim_start_matches("--"));
    let name = words.filter_map(|word| word.split_once('=')).map(|(name, _)| name).find(|name| refused(name))?;
    Some(Failure {
        message: format!("PGOPTIONS sets {name}, which no session may set, for the client of the entrypoint too"),
        span: options.value.span,
    })
}

/// A socket in another folder than the client of the entrypoint looks in.
fn other_socket(settings: &Settings) -> Option<Failure> {
    let Some(SettingState::Known(setting)) = settings.get("unix_socket_directories") else { return None };
    let (Value::List(folders), Some(span)) = (&setting.value, setting.origin.span) else { return None };
    let is_there = folders.iter().any(|folder| SOCKETS.contains(&folder.trim_end_matches('/')));
    let message = "the entrypoint connects through /var/run/postgresql, and `unix_socket_directories` has the socket elsewhere";
    (!is_there).then(|| Failure { message: message.to_owned(), span })
}

/// Access rules that do not let the entrypoint in. Those that the image writes itself do.
fn refused(server: &Server<'_>, placement: &Placement, hba: &HbaView) -> Option<Failure> {
    if hba.incomplete.is_some() || hba.paths.is_empty() {
        return None;
    }
    let user = match server.base.variable("POSTGRES_USER") {
        Some(entry) => entry.value.value.clone()?,
        None => ACCOUNT.to_owned(),
    };
    let user = if user.is_empty() { ACCOUNT.to_owned() } else { user };
    let fallback = hba.rules.first().map(|rule| rule.span);
    let Some(index) = local_rule(&hba.rules, &user, "postgres")? else {
        let message = format!(
            "it logs in through the socket as `{user}` to the database `postgres`, and no access rule of the type local is for that"
        );
        return fallback.map(|span| Failure { message, span });
    };
    let rule = hba.rules.get(index)?;
    let why = turned_away(server, placement, rule, &user)?;
    Some(Failure { message: format!("it logs in through the socket as `{user}`, and the access rule for that {why}"), span: rule.span })
}

/// Why a rule turns the entrypoint away.
fn turned_away(server: &Server<'_>, placement: &Placement, rule: &Rule, user: &str) -> Option<String> {
    let method = rule.method.as_str();
    match method {
        "reject" => Some("rejects it".to_owned()),
        "peer" | "ident" if rule.option("map").is_none() && placement.user.is_none() && user != ACCOUNT => {
            Some(format!("has the method `{method}`: its account of the operating system is {ACCOUNT}"))
        }
        "scram-sha-256" | "md5" | "password" => {
            let given = ["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "PGPASSWORD", "PGPASSFILE"];
            let is_given = given.iter().any(|name| server.base.variable(name).is_some()) || placement.environment_incomplete.is_some();
            (!is_given).then(|| format!("has the method `{method}`, and nothing gives it a password"))
        }
        _ => None,
    }
}
