//! From deployment files to placements: what runs, with what, and how it can be reached. Knows no engine.

pub mod compose;

use crate::formats::{FileKind, dotenv};

/// Kinds of file that describe workloads.
pub const PLATFORM_KINDS: &[&FileKind] = &[&compose::KIND];

/// Kinds of file that hold variables of workloads.
pub const VARIABLE_KINDS: &[&FileKind] = &[&dotenv::KIND];
