//! What scripts of the first start do to a server: files below `/docker-entrypoint-initdb.d`.
//!
//! The official image runs them once, in the order of their names, when it has made the data directory. What they change stays:
//! settings (`ALTER SYSTEM`), roles, files of the data directory. They change nothing else: no read-only mount, no port, no limit.

mod files;
mod roles;
mod script;
mod sql;
mod steps;

#[cfg(test)]
mod tests;

pub use files::read;
pub(super) use roles::records;
pub(super) use steps::steps;

use std::sync::Arc;

use crate::model::Why;
use crate::text::{Source, Span};

/// The data directory of the official image, where nothing else is said.
pub const DATA: &str = "/var/lib/postgresql/data";

/// A change that a script makes.
#[derive(Clone)]
pub struct Effect {
    /// What it changes.
    pub change: Change,
    /// Where that is written.
    pub span: Span,
    /// The text that it is written in.
    pub source: Arc<Source>,
}

/// What a script changes.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// `ALTER SYSTEM SET`, or a line for a file of settings.
    Setting {
        /// The setting.
        name: String,
        /// Its value, without quotes.
        value: String,
        /// Where the value stands.
        value_span: Span,
        /// The file that it is written into; none for `postgresql.auto.conf`, which counts more than any other.
        file: Option<String>,
    },
    /// A role gets the rights of a superuser, or such that make it one.
    Superuser {
        /// The role.
        role: String,
        /// By what, as a clause: `it is a SUPERUSER`.
        how: String,
    },
    /// A role may do what no application needs, and is no superuser.
    Power {
        /// The role.
        role: String,
        /// What it may do, as a clause: `CREATEROLE, which makes accounts`.
        which: &'static str,
    },
    /// A role becomes a member of another.
    Member {
        /// The role.
        role: String,
        /// The other one.
        of: String,
    },
    /// A role gets a password that is written out.
    Password {
        /// The role.
        role: String,
        /// Whether it is easily guessed.
        weak: bool,
    },
    /// `ALTER ROLE … SET`, `ALTER DATABASE … SET`.
    SettingOf {
        /// `role shop_app`, `database shop`.
        whom: String,
        /// The setting.
        name: String,
        /// Its value.
        value: String,
    },
    /// A line for an access file.
    AccessLine {
        /// The path of the file in the container.
        path: String,
        /// The line.
        line: String,
        /// Whether the file holds nothing else afterwards.
        replaces: bool,
    },
}

/// What the scripts of the first start do.
#[derive(Clone, Default)]
pub struct FirstStart {
    /// Changes, in their order.
    pub effects: Vec<Effect>,
    /// Why there may be more.
    pub unread: Unread,
}

/// Why the first start may change more than was understood, by what it may change.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// Settings.
    pub settings: Option<Why>,
    /// Roles.
    pub roles: Option<Why>,
    /// Access files.
    pub access: Option<Why>,
}

/// Without the texts, which may hold a password.
impl std::fmt::Debug for FirstStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstStart").field("effects", &self.effects.len()).field("unread", &self.unread).finish()
    }
}
