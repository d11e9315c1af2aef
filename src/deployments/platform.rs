//! What a platform is to the rest of the house: kinds of file that describe workloads, and how they are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::project::Project;
use crate::formats::{FileKind, Recognised};
use crate::model::{Cuts, Platform};
use crate::text::{Files, Source};

/// What the descriptions of a run are read with.
#[derive(Debug)]
pub struct Given<'a> {
    /// Texts.
    pub files: &'a Files,
    /// What was recognised.
    pub recognised: &'a Recognised,
    /// Variables that `--use-env` passes on; no other variable of the process is ever used.
    pub environment: &'a BTreeMap<String, String>,
    /// Files of `--env-file`, in their order; `None` without that option.
    pub env_files: Option<&'a [Arc<Source>]>,
    /// Compose files that are said to make up one project, each laid over the one before it.
    pub compose_files: &'a [String],
}

/// What a platform made of its files.
#[derive(Debug, Default)]
pub struct Described {
    /// Its projects, in the order of their files.
    pub projects: Vec<Project>,
    /// Bounds that were met in files of `--env-file`.
    pub cuts: Cuts,
    /// Files that were recognised and describe nothing that runs, with the reason.
    pub left_out: Vec<(String, &'static str)>,
}

/// Something that describes workloads and runs them.
pub trait Describes: Sync {
    /// Which one.
    fn platform(&self) -> Platform;

    /// The kinds of file that it reads, in the order in which a tie is decided.
    fn kinds(&self) -> &'static [&'static FileKind];

    /// The projects of all its files.
    fn describe(&self, given: &Given<'_>) -> Described;
}

/// The platforms that a run knows.
#[derive(Clone, Copy)]
pub struct Platforms(pub &'static [&'static dyn Describes]);

impl Platforms {
    /// Every kind of file that describes workloads.
    pub fn kinds(self) -> impl Iterator<Item = &'static FileKind> {
        self.0.iter().flat_map(|platform| platform.kinds()).copied()
    }
}

impl std::fmt::Debug for Platforms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|platform| platform.platform())).finish()
    }
}
