//! What one service needs to know of its project.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::accounts::{self, Superuser};
use super::directory::Directory;
use super::footprints;
use super::roles::{self, Identity};
use super::strangers::Strangers;
use super::{links, storage};
use crate::model::{Date, Engine, Placement, Port, Record};
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
    directory: Directory<'a>,
    /// Positions of the database services.
    databases: Vec<usize>,
    /// By the volume that their data lies on.
    by_data: HashMap<String, Vec<usize>>,
    strangers: OnceLock<Strangers<'a>>,
}

#[derive(Debug)]
struct Known {
    identity: Identity,
    superuser: Option<Superuser>,
    record: Arc<Record>,
    /// What the data lies on.
    data: storage::DataPlace,
    /// The mount that it lies on, as a key that is the same for every service that mounts it.
    data_volume: Option<String>,
}

impl<'a> ProjectContext<'a> {
    /// Looks at every service of a project. `fragment` says that networks or volumes are named that
    /// the file does not define, as in a snippet of a tutorial: what it lacks may be elsewhere.
    #[must_use]
    pub fn new(placements: &'a [Placement], files: &'a Files, now: Date, fragment: bool) -> Self {
        let services: Vec<Known> = placements.iter().map(|placement| Known::of(placement, files)).collect();
        let is_database = |(_, known): &(usize, &Known)| known.identity.role == "database";
        let databases = services.iter().enumerate().filter(is_database).map(|(at, _)| at).collect();
        let mut by_data: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, volume) in services.iter().enumerate().filter_map(|(at, known)| Some((at, known.data_volume.as_ref()?))) {
            by_data.entry(volume.clone()).or_default().push(at);
        }
        let directory = Directory::of(placements);
        Self { placements, files, now, fragment, services, directory, databases, by_data, strangers: OnceLock::new() }
    }

    /// What a service of the project is.
    #[must_use]
    pub fn identity(&self, placement: &Placement) -> Identity {
        self.known(placement).map_or_else(|| roles::identify(placement, self.files), |known| known.identity.clone())
    }

    /// The first active service before this one that publishes a port of a number for which `clashes` holds, and that port.
    pub(super) fn earlier_port(
        &self,
        placement: &Placement,
        number: &str,
        clashes: impl Fn(&Port) -> bool,
    ) -> Option<(&'a Placement, &'a Port)> {
        let own = self.index(placement).unwrap_or(0);
        let mut earlier = self.directory.publishing(number).take_while(|(at, _)| *at < own);
        earlier.find(|(_, port)| clashes(port)).and_then(|(at, port)| Some((self.placements.get(at)?, port)))
    }

    /// Whether another service mounts a volume of this name.
    #[must_use]
    pub fn is_mounted_elsewhere(&self, placement: &Placement, volume: &str) -> bool {
        self.directory.mounts(volume, self.index(placement))
    }

    /// Whether another service waits for this one with a condition.
    pub(super) fn waits(&self, placement: &Placement, condition: &str) -> bool {
        self.directory.waits(&placement.name, condition, self.index(placement))
    }

    /// Services that share a network with this database and have nothing to do with it: the first by name, and how many more.
    pub(super) fn strangers(&self, placement: &Placement) -> (Vec<&'a str>, usize) {
        let role = |at: usize| self.services.get(at).map_or("other", |known| known.identity.role);
        let strangers = self.strangers.get_or_init(|| Strangers::of(self.placements, role, &self.directory));
        strangers.to(self.index(placement), placement)
    }

    /// Whether the service at a position is a database.
    pub(super) fn is_database(&self, at: usize) -> bool {
        self.databases.binary_search(&at).is_ok()
    }

    /// The first active service that cannot start without one of a name.
    pub(super) fn needing(&self, name: &str) -> Option<&'a Placement> {
        self.directory.needing(name).and_then(|at| self.placements.get(at))
    }

    /// The first active service that replaces containers by itself.
    pub(super) fn updater(&self) -> Option<&'a Placement> {
        self.directory.updater().and_then(|at| self.placements.get(at))
    }

    /// Every database service, with its engine.
    pub fn databases(&self) -> impl Iterator<Item = (&'a Placement, Option<Engine>)> {
        self.databases.iter().filter_map(|at| Some((self.placements.get(*at)?, self.services.get(*at)?.identity.engine)))
    }

    /// The service that a host name within the project means.
    #[must_use]
    pub fn service_at(&self, host: &str) -> Option<&'a Placement> {
        self.directory.answering(host).first().and_then(|at| self.placements.get(*at))
    }

    /// The record of a service, for other services' records to name.
    #[must_use]
    pub fn record_of(&self, name: &str) -> Option<Arc<Record>> {
        self.services.get(*self.directory.named(name).first()?).map(|known| Arc::clone(&known.record))
    }

    /// Administrators of the databases of an engine; only of the one at `host`, when the project has it.
    pub(super) fn superusers(&self, engine: Engine, host: Option<&str>) -> impl Iterator<Item = &Superuser> {
        let meant = move |known: Engine| known == engine || footprints::share_names(known, engine);
        let everywhere = host.is_none().then_some(&self.services).into_iter().flatten();
        let at_host = host.map_or(&[][..], |host| self.directory.answering(host)).iter().filter_map(|at| self.services.get(*at));
        let known = everywhere.chain(at_host).filter(move |known| known.identity.engine.is_some_and(meant));
        known.filter_map(|known| known.superuser.as_ref())
    }

    /// The database service, other than this one, whose data lies on a mount of this one.
    #[must_use]
    pub fn database_on(&self, placement: &Placement, index: usize) -> Option<&'a Placement> {
        let key = storage::volume_key(placement.mounts.get(index)?)?;
        let own = self.index(placement);
        let at = self.by_data.get(&key)?.iter().find(|at| Some(**at) != own)?;
        self.placements.get(*at)
    }

    /// The services that mount a volume or folder, by the key that is the same for all of them.
    pub(super) fn sharing(&self, key: &str) -> impl Iterator<Item = &'a Placement> {
        self.directory.sharing(key).iter().filter_map(|at| self.placements.get(*at))
    }

    /// The key of the volume or folder that holds the data of a database service.
    pub(super) fn data_mount_key(&self, placement: &Placement) -> Option<String> {
        self.known(placement)?.data_volume.clone()
    }

    /// The mount that holds the data of a database service, by its index.
    #[must_use]
    pub fn data_mount(&self, placement: &Placement) -> storage::DataPlace {
        self.known(placement).map_or(storage::DataPlace::Unknown, |known| known.data)
    }

    fn index(&self, placement: &Placement) -> Option<usize> {
        self.directory.at(placement)
    }

    fn known(&self, placement: &Placement) -> Option<&Known> {
        self.services.get(self.index(placement)?)
    }
}

impl Known {
    fn of(placement: &Placement, files: &Files) -> Self {
        let identity = roles::identify(placement, files);
        let superuser = identity.engine.map(|engine| accounts::superuser(placement, engine));
        let data = storage::data_place(placement, &storage::layouts(placement, &identity, files));
        let data_volume = match data {
            storage::DataPlace::Mount(index) => placement.mounts.get(index).and_then(storage::volume_key),
            _ => None,
        };
        let record = Arc::new(links::service_record(placement, &identity));
        Self { identity, superuser, record, data, data_volume }
    }
}
