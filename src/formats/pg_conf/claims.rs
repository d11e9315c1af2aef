//! Recognising the file: by its name, else by the settings in it.

use std::collections::BTreeSet;

use super::{Directive, parse};
use crate::formats::Claim;
use crate::text::path::name_of;
use crate::text::{Source, whole_lines};

/// Names that no other program gives to a file.
const NAMES: [&str; 4] = ["postgresql.conf", "postgresql.auto.conf", "postgresql.base.conf", "postgresql.conf.sample"];

/// Ends of names under which other grammars live.
const OTHER_ENDINGS: [&str; 16] =
    [".yml", ".yaml", ".json", ".toml", ".ini", ".cnf", ".env", ".properties", ".md", ".sql", ".sh", ".py", ".tf", ".xml", ".html", ".txt"];

/// Settings of other programs that share many names with PostgreSQL: pgpool, repmgr, PgBouncer.
const FOREIGN: [&str; 8] =
    ["num_init_children", "backend_hostname0", "pcp_port", "node_id", "conninfo", "pool_mode", "standby_mode", "sr_check_period"];

/// Settings whose names no other program of this house uses.
const TELLING: [&str; 62] = [
    "archive_command",
    "archive_mode",
    "authentication_timeout",
    "bgwriter_delay",
    "checkpoint_completion_target",
    "checkpoint_segments",
    "checkpoint_timeout",
    "client_min_messages",
    "cpu_tuple_cost",
    "deadlock_timeout",
    "default_statistics_target",
    "default_text_search_config",
    "default_transaction_isolation",
    "dynamic_shared_memory_type",
    "effective_cache_size",
    "effective_io_concurrency",
    "full_page_writes",
    "hot_standby",
    "hot_standby_feedback",
    "huge_pages",
    "idle_in_transaction_session_timeout",
    "jit",
    "lc_messages",
    "lc_monetary",
    "listen_addresses",
    "log_autovacuum_min_duration",
    "log_checkpoints",
    "log_hostname",
    "log_line_prefix",
    "log_lock_waits",
    "log_min_duration_statement",
    "log_temp_files",
    "logging_collector",
    "maintenance_work_mem",
    "max_locks_per_transaction",
    "max_parallel_workers",
    "max_parallel_workers_per_gather",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_stack_depth",
    "max_wal_senders",
    "max_wal_size",
    "max_worker_processes",
    "min_wal_size",
    "password_encryption",
    "primary_conninfo",
    "random_page_cost",
    "seq_page_cost",
    "shared_buffers",
    "shared_preload_libraries",
    "statement_timeout",
    "superuser_reserved_connections",
    "synchronous_commit",
    "synchronous_standby_names",
    "temp_buffers",
    "track_activity_query_size",
    "unix_socket_directories",
    "wal_buffers",
    "wal_keep_segments",
    "wal_keep_size",
    "wal_level",
    "work_mem",
];

/// Beginnings of names that only PostgreSQL or its extensions use.
const TELLING_PREFIXES: [&str; 9] = [
    "autovacuum_",
    "pg_stat_statements.",
    "auto_explain.",
    "pgaudit.",
    "plpgsql.",
    "timescaledb.",
    "pg_cron.",
    "cron.database_name",
    "wal_sender_",
];

/// Whether a file is a PostgreSQL configuration file. `head` is its beginning, possibly cut.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let file_name = name_of(name).to_ascii_lowercase();
    if NAMES.contains(&file_name.as_str()) {
        return Claim::Yes;
    }
    if is_of_packaging(name)
        || file_name.starts_with('.')
        || OTHER_ENDINGS.iter().any(|ending| file_name.ends_with(ending))
        || file_name == "recovery.conf"
    {
        return Claim::No;
    }
    let named = file_name.contains("postgres") && file_name.contains(".conf");
    // Every file of a tree is asked; most show at a glance that no line of theirs has a telling name.
    if !named && !may_tell(head) {
        return Claim::No;
    }
    let evidence = Evidence::of(head);
    match evidence.telling {
        _ if evidence.foreign || evidence.unreadable > evidence.readable => Claim::No,
        2.. => Claim::Yes,
        1 if named => Claim::Yes,
        1 => Claim::Maybe,
        _ if named && evidence.readable > 0 && evidence.unreadable == 0 => Claim::Maybe,
        _ => Claim::No,
    }
}

/// Files in the same syntax that Debian's tools read, and no server: `createcluster.conf`, `pg_ctl.conf`, `environment`.
fn is_of_packaging(path: &str) -> bool {
    let name = name_of(path);
    let of_cluster = matches!(name, "createcluster.conf" | "pg_ctl.conf" | "start.conf" | "environment" | "pg_upgradecluster.conf");
    of_cluster || path.split('/').any(|folder| matches!(folder, "postgresql-common" | "createcluster.d" | "pg_upgradecluster.d"))
}

/// Whether a line may set something by a telling name, in a comment or not, seen without taking the lines apart.
fn may_tell(head: &str) -> bool {
    let tells = |name: &str| match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => is_telling(&name.to_ascii_lowercase()),
        false => is_telling(name),
    };
    whole_lines(head).flat_map(|line| line.split_terminator('\r')).any(|line| tells(first_name(line)))
}

/// The name that a line sets, in a comment or not.
fn first_name(line: &str) -> &str {
    let line = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let end = line.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'));
    line.get(..end.unwrap_or(line.len())).unwrap_or("")
}

/// What a text looks like when it is read as a configuration file.
struct Evidence {
    /// Different telling names, also in comments of the form `#name = value`.
    telling: usize,
    readable: usize,
    unreadable: usize,
    foreign: bool,
}

impl Evidence {
    fn of(head: &str) -> Self {
        // The last line may be cut in the middle.
        let whole = head.rfind('\n').and_then(|end| head.get(..end)).filter(|_| head.len() > 4096).unwrap_or(head);
        let source = Source::detached("", whole);
        let conf = parse(&source);
        let mut names: BTreeSet<String> = BTreeSet::new();
        let settings = conf.statements.iter().filter(|statement| statement.directive == Directive::Set);
        names.extend(settings.map(|statement| statement.name.to_ascii_lowercase()));
        let foreign = names.iter().any(|name| FOREIGN.contains(&name.as_str()));
        names.extend(
            conf.comments.iter().filter(|comment| !comment.trailing).filter_map(|comment| commented_name(source.slice(comment.span))),
        );
        let telling = names.iter().filter(|name| is_telling(name)).count();
        Self { telling, readable: conf.statements.len(), unreadable: conf.unreadable.len(), foreign }
    }
}

fn is_telling(name: &str) -> bool {
    !name.is_empty() && TELLING.binary_search(&name).is_ok() || TELLING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The name in `#name = value`, as the stock file lists every default.
fn commented_name(comment: &str) -> Option<String> {
    let (name, _) = comment.trim_start_matches('#').split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    is_name.then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_names_are_sorted() {
        assert!(TELLING.is_sorted());
    }

    #[test]
    fn the_name_or_the_settings_decide() {
        for (name, head, expected) in [
            ("db/postgresql.conf", "", Claim::Yes),
            ("006-foo-postgresql.conf", "listen_addresses = '*'\nport = 5432\n", Claim::Yes),
            ("my-postgres.conf", "log_line_prefix = '%m'\n", Claim::Yes),
            ("conf.d/10-memory.conf", "shared_buffers = 1GB\nwork_mem = 4MB\n", Claim::Yes),
            ("conf.d/memory.conf", "# memory\nwork_mem = 4MB\n", Claim::Maybe),
            ("tuned", "#shared_buffers = 128MB\n#wal_level = replica\n", Claim::Yes),
            ("my.cnf", "[mysqld]\nmax_connections = 100\n", Claim::No),
            ("mysql.conf", "[mysqld]\nmax_connections = 100\nport = 3306\n", Claim::No),
            ("redis.conf", "port 6379\nmaxmemory 100mb\nappendonly yes\n", Claim::No),
            ("pgbouncer.conf", "[pgbouncer]\nlisten_addr = *\npool_mode = transaction\n", Claim::No),
            ("pgpool.conf", "listen_addresses = '*'\nnum_init_children = 32\nlog_line_prefix = ''\n", Claim::No),
            ("postgres.env", "POSTGRES_USER=app\n", Claim::No),
            ("database.properties", "work_mem=1\nwal_level=1\n", Claim::No),
            ("postgrest.conf", "db-uri = \"postgres://\"\nserver-port = 3000\n", Claim::No),
            ("pg_hba.conf", "local all all peer\nhost all all all md5\n", Claim::No),
            ("notes", "", Claim::No),
            ("etc/postgresql-common/createcluster.conf", "ssl = on\nlog_line_prefix = '%%m '\nadd_include_dir = 'conf.d'\n", Claim::No),
            ("createcluster.conf", "#ssl = on\nlog_line_prefix = '%%m '\nstats_temp_directory = '/run/x'\n", Claim::No),
            ("etc/postgresql-common/createcluster.d/10-local.conf", "log_line_prefix = '%%m '\nwork_mem = 8MB\n", Claim::No),
            ("etc/postgresql/15/main/pg_ctl.conf", "pg_ctl_options = '-c shared_buffers=1GB'\n", Claim::No),
        ] {
            assert_eq!(claims(name, head), expected, "{name}");
        }
    }
}
