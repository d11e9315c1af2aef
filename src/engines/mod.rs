//! Database engines: what the files of a server mean, per release.

mod family;
pub mod frame;
pub mod hops;
pub mod mysql;
pub mod pgbouncer;
pub mod postgresql;

pub use family::{Families, Family};

/// Every family. An engine enters the house with its line here.
pub static ALL: Families = Families(&[&postgresql::PostgreSql, &pgbouncer::PgBouncer, &mysql::MySql]);
