//! What stands in the place of a setting that a release dropped, where that follows from its value alone.

/// What to write instead of a dropped setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Successor {
    /// Nothing: what it did is gone, or happens by itself.
    None,
    /// The same value under another name.
    Renamed(&'static str),
    /// Another setting with another value.
    Setting(&'static str, String),
}

/// Settings that did something that is gone, or that needs no setting any more.
const WITHOUT: [&str; 22] = [
    "add_missing_from",
    "autocommit",
    "bgwriter_all_maxpages",
    "bgwriter_all_percent",
    "custom_variable_classes",
    "db_user_namespace",
    "escape_string_warning",
    "explain_pretty_print",
    "max_fsm_pages",
    "max_fsm_relations",
    "old_snapshot_threshold",
    "operator_precedence_warning",
    "promote_trigger_file",
    "regex_flavor",
    "replacement_sort_tuples",
    "sql_inheritance",
    "stats_reset_on_server_start",
    "stats_start_collector",
    "stats_temp_directory",
    "trigger_file",
    "vacuum_cleanup_index_scale_factor",
    "wal_sender_delay",
];

/// Settings that go on under another name, with values of the same meaning and unit.
const RENAMED: [(&str, &str); 8] = [
    ("force_parallel_mode", "debug_parallel_query"),
    ("min_parallel_relation_size", "min_parallel_table_scan_size"),
    ("preload_libraries", "shared_preload_libraries"),
    ("redirect_stderr", "logging_collector"),
    ("replication_timeout", "wal_sender_timeout"),
    ("stats_command_string", "track_activities"),
    ("stats_row_level", "track_counts"),
    ("unix_socket_directory", "unix_socket_directories"),
];

/// Megabytes of a WAL segment, unless initdb was told otherwise.
const SEGMENT: u64 = 16;

/// What to write instead of a dropped setting with a value, from the release notes; `None` where a person has to decide.
#[must_use]
pub fn successor(name: &str, value: &str) -> Option<Successor> {
    let lower = name.to_ascii_lowercase();
    if lower == "wal_keep_segments" {
        let segments: u64 = value.trim().parse().ok()?;
        let size = segments.checked_mul(SEGMENT).filter(|size| *size < 2_147_483_648)?;
        return Some(Successor::Setting("wal_keep_size", if size == 0 { "0".to_owned() } else { format!("{size}MB") }));
    }
    if WITHOUT.contains(&lower.as_str()) {
        return Some(Successor::None);
    }
    RENAMED.iter().find(|(old, _)| *old == lower).map(|(_, new)| Successor::Renamed(new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::postgresql::catalogue::Catalogue;
    use crate::engines::postgresql::former::former;

    #[test]
    fn successors_exist_and_their_predecessors_are_gone() {
        let newest = Catalogue::of(18).unwrap();
        for name in WITHOUT.iter().chain(RENAMED.iter().map(|(old, _)| old)) {
            assert!(former(name).is_some(), "{name}");
        }
        for (_, new) in RENAMED {
            assert!(newest.entry(new).is_some(), "{new}");
        }
        assert_eq!(successor("Wal_Keep_Segments", "32"), Some(Successor::Setting("wal_keep_size", "512MB".to_owned())));
        assert_eq!(successor("wal_keep_segments", "many"), None);
        assert_eq!(successor("checkpoint_segments", "32"), None);
    }
}
