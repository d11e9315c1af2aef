//! Keys in a section of the file where Patroni does not look for them.
//!
//! Of `bootstrap.dcs` and its `standby_cluster` Patroni takes the keys that belong there and nothing else, without a word
//! (`_safe_copy_dynamic_configuration` of patroni/config.py).

use super::node::{self, Placed};
use super::problems;
use crate::formats::yaml::{Entry, Node};
use crate::model::Record;

/// Keys of `bootstrap.dcs.postgresql`.
const OF_POSTGRESQL: [&str; 7] =
    ["parameters", "pg_hba", "pg_ident", "recovery_conf", "use_pg_rewind", "use_slots", "remove_data_directory_on_rewind_failure"];

/// Keys of `bootstrap.dcs`.
const OF_CLUSTER: [&str; 14] = [
    "check_timeline",
    "failsafe_mode",
    "ignore_slots",
    "loop_wait",
    "maximum_lag_on_failover",
    "maximum_lag_on_syncnode",
    "primary_start_timeout",
    "primary_stop_timeout",
    "retry_timeout",
    "slots",
    "synchronous_mode",
    "synchronous_mode_strict",
    "synchronous_node_count",
    "ttl",
];

/// Keys of `bootstrap.dcs.standby_cluster`.
const OF_STANDBY_CLUSTER: [&str; 3] = ["primary_slot_name", "create_replica_methods", "restore_command"];

/// Every key that stands in the wrong section.
pub(super) fn misplaced(root: &Node) -> Vec<Record> {
    let below = |path: &[&str]| node::entry(root, path).map(|entry| entry.value.entries()).unwrap_or_default();
    let mut found = Vec::new();
    for entry in below(&["bootstrap", "dcs", "standby_cluster"]) {
        found.extend(at(entry, &OF_POSTGRESQL, "bootstrap.dcs.standby_cluster", "bootstrap.dcs.postgresql"));
        found.extend(at(entry, &OF_CLUSTER, "bootstrap.dcs.standby_cluster", "bootstrap.dcs"));
    }
    for entry in below(&["bootstrap", "dcs"]) {
        found.extend(at(entry, &OF_POSTGRESQL, "bootstrap.dcs", "bootstrap.dcs.postgresql"));
        found.extend(at(entry, &OF_STANDBY_CLUSTER, "bootstrap.dcs", "bootstrap.dcs.standby_cluster"));
    }
    for entry in below(&["bootstrap", "dcs", "postgresql"]) {
        found.extend(at(entry, &OF_CLUSTER, "bootstrap.dcs.postgresql", "bootstrap.dcs"));
    }
    for entry in below(&["bootstrap"]) {
        found.extend(at(entry, &["parameters", "use_pg_rewind", "use_slots"], "bootstrap", "bootstrap.dcs.postgresql"));
    }
    for entry in root.entries() {
        found.extend(at(entry, &["parameters", "pg_ident", "use_pg_rewind", "use_slots"], "the file itself", "postgresql"));
    }
    found
}

/// What is to be said of an entry, if its key belongs elsewhere.
fn at(entry: &Entry, keys: &[&str], section: &str, home: &str) -> Option<Record> {
    let key = entry.key.text().filter(|key| keys.contains(key))?;
    let name = Placed { text: key.to_owned(), span: entry.key.place() };
    let reason = format!("Patroni looks for it in {home}, and takes no such key from {section}");
    Some(problems::ignored(&name, &name, &reason))
}
