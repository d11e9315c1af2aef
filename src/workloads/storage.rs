//! Where a database keeps its data in the container, and on what that lies.

use super::commands::{all_lines, covers};
use super::footprints;
use super::roles::Identity;
use crate::model::footprint::{DataLayout, Footprint, MisplacedEffect, MisplacedMount};
use crate::model::{EnvironmentEntry, Mount, MountKind, Placement, Version};
use crate::text::Files;
use crate::workloads::images::Image;

/// A data directory, and the directories that the image declares as volumes around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Directory that holds the data.
    pub data: String,
    /// Directory that gets an anonymous volume when nothing is mounted there.
    pub volume: Option<String>,
    /// Mounts that miss the data, in the official image.
    misplaced: &'static [MisplacedMount],
    /// Whether the data is where the image puts it by itself.
    moved: bool,
}

/// One key for every mount of the same volume or folder; `None` where nothing is shared.
#[must_use]
pub(super) fn volume_key(mount: &Mount) -> Option<String> {
    let source = mount.source.as_deref()?;
    match mount.kind {
        MountKind::Volume => Some(format!("volume {source}")),
        MountKind::Bind => Some(format!("bind {}", mount.source_path.as_deref().unwrap_or(source).trim_end_matches('/'))),
        _ => None,
    }
}

impl Layout {
    fn new(data: &str, volume: &str) -> Self {
        Self { data: data.to_owned(), volume: Some(volume.to_owned()), misplaced: &[], moved: false }
    }

    /// The layout of the official image in a release.
    fn official(known: &DataLayout, major: u32) -> Self {
        let data = known.folder.replace("{major}", &major.to_string());
        Self { misplaced: known.misplaced, ..Self::new(&data, known.volume) }
    }
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
    let image = identity.image.as_ref();
    let own = image.and_then(|image| Some(Layout::new(image.data_directory?, image.volume.or(image.data_directory)?)));
    let Some(footprint) = identity.engine.and_then(footprints::of) else {
        return own.map(|layout| Layout { volume: Some(layout.data.clone()), ..layout }).into_iter().collect();
    };
    let is_moving = |entry: &&EnvironmentEntry| Some(entry.name.as_str()) == footprint.data.variable;
    if placement.environment.iter().filter(is_moving).any(|entry| entry.value.value.is_none()) {
        return Vec::new();
    }
    let mut layouts = own.map_or_else(|| official(footprint, image), |layout| vec![layout]);
    if let Some(moved) = moved_data(placement, footprint, files) {
        for layout in &mut layouts {
            layout.moved = layout.data != moved;
            layout.data.clone_from(&moved);
        }
    }
    layouts
}

/// The layouts of the official image in the release that the tag tells, in the newest one for a tag that moves with it, else all.
fn official(footprint: &Footprint, image: Option<&Image>) -> Vec<Layout> {
    let known = footprint.data.layouts;
    let first = |layout: &DataLayout| Layout::official(layout, layout.since.unwrap_or_default());
    let version = image.and_then(|image| image.version.as_ref()).map(Version::major);
    match version {
        Some(major) => {
            let fits =
                |layout: &&DataLayout| layout.since.is_none_or(|since| since <= major) && layout.until.is_none_or(|until| major <= until);
            known.iter().filter(fits).map(|layout| Layout::official(layout, major)).collect()
        }
        None if image.is_some_and(Image::moves) => known.last().map(first).into_iter().collect(),
        None => known.iter().map(first).collect(),
    }
}

/// A data directory that environment or command line name.
fn moved_data(placement: &Placement, footprint: &Footprint, files: &Files) -> Option<String> {
    let environment =
        |name: &str| placement.environment.iter().find(|entry| entry.name == name).and_then(|entry| entry.value.value.clone());
    let flag = |name: &str| {
        let lines = all_lines(placement, files);
        let words = lines.iter().flat_map(|line| &line.words).map(|word| word.text.clone()).collect::<Vec<_>>();
        let at = words.iter().position(|word| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
        let word = words.get(at)?;
        word.split_once('=').map(|(_, value)| value.to_owned()).or_else(|| words.get(at + 1).cloned())
    };
    let data = &footprint.data;
    let named = data.flag.and_then(flag).or_else(|| data.variable.and_then(environment));
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

/// The mount of an official image that misses the data, because other releases keep it there, by its index.
#[must_use]
pub(super) fn misplaced_mount(placement: &Placement, layouts: &[Layout]) -> Option<(usize, &'static MisplacedMount)> {
    let [layout] = layouts else {
        return None;
    };
    let comes_true = |mount: &MisplacedMount| match mount.effect {
        MisplacedEffect::RefusesToStart => !layout.moved,
        MisplacedEffect::DataElsewhere => place_of(placement, layout) == DataPlace::Anonymous,
    };
    let at = |path: &str| placement.mounts.iter().position(|mount| mount.target.trim_end_matches('/') == path);
    layout.misplaced.iter().filter(|mount| comes_true(mount)).find_map(|mount| Some((at(mount.target)?, mount)))
}

/// Folders of a host that lie in memory, or that it empties.
const FLEETING: [&str; 5] = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/var/run"];

/// Whether a mount brings such a folder of the host.
#[must_use]
pub fn is_fleeting(mount: &Mount) -> bool {
    let source = mount.source.as_deref().unwrap_or_default();
    mount.kind == MountKind::Bind && FLEETING.iter().any(|folder| covers(folder, source))
}
