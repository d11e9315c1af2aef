//! Which workload is run by which file.

use crate::model::Placement;

/// Whether a workload has the file at `path` mounted as its configuration of Patroni: the file itself, or its folder at a
/// place that is named after Patroni. A folder that holds a whole project says nothing.
#[must_use]
pub fn is_mounted(path: &str, placement: &Placement) -> bool {
    placement.mounts.iter().any(|mount| {
        let Some(source) = mount.source_path.as_deref().map(|source| source.trim_end_matches('/')) else { return false };
        let within = path.strip_prefix(source).is_some_and(|rest| rest.starts_with('/'));
        path == source || within && mount.target.contains("patroni")
    })
}
