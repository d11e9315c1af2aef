//! Docker Compose files: one file → its services as placements.
//!
//! What stands here was asked of Docker Compose 2.40 (`docker compose config`); the vectors of
//! `tests/vectors/compose` keep its answers. Overrides, `include` and `extends` are joined.

mod allowance;
mod circles;
mod clashes;
mod command;
mod correct;
mod declared;
mod dependencies;
mod edit;
mod environment;
mod extends;
mod fitting;
mod form;
mod further;
mod healthcheck;
mod hooks;
mod image;
mod includes;
mod interpolate;
mod key;
mod keys;
mod layers;
mod limits;
mod merge;
mod mounts;
mod networks;
mod platform;
mod ports;
mod problems;
mod profiles;
mod project;
mod read;
mod reader;
mod recognise;
mod services;
mod survey;
mod tables;
mod text;
mod top_level;
mod units;
mod variable;
mod variables;
mod volumes;
mod words;

use crate::formats::{FileKind, yaml};

pub use layers::layers;
pub use platform::Compose;
pub use project::{ComposeProject, VariableUse};
pub use read::{read, read_layers};
pub use recognise::claims;
pub use top_level::{Resource, Resources};
pub use variable::Variable;
pub use variables::{DotenvEntries, Variables, dotenv_entries};

#[cfg(test)]
mod tests;

/// A compose file.
pub static KIND: FileKind = FileKind {
    name: "compose",
    claims,
    comments: Some(yaml::commented),
    has_copies: false,
    may_be_template: false,
    open: Some(edit::open),
    describes: true,
};
