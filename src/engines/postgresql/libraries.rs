//! Libraries that are loaded into the server, to tell a mistyped name.
//!
//! Anybody can write one, so that a name that nobody knows is no mistake; one that is nearly a known one is.

use crate::model::nearest;

/// Libraries that come with the server, and those of extensions that ask to be preloaded.
const KNOWN: &[&str] = &[
    "age",
    "anon",
    "auth_delay",
    "auto_explain",
    "basebackup_to_shell",
    "basic_archive",
    "bdr",
    "bg_mon",
    "citus",
    "citus_columnar",
    "cloudsqliamauth",
    "credcheck",
    "decoder_raw",
    "decoderbufs",
    "google_insights",
    "hypopg",
    "login_hook",
    "logerrors",
    "orafce",
    "passwordcheck",
    "passwordcheck_cracklib",
    "pg_anonymize",
    "pg_audit",
    "pg_auth_mon",
    "pg_buffercache",
    "pg_cron",
    "pg_documentdb",
    "pg_documentdb_core",
    "pg_dirtyread",
    "pg_duckdb",
    "pg_failover_slots",
    "pg_hint_plan",
    "pg_ivm",
    "pg_logicalinspect",
    "pg_net",
    "pg_overexplain",
    "pg_partman_bgw",
    "pg_plan_advice",
    "pg_prewarm",
    "pg_qualstats",
    "pg_readonly",
    "pg_repack",
    "pg_search",
    "pg_show_plans",
    "pg_squeeze",
    "pg_stash_advice",
    "pg_stat_ch",
    "pg_stat_kcache",
    "pg_stat_monitor",
    "pg_stat_plans",
    "pg_stat_statements",
    "pg_store_plans",
    "pg_tde",
    "pg_textsearch",
    "pg_tle",
    "pg_track_settings",
    "pg_tracing",
    "pg_trgm",
    "pg_wait_sampling",
    "pgactive",
    "pgaudit",
    "pgauditlogtofile",
    "pgextwlist",
    "pglogical",
    "pglogical_output",
    "pgmemcache",
    "pgoutput",
    "pgpro_stats",
    "pgsodium",
    "pgtt",
    "plan_filter",
    "plperl",
    "plpgsql",
    "plpgsql_check",
    "plprofiler",
    "plpython3",
    "plugin_debugger",
    "plv8",
    "postgis-3",
    "postgres_fdw",
    "powa",
    "pwpolicy",
    "rdsutils",
    "repmgr",
    "safeupdate",
    "sepgsql",
    "set_user",
    "shared_ispell",
    "snowflake",
    "spock",
    "sslutils",
    "supabase_vault",
    "supautils",
    "system_stats",
    "test_decoding",
    "timescale_vector",
    "timescaledb",
    "timescaledb_toolkit",
    "vault",
    "vchord",
    "vector",
    "vectors",
    "wal2json",
    "worker_spi",
];

/// Whether a library of this name is known.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// The library that was meant by a name that hardly is one: `pg_stat_statement`. Names are compared letter by letter, as
/// the file system does.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    if KNOWN.contains(&name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    if lower != name && KNOWN.contains(&lower.as_str()) {
        return KNOWN.iter().copied().find(|known| *known == lower);
    }
    let near = nearest(&lower, KNOWN.iter().copied())?;
    let distance = strsim::damerau_levenshtein(&lower, near);
    // Of short names many are close to each other and all meant.
    (near.len() >= 7 && distance <= 1 || near.len() >= 12 && distance <= 2).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_known_is_a_mistake_and_a_stranger_is_none() {
        for (name, expected) in [
            ("pg_stat_statements", None),
            ("pg_stat_statement", Some("pg_stat_statements")),
            ("pg_stats_statements", Some("pg_stat_statements")),
            ("pg-stat-statements", Some("pg_stat_statements")),
            ("pgcron", Some("pg_cron")),
            ("pg_crom", Some("pg_cron")),
            ("autoexplain", Some("auto_explain")),
            ("TimescaleDB", Some("timescaledb")),
            ("timescale", None),
            ("our_audit_hook", None),
            ("powb", None),
        ] {
            assert_eq!(meant(name), expected, "{name}");
        }
        assert!(KNOWN.iter().all(|known| known.to_ascii_lowercase() == *known));
    }

    #[test]
    fn no_known_library_is_taken_for_another() {
        for known in KNOWN {
            assert_eq!(meant(known), None);
        }
    }
}
