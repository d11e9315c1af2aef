//! Database engines: what the files of a server mean, per release.

pub mod postgresql;
