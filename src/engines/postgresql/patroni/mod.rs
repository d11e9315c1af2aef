//! Patroni's own configuration, which it turns into that of the server it runs.
//!
//! Patroni writes `postgresql.conf` and `pg_hba.conf` from this file and from what its distributed store (DCS)
//! holds for the whole cluster. `bootstrap.dcs` is what the store begins with; `patronictl edit-config` may have
//! changed it since. Sources: docs/patroni_configuration.rst, docs/yaml_configuration.rst and
//! patroni/postgresql/config.py of github.com/patroni/patroni.

mod claims;
mod controlled;
mod credentials;
mod file;
mod misplaced;
mod mounted;
mod node;
mod nodes;
mod parameters;
mod problems;
mod rest_api;

pub use claims::claims;
pub(super) use file::{AccessRules, Patroni};
pub use mounted::is_mounted;
pub(super) use nodes::compare as compare_nodes;
pub(super) use parameters::listen_of_variable;
