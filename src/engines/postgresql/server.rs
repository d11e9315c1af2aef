//! One server before any version is assumed: its files, its workload, and what both say.

use std::sync::Arc;

use super::ServerFile;
use super::effective::ServerConfiguration;
use super::first_start::{self, FirstStart};
use super::image;
use super::patroni::Patroni;
use super::servers::ServerFiles;
use super::versions;
use crate::config::Config;
use crate::engines::frame::{Base, Paths, Standing, Stated, Workload, target_of};
use crate::model::{Date, Engine, TagKind, VersionBasis, VersionCandidates, Why};
use crate::text::Files;
use crate::text::path::folder_of;

/// One server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub base: Base<'a>,
    pub files: ServerFiles,
    /// The configuration of Patroni, where it runs the server.
    pub patroni: Option<Arc<Patroni>>,
}

impl<'a> Server<'a> {
    /// A server of files alone.
    pub fn of_files(server: ServerFiles, config: &'a Config, files: &Files) -> Self {
        let target = server.target.and_then(|index| config.targets.get(index));
        let base = Base::of_files(|| server.id(files), &server.folder, target);
        Self { base, files: server.with_sisters(files), patroni: None }
    }

    /// A server that Patroni runs.
    pub fn of_patroni(patroni: Arc<Patroni>, config: &'a Config) -> Self {
        let path = patroni.source.path().to_owned();
        let target = target_of(&path, &config.targets, folder_of(&config.path));
        let files = ServerFiles { folder: folder_of(&path).to_owned(), target, ..ServerFiles::default() };
        let base = Base::of_files(|| path.clone(), &files.folder, target.and_then(|index| config.targets.get(index)));
        Self { base, files, patroni: Some(patroni) }
    }

    /// A server of a workload.
    pub fn of_workload(workload: Workload<'a>, patroni: Option<Arc<Patroni>>, config: &'a Config) -> Self {
        let base = Base::of_workload(workload, config);
        let files = ServerFiles { folder: base.folder.clone(), ..ServerFiles::default() };
        Self { base, files, patroni }
    }

    /// Where the server's absolute paths lead.
    pub fn paths(&'a self, files: &'a Files, roots: &'a [Option<String>]) -> Paths<'a> {
        let root = self.files.target.and_then(|index| roots.get(index)?.as_deref());
        self.base.paths(files, self.data_directory(), root)
    }

    /// The data directory of a container, or the one that Patroni is told.
    pub fn data_directory(&self) -> Option<&str> {
        if let Some(patroni) = &self.patroni {
            return patroni.data_directory.as_deref();
        }
        let fact = self.base.workload?.facts.get("data_directory")?;
        fact.datum.known()?.as_text()
    }

    /// A file that is mounted where the image looks for one's own before it writes its own, which it then names on the
    /// command line: its path in the container, and its display path.
    ///
    /// Source for Bitnami: `libpostgresql.sh` of github.com/bitnami/containers.
    pub fn file_of_own_folder(&self, name: &str, paths: &Paths<'_>, files: &Files) -> Option<(String, String)> {
        let image = self.base.workload.and_then(|workload| workload.identity.image.as_ref())?;
        image.distribution.filter(|distribution| distribution.starts_with("bitnami"))?;
        let absolute = format!("/bitnami/postgresql/conf/{name}");
        match paths.find(&absolute) {
            Standing::Here(path) if files.exists(&path) == Ok(true) => Some((absolute, path)),
            _ => None,
        }
    }

    /// What scripts of the first start do, in an image that runs them.
    pub fn first_start(&self, files: &Files) -> FirstStart {
        let placement = self.base.workload.filter(|_| self.patroni.is_none()).map(|workload| workload.placement);
        let read = |placement| first_start::read(placement, self.data_directory().unwrap_or(first_start::DATA), files);
        placement.map(read).unwrap_or_default()
    }

    /// The path of the main file in a container: a script may append to it.
    pub fn main_in_container(&self, main: Result<&ServerFile, &Why>) -> Option<String> {
        self.base.workload?;
        match main {
            Ok(file) => file.server.clone(),
            Err(_) => Some(format!("{}/postgresql.conf", self.data_directory().unwrap_or(first_start::DATA).trim_end_matches('/'))),
        }
    }

    /// Whether the defaults of the official image hold for it.
    pub fn has_faithful_image(&self) -> bool {
        let image = self.base.workload.and_then(|workload| workload.identity.image.as_ref());
        image.is_some_and(|image| image::is_faithful(image.distribution))
    }

    /// Majors that it may be of: image, then path, then `PG_VERSION`, then what is stated, then paths that its files
    /// write, then those that are maintained.
    pub fn versions(&self, files: &Files, stated: &Stated<'_>, now: Date, configuration: &ServerConfiguration) -> VersionCandidates {
        if let Some(candidates) = self.image_version() {
            return candidates;
        }
        // Patroni's paths are those of the server's machine, and of its image.
        if let Some(version) = self.patroni.as_ref().and_then(|patroni| patroni.version()) {
            return versions::stated(version.clone(), VersionBasis::Path, None);
        }
        if let Some(says) = self.files.path_says(files) {
            return versions::stated(says.version, VersionBasis::Path, None);
        }
        let written = self.files.pg_version.as_deref().and_then(|path| files.read(path).ok());
        if let Some(source) = written
            && let Some(version) = versions::from_pg_version(source.text())
        {
            return versions::stated(version, VersionBasis::DataDirectory, Some(source.span(0, source.text().trim_end().len())));
        }
        let by_target = self.base.target.and_then(|target| target.engine_version.as_ref());
        match (by_target, stated.version(Engine::Postgresql)) {
            (Some(at), _) => versions::stated(at.value.clone(), VersionBasis::Stated, Some(at.span)),
            (None, Some(version)) => versions::stated(version.clone(), VersionBasis::Stated, None),
            (None, None) => versions::from_written_paths(configuration.written_paths())
                .unwrap_or_else(|| versions::unstated(now, &configuration.names(), stated.target(Engine::Postgresql))),
        }
    }

    fn image_version(&self) -> Option<VersionCandidates> {
        let workload = self.base.workload?;
        let image = workload.identity.image.as_ref()?;
        let span = self.base.image_span();
        match &image.version {
            Some(version) => Some(versions::stated(version.clone(), VersionBasis::ImageTag, span)),
            None if matches!(image.tag_kind, TagKind::None | TagKind::Moving) && self.has_faithful_image() => Some(versions::moving(span)),
            None => None,
        }
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
