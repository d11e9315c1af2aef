//! Configuration that a service mounts where its server does not look. It is no server of its own, and nothing of it is in
//! effect.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::server::Server;
use super::servers::SeenFiles;
use crate::engines::frame::Assembled;
use crate::model::{Aspect, Instance, Mount, MountKind, Placement, Problem};
use crate::text::path::{beside, name_of};
use crate::text::{Files, Source};

/// Where the entrypoint of the image looks for what it runs once, which may copy files to where the server reads them.
const SCRIPTS: &str = "/docker-entrypoint-initdb.d";

/// Folders of the samples that `initdb` makes the first configuration of.
const SAMPLES: [&str; 2] = ["/usr/share/postgresql/", "/usr/local/share/postgresql/"];

/// Folders in which a mounted folder is meant as configuration.
const CONFIGURATION: [&str; 2] = ["/etc/", "/var/lib/postgresql/"];

/// Says at each service what it mounts in vain, and takes these files; `assembled` holds the instances of `servers`, in
/// their order, and `taken` is what they read.
pub(super) fn tell(assembled: &mut Assembled, servers: &[Server<'_>], seen: &SeenFiles<'_>, files: &Files, taken: &mut BTreeSet<String>) {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (server, instance) in servers.iter().zip(&mut assembled.instances) {
        let Some(workload) = server.base.workload.filter(|_| server.patroni.is_none() && server.has_faithful_image()) else { continue };
        let placement = workload.placement;
        if !shows_what_is_read(instance) || may_move_files(placement) {
            continue;
        }
        let scripts = Scripts::of(server, placement, files);
        for source in [seen.confs, seen.hbas, seen.idents].into_iter().flatten().filter(|source| !taken.contains(source.path())) {
            let Some((mount, target)) = mounted(source.path(), placement) else { continue };
            if scripts.may_move(&target) {
                continue;
            }
            told.insert(source.path().to_owned());
            if !instance.sources.iter().any(|path| is_copy(source, path, files)) {
                add(instance, problem(placement, mount, source.path(), &target, &reads(server)));
            }
        }
    }
    taken.extend(told);
}

/// Whether everything is known that the server reads: an include that was not seen may name any file.
fn shows_what_is_read(instance: &Instance) -> bool {
    let complete = |kind: &str, view: &crate::model::View| view.subject.records.get(kind).is_some_and(|set| set.incomplete.is_none());
    instance.views.iter().all(|view| complete("assignment", view) && complete("hba", view))
}

/// Whether something may put files where the server reads them, before it starts.
fn may_move_files(placement: &Placement) -> bool {
    if placement.entrypoint.is_some() || placement.gap_in(&[Aspect::Image, Aspect::Start, Aspect::Mounts]).is_some() {
        return true;
    }
    if placement.mounts.iter().any(|mount| mount.target == "/") {
        return true;
    }
    let Some(command) = &placement.command else { return false };
    let first = command.words.first().and_then(|word| word.value.as_deref());
    command.shell || !first.is_none_or(|first| first == "postgres" || first.starts_with('-'))
}

/// The scripts of the first start, which may copy a file to where the server reads it.
enum Scripts {
    /// They were not understood to the end.
    NotUnderstood,
    /// Their texts, of which it is known that they move no file that they do not name.
    Read(Vec<Arc<Source>>),
}

impl Scripts {
    fn of(server: &Server<'_>, placement: &Placement, files: &Files) -> Self {
        let mounts = placement.mounts.iter().filter(|mount| mount.target.starts_with(SCRIPTS));
        let texts: Option<Vec<Vec<Arc<Source>>>> = mounts.map(|mount| texts(mount, files)).collect();
        let unread = server.first_start(files).unread;
        match texts {
            Some(texts) if [unread.settings, unread.roles, unread.access].iter().all(Option::is_none) => {
                Self::Read(texts.into_iter().flatten().collect())
            }
            _ => Self::NotUnderstood,
        }
    }

    /// Whether they may move the file that is at a path of the container.
    fn may_move(&self, target: &str) -> bool {
        match self {
            Self::NotUnderstood => true,
            Self::Read(texts) => texts.iter().any(|text| text.text().contains(name_of(target))),
        }
    }
}

/// The scripts that a mount brings; `None` where one cannot be seen.
fn texts(mount: &Mount, files: &Files) -> Option<Vec<Arc<Source>>> {
    let is_sql = |name: &str| [".sql", ".sql.gz", ".sql.xz", ".sql.zst"].iter().any(|ending| name.ends_with(ending));
    let Some(source) = mount.source_path.as_deref() else { return is_sql(&mount.target).then(Vec::new) };
    match files.list(source) {
        Ok(entries) => {
            let scripts = entries.iter().filter(|entry| !is_sql(&entry.name));
            scripts.map(|entry| files.read(&format!("{source}/{}", entry.name)).ok()).collect()
        }
        Err(_) if is_sql(&mount.target) => Some(Vec::new()),
        Err(_) => files.read(source).ok().map(|text| vec![text]),
    }
}

/// The mount that brings a file into the container as configuration, and where to.
fn mounted<'p>(path: &str, placement: &'p Placement) -> Option<(&'p Mount, String)> {
    let is_sample = |target: &str| SAMPLES.iter().any(|folder| target.starts_with(folder));
    let of_mount = |mount: &'p Mount| {
        let source =
            mount.source_path.as_deref().filter(|_| matches!(mount.kind, MountKind::Bind | MountKind::Config | MountKind::Secret))?;
        if source == path {
            return Some((mount, mount.target.clone()));
        }
        let rest = path.strip_prefix(source.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'))?;
        let target = format!("{}/{rest}", mount.target.trim_end_matches('/'));
        CONFIGURATION.iter().any(|folder| target.starts_with(folder) && !source.is_empty()).then_some((mount, target))
    };
    let mounts = placement.mounts.iter().filter_map(of_mount);
    let found: Vec<_> = mounts.filter(|(_, target)| !target.starts_with(SCRIPTS)).collect();
    if found.iter().any(|(_, target)| is_sample(target)) { None } else { found.into_iter().next() }
}

/// Whether a file holds the same bytes as one that the server reads.
fn is_copy(source: &Source, path: &str, files: &Files) -> bool {
    files.read(path).is_ok_and(|read| read.text() == source.text())
}

/// The path of the main file that the server reads.
fn reads(server: &Server<'_>) -> String {
    let line = super::command_line::CommandLine::parse(server.base.words());
    let stated = line.arguments.iter().rev().find(|argument| argument.name.as_deref() == Some("config_file"));
    let directory = || server.data_directory().unwrap_or("/var/lib/postgresql/data").trim_end_matches('/').to_owned();
    stated.and_then(|argument| argument.value.clone()).unwrap_or_else(|| format!("{}/postgresql.conf", directory()))
}

fn problem(placement: &Placement, mount: &Mount, path: &str, target: &str, main: &str) -> Problem {
    let name = name_of(path);
    let (setting, expected) = if name.contains("hba") {
        ("hba_file", beside(main, "pg_hba.conf"))
    } else if name.contains("ident") {
        ("ident_file", beside(main, "pg_ident.conf"))
    } else {
        ("config_file", main.to_owned())
    };
    Problem {
        code: "file-not-read",
        key: format!("services.{}.volumes.{target}", placement.name),
        name: target.to_owned(),
        span: Some(mount.span),
        message: format!(
            "{path} is mounted at {target}, where the server does not look: it reads {expected}, and nothing of {path} is in effect."
        ),
        found: Some(target.to_owned()),
        expected: Some(format!("`-c {setting}={target}` in the command")),
        ..Problem::default()
    }
}

fn add(instance: &mut Instance, problem: Problem) {
    let record = Arc::new(problem.record());
    for view in &mut instance.views {
        view.subject.records.entry("problem").or_default().rows.push(Arc::clone(&record));
    }
}
