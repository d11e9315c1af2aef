//! One server before any version is assumed: its files, its workload, and what both say.

use std::sync::Arc;

use super::image;
use super::paths::{Paths, Standing};
use super::patroni::Patroni;
use super::servers::{ServerFiles, target_of};
use super::versions;
use crate::config::{Config, Target};
use crate::engines::frame::{Stated, Workload};
use crate::model::{Deployment, Engine, EnvironmentEntry, HostFacts, TagKind, VersionBasis, VersionCandidates, Why, Word};
use crate::text::path::folder_of;
use crate::text::{Files, Span};

/// One server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub id: String,
    pub files: ServerFiles,
    pub workload: Option<Workload<'a>>,
    pub target: Option<&'a Target>,
    /// The configuration of Patroni, where it runs the server.
    pub patroni: Option<Arc<Patroni>>,
    /// Why the files that it mounts are left out.
    pub left_out: Option<Why>,
}

impl<'a> Server<'a> {
    /// A server of files alone.
    pub fn of_files(files: ServerFiles, config: &'a Config) -> Self {
        let target = files.target.and_then(|index| config.targets.get(index));
        let id = target.map_or_else(|| files.id(), |target| target.name.value.clone());
        Self { id, files, workload: None, target, patroni: None, left_out: None }
    }

    /// A server that Patroni runs.
    pub fn of_patroni(patroni: Arc<Patroni>, config: &'a Config) -> Self {
        let path = patroni.source.path().to_owned();
        let target = target_of(&path, &config.targets, folder_of(&config.path));
        let files = ServerFiles { folder: folder_of(&path).to_owned(), target, ..ServerFiles::default() };
        let target = target.and_then(|index| config.targets.get(index));
        let id = target.map_or_else(|| path, |target| target.name.value.clone());
        Self { id, files, workload: None, target, patroni: Some(patroni), left_out: None }
    }

    /// A server of a workload; a target of its name speaks about it.
    pub fn of_workload(workload: Workload<'a>, config: &'a Config) -> Self {
        let folder = folder_of(&workload.placement.path).to_owned();
        let files = ServerFiles { folder, ..ServerFiles::default() };
        Self {
            id: workload.id.to_owned(),
            files,
            workload: Some(workload),
            target: config.target(workload.id),
            patroni: None,
            left_out: None,
        }
    }

    /// Where the server's absolute paths lead.
    pub fn paths(&'a self, files: &'a Files, roots: &'a [Option<String>]) -> Paths<'a> {
        if let Some(why) = &self.left_out {
            return Paths::LeftOut(why);
        }
        if let Some(workload) = &self.workload {
            return Paths::Container(workload.placement, self.data_directory(), files);
        }
        match self.files.target.and_then(|index| roots.get(index)?.as_deref()) {
            Some(root) => Paths::Root(root, files),
            None => Paths::Machine(&self.files.folder, files),
        }
    }

    /// The data directory of a container, or the one that Patroni is told.
    pub fn data_directory(&self) -> Option<&str> {
        if let Some(patroni) = &self.patroni {
            return patroni.data_directory.as_deref();
        }
        let fact = self.workload?.subject.facts.get("data_directory")?;
        fact.datum.known()?.as_text()
    }

    /// A file that is mounted where the image looks for one's own before it writes its own, which it then names on the
    /// command line: its path in the container, and its display path.
    ///
    /// Source for Bitnami: `libpostgresql.sh` of github.com/bitnami/containers.
    pub fn file_of_own_folder(&self, name: &str, paths: &Paths<'_>, files: &Files) -> Option<(String, String)> {
        let image = self.workload.and_then(|workload| workload.identity.image.as_ref())?;
        image.distribution.filter(|distribution| distribution.starts_with("bitnami"))?;
        let absolute = format!("/bitnami/postgresql/conf/{name}");
        match paths.find(&absolute) {
            Standing::Here(path) if files.exists(&path) == Ok(true) => Some((absolute, path)),
            _ => None,
        }
    }

    /// The words that the server is started with.
    pub fn words(&self) -> &'a [Word] {
        let Some(workload) = self.workload else { return &[] };
        let command = workload.placement.command.as_ref();
        command.map(|command| command.words.as_slice()).unwrap_or_default()
    }

    /// The environment that the server is started with.
    pub fn environment(&self) -> &'a [EnvironmentEntry] {
        self.workload.map(|workload| workload.placement.environment.as_slice()).unwrap_or_default()
    }

    /// A variable of the environment.
    pub fn variable(&self, name: &str) -> Option<&'a EnvironmentEntry> {
        self.environment().iter().find(|entry| entry.name == name)
    }

    /// Whether the defaults of the official image hold for it.
    pub fn has_faithful_image(&self) -> bool {
        let image = self.workload.and_then(|workload| workload.identity.image.as_ref());
        image.is_some_and(|image| image::is_faithful(image.distribution))
    }

    /// Majors that it may be of: image, then path, then `PG_VERSION`, then what is stated.
    pub fn versions(&self, files: &Files, stated: &Stated<'_>) -> VersionCandidates {
        if let Some(candidates) = self.image_version() {
            return candidates;
        }
        // Patroni's paths are those of the server's machine, and of its image.
        if let Some(version) = self.patroni.as_ref().and_then(|patroni| patroni.version()) {
            return versions::stated(version.clone(), VersionBasis::Path, None);
        }
        if let Some(says) = self.files.path_says() {
            return versions::stated(says.version, VersionBasis::Path, None);
        }
        let written = self.files.pg_version.as_deref().and_then(|path| files.read(path).ok());
        if let Some(source) = written
            && let Some(version) = versions::from_pg_version(source.text())
        {
            return versions::stated(version, VersionBasis::DataDirectory, Some(source.span(0, source.text().trim_end().len())));
        }
        let by_target = self.target.and_then(|target| target.engine_version.as_ref());
        match (by_target, stated.version(Engine::Postgresql)) {
            (Some(at), _) => versions::stated(at.value.clone(), VersionBasis::Stated, Some(at.span)),
            (None, Some(version)) => versions::stated(version.clone(), VersionBasis::Stated, None),
            (None, None) => versions::unstated_before(stated.target(Engine::Postgresql)),
        }
    }

    fn image_version(&self) -> Option<VersionCandidates> {
        let workload = self.workload?;
        let image = workload.identity.image.as_ref()?;
        let span = self.image_span();
        match &image.version {
            Some(version) => Some(versions::stated(version.clone(), VersionBasis::ImageTag, span)),
            None if matches!(image.tag_kind, TagKind::None | TagKind::Moving) && self.has_faithful_image() => Some(versions::moving(span)),
            None => None,
        }
    }

    /// The `image:` value.
    pub fn image_span(&self) -> Option<Span> {
        let placement = self.workload?.placement;
        placement.image.as_ref().map(|image| image.span).or_else(|| placement.image_unresolved.as_ref().map(|image| image.span))
    }

    /// Machine or container facts: the target's, the container's limits, the command line's, those for all.
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
    pub fn deployment(&self, config: &Config, stated: &Stated<'_>) -> Deployment {
        if self.workload.is_some() {
            return Deployment::Container;
        }
        let by_profile = config.profile.deployment.as_ref().map(|at| at.value);
        stated.deployment.or(by_profile).unwrap_or(Deployment::SelfManaged)
    }
}

/// A path of the server that was looked for, and what stands there.
pub(super) fn standing(paths: &Paths<'_>, directory: Option<&str>, written: &str) -> Standing {
    if written.starts_with('/') {
        return paths.find(written);
    }
    match directory {
        Some(directory) => paths.find(&format!("{}/{written}", directory.trim_end_matches('/'))),
        None => Standing::Inside,
    }
}
