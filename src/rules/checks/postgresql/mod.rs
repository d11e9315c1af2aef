//! Checks of PostgreSQL: its settings together, and its access rules against them.

pub(super) mod hba_ipv6_asymmetry;
pub(super) mod hba_unreachable_by_listen;
mod listening;
pub(super) mod maintenance_memory;
pub(super) mod max_backends;
pub(super) mod memory_beyond_machines;
pub(super) mod recovery_targets;
pub(super) mod reserved_connections;
pub(super) mod search_path;
pub(super) mod shared_memory;
pub(super) mod sync_standbys;
pub(super) mod weak_ciphers;
pub(super) mod worst_case_memory;
