//! The option files that a server in a container reads: what its image brings, and what is mounted in its place or beside it.
//!
//! Source: the Dockerfiles and `config/my.cnf` of github.com/docker-library/mysql, those of github.com/MariaDB/mariadb-docker,
//! and the files of the packages that they install.

use super::reading::{Found, Line, Part, Step};
use super::server::Server;
use crate::engines::frame::{Paths, Standing};
use crate::model::{Engine, MountKind, OriginKind, Placement, Why};
use crate::text::path::{folder_of, join, name_of};
use crate::text::{Files, Span};

/// Where the images keep what the main file includes.
const CONF_D: &str = "/etc/mysql/conf.d";

/// The same of what only MariaDB's packages bring.
const MARIADB_CONF_D: &str = "/etc/mysql/mariadb.conf.d";

/// What the image of MySQL writes into `/etc/my.cnf`.
const OF_MYSQL: [(&str, Option<&str>); 6] = [
    ("host_cache_size", Some("0")),
    ("skip_name_resolve", None),
    ("datadir", Some("/var/lib/mysql")),
    ("socket", Some("/var/run/mysqld/mysqld.sock")),
    ("secure_file_priv", Some("/var/lib/mysql-files")),
    ("user", Some("mysql")),
];

/// What the image of MariaDB writes into a file of `mariadb.conf.d`, beside what its packages have there.
const OF_MARIADB: [(&str, Option<&str>); 2] = [("host_cache_size", Some("0")), ("skip_name_resolve", None)];

/// Where a container's main files may be, in the order in which they are read.
const MAINS: [&str; 3] = ["/etc/my.cnf", "/etc/mysql/my.cnf", "/etc/mysql/mariadb.cnf"];

/// What a server in a container reads, one after the other.
pub(super) fn parts(server: &Server<'_>, engine: Engine, files: &Files, paths: &Paths<'_>) -> Vec<Part> {
    let Some(workload) = server.base.workload else { return Vec::new() };
    let placement = workload.placement;
    let distribution = workload.identity.image.as_ref().and_then(|image| image.distribution);
    let as_it_comes = placement.build.is_none() && distribution == Some("official");
    let mut parts = Vec::new();
    if !as_it_comes {
        let name = placement.image.as_ref().map_or("the image", |image| image.text.as_str());
        let why = format!("{name} may bring option files of its own");
        parts.push(Part::Steps(vec![Step::Gap(Why::needing(why, "mount the option files from this project"))]));
    }
    let own = |path: &str| of_image(engine, path, server.place());
    for path in MAINS {
        let is_link = path == "/etc/mysql/mariadb.cnf";
        match paths.find(path) {
            Standing::Here(display) if files.exists(&display) == Ok(true) => parts.push(Part::File(display)),
            Standing::Unseen(why) => parts.push(Part::Steps(vec![Step::Gap(why)])),
            Standing::Inline(..) => parts
                .push(Part::Steps(vec![Step::Gap(Why::new(format!("{path} is part of the compose file itself, which is not read yet")))])),
            // The main file of MariaDB's packages is called so, and my.cnf leads to it.
            _ if is_link => {}
            _ if path == "/etc/mysql/my.cnf" && is_mounted("/etc/mysql/mariadb.cnf", files, paths) => {}
            _ => parts.extend(own(path)),
        }
    }
    parts
}

fn is_mounted(path: &str, files: &Files, paths: &Paths<'_>) -> bool {
    matches!(paths.find(path), Standing::Here(display) if files.exists(&display) == Ok(true))
}

/// What stands at a path of the image itself.
fn of_image(engine: Engine, path: &str, place: Option<Span>) -> Vec<Part> {
    match (engine, path) {
        (Engine::Mysql, "/etc/my.cnf") => vec![Part::Steps(lines("mysqld", &OF_MYSQL, place)), Part::Directory(CONF_D.to_owned())],
        (Engine::Mariadb, "/etc/mysql/my.cnf") => vec![Part::Directory(CONF_D.to_owned()), Part::Directory(MARIADB_CONF_D.to_owned())],
        _ => Vec::new(),
    }
}

fn lines(group: &str, options: &[(&str, Option<&str>)], place: Option<Span>) -> Vec<Step> {
    let Some(place) = place else { return Vec::new() };
    let line = |(name, value): &(&str, Option<&str>)| {
        Step::Set(Box::new(Line {
            group: Some(group.to_owned()),
            name: (*name).to_owned(),
            name_span: place,
            value: value.map(str::to_owned),
            value_span: place,
            kind: OriginKind::ImageDefault,
            overlong: false,
        }))
    };
    options.iter().map(line).collect()
}

/// What a directory of a container holds, by name: mounts before what the image has there.
pub(super) fn listing(placement: &Placement, directory: &str, engine: Engine, files: &Files, place: Option<Span>) -> Vec<(String, Found)> {
    let directory = directory.trim_end_matches('/');
    let mut found: Vec<(String, Found)> = Vec::new();
    let whole = placement.mounts.iter().find(|mount| mount.target.trim_end_matches('/') == directory);
    match whole {
        Some(mount) => match (&mount.source_path, mount.kind) {
            (Some(path), MountKind::Bind) => {
                let entries = files.list(path).unwrap_or_default();
                found.extend(entries.into_iter().filter(|entry| !entry.directory).map(|entry| (entry.name, Found::File(entry.path))));
            }
            (None, MountKind::Bind) => {
                let source = mount.source.as_deref().unwrap_or("a path of the host");
                let why =
                    Why::needing(format!("{directory} is mounted from {source}, which was not given"), "name it on the command line too");
                found.push((String::new(), Found::Unseen(why)));
            }
            _ => found.push((String::new(), Found::Unseen(Why::new(format!("{directory} is on a volume, and cannot be seen"))))),
        },
        None => found.extend(of_image_directory(engine, directory, place)),
    }
    for mount in placement.mounts.iter().filter(|mount| folder_of(&mount.target) == directory) {
        let name = name_of(&mount.target).to_owned();
        found.retain(|(known, _)| *known != name);
        let what = match (&mount.source_path, &mount.content) {
            (Some(path), _) => Found::File(path.clone()),
            (None, Some(_)) => {
                Found::Unseen(Why::new(format!("{} is part of the compose file itself, which is not read yet", mount.target)))
            }
            (None, None) => Found::Unseen(Why::needing(
                format!("{} is mounted from outside the project", join(directory, &name)),
                "name its source on the command line too",
            )),
        };
        found.push((name, what));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// What the packages and the image have in a directory.
fn of_image_directory(engine: Engine, directory: &str, place: Option<Span>) -> Vec<(String, Found)> {
    if engine != Engine::Mariadb || directory != MARIADB_CONF_D {
        return Vec::new();
    }
    let of_package =
        ["character_set_server", "collation_server", "character_set_collations", "expire_logs_days", "binlog_expire_logs_seconds"];
    let why = |name: &&str| {
        Step::Unknown(
            (*name).to_owned(),
            Why::new(format!("the image sets {name} in a file of its package, which differs between releases")),
        )
    };
    vec![
        ("05-skipcache.cnf".to_owned(), Found::Steps(lines("mariadb", &OF_MARIADB, place))),
        ("50-server.cnf".to_owned(), Found::Steps(of_package.iter().map(why).collect())),
    ]
}
