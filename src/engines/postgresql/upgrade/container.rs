//! What only the new data directory decides: checksums, and for containers the place of the data.

use std::sync::Arc;

use super::{Ahead, CHECKSUMS_BY_DEFAULT, Change, Present};
use crate::engines::postgresql::server::Server;
use crate::model::Record;

/// The first major whose image keeps its data elsewhere.
/// <https://github.com/docker-library/postgres/pull/1259>
const NEW_PLACE: u32 = 18;

/// Where images of earlier majors keep the data.
const OLD_DATA: &str = "/var/lib/postgresql/data";

/// Whether the arguments of `initdb` switch checksums on.
fn initdb_has_checksums(arguments: &str) -> bool {
    arguments.split_whitespace().any(|word| word == "--data-checksums" || word == "-k")
}

impl Ahead {
    /// Changes that come with a new data directory.
    pub(in crate::engines::postgresql) fn of_data_directory(&self, present: &Present<'_>, server: &Server<'_>) -> Vec<Arc<Record>> {
        let crosses = |major: u32| present.version.major() < major && major <= self.version.major();
        let mut changes = Vec::new();
        let arguments = server.base.variable("POSTGRES_INITDB_ARGS").and_then(|entry| entry.value.value.as_deref());
        if crosses(CHECKSUMS_BY_DEFAULT) && !arguments.is_some_and(initdb_has_checksums) {
            let message = format!(
                "initdb of PostgreSQL {CHECKSUMS_BY_DEFAULT} switches data checksums on, earlier ones did not, and pg_upgrade refuses two clusters \
                 that differ. Unless `SHOW data_checksums` says on, stop the old server and run pg_checksums --enable before, or create the new cluster with \
                 initdb --no-data-checksums"
            );
            changes.push(Change::new("checksums", "data_checksums", present.anchor, message));
        }
        if crosses(NEW_PLACE) && server.has_faithful_image() {
            let mounts = server.base.workload.map(|workload| workload.placement.mounts.as_slice()).unwrap_or_default();
            changes.extend(mounts.iter().filter(|mount| mount.target.trim_end_matches('/') == OLD_DATA).map(|mount| {
                let message = format!(
                    "images of PostgreSQL {NEW_PLACE} and later keep their data in /var/lib/postgresql/MAJOR/docker, and do not start with a mount at \
                     {OLD_DATA}: with the new image mount a volume at /var/lib/postgresql, and move the data with pg_upgrade or a dump"
                );
                Change { found: Some(mount.target.clone()), ..Change::new("volume-path", OLD_DATA, Some(mount.span), message) }
            }));
        }
        changes.into_iter().map(|change| Arc::new(change.record())).collect()
    }
}
