//! What one service needs to know of its project.

use std::sync::Arc;

use super::accounts::{self, Superuser};
use super::compose_file::is_whole_project;
use super::roles::{self, Identity};
use super::{links, storage};
use crate::model::{Date, Engine, Placement, Record};
use crate::text::Files;

/// The services of one project, and what was found out about each.
#[derive(Debug)]
pub struct ProjectContext<'a> {
    /// All services of the project, in the order of their file.
    pub placements: &'a [Placement],
    /// Files that services mount.
    pub files: &'a Files,
    /// The date on which ends of life are judged.
    pub now: Date,
    /// Whether the file is a fragment, so that what it names may be defined elsewhere.
    pub fragment: bool,
    services: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    identity: Identity,
    superuser: Option<Superuser>,
    record: Arc<Record>,
    /// The mount that the data lies on, as a key that is the same for every service that mounts it.
    data_volume: Option<String>,
}

impl<'a> ProjectContext<'a> {
    /// Looks at every service of a project. `fragment` says that networks or volumes are named that
    /// the file does not define, as in a snippet of a tutorial: what it lacks may be elsewhere.
    #[must_use]
    pub fn new(placements: &'a [Placement], files: &'a Files, now: Date, fragment: bool) -> Self {
        let services = placements.iter().map(|placement| Known::of(placement, files)).collect();
        let fragment = fragment || placements.iter().any(|placement| !is_whole_project(&placement.path));
        Self { placements, files, now, fragment, services }
    }

    /// What a service of the project is.
    #[must_use]
    pub fn identity(&self, placement: &Placement) -> Identity {
        self.known(placement).map_or_else(|| roles::identify(placement, self.files), |known| known.identity.clone())
    }

    /// The services before this one, in the order of their file.
    pub fn before(&self, placement: &Placement) -> impl Iterator<Item = &'a Placement> {
        let at = self.index(placement).unwrap_or(0);
        self.placements.iter().take(at)
    }

    /// Every other service.
    pub fn others(&self, placement: &Placement) -> impl Iterator<Item = &'a Placement> {
        let at = self.index(placement);
        self.placements.iter().enumerate().filter(move |(index, _)| Some(*index) != at).map(|(_, other)| other)
    }

    /// Every database service, with its engine.
    pub fn databases(&self) -> impl Iterator<Item = (&'a Placement, Option<Engine>)> {
        let known = self.placements.iter().zip(&self.services);
        known.filter(|(_, known)| known.identity.role == "database").map(|(placement, known)| (placement, known.identity.engine))
    }

    /// The service that a host name within the project means.
    #[must_use]
    pub fn service_at(&self, host: &str) -> Option<&'a Placement> {
        self.placements.iter().find(|placement| links::answers_to(placement, host))
    }

    /// The record of a service, for other services' records to name.
    #[must_use]
    pub fn record_of(&self, name: &str) -> Option<Arc<Record>> {
        let at = self.placements.iter().position(|placement| placement.name == name)?;
        self.services.get(at).map(|known| Arc::clone(&known.record))
    }

    /// Administrators of the databases of an engine; only of the one at `host`, when the project has it.
    pub(super) fn superusers(&self, engine: Engine, host: Option<&str>) -> impl Iterator<Item = &Superuser> {
        let family = move |known: Engine| match (known, engine) {
            (Engine::Mysql | Engine::Mariadb, Engine::Mysql | Engine::Mariadb) => true,
            (known, wanted) => known == wanted,
        };
        let host = host.map(str::to_owned);
        self.placements
            .iter()
            .zip(&self.services)
            .filter(move |(placement, known)| {
                known.identity.engine.is_some_and(family) && host.as_deref().is_none_or(|host| links::answers_to(placement, host))
            })
            .filter_map(|(_, known)| known.superuser.as_ref())
    }

    /// The database service, other than this one, whose data lies on a mount of this one.
    #[must_use]
    pub fn database_on(&self, placement: &Placement, index: usize) -> Option<&'a Placement> {
        let key = links::volume_key(placement.mounts.get(index)?)?;
        let own = self.index(placement);
        let known = self.placements.iter().zip(&self.services).enumerate();
        known
            .filter(|(at, _)| Some(*at) != own)
            .find(|(_, (_, known))| known.data_volume.as_ref() == Some(&key))
            .map(|(_, (other, _))| other)
    }

    /// The mount that holds the data of a database service, by its index.
    #[must_use]
    pub fn data_mount(&self, placement: &Placement) -> storage::DataPlace {
        let identity = self.identity(placement);
        storage::data_place(placement, &storage::layouts(placement, &identity, self.files))
    }

    fn index(&self, placement: &Placement) -> Option<usize> {
        self.placements.iter().position(|other| other.name == placement.name && other.name_span == placement.name_span)
    }

    fn known(&self, placement: &Placement) -> Option<&Known> {
        self.services.get(self.index(placement)?)
    }
}

impl Known {
    fn of(placement: &Placement, files: &Files) -> Self {
        let identity = roles::identify(placement, files);
        let superuser = identity.engine.map(|engine| accounts::superuser(placement, engine));
        let data_volume = match storage::data_place(placement, &storage::layouts(placement, &identity, files)) {
            storage::DataPlace::Mount(index) => placement.mounts.get(index).and_then(links::volume_key),
            _ => None,
        };
        let record = Arc::new(links::service_record(placement, &identity));
        Self { identity, superuser, record, data_volume }
    }
}
