//! How each engine shows outside its own files: `rules/data/engines.toml`, as the build script checked and wrote it.

use crate::model::Engine;
use crate::model::footprint::{
    Access, Account, BackupImage, BackupKind, BackupProgram, Client, Data, DataLayout, Footprint, GoneProgram, HealthCheck, Images,
    MisplacedEffect, MisplacedMount, PasswordPlace, Quiesce, ReleaseNumbers, Server, Variables,
};

/// Every engine that has a section, in the order of the engines.
pub static ALL: &[Footprint] = include!(concat!(env!("OUT_DIR"), "/engines.rs"));

/// What is known of an engine; `None` for one that has no section.
#[must_use]
pub fn of(engine: Engine) -> Option<&'static Footprint> {
    ALL.iter().find(|footprint| footprint.engine == engine)
}

/// Whether variables and URLs that are called after one engine may mean the other: `MYSQL_USER` of a MariaDB.
#[must_use]
pub fn share_names(one: Engine, other: Engine) -> bool {
    let names = |engine: Engine| of(engine).map_or(&[][..], |footprint| footprint.names);
    names(one).iter().any(|name| names(other).contains(name))
}
