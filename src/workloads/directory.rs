//! The services of one project by what others look them up by: place, name, host, port, volume.
//!
//! Each service is looked at as often as a project has services, so that no lookup may go through all of them.

use std::collections::HashMap;

use super::field::is_layer;
use super::problems::single_port;
use super::storage::volume_key;
use crate::model::{MountKind, Placement, Port};
use crate::text::Span;
use crate::text::path::name_of;

/// Positions of services in the order of their file.
#[derive(Debug, Default)]
pub(super) struct Directory<'a> {
    by_place: HashMap<(&'a str, Span), usize>,
    by_name: HashMap<&'a str, Vec<usize>>,
    by_host: HashMap<&'a str, Vec<usize>>,
    /// By the service that is waited for, and the condition.
    waiting: HashMap<(&'a str, &'a str), Vec<usize>>,
    by_port: HashMap<&'a str, Vec<(usize, &'a Port)>>,
    by_volume: HashMap<&'a str, Vec<usize>>,
    by_storage: HashMap<String, Vec<usize>>,
    /// The first active service that depends on one of a name.
    needing: HashMap<&'a str, usize>,
    /// The first active service that replaces containers by itself.
    updater: Option<usize>,
}

impl<'a> Directory<'a> {
    pub(super) fn of(placements: &'a [Placement]) -> Self {
        let mut directory = Self::default();
        for (at, placement) in placements.iter().enumerate() {
            directory.add(at, placement);
        }
        directory
    }

    fn add(&mut self, at: usize, placement: &'a Placement) {
        self.by_place.entry((&placement.name, placement.name_span)).or_insert(at);
        self.by_name.entry(&placement.name).or_default().push(at);
        // A host name means the name of a service or of its container, or an alias in a network.
        let container = placement.container_name.iter().map(|(name, _)| name.as_str()).filter(|name| *name != placement.name);
        let aliases = placement.other.get("aliases").into_iter().flatten().map(|(name, _)| name.as_str());
        for host in std::iter::once(placement.name.as_str()).chain(container).chain(aliases.filter(|name| *name != placement.name)) {
            self.by_host.entry(host).or_default().push(at);
        }
        for dependency in &placement.depends_on {
            if let Some(condition) = dependency.condition.as_deref() {
                self.waiting.entry((&dependency.service, condition)).or_default().push(at);
            }
        }
        if placement.active {
            for dependency in placement.depends_on.iter().filter(|dependency| !dependency.optional) {
                self.needing.entry(&dependency.service).or_insert(at);
            }
            let image = placement.image.as_ref().map(|image| name_of(&image.repository));
            if matches!(image, Some("watchtower" | "ouroboros" | "shepherd")) {
                self.updater.get_or_insert(at);
            }
        }
        // Which profile a layer belongs to stands in the file below it.
        if placement.active && !is_layer(placement) {
            for port in &placement.ports {
                single_port(port).into_iter().for_each(|number| self.by_port.entry(number).or_default().push((at, port)));
            }
        }
        for key in placement.mounts.iter().filter_map(volume_key) {
            let sharing = self.by_storage.entry(key).or_default();
            if sharing.last() != Some(&at) {
                sharing.push(at);
            }
        }
        for volume in placement.mounts.iter().filter(|mount| mount.kind == MountKind::Volume).filter_map(|mount| mount.source.as_deref()) {
            self.by_volume.entry(volume).or_default().push(at);
        }
    }

    /// The service that begins at a place.
    pub(super) fn at(&self, placement: &Placement) -> Option<usize> {
        self.by_place.get(&(placement.name.as_str(), placement.name_span)).copied()
    }

    /// The services of a name: one, unless a file says it twice.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The services that a host name within the project means.
    pub(super) fn answering(&self, host: &str) -> &[usize] {
        self.by_host.get(host).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first active service that cannot start without one of a name.
    pub(super) fn needing(&self, name: &str) -> Option<usize> {
        self.needing.get(name).copied()
    }

    /// The first active service that replaces containers by itself.
    pub(super) fn updater(&self) -> Option<usize> {
        self.updater
    }

    /// Whether a service other than the one at `own` waits for one of a name with a condition.
    pub(super) fn waits(&self, name: &str, condition: &str, own: Option<usize>) -> bool {
        self.waiting.get(&(name, condition)).into_iter().flatten().any(|at| Some(*at) != own)
    }

    /// The ports of a number that active services publish.
    pub(super) fn publishing(&self, number: &str) -> impl Iterator<Item = (usize, &'a Port)> {
        self.by_port.get(number).into_iter().flatten().copied()
    }

    /// The services that mount a volume or folder.
    pub(super) fn sharing(&self, key: &str) -> &[usize] {
        self.by_storage.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a service other than the one at `own` mounts a volume.
    pub(super) fn mounts(&self, volume: &str, own: Option<usize>) -> bool {
        self.by_volume.get(volume).into_iter().flatten().any(|at| Some(*at) != own)
    }
}
