//! What a service is in its project: a database of which engine, a backup, an application, …

use super::commands::{CommandLine, all_lines, covers, runs_unseen_script};
use super::urls;
use crate::formats::shell_words::is_shell;
use crate::model::{Engine, Placement, TagKind};
use crate::text::Files;
use crate::workloads::images::{self, Image};

/// Programs that are a database server, with their engine.
const SERVERS: &[(&str, Option<Engine>)] = &[
    ("postgres", Some(Engine::Postgresql)),
    ("postmaster", Some(Engine::Postgresql)),
    ("patroni", Some(Engine::Postgresql)),
    ("mysqld", Some(Engine::Mysql)),
    ("mysqld_safe", Some(Engine::Mysql)),
    ("mariadbd", Some(Engine::Mariadb)),
    ("mariadbd-safe", Some(Engine::Mariadb)),
    ("mongod", Some(Engine::Mongodb)),
    ("redis-server", Some(Engine::Redis)),
    ("keydb-server", Some(Engine::Redis)),
    ("valkey-server", Some(Engine::Valkey)),
    ("dragonfly", None),
];

/// Scripts of images that end in starting the server, unless another program is named after them.
const STARTERS: &[&str] = &[
    "docker-entrypoint.sh",
    "entrypoint.sh",
    "docker-ensure-initdb.sh",
    "run.sh",
    "tini",
    "dumb-init",
    "gosu",
    "su-exec",
    "init",
    "env",
    "docker-entrypoint-initdb.sh",
];

/// Programs that copy a database.
pub const DUMP_PROGRAMS: &[&str] = &[
    "pg_dump",
    "pg_dumpall",
    "pg_basebackup",
    "pgbackrest",
    "wal-g",
    "barman",
    "barman-cloud-backup",
    "mysqldump",
    "mariadb-dump",
    "mariabackup",
    "mariadb-backup",
    "xtrabackup",
    "mydumper",
    "mongodump",
    "pbm",
    "litestream",
];

/// Directories that tell a database when an image is built here.
const DATA_DIRECTORIES: &[(&str, Engine)] = &[
    ("/var/lib/postgresql", Engine::Postgresql),
    ("/bitnami/postgresql", Engine::Postgresql),
    ("/var/lib/mysql", Engine::Mysql),
    ("/bitnami/mariadb", Engine::Mariadb),
    ("/data/db", Engine::Mongodb),
];

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
    let dumps = lines.iter().any(|line| {
        DUMP_PROGRAMS.contains(&line.program()) || line.program() == "redis-cli" && line.arguments().iter().any(|word| word.text == "--rdb")
    });
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
    let server = lines.iter().find_map(|line| SERVERS.iter().find(|(name, _)| *name == line.program()));
    if let Some((_, engine)) = server {
        return Identity { role: "database", engine: *engine, image };
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
    let program = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let Some(first) = written.iter().find(|word| !STARTERS.contains(&program(word).as_str())) else {
        return true;
    };
    // Flags and configuration files go to the server; a value that is not known most likely does too.
    if first.is_empty() || first.starts_with('-') || first.ends_with(".conf") || first.ends_with(".cnf") {
        return true;
    }
    let is_server = |name: &str| SERVERS.iter().any(|(server, _)| *server == name);
    if is_server(&program(first))
        || lines.iter().any(|line| is_server(line.program()) || STARTERS.contains(&line.program()) && !is_shell(first))
    {
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

/// The engine that data directory or port tell.
fn engine_by_place(placement: &Placement) -> Option<Engine> {
    let named = |prefix: &str| placement.environment.iter().any(|entry| entry.name.starts_with(prefix));
    let by_mount = placement
        .mounts
        .iter()
        .find_map(|mount| DATA_DIRECTORIES.iter().find(|(directory, _)| covers(directory, &mount.target)).map(|(_, engine)| *engine));
    let by_port = || placement.ports.iter().find_map(|port| engine_of_port(port.target?));
    let exposed =
        || placement.other.get("expose").into_iter().flatten().find_map(|(port, _)| engine_of_port(port.split('/').next()?.parse().ok()?));
    // A service that publishes other ports too is rather one that copied the port of its database.
    let only_database_ports = placement.ports.iter().all(|port| port.target.is_none_or(|target| engine_of_port(target).is_some()));
    let by_any_port = || if only_database_ports { by_port().or_else(exposed) } else { None };
    match by_mount.or_else(by_any_port)? {
        Engine::Mysql if named("MARIADB_") => Some(Engine::Mariadb),
        engine => Some(engine),
    }
}

fn engine_of_port(port: u16) -> Option<Engine> {
    match port {
        5432 => Some(Engine::Postgresql),
        3306 => Some(Engine::Mysql),
        27017 => Some(Engine::Mongodb),
        6379 => Some(Engine::Redis),
        _ => None,
    }
}

fn called_backup(placement: &Placement) -> bool {
    let container = placement.container_name.as_ref().map_or("", |(name, _)| name.as_str());
    [placement.name.as_str(), container].iter().any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("backup") || name.contains("dump")
    })
}

/// Whether its environment names a database.
fn uses_database(placement: &Placement) -> bool {
    placement.environment.iter().any(|entry| {
        let name = entry.name.to_ascii_uppercase();
        entry.value.raw.test(|raw| urls::find(raw).is_some())
            || ["DB_HOST", "DATABASE_HOST", "POSTGRES_HOST", "MYSQL_HOST", "PGHOST", "REDIS_HOST", "MONGO_HOST"]
                .iter()
                .any(|known| name.ends_with(known))
    })
}

/// Whether a workload has the port, the data directory or the image name of a database that no engine claims.
#[must_use]
pub fn looks_like_unclaimed_database(placement: &Placement, identity: &Identity) -> bool {
    identity.engine.is_none() && matches!(identity.role, "database" | "other" | "application") && engine_by_place(placement).is_some()
}
