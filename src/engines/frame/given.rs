//! What the servers of a family are assembled from, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::formats::{FileKind, Recognised};
use crate::model::{Cuts, Date, Deployment, Engine, EngineVersion, Fields, HostFacts, Instance, Observed, Placement, Version};
use crate::text::Files;
use crate::workloads::{Client, Identity};

/// A workload of a deployment, before any family has said that it is its own.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'a> {
    /// The id of its instance, if it becomes one.
    pub id: &'a str,
    /// As the deployment describes it.
    pub placement: &'a Placement,
    /// What it is.
    pub identity: &'a Identity,
    /// Those of [`FACTS_OF_SERVICE`].
    pub facts: &'a Fields,
}

/// Facts of a service that its instance takes over.
pub const FACTS_OF_SERVICE: [&str; 4] = ["tag_kind", "distribution", "data_directory", "data_mount"];

impl Workload<'_> {
    /// Whether it is a database server of one of these engines.
    #[must_use]
    pub fn is_database_of(&self, engines: &[Engine]) -> bool {
        self.identity.role == "database" && self.identity.engine.is_some_and(|engine| engines.contains(&engine))
    }
}

/// What the command line states for servers of which nothing else tells.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// `--deployment`.
    pub deployment: Option<Deployment>,
    /// `--memory` and its neighbours.
    pub host: &'a HostFacts,
    /// `--engine-version`.
    pub versions: &'a [EngineVersion],
    /// `--target-version`.
    pub targets: &'a [EngineVersion],
}

impl<'a> Stated<'a> {
    /// The version of servers of an engine.
    #[must_use]
    pub fn version(&self, engine: Engine) -> Option<&'a Version> {
        EngineVersion::of(self.versions, engine)
    }

    /// The version that servers of an engine are to be upgraded to.
    #[must_use]
    pub fn target(&self, engine: Engine) -> Option<&'a Version> {
        EngineVersion::of(self.targets, engine)
    }
}

/// What a family assembles its servers from.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Texts.
    pub files: &'a Files,
    /// Recognised files of every kind.
    pub recognised: &'a Recognised,
    /// Workloads of every deployment.
    pub workloads: &'a [Workload<'a>],
    /// How services of the deployments connect to databases of theirs.
    pub clients: &'a [Client],
    /// What running servers said. It is the last place in the chain of what sets a value.
    pub observed: &'a [Observed],
    /// gonogo.toml.
    pub config: &'a Config,
    /// What the command line states.
    pub stated: Stated<'a>,
    /// The date that ages are counted from.
    pub now: Date,
}

/// One server, and what it would have needed.
#[derive(Debug)]
pub struct Made {
    /// The server.
    pub instance: Instance,
    /// What each of its files was read as.
    pub kinds: BTreeMap<String, &'static FileKind>,
    /// Files that it needs and that could not be read, with the reason.
    pub unread: BTreeMap<String, String>,
    /// Files that were looked into, with their kind.
    pub probed: BTreeMap<String, &'static str>,
    /// Bounds of gonogo's own that were met.
    pub cuts: Cuts,
    /// Included files that were not read for one.
    pub left_out: BTreeSet<String>,
}

impl Assembled {
    /// Adds a server.
    pub fn add(&mut self, made: Made) {
        let Made { instance, kinds, unread, probed, cuts, left_out } = made;
        self.cuts.join(cuts);
        self.left_out.extend(left_out.into_iter().filter(|path| instance.sources.binary_search(path).is_err()));
        self.instances.push(instance);
        self.kinds.extend(kinds);
        self.unread.extend(unread);
        self.probed.extend(probed);
    }
}

/// The servers of a family, and what they would have needed.
#[derive(Debug, Default)]
pub struct Assembled {
    /// In the order of their files; ids may collide.
    pub instances: Vec<Instance>,
    /// What each file was read as that a server named and nobody recognised.
    pub kinds: BTreeMap<String, &'static FileKind>,
    /// Files that a server needs and that could not be read, with the reason.
    pub unread: BTreeMap<String, String>,
    /// Files that were looked into without being taken in as text (certificates, keys), with their kind.
    pub probed: BTreeMap<String, &'static str>,
    /// What a reader of the report should know of a file.
    pub notes: BTreeMap<String, &'static str>,
    /// Bounds of gonogo's own that were met.
    pub cuts: Cuts,
    /// Files that a server includes, and that were not read since a bound was met.
    pub left_out: BTreeSet<String>,
}
