//! PgBouncer: what its files mean, release by release.
//!
//! It keeps no data. Clients reach a server through it, so that its authentication, TLS and limits are those of a hop.

mod access;
mod advisories;
mod assemble;
mod auth_file;
pub mod catalogue;
mod connection;
mod edit;
mod effective;
mod entries;
mod facts;
mod family;
mod image;
mod kinds;
mod pools;
mod problems;
mod reading;
mod records;
mod server;
pub mod shapes;
mod value;

pub use self::family::PgBouncer;

#[cfg(test)]
mod tests;
