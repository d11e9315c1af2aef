//! Where a database keeps its data in the container, and on what that lies.

use super::commands::{all_lines, covers};
use super::roles::Identity;
use crate::model::{Engine, MountKind, Placement};
use crate::text::Files;
use crate::workloads::images::Image;

/// Up to this major the official PostgreSQL image keeps its data in `/var/lib/postgresql/data`,
/// which it declares as a volume; from 18 on it declares the folder above, and the data lies in
/// `18/docker` of it (docker-library/postgres, pull request 1259).
const LAST_OLD_LAYOUT: u32 = 17;

/// A data directory, and the directories that the image declares as volumes around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Directory that holds the data.
    pub data: String,
    /// Directory that gets an anonymous volume when nothing is mounted there.
    pub volume: Option<String>,
}

/// What the data lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataPlace {
    /// On this mount of the service, by its index.
    Mount(usize),
    /// On a volume without a name, which the image declares.
    Anonymous,
    /// In the writable layer of the container.
    Container,
    /// It cannot be told: the version decides, and is not known.
    Unknown,
}

/// The layouts that the server may have: one, or two when the version decides and is not known.
#[must_use]
pub(super) fn layouts(placement: &Placement, identity: &Identity, files: &Files) -> Vec<Layout> {
    let Some(engine) = identity.engine else {
        let data = identity.image.as_ref().and_then(|image| image.data_directory);
        return data.map(|data| vec![Layout { data: data.to_owned(), volume: Some(data.to_owned()) }]).unwrap_or_default();
    };
    let pgdata_unknown = placement.environment.iter().any(|entry| entry.name == "PGDATA" && entry.value.value.is_none());
    if engine == Engine::Postgresql && pgdata_unknown {
        return Vec::new();
    }
    let image = identity.image.as_ref();
    let mut layouts = match image.and_then(|image| image.data_directory) {
        Some(data) => {
            let volume = image.and_then(|image| image.volume).unwrap_or(data);
            vec![Layout { data: data.to_owned(), volume: Some(volume.to_owned()) }]
        }
        None => official(engine, image),
    };
    if let Some(moved) = moved_data(placement, engine, files) {
        for layout in &mut layouts {
            layout.data.clone_from(&moved);
        }
    }
    layouts
}

fn official(engine: Engine, image: Option<&Image>) -> Vec<Layout> {
    let same = |directory: &str| Layout { data: directory.to_owned(), volume: Some(directory.to_owned()) };
    match engine {
        Engine::Postgresql => {
            let old = same("/var/lib/postgresql/data");
            let new =
                |major: u32| Layout { data: format!("/var/lib/postgresql/{major}/docker"), volume: Some("/var/lib/postgresql".to_owned()) };
            match image {
                Some(Image { version: Some(version), .. }) if version.major() <= LAST_OLD_LAYOUT => vec![old],
                Some(Image { version: Some(version), .. }) => vec![new(version.major())],
                Some(image) if image.moves() => vec![new(LAST_OLD_LAYOUT + 1)],
                _ => vec![old, new(LAST_OLD_LAYOUT + 1)],
            }
        }
        Engine::Mysql | Engine::Mariadb => vec![same("/var/lib/mysql")],
        Engine::Mongodb => vec![same("/data/db")],
        Engine::Redis | Engine::Valkey => vec![same("/data")],
        Engine::Sqlite | Engine::Pgbouncer => Vec::new(),
    }
}

/// A data directory that environment or command line name.
fn moved_data(placement: &Placement, engine: Engine, files: &Files) -> Option<String> {
    let environment =
        |name: &str| placement.environment.iter().find(|entry| entry.name == name).and_then(|entry| entry.value.value.clone());
    let flag = |name: &str| {
        let lines = all_lines(placement, files);
        let words = lines.iter().flat_map(|line| &line.words).map(|word| word.text.clone()).collect::<Vec<_>>();
        let at = words.iter().position(|word| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
        let word = words.get(at)?;
        word.split_once('=').map(|(_, value)| value.to_owned()).or_else(|| words.get(at + 1).cloned())
    };
    let named = match engine {
        Engine::Postgresql => flag("-D").or_else(|| environment("PGDATA")),
        Engine::Mysql | Engine::Mariadb => flag("--datadir"),
        Engine::Mongodb => flag("--dbpath"),
        Engine::Redis | Engine::Valkey => flag("--dir"),
        Engine::Sqlite | Engine::Pgbouncer => None,
    };
    named.filter(|path| path.starts_with('/')).map(|path| if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path })
}

/// What the data of a layout lies on: the nearest mount at or above it, where a volume that the
/// image declares stands in the way of a mount further up.
#[must_use]
pub(super) fn place_of(placement: &Placement, layout: &Layout) -> DataPlace {
    let above = |target: &str| covers(target, &layout.data) && !target.is_empty();
    let mounted = placement.mounts.iter().enumerate().filter(|(_, mount)| above(&mount.target));
    let nearest = mounted.max_by_key(|(_, mount)| mount.target.trim_end_matches('/').len());
    let declared = layout.volume.as_deref().filter(|volume| covers(volume, &layout.data));
    let length = |path: &str| path.trim_end_matches('/').len();
    match (nearest, declared) {
        (Some((_, mount)), Some(volume)) if length(volume) > length(&mount.target) => DataPlace::Anonymous,
        (Some((_, mount)), _) if mount.kind == MountKind::Anonymous => DataPlace::Anonymous,
        (Some((index, _)), _) => DataPlace::Mount(index),
        (None, Some(_)) => DataPlace::Anonymous,
        (None, None) => DataPlace::Container,
    }
}

/// What the data lies on, when all layouts agree.
#[must_use]
pub(super) fn data_place(placement: &Placement, layouts: &[Layout]) -> DataPlace {
    let mut places = layouts.iter().map(|layout| place_of(placement, layout));
    match places.next() {
        Some(first) if places.all(|place| place == first) => first,
        _ => DataPlace::Unknown,
    }
}

/// A mount of the official PostgreSQL image that misses the data, because the image keeps it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MisplacedMount {
    /// 18 and later with a mount at the old path: the entrypoint refuses to start.
    OldPath(usize),
    /// 17 and earlier with a mount of the folder above only: the data goes into an anonymous volume.
    ParentOnly(usize),
}

/// The mount that misses the data, if there is one.
#[must_use]
pub(super) fn misplaced_mount(placement: &Placement, identity: &Identity, layouts: &[Layout]) -> Option<MisplacedMount> {
    let image = identity.image.as_ref()?;
    let [layout] = layouts else {
        return None;
    };
    let official = identity.engine == Some(Engine::Postgresql) && image.data_directory.is_none();
    let at = |path: &str| placement.mounts.iter().position(|mount| mount.target.trim_end_matches('/') == path);
    match layout.volume.as_deref() {
        _ if !official => None,
        Some("/var/lib/postgresql") if layout.data.ends_with("/docker") => at("/var/lib/postgresql/data").map(MisplacedMount::OldPath),
        Some("/var/lib/postgresql/data") if place_of(placement, layout) == DataPlace::Anonymous => {
            at("/var/lib/postgresql").map(MisplacedMount::ParentOnly)
        }
        _ => None,
    }
}
