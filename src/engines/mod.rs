//! Database engines: what the files of a server mean, per release.

pub mod pgbouncer;
pub mod postgresql;
