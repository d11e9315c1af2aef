//! From deployment files to placements: what runs, with what, and how it can be reached. Knows no engine.

pub mod compose;
pub mod host;
mod platform;
mod project;

use crate::formats::{FileKind, dotenv};

pub use platform::{Described, Describes, Given, Platforms};
pub use project::{Missing, Note, Project, VariableFile};

/// Every platform. One enters the house with its line here.
pub static ALL: Platforms = Platforms(&[&compose::Compose, &host::Host]);

/// Kinds of file that hold variables of workloads.
pub const VARIABLE_KINDS: &[&FileKind] = &[&dotenv::KIND];
