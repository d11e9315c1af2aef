//! Options of plugins that are not built into the server: whether it knows them depends on what it loads, and a plugin that was
//! installed by a statement is loaded without any file saying so.

use crate::model::Engine;

/// What the options of MariaDB's plugins begin with.
const MARIADB: [&str; 33] = [
    "archive",
    "auth_socket",
    "aws_key_management",
    "blackhole",
    "columnstore",
    "connect",
    "cracklib_password_check",
    "disks",
    "ed25519",
    "example_key_management",
    "federated",
    "file_key_management",
    "gssapi",
    "handlersocket",
    "hashicorp_key_management",
    "locales",
    "metadata_lock_info",
    "mroonga",
    "oqgraph",
    "pam",
    "password_reuse_check",
    "provider",
    "query_response_time",
    "rocksdb",
    "s3",
    "server_audit",
    "simple_password_check",
    "sphinx",
    "spider",
    "sql_errlog",
    "sql_error_log",
    "tokudb",
    "wsrep_info",
];

/// The same of MySQL's, and of those that its relatives add.
const MYSQL: [&str; 19] = [
    "audit_log",
    "authentication",
    "clone",
    "connection_control",
    "daemon_memcached",
    "ddl_rewriter",
    "group_replication",
    "keyring",
    "mysql_firewall",
    "ndb",
    "rewriter",
    "rocksdb",
    "rpl_semi_sync",
    "syseventlog",
    "telemetry",
    "thread_pool",
    "tokudb",
    "validate_password",
    "version_tokens",
];

/// Whether a name is that of a plugin or of one of its options.
pub(super) fn may_define(engine: Engine, name: &str) -> bool {
    let known: &[&str] = if engine == Engine::Mariadb { &MARIADB } else { &MYSQL };
    let name = name.strip_prefix("plugin_").unwrap_or(name).to_ascii_lowercase();
    let name = ["enable_", "disable_", "skip_"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    known.iter().any(|plugin| name.strip_prefix(plugin).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}
