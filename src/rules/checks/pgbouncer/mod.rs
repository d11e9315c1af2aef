//! Checks of PgBouncer: its pools against the servers behind it.

pub(super) mod pool_exceeds_server;
