//! Every kind of file that a run knows: those of deployments, and those of the families of engines.

use crate::deployments::{Platforms, VARIABLE_KINDS};
use crate::engines::Families;
use crate::formats::FileKind;

/// The kinds, in the order in which a tie between two claims is decided.
#[derive(Clone, Debug)]
pub struct Kinds(Vec<&'static FileKind>);

impl Kinds {
    /// The kinds that some room reads.
    #[must_use]
    pub fn of(platforms: Platforms, families: Families) -> Self {
        let of_families = families.0.iter().flat_map(|family| family.kinds()).copied();
        Self(platforms.kinds().chain(of_families).chain(VARIABLE_KINDS.iter().copied()).collect())
    }

    /// The kind of a name that `--as` was given.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static FileKind> {
        self.iter().find(|kind| kind.name == name)
    }

    /// Every name that `--as` takes.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.iter().map(|kind| kind.name).collect()
    }

    /// Each kind.
    pub fn iter(&self) -> impl Iterator<Item = &'static FileKind> + '_ {
        self.0.iter().copied()
    }
}
