//! One PgBouncer before any release is assumed: its workload or its main file, and what both say.

use super::catalogue::{self, RELEASES, release_of};
use super::image::{self, Image};
use crate::config::Config;
use crate::engines::frame::{Base, Paths, Stated, Workload, new_enough, target_of};
use crate::model::{Engine, Version, VersionBasis, VersionCandidates};
use crate::text::path::folder_of;
use crate::text::{Files, Span};

/// The first release that a maintained distribution ships: Debian 12 has 1.18.
pub(super) const OLDEST_SHIPPED: u32 = 18;

/// Where the main file is, when nothing says otherwise.
const USUAL_PATH: &str = "/etc/pgbouncer/pgbouncer.ini";

/// One PgBouncer.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub base: Base<'a>,
    /// Its main file, where no workload tells it.
    pub ini: Option<String>,
    /// The index of its target among all.
    target: Option<usize>,
}

impl<'a> Server<'a> {
    /// One that a workload runs.
    pub fn of_workload(workload: Workload<'a>, config: &'a Config) -> Self {
        Self { base: Base::of_workload(workload, config), ini: None, target: None }
    }

    /// One of a file alone.
    pub fn of_file(path: &str, config: &'a Config) -> Self {
        let target = target_of(path, &config.targets, folder_of(&config.path));
        let base = Base::of_files(|| path.to_owned(), folder_of(path), target.and_then(|index| config.targets.get(index)));
        Self { base, ini: Some(path.to_owned()), target }
    }

    /// Where its absolute paths lead. `roots` are those of all targets.
    pub fn paths<'p>(&'p self, files: &'p Files, roots: &'p [Option<String>]) -> Paths<'p> {
        self.base.paths(files, None, self.target.and_then(|index| roots.get(index)?.as_deref()))
    }

    /// What its image writes where no file is mounted.
    pub fn image(&self) -> Option<&'static Image> {
        image::of(self.base.workload?.identity.image.as_ref()?.distribution?)
    }

    /// The `image:` value, or the name of the service.
    pub fn place(&self) -> Option<Span> {
        self.base.image_span().or_else(|| self.base.workload.map(|workload| workload.placement.name_span))
    }

    /// Paths in the container where the main file may be; the first that is mounted counts.
    pub fn main_paths(&self) -> Vec<String> {
        let mut words = self.base.words().iter().filter_map(|word| word.value.as_deref());
        let named = words.rfind(|word| word.ends_with(".ini"));
        let of_image = self.image().map_or(&[USUAL_PATH][..], |image| image.paths);
        named.into_iter().chain(of_image.iter().copied()).map(str::to_owned).collect()
    }

    /// Releases that it may be of: the image's, else what is stated, else every one in use that has the settings of its files.
    pub fn versions(&self, stated: &Stated<'_>, names: &[&str]) -> VersionCandidates {
        let known = |version: &&Version| release_of(version).is_some_and(|release| RELEASES.contains(&release));
        let one = |version: &Version, basis, span| VersionCandidates { candidates: vec![version.clone()], basis, span };
        let image = self.base.workload.and_then(|workload| workload.identity.image.as_ref()?.version.as_ref());
        if let Some(version) = image.filter(known) {
            return one(version, VersionBasis::ImageTag, self.place());
        }
        if let Some(at) = self.base.target.and_then(|target| target.engine_version.as_ref()).filter(|at| known(&&at.value)) {
            return one(&at.value, VersionBasis::Stated, Some(at.span));
        }
        if let Some(version) = stated.version(Engine::Pgbouncer).filter(known) {
            return one(version, VersionBasis::Stated, None);
        }
        let mut releases: Vec<u32> = (OLDEST_SHIPPED..=*RELEASES.end()).collect();
        new_enough(&mut releases, names, |release, name| catalogue::entry(*release, name).is_some());
        let candidates = releases.into_iter().map(|release| Version(vec![1, release])).collect();
        VersionCandidates { candidates, basis: VersionBasis::Unstated, span: None }
    }
}
