//! What every server is before its engine speaks: its id, its workload, and what is stated about it.

use super::given::{Stated, Workload};
use super::paths::Paths;
use super::targets::hosts_of;
use crate::config::{Config, Target};
use crate::model::{Deployment, Environment, EnvironmentEntry, HostFacts, Platform, Purpose, Why, Word};
use crate::text::path::folder_of;
use crate::text::{Files, Span};

/// The part of a server that no engine changes.
#[derive(Clone, Debug)]
pub struct Base<'a> {
    /// Its id: the name of its target, else of its workload, else what its engine makes of its files.
    pub id: String,
    /// Folder that relative paths, and files beside the main one, are looked for in.
    pub folder: String,
    /// The workload that runs it.
    pub workload: Option<Workload<'a>>,
    /// The target of gonogo.toml that speaks about it.
    pub target: Option<&'a Target>,
    /// Why the files that its workload mounts are left out.
    pub left_out: Option<Why>,
}

impl<'a> Base<'a> {
    /// A server of files alone, whose id is `id` unless a target names it.
    #[must_use]
    pub fn of_files(id: impl FnOnce() -> String, folder: &str, target: Option<&'a Target>) -> Self {
        let id = target.map_or_else(id, |target| target.name.value.clone());
        Self { id, folder: folder.to_owned(), workload: None, target, left_out: None }
    }

    /// A server of a workload; a target of its name speaks about it.
    #[must_use]
    pub fn of_workload(workload: Workload<'a>, config: &'a Config) -> Self {
        let folder = folder_of(&workload.placement.path).to_owned();
        Self { id: workload.id.to_owned(), folder, workload: Some(workload), target: config.target(workload.id), left_out: None }
    }

    /// Where the server's absolute paths lead. `data_directory` is that of its container.
    #[must_use]
    pub fn paths<'p>(&'p self, files: &'p Files, data_directory: Option<&'p str>, root: Option<&'p str>) -> Paths<'p> {
        if let Some(why) = &self.left_out {
            return Paths::LeftOut(why);
        }
        if let Some(workload) = &self.workload {
            return Paths::Container(workload.placement, data_directory, files);
        }
        match root {
            Some(root) => Paths::Root(root, files),
            None => Paths::Machine(&self.folder, files),
        }
    }

    /// A file of the server that could not be seen, as inputs name it: of a container as `docker cp` does, `db:/etc/x.conf`.
    #[must_use]
    pub fn path_within(&self, path: &str) -> String {
        match &self.workload {
            Some(workload) => format!("{}:{path}", workload.placement.name),
            None => path.to_owned(),
        }
    }

    /// What describes its workload.
    #[must_use]
    pub fn platform(&self) -> Option<Platform> {
        self.workload.map(|workload| workload.placement.platform)
    }

    /// The words that the server is started with.
    #[must_use]
    pub fn words(&self) -> &'a [Word] {
        let Some(workload) = self.workload else { return &[] };
        let command = workload.placement.command.as_ref().map(|command| command.words.as_slice());
        workload.placement.started.as_deref().or(command).unwrap_or_default()
    }

    /// The environment that the server is started with.
    #[must_use]
    pub fn environment(&self) -> &'a [EnvironmentEntry] {
        self.workload.map(|workload| workload.placement.environment.as_slice()).unwrap_or_default()
    }

    /// A variable of the environment.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&'a EnvironmentEntry> {
        self.environment().iter().find(|entry| entry.name == name)
    }

    /// The `image:` value.
    #[must_use]
    pub fn image_span(&self) -> Option<Span> {
        let placement = self.workload?.placement;
        placement.image.as_ref().map(|image| image.span).or_else(|| placement.image_unresolved.as_ref().map(|image| image.span))
    }

    /// Machine or container facts: the target's, the container's limits, the command line's, those for all.
    #[must_use]
    pub fn host(&self, config: &Config, stated: &Stated<'_>) -> HostFacts {
        let target = self.target.map(|target| target.host.clone()).unwrap_or_default();
        let placement = self.workload.map(|workload| workload.placement);
        let limit = placement.and_then(|placement| placement.memory).map(|(bytes, span)| (bytes, Some(span)));
        let cpus = placement.and_then(|placement| placement.cpus).map(|(cpus, span)| (cpus, Some(span)));
        HostFacts {
            memory: target.memory.or(limit).or(stated.host.memory).or(config.host.memory),
            cpus: target.cpus.or(cpus).or(stated.host.cpus).or(config.host.cpus),
            storage: target.storage.or(stated.host.storage).or(config.host.storage),
            workload: target.workload.or(stated.host.workload).or(config.host.workload),
        }
    }

    /// Who runs it; what the files do not tell is stated, and is a machine of one's own without a word.
    #[must_use]
    pub fn deployment(&self, config: &Config, stated: &Stated<'_>) -> Deployment {
        if self.workload.is_some() {
            return Deployment::Container;
        }
        let by_profile = config.profile.deployment.as_ref().map(|at| at.value);
        stated.deployment.or(by_profile).unwrap_or(Deployment::SelfManaged)
    }

    /// What it is for, as its target says.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.target.and_then(|target| target.purpose.as_ref()).map_or(Purpose::Store, |at| at.value)
    }

    /// The environment that it serves, as its target says.
    #[must_use]
    pub fn serves(&self) -> Environment {
        self.target.and_then(|target| target.environment.as_ref()).map_or(Environment::Production, |at| at.value)
    }

    /// Hosts that its target says it is reached at.
    #[must_use]
    pub fn client_hosts(&self) -> Vec<String> {
        self.target.map(hosts_of).unwrap_or_default()
    }
}
