//! Data of a database, or a part of it, where it does not outlast the container or cannot be written.

use super::ProjectContext;
use super::commands::covers;
use super::footprints;
use super::problem_record::problem;
use super::roles::Identity;
use super::storage::{DataPlace, Layout, is_fleeting, layouts};
use crate::model::{Aspect, Engine, Mount, MountKind, Placement, Record};
use crate::text::Span;

/// Whether a mount is memory, or a folder of the host that the host empties.
fn is_memory(mount: &Mount) -> bool {
    mount.kind == MountKind::Tmpfs || is_fleeting(mount)
}

/// Every such thing.
pub(super) fn problems(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Vec<Record> {
    let layout = layouts(placement, identity, context.files).into_iter().next();
    let mut found: Vec<Record> = log_elsewhere(placement, identity, layout.as_ref()).into_iter().collect();
    found.extend(read_only_data(placement, identity, context));
    if let Some(layout) = &layout {
        let log = found.iter().filter_map(|record| record.span).next();
        found.extend(part_in_memory(placement, layout, log));
    }
    found
}

/// The log of changes in memory or inside the container: a crash or the next container loses it, and the data with it.
fn log_elsewhere(placement: &Placement, identity: &Identity, layout: Option<&Layout>) -> Option<Record> {
    let data = identity.engine.and_then(footprints::of)?.data;
    let moved = data.log_variable.and_then(|variable| placement.environment.iter().find(|entry| entry.name == variable));
    let folder = match moved {
        Some(entry) => entry.value.value.clone()?,
        None => format!("{}/{}", layout?.data, data.log_folder?),
    };
    let above = placement.mounts.iter().filter(|mount| covers(&mount.target, &folder));
    let nearest = above.max_by_key(|mount| mount.target.len());
    let in_data = nearest.is_some_and(|mount| layout.is_some_and(|layout| covers(&mount.target, &layout.data)));
    let lost = |span: Span, where_to: &str, when: &str| {
        let message = format!("the write-ahead log of {} is {where_to}: {when} loses it, and the data with it", placement.name);
        Some(problem(placement, "wal-on-memory", "volumes", span, message))
    };
    match (nearest, moved) {
        // Where all of the data is in memory, that is said.
        (Some(mount), _) if is_memory(mount) && !in_data => lost(mount.span, &format!("in memory ({})", mount.target), "the next restart"),
        (Some(mount), Some(entry)) if mount.kind == MountKind::Anonymous && !in_data => {
            lost(entry.value.span, &format!("on a volume without a name ({folder})"), "the next container")
        }
        (None, Some(entry)) if placement.gap_in(&[Aspect::Mounts]).is_none() => {
            lost(entry.value.span, &format!("inside the container ({folder})"), "the next container")
        }
        _ => None,
    }
}

/// A folder within the data that lies in memory.
fn part_in_memory(placement: &Placement, layout: &Layout, told: Option<Span>) -> Option<Record> {
    let within = |mount: &&Mount| mount.target.len() > layout.data.len() && covers(&layout.data, &mount.target);
    let mount = placement.mounts.iter().filter(within).find(|mount| is_memory(mount) && !is_scratch(&mount.target))?;
    if told == Some(mount.span) {
        return None;
    }
    let message = format!("a part of the data of {} is in memory ({}): the next restart loses it", placement.name, mount.target);
    Some(problem(placement, "wal-on-memory", "volumes", mount.span, message))
}

/// Folders of a cluster that the server makes anew at each start, and reads nothing from.
fn is_scratch(target: &str) -> bool {
    ["stat_tmp", "sql_tmp", "tmp"].iter().any(|name| target.trim_end_matches('/').ends_with(name))
}

/// Data that the server may not write.
fn read_only_data(placement: &Placement, identity: &Identity, context: &ProjectContext<'_>) -> Option<Record> {
    let DataPlace::Mount(index) = context.data_mount(placement) else { return None };
    let mount = placement.mounts.get(index).filter(|_| identity.engine.is_none_or(Engine::keeps_data))?;
    // An image, a pipe of Windows, a volume of a cluster.
    if mount.kind == MountKind::Other {
        let message =
            format!("the data of {} is on a mount of a type that no server keeps its files on ({})", placement.name, mount.target);
        return Some(problem(placement, "data-read-only", "volumes", mount.span, message));
    }
    if !mount.read_only {
        return None;
    }
    let message = format!("the data of {} is mounted read-only ({}): the server does not start", placement.name, mount.target);
    Some(problem(placement, "data-read-only", "volumes", mount.span, message))
}
