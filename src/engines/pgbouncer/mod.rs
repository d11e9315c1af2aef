//! PgBouncer: what its files mean, release by release.
//!
//! It keeps no data. Clients reach a server through it, so that its authentication, TLS and limits are those of a hop.

mod catalogue;
mod connection;
mod effective;
mod problems;
mod reading;
mod records;
mod value;

#[cfg(test)]
mod tests;
