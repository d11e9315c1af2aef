//! What the official image does on its own: the settings and access rules that its entrypoint writes
//! into a new data directory.
//!
//! Source: `docker-entrypoint.sh` and the Dockerfiles of github.com/docker-library/postgres.

use crate::model::Interpolated;

/// Settings that a new data directory of the image has beside the compiled defaults.
///
/// `listen_addresses` is edited into the image's sample; the others are what `initdb` writes on any
/// machine with enough memory, so that they hold on majors whose compiled default differs.
pub const SETTINGS: [(&str, &str); 5] = [
    ("listen_addresses", "*"),
    ("max_connections", "100"),
    ("shared_buffers", "128MB"),
    ("max_wal_size", "1GB"),
    ("min_wal_size", "80MB"),
];

/// Images whose entrypoint is the official one and changes nothing of what it writes.
const FAITHFUL: [&str; 4] = ["official", "postgis", "pgvector", "alpine"];

/// Whether the defaults of the official image may be believed of an image of this distribution.
#[must_use]
pub fn is_faithful(distribution: Option<&str>) -> bool {
    distribution.is_some_and(|name| FAITHFUL.contains(&name))
}

/// The method of the last line of the generated `pg_hba.conf`, `host all all all METHOD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatchAll {
    /// This method.
    Method(String),
    /// A variable without a value decides.
    Unknown,
}

/// What `POSTGRES_HOST_AUTH_METHOD` makes of the catch-all; unset, the password encryption of the major decides.
#[must_use]
pub fn catch_all(stated: Option<&Interpolated>, major: u32) -> CatchAll {
    match stated.map(|value| value.value.as_deref()) {
        Some(None) => CatchAll::Unknown,
        Some(Some(method)) if !method.is_empty() => CatchAll::Method(method.to_owned()),
        _ => CatchAll::Method(if major >= 14 { "scram-sha-256" } else { "md5" }.to_owned()),
    }
}

/// The `pg_hba.conf` that a new data directory has before its catch-all: `initdb` trusts local clients.
pub const HBA: &str = "local all all trust
host all all 127.0.0.1/32 trust
host all all ::1/128 trust
local replication all trust
host replication all 127.0.0.1/32 trust
host replication all ::1/128 trust
";
