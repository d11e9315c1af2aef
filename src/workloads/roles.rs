//! What a service is in its project: a database of which engine, a backup, an application, …

use super::commands::{CommandLine, all_lines, covers, runs_unseen_script};
use super::{footprints, urls};
use crate::formats::shell::is_shell;
use crate::model::footprint::Footprint;
use crate::model::{Engine, Placement, TagKind};
use crate::text::Files;
use crate::text::path::name_of;
use crate::workloads::images::{self, Image};

/// Servers of no engine that gonogo knows.
const UNCLAIMED_SERVERS: &[&str] = &["dragonfly"];

/// Words in the names of images that hold a database, beside the names of engines.
const DATABASE_WORDS: &[&str] = &[
    "db",
    "database",
    "percona",
    "galera",
    "keydb",
    "sqlserver",
    "mssql",
    "oracle",
    "clickhouse",
    "cassandra",
    "elasticsearch",
    "opensearch",
];

/// Words in the names of images that hold a tool for databases, or an application that uses one.
const TOOL_WORDS: &[&str] = &[
    "admin",
    "agent",
    "api",
    "app",
    "backend",
    "backup",
    "backups",
    "bench",
    "benchmark",
    "bouncer",
    "browser",
    "cli",
    "client",
    "connector",
    "commander",
    "console",
    "cron",
    "dashboard",
    "dump",
    "example",
    "explorer",
    "exporter",
    "express",
    "frontend",
    "gui",
    "init",
    "insight",
    "job",
    "lab",
    "manager",
    "meta",
    "metrics",
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "monitor",
    "operator",
    "proxy",
    "reader",
    "restore",
    "router",
    "seed",
    "seeder",
    "service",
    "setup",
    "sync",
    "tool",
    "tools",
    "ui",
    "viewer",
    "web",
    "webui",
    "worker",
];

/// Scripts of images that end in starting the server, unless another program is named after them.
const STARTERS: &[&str] = &["docker-entrypoint.sh", "entrypoint.sh", "run.sh", "tini", "dumb-init", "gosu", "su-exec", "init", "env"];

/// Variables in which applications name the host of some database.
const HOSTS: &[&str] = &["DB_HOST", "DATABASE_HOST"];

/// The engine of a program that is a database server; `Some(None)` for one of no engine that is known.
fn server(program: &str) -> Option<Option<Engine>> {
    let known = footprints::ALL.iter().find(|footprint| footprint.server.programs.contains(&program));
    known.map(|footprint| Some(footprint.engine)).or_else(|| UNCLAIMED_SERVERS.contains(&program).then_some(None))
}

pub(super) fn is_starter(program: &str) -> bool {
    STARTERS.contains(&program) || footprints::ALL.iter().any(|footprint| footprint.server.starters.contains(&program))
}

/// Whether a program is a database server.
pub(super) fn is_server(program: &str) -> bool {
    server(program).is_some()
}

/// Whether a command line is a program that copies databases, whatever it is told to do now.
fn is_backup_program(line: &CommandLine) -> bool {
    let has = |option: Option<&str>| option.is_none_or(|option| line.arguments().iter().any(|word| word.text == option));
    let known = footprints::ALL.iter().flat_map(|footprint| footprint.backups);
    known.filter(|known| known.programs.contains(&line.program())).any(|known| has(known.option))
}

/// What a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// A word of [`crate::model::records::ROLES`].
    pub role: &'static str,
    /// Engine, of a database.
    pub engine: Option<Engine>,
    /// What is known of its image; `None` when it has none or its name cannot be told.
    pub image: Option<Image>,
}

/// What a service is.
#[must_use]
pub(super) fn identify(placement: &Placement, files: &Files) -> Identity {
    let image = known_image(placement);
    let lines = all_lines(placement, files);
    let dumps = lines.iter().any(is_backup_program);
    match &image {
        Some(known) if known.role == "database" => {
            if starts_server(placement, &lines, files) {
                return Identity { role: "database", engine: known.engine, image };
            }
            let role = if dumps || (runs_unseen_script(placement, files) && called_backup(placement)) { "backup" } else { "other" };
            Identity { role, engine: None, image }
        }
        Some(known) if known.role != "other" => Identity { role: known.role, engine: None, image },
        _ => without_known_image(placement, image, &lines, dumps),
    }
}

fn without_known_image(placement: &Placement, image: Option<Image>, lines: &[CommandLine], dumps: bool) -> Identity {
    if let Some(engine) = lines.iter().find_map(|line| server(line.program())) {
        return Identity { role: "database", engine, image };
    }
    let copies = called_backup(placement)
        && lines.iter().any(|line| matches!(line.program(), "tar" | "cp" | "rsync" | "restic" | "borg" | "rclone"));
    if dumps || copies {
        return Identity { role: "backup", engine: None, image };
    }
    // A published image of another name is believed to be something else; what is built here may be anything.
    let local = placement.image.is_none() || placement.build.is_some();
    if let Some(engine) = local.then(|| engine_by_place(placement)).flatten() {
        return Identity { role: "database", engine: Some(engine), image };
    }
    let role = if placement.build.is_some() || uses_database(placement) { "application" } else { "other" };
    Identity { role, engine: None, image }
}

fn known_image(placement: &Placement) -> Option<Image> {
    match (&placement.image, &placement.image_unresolved) {
        // Only the tag is a variable: its absence says nothing.
        (Some(reference), Some(_)) if reference.tag.is_none() => {
            Some(Image { tag_kind: TagKind::Other, version: None, ..images::identify(reference) })
        }
        (Some(reference), _) => Some(images::identify(reference)),
        (None, Some(raw)) => images::identify_unresolved(&raw.raw),
        (None, None) => None,
    }
    // What is built here is tagged here: a tag without a version promises nothing.
    .map(|image| if placement.build.is_some() && image.version.is_none() { Image { tag_kind: TagKind::Other, ..image } } else { image })
}

/// Whether a container of a database image starts the server, rather than a client or a script.
fn starts_server(placement: &Placement, lines: &[CommandLine], files: &Files) -> bool {
    let written: Vec<&str> = placement
        .entrypoint
        .iter()
        .chain(&placement.command)
        .flat_map(|command| &command.words)
        .map(|word| word.value.as_deref().unwrap_or_default())
        .collect();
    let program = |word: &str| name_of(word).to_owned();
    let Some(first) = written.iter().find(|word| !is_starter(&program(word))) else {
        return true;
    };
    // Flags and configuration files go to the server; a value that is not known most likely does too.
    if first.is_empty() || first.starts_with('-') || first.ends_with(".conf") || first.ends_with(".cnf") {
        return true;
    }
    let is_server = |name: &str| server(name).is_some();
    if is_server(&program(first)) || lines.iter().any(|line| is_server(line.program()) || is_starter(line.program()) && !is_shell(first)) {
        return true;
    }
    let handed_over =
        |line: &CommandLine| line.program().ends_with("entrypoint.sh") || line.arguments().iter().any(|word| is_server(word.program()));
    if is_shell(first) || first.starts_with('/') || first.ends_with(".sh") {
        let unseen = runs_unseen_script(placement, files) && engine_by_place(placement).is_some();
        return lines.iter().any(handed_over) || unseen;
    }
    false
}

/// Whether something is mounted where some engine keeps its data.
pub(super) fn mounts_data(placement: &Placement) -> bool {
    let folders = || footprints::ALL.iter().flat_map(|footprint| footprint.data.folders);
    placement.mounts.iter().any(|mount| folders().any(|folder| covers(folder, &mount.target)))
}

/// The engine that data directory or port tell.
fn engine_by_place(placement: &Placement) -> Option<Engine> {
    let engine_of_folder = |target: &str| {
        let known = footprints::ALL.iter().find(|footprint| footprint.data.folders.iter().any(|folder| covers(folder, target)));
        known.map(|footprint| footprint.engine)
    };
    let by_mount = placement.mounts.iter().find_map(|mount| engine_of_folder(&mount.target));
    let by_port = || placement.ports.iter().find_map(|port| engine_of_port(port.target?));
    let exposed =
        || placement.other.get("expose").into_iter().flatten().find_map(|(port, _)| engine_of_port(port.split('/').next()?.parse().ok()?));
    // A service that publishes other ports too is rather one that copied the port of its database.
    let only_database_ports = placement.ports.iter().all(|port| port.target.is_none_or(|target| engine_of_port(target).is_some()));
    let by_any_port = || if only_database_ports { by_port().or_else(exposed) } else { None };
    by_mount.or_else(by_any_port).map(|engine| by_variables(placement, engine).unwrap_or(engine))
}

/// The engine that listens on a port where nothing says another.
pub(super) fn engine_of_port(port: u16) -> Option<Engine> {
    footprints::ALL.iter().find(|footprint| footprint.server.port == Some(port)).map(|footprint| footprint.engine)
}

/// Another engine on the same port, where a variable is set that only its images read: `MARIADB_…` for MySQL's port.
fn by_variables(placement: &Placement, engine: Engine) -> Option<Engine> {
    let own = footprints::of(engine)?;
    let others = || {
        footprints::ALL.iter().filter(|other| other.engine != engine && own.server.port.is_some_and(|port| other.server.port == Some(port)))
    };
    let tells = |other: &&Footprint| {
        placement.environment.iter().any(|entry| other.reads_variable(&entry.name) && !own.reads_variable(&entry.name))
    };
    others().find(tells).map(|other| other.engine)
}

/// Whether its name says that a service makes backups.
#[must_use]
pub fn called_backup(placement: &Placement) -> bool {
    let container = placement.container_name.as_ref().map_or("", |(name, _)| name.as_str());
    [placement.name.as_str(), container].iter().any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("backup") || name.contains("dump")
    })
}

/// Whether its environment names a database.
pub(super) fn uses_database(placement: &Placement) -> bool {
    placement.environment.iter().any(|entry| {
        let name = entry.name.to_ascii_uppercase();
        entry.value.raw.test(|raw| urls::find(raw).is_some())
            || HOSTS.iter().any(|known| name.ends_with(known))
            || footprints::ALL.iter().flat_map(|footprint| footprint.environment.hosts).any(|known| name.ends_with(known))
    })
}

/// Whether a workload has the port, the data directory or the image name of a database that no engine claims.
#[must_use]
pub fn looks_like_unclaimed_database(placement: &Placement, identity: &Identity) -> bool {
    let may_be = identity.engine.is_none() && matches!(identity.role, "database" | "other" | "application");
    may_be && (engine_by_place(placement).is_some() || has_name_of_database(placement))
}

/// Whether an image of no known family is named after a database, and not after a tool for one.
fn has_name_of_database(placement: &Placement) -> bool {
    let Some(image) = placement.image.as_ref().filter(|image| !images::is_known(image)) else { return false };
    let whole = image.repository.to_ascii_lowercase();
    let words = || name_of(&whole).split(['-', '_', '.']).filter(|word| !word.is_empty());
    let is_engine =
        |word: &str| footprints::ALL.iter().any(|footprint| footprint.names.contains(&word) || footprint.server.programs.contains(&word));
    let is_store = |word: &str| {
        is_engine(word) || DATABASE_WORDS.contains(&word) || (word.len() > 3 && word.ends_with("db") && !word.starts_with("no"))
    };
    words().any(is_store) && !words().any(|word| TOOL_WORDS.contains(&word))
}
