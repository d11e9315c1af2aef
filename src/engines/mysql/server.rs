//! One server before any release is assumed: its files, its workload, and what both say.

use super::reading::Reading;
use super::{catalogue, identify};
use crate::config::Config;
use crate::engines::frame::{Base, Paths, Stated, Workload, target_of};
use crate::model::{Date, Engine, TagKind, Version, VersionBasis, VersionCandidates};
use crate::text::path::folder_of;
use crate::text::{Files, Span};

/// Both engines.
pub(super) const ENGINES: [Engine; 2] = [Engine::Mysql, Engine::Mariadb];

/// One server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub base: Base<'a>,
    /// Its main files, where no workload tells them.
    pub chain: Vec<String>,
    /// The index of its target among all.
    target: Option<usize>,
}

impl<'a> Server<'a> {
    /// One that a workload runs.
    pub fn of_workload(workload: Workload<'a>, config: &'a Config) -> Self {
        Self { base: Base::of_workload(workload, config), chain: Vec::new(), target: None }
    }

    /// One of files alone.
    pub fn of_files(chain: Vec<String>, config: &'a Config) -> Self {
        let first = chain.first().map_or("", String::as_str);
        let target = target_of(first, &config.targets, folder_of(&config.path));
        let base = Base::of_files(|| first.to_owned(), folder_of(first), target.and_then(|index| config.targets.get(index)));
        Self { base, chain, target }
    }

    /// Where its absolute paths lead. `roots` are those of all targets.
    pub fn paths<'p>(&'p self, files: &'p Files, roots: &'p [Option<String>]) -> Paths<'p> {
        self.base.paths(files, self.data_directory(), self.target.and_then(|index| roots.get(index)?.as_deref()))
    }

    /// The data directory of a container.
    pub fn data_directory(&self) -> Option<&str> {
        self.base.workload?.facts.get("data_directory")?.datum.known()?.as_text()
    }

    /// The `image:` value, or the name of the service.
    pub fn place(&self) -> Option<Span> {
        self.base.image_span().or_else(|| self.base.workload.map(|workload| workload.placement.name_span))
    }

    /// Which of the two it is.
    pub fn engine(&self, reading: &Reading, stated: &Stated<'_>) -> Engine {
        if let Some(engine) = self.base.workload.and_then(|workload| workload.identity.engine) {
            return engine;
        }
        let by_folder = || self.folder_says().map(|(engine, _)| engine);
        self.stated_engine(stated).or_else(by_folder).unwrap_or_else(|| identify::engine(reading, &reading.paths))
    }

    /// What the folders of its first file are called after.
    fn folder_says(&self) -> Option<(Engine, Version)> {
        identify::of_folder(self.chain.first()?)
    }

    /// The one of the two that a stated version is of.
    fn stated_engine(&self, stated: &Stated<'_>) -> Option<Engine> {
        let target = self.base.target.and_then(|target| target.engine_version.as_ref()).map(|at| &at.value);
        let is_of = |engine: &Engine| match target {
            Some(version) => identify::may_be_of(*engine, version),
            None => stated.versions.iter().any(|stated| match stated.engine {
                Some(named) => named == *engine,
                None => identify::may_be_of(*engine, &stated.version),
            }),
        };
        let mut told = ENGINES.into_iter().filter(is_of);
        told.next().filter(|_| told.next().is_none())
    }

    /// Releases that it may be of: the image's, else what is stated, else those that are maintained and fit its files.
    pub fn versions(&self, engine: Engine, reading: &Reading, stated: &Stated<'_>, now: Date) -> VersionCandidates {
        let of = |version: &Version, basis, span| VersionCandidates { candidates: identify::series_of(engine, version), basis, span };
        let image = self.base.workload.and_then(|workload| workload.identity.image.as_ref());
        if let Some(version) = image.and_then(|image| image.version.as_ref()) {
            return of(version, VersionBasis::ImageTag, self.place());
        }
        // The tag moves on to the newest release.
        let official = image.filter(|image| image.distribution == Some("official"));
        let moves = official.is_some_and(|image| matches!(image.tag_kind, TagKind::None | TagKind::Moving));
        if let Some(newest) = catalogue::series_of(engine).last().filter(|_| moves) {
            return of(&Version::from(*newest), VersionBasis::MovingTag, self.place());
        }
        if let Some((_, version)) = self.folder_says().filter(|(of, _)| *of == engine) {
            return of(&version, VersionBasis::Path, None);
        }
        let fits = |version: &&Version| identify::may_be_of(engine, version);
        if let Some(at) = self.base.target.and_then(|target| target.engine_version.as_ref()).filter(|at| fits(&&at.value)) {
            return of(&at.value, VersionBasis::Stated, Some(at.span));
        }
        if let Some(version) = stated.version(engine).filter(fits) {
            return of(version, VersionBasis::Stated, None);
        }
        let candidates = identify::releases(engine, reading, now, stated.target(engine));
        VersionCandidates { candidates, basis: VersionBasis::Unstated, span: None }
    }
}
