//! Which files and workloads make one server.
//!
//! First match: a target of gonogo.toml; a workload with what it mounts; a main file with what it
//! names; one main file and its sisters in a folder; else one server per file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::catalogue::Catalogue;
use super::kinds;
use super::versions::{self, PathSays};
use crate::config::Target;
use crate::engines::frame::target_of;
use crate::formats::{Recognised, template};
use crate::text::path::{beside, folder_of, name_of};
use crate::text::{Files, Source};

/// The PostgreSQL files that were recognised, each list sorted by path.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeenFiles<'a> {
    /// `postgresql.conf` and fragments of it.
    pub confs: &'a [Arc<Source>],
    /// `postgresql.auto.conf`.
    pub auto_confs: &'a [Arc<Source>],
    /// `pg_hba.conf`.
    pub hbas: &'a [Arc<Source>],
    /// `pg_ident.conf`.
    pub idents: &'a [Arc<Source>],
    /// `PG_VERSION`.
    pub versions: &'a [Arc<Source>],
    /// Configurations of Patroni.
    pub patronis: &'a [Arc<Source>],
}

impl<'a> SeenFiles<'a> {
    /// Those of PostgreSQL among all that were recognised.
    #[must_use]
    pub fn of(recognised: &'a Recognised) -> Self {
        Self {
            confs: recognised.of(&kinds::CONF),
            auto_confs: recognised.of(&kinds::AUTO_CONF),
            hbas: recognised.of(&kinds::HBA),
            idents: recognised.of(&kinds::IDENT),
            versions: recognised.of(&kinds::VERSION),
            patronis: recognised.of(&kinds::PATRONI),
        }
    }
}

/// The files of one server, by display path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerFiles {
    /// Folder that relative paths and sisters are looked for in.
    pub folder: String,
    /// Main configuration file.
    pub conf: Option<String>,
    /// `postgresql.auto.conf`.
    pub auto_conf: Option<String>,
    /// `pg_hba.conf` beside the main file, unless a setting names another.
    pub hba: Option<String>,
    /// `pg_ident.conf` beside the main file, unless a setting names another.
    pub ident: Option<String>,
    /// `PG_VERSION`.
    pub pg_version: Option<String>,
    /// Index of the target that claims it.
    pub target: Option<usize>,
}

impl ServerFiles {
    /// Adds what lies beside a main file that was named by itself: the server reads it as well.
    #[must_use]
    pub fn with_sisters(mut self, files: &Files) -> Self {
        let is_main = |conf: &String| name_of(conf) == "postgresql.conf" && files.is_named(conf);
        let Some(conf) = self.conf.clone().filter(is_main) else { return self };
        let sister = |known: Option<String>, name: &str| known.or_else(|| Some(beside(&conf, name)).filter(|path| is_text(files, path)));
        self.auto_conf = sister(self.auto_conf, "postgresql.auto.conf");
        self.hba = sister(self.hba, "pg_hba.conf");
        self.ident = sister(self.ident, "pg_ident.conf");
        self.pg_version = sister(self.pg_version, "PG_VERSION");
        self
    }

    /// The file that the server is named after.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        [&self.conf, &self.hba, &self.ident, &self.auto_conf].into_iter().find_map(|path| path.as_deref())
    }

    /// What the folders of its files say of version and cluster.
    #[must_use]
    pub fn path_says(&self, files: &Files) -> Option<PathSays> {
        let first = self.first()?;
        let absolute = || files.absolute_of(first).and_then(|absolute| versions::from_path(&absolute));
        // What lies above the given paths may be anybody's numbering.
        versions::from_path(first).or_else(|| absolute().filter(|says| Catalogue::of(says.version.major()).is_some()))
    }

    /// The id of a server that no target and no workload names.
    #[must_use]
    pub fn id(&self, files: &Files) -> String {
        if let Some(PathSays { version, cluster: Some(cluster) }) = self.path_says(files) {
            return format!("postgresql-{version}-{cluster}");
        }
        self.first().unwrap_or("postgresql").to_owned()
    }
}

/// Servers among the files that `taken` (by workloads, by includes of other files) leaves.
#[must_use]
pub fn group(seen: &SeenFiles<'_>, targets: &[Target], base: &str, taken: &BTreeSet<String>) -> Vec<ServerFiles> {
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    let mut put = |sources: &[Arc<Source>], list: fn(&mut Folder) -> &mut Vec<String>| {
        for source in sources.iter().filter(|source| !taken.contains(source.path())) {
            list(folders.entry(folder_of(source.path()).to_owned()).or_default()).push(source.path().to_owned());
        }
    };
    put(seen.confs, |folder| &mut folder.confs);
    put(seen.auto_confs, |folder| &mut folder.auto_confs);
    put(seen.hbas, |folder| &mut folder.hbas);
    put(seen.idents, |folder| &mut folder.idents);
    put(seen.versions, |folder| &mut folder.versions);
    join_debian(&mut folders);
    let mut servers: Vec<ServerFiles> = folders.into_iter().flat_map(|(path, folder)| folder.servers(&path)).collect();
    for server in &mut servers {
        server.target = server.first().and_then(|path| target_of(path, targets, base));
    }
    join_targets(servers)
}

/// Debian keeps the configuration of a cluster below /etc, and its data, with what `ALTER SYSTEM` writes, below /var/lib.
fn join_debian(folders: &mut BTreeMap<String, Folder>) {
    let data: Vec<(String, String)> = folders.keys().filter_map(|data| Some((data.clone(), configuration_of(data)?))).collect();
    for (data, configuration) in data {
        if folders.get(&configuration).is_none_or(|folder| folder.confs.is_empty()) {
            continue;
        }
        let Some(moved) = folders.get_mut(&data).filter(|folder| folder.confs.is_empty()).map(std::mem::take) else { continue };
        let Some(folder) = folders.get_mut(&configuration) else { continue };
        folder.auto_confs.extend(moved.auto_confs);
        folder.versions.extend(moved.versions);
    }
}

/// `var/lib/postgresql/17/main` → `etc/postgresql/17/main`.
fn configuration_of(data: &str) -> Option<String> {
    const DATA: &str = "var/lib/postgresql/";
    let at = data.rfind(DATA)?;
    let (root, cluster) = (data.get(..at)?, data.get(at + DATA.len()..)?);
    let of_machine = root.is_empty() || root.ends_with('/');
    (of_machine && cluster.split('/').count() == 2).then(|| format!("{root}etc/postgresql/{cluster}"))
}

/// Files of one target in several folders are one server, as long as no two of them are of one kind.
fn join_targets(servers: Vec<ServerFiles>) -> Vec<ServerFiles> {
    let mut joined: Vec<ServerFiles> = Vec::new();
    for server in servers {
        let same = |other: &&mut ServerFiles| server.target.is_some() && other.target == server.target && fits(other, &server);
        match joined.iter_mut().find(same) {
            Some(other) => {
                other.conf = other.conf.take().or(server.conf);
                other.auto_conf = other.auto_conf.take().or(server.auto_conf);
                other.hba = other.hba.take().or(server.hba);
                other.ident = other.ident.take().or(server.ident);
                other.pg_version = other.pg_version.take().or(server.pg_version);
            }
            None => joined.push(server),
        }
    }
    joined
}

fn fits(a: &ServerFiles, b: &ServerFiles) -> bool {
    let pairs = [(&a.conf, &b.conf), (&a.auto_conf, &b.auto_conf), (&a.hba, &b.hba), (&a.ident, &b.ident)];
    pairs.iter().all(|(a, b)| a.is_none() || b.is_none())
}

/// What one folder holds.
#[derive(Debug, Default)]
struct Folder {
    confs: Vec<String>,
    auto_confs: Vec<String>,
    hbas: Vec<String>,
    idents: Vec<String>,
    versions: Vec<String>,
}

impl Folder {
    fn servers(mut self, path: &str) -> Vec<ServerFiles> {
        let mut servers = Vec::new();
        let by_name = self.confs.iter().position(|conf| name_of(conf) == "postgresql.conf");
        let main = by_name.or_else(|| (self.confs.len() == 1).then_some(0));
        let several = self.confs.iter().filter(|conf| name_of(conf) == "postgresql.conf").count() != 1 && self.confs.len() > 1;
        if let Some(main) = main
            && !several
        {
            servers.push(ServerFiles {
                folder: path.to_owned(),
                conf: Some(self.confs.remove(main)),
                auto_conf: take_only(&mut self.auto_confs),
                hba: take_sister(&mut self.hbas, "pg_hba.conf"),
                ident: take_sister(&mut self.idents, "pg_ident.conf"),
                pg_version: take_only(&mut self.versions),
                target: None,
            });
        }
        let alone = |conf: Option<String>, hba: Option<String>, ident: Option<String>| ServerFiles {
            folder: path.to_owned(),
            conf,
            hba,
            ident,
            ..ServerFiles::default()
        };
        servers.extend(self.confs.into_iter().map(|conf| alone(Some(conf), None, None)));
        let mut idents = self.idents;
        let only_pair = self.hbas.len() == 1 && idents.len() == 1;
        for hba in self.hbas {
            let ident = if only_pair { idents.pop() } else { None };
            servers.push(alone(None, Some(hba), ident));
        }
        servers.extend(idents.into_iter().map(|ident| alone(None, None, Some(ident))));
        servers
    }
}

fn is_text(files: &Files, path: &str) -> bool {
    files.exists(path) == Ok(true) && files.read(path).is_ok_and(|source| !template::looks_templated(source.text()))
}

/// The one element of a list; several say nothing about which is meant.
fn take_only(list: &mut Vec<String>) -> Option<String> {
    if list.len() == 1 { list.pop() } else { None }
}

/// The sister with the usual name, or the only one of its kind.
fn take_sister(list: &mut Vec<String>, usual: &str) -> Option<String> {
    match list.iter().position(|path| name_of(path) == usual) {
        Some(at) => Some(list.remove(at)),
        None => take_only(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paths: &[&str]) -> Vec<Arc<Source>> {
        paths.iter().map(|path| Arc::new(Source::detached(path, ""))).collect()
    }

    #[test]
    fn sisters_belong_together_and_strangers_do_not() {
        let confs = texts(&["db/postgresql.conf", "db/tuning.conf", "flat/001-a-postgresql.conf", "flat/002-b-postgresql.conf"]);
        let hbas = texts(&["db/pg_hba.conf", "flat/001-pg_hba.conf", "other/pg_hba.conf"]);
        let idents = texts(&["other/pg_ident.conf"]);
        let seen = SeenFiles { confs: &confs, hbas: &hbas, idents: &idents, ..SeenFiles::default() };
        let servers = group(&seen, &[], "", &BTreeSet::from(["db/tuning.conf".to_owned()]));
        let shown: Vec<_> =
            servers.iter().map(|server| (server.id(&Files::default()), server.hba.as_deref(), server.ident.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("db/postgresql.conf".to_owned(), Some("db/pg_hba.conf"), None),
                ("flat/001-a-postgresql.conf".to_owned(), None, None),
                ("flat/002-b-postgresql.conf".to_owned(), None, None),
                ("flat/001-pg_hba.conf".to_owned(), Some("flat/001-pg_hba.conf"), None),
                ("other/pg_hba.conf".to_owned(), Some("other/pg_hba.conf"), Some("other/pg_ident.conf")),
            ]
        );
    }

    #[test]
    fn what_alter_system_wrote_belongs_to_the_cluster_of_debian() {
        let confs = texts(&["rootfs/etc/postgresql/17/main/postgresql.conf"]);
        let autos = texts(&["rootfs/var/lib/postgresql/17/main/postgresql.auto.conf", "x/var/lib/postgresql/17/main/postgresql.auto.conf"]);
        let seen = SeenFiles { confs: &confs, auto_confs: &autos, ..SeenFiles::default() };
        let servers = group(&seen, &[], "", &BTreeSet::new());
        assert_eq!(servers.len(), 1);
        assert_eq!(servers[0].auto_conf.as_deref(), Some("rootfs/var/lib/postgresql/17/main/postgresql.auto.conf"));
    }

    #[test]
    fn clusters_of_debian_are_named_after_their_path() {
        let confs = texts(&["etc/postgresql/16/main/postgresql.conf"]);
        let servers = group(&SeenFiles { confs: &confs, ..SeenFiles::default() }, &[], "", &BTreeSet::new());
        assert_eq!(servers[0].id(&Files::default()), "postgresql-16-main");
    }
}
