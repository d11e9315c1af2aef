//! Servers of the same files: a file and a link to it, and the folder behind the `..data` link of Kubernetes, are one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::model::{Instance, VersionBasis};
use crate::text::Files;

/// The positions of instances that say no more than another one: all of their files are files of it.
pub(super) fn of(instances: &[Instance], files: &Files) -> BTreeSet<usize> {
    let real: Vec<BTreeSet<PathBuf>> =
        instances.iter().map(|instance| instance.sources.iter().filter_map(|path| files.real_path_of(path)).collect()).collect();
    let mut twins = BTreeSet::new();
    for (at, instance) in instances.iter().enumerate() {
        let Some(own) = real.get(at).filter(|own| own.len() == instance.sources.len() && !own.is_empty()) else { continue };
        let is_told_by = |(other, of_other): (usize, &BTreeSet<PathBuf>)| {
            let Some(told) = instances.get(other).filter(|_| other != at && !twins.contains(&other) && own.is_subset(of_other)) else {
                return false;
            };
            // Of two that are alike, the first stays.
            let is_first = of_other.len() > own.len() || other < at;
            is_first && (told.versions.candidates == instance.versions.candidates || instance.versions.basis == VersionBasis::Unstated)
        };
        if instance.service.is_none() && real.iter().enumerate().any(is_told_by) {
            twins.insert(at);
        }
    }
    twins
}
