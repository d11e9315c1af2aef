//! Engines: what the files of a database server mean, per release.

pub mod postgresql;
