//! Settings that are gone, and what to write instead.

/// A setting that some release dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    /// Its name.
    pub name: &'static str,
    /// The first release without it.
    pub gone_in: &'static str,
    /// What to do, as the end of a sentence that begins with "Remove the line"; empty when that is all.
    pub instead: &'static str,
}

/// What became of a setting that was dropped.
#[must_use]
pub fn former(name: &str) -> Option<&'static Former> {
    FORMER.iter().find(|former| former.name.eq_ignore_ascii_case(name))
}

const fn gone(name: &'static str, gone_in: &'static str, instead: &'static str) -> Former {
    Former { name, gone_in, instead }
}

/// From the release notes of each major.
const FORMER: &[Former] = &[
    gone("add_missing_from", "9.0", ""),
    gone("australian_timezones", "8.2", "timezone_abbreviations = 'Australia' has the same effect"),
    gone("autocommit", "7.4", ""),
    gone("bgwriter_all_maxpages", "8.3", ""),
    gone("bgwriter_all_percent", "8.3", ""),
    gone("bgwriter_lru_percent", "8.3", "bgwriter_lru_multiplier replaces it"),
    gone("checkpoint_segments", "9.5", "max_wal_size replaces it: about 3 × checkpoint_segments × 16MB"),
    gone("custom_variable_classes", "9.2", "settings with a dot need no declaration"),
    gone("db_user_namespace", "17", ""),
    gone("escape_string_warning", "19", ""),
    gone("explain_pretty_print", "8.4", ""),
    gone("force_parallel_mode", "16", "debug_parallel_query replaces it, and belongs in no production file"),
    gone("io_workers", "19", "io_min_workers and io_max_workers replace it"),
    gone("krb_srvname", "9.4", ""),
    gone("lc_collate", "16", "initdb or CREATE DATABASE decides it, for each database"),
    gone("lc_ctype", "16", "initdb or CREATE DATABASE decides it, for each database"),
    gone("log_pid", "8.0", "log_line_prefix with %p replaces it"),
    gone("log_source_port", "8.0", "log_line_prefix with %r replaces it"),
    gone("log_timestamp", "8.0", "log_line_prefix with %m replaces it"),
    gone("max_fsm_pages", "8.4", "the free space map sizes itself"),
    gone("max_fsm_relations", "8.4", "the free space map sizes itself"),
    gone("min_parallel_relation_size", "10", "min_parallel_table_scan_size replaces it"),
    gone("old_snapshot_threshold", "17", "idle_in_transaction_session_timeout and transaction_timeout limit old snapshots"),
    gone("operator_precedence_warning", "14", ""),
    gone("preload_libraries", "8.2", "shared_preload_libraries replaces it"),
    gone("promote_trigger_file", "16", "pg_ctl promote or the function pg_promote() replaces it"),
    gone("redirect_stderr", "8.3", "logging_collector replaces it"),
    gone("regex_flavor", "9.0", ""),
    gone("replacement_sort_tuples", "11", ""),
    gone("replication_timeout", "9.3", "wal_sender_timeout replaces it"),
    gone("silent_mode", "9.2", "use pg_ctl start, with logging_collector = on for the log"),
    gone("sql_inheritance", "10", ""),
    gone("standby_mode", "12", "an empty file standby.signal in the data directory makes a standby"),
    gone("stats_block_level", "8.3", "track_counts replaces it"),
    gone("stats_command_string", "8.3", "track_activities replaces it"),
    gone("stats_reset_on_server_start", "8.3", "the function pg_stat_reset() replaces it"),
    gone("stats_row_level", "8.3", "track_counts replaces it"),
    gone("stats_start_collector", "8.3", "track_counts replaces it"),
    gone("stats_temp_directory", "15", "statistics live in shared memory"),
    gone("syslog", "8.0", "log_destination replaces it"),
    gone("tcpip_socket", "8.0", "listen_addresses replaces it"),
    gone("trace_recovery_messages", "17", "log_min_messages serves in its place"),
    gone("trigger_file", "12", "pg_ctl promote or the function pg_promote() replaces it"),
    gone("unix_socket_directory", "9.3", "unix_socket_directories replaces it"),
    gone("vacuum_cleanup_index_scale_factor", "14", ""),
    gone("vacuum_defer_cleanup_age", "16", "hot_standby_feedback = on or a replication slot holds rows back for a standby"),
    gone("virtual_host", "8.0", "listen_addresses replaces it"),
    gone("wal_keep_segments", "13", "wal_keep_size replaces it: wal_keep_segments × 16MB"),
    gone("wal_sender_delay", "9.2", ""),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::postgresql::catalogue::{Catalogue, MAJORS, majors_that_know};

    #[test]
    fn what_is_gone_is_in_no_later_catalogue() {
        for former in FORMER {
            let gone_in: u32 = former.gone_in.split('.').next().unwrap().parse().unwrap();
            let known = majors_that_know(former.name);
            assert!(known.iter().all(|major| *major < gone_in), "{} in {known:?}", former.name);
        }
    }

    #[test]
    fn whatever_a_catalogue_loses_is_explained() {
        let newest = Catalogue::of(*MAJORS.end()).unwrap();
        for major in MAJORS {
            for entry in
                Catalogue::of(major).unwrap().entries().filter(|entry| entry.listed && !entry.distribution_only && entry.late.is_empty())
            {
                assert!(newest.entry(entry.name).is_some() || former(entry.name).is_some(), "{} of {major}", entry.name);
            }
        }
    }
}
