//! What images write into `pgbouncer.ini` where none is mounted: from the environment, and defaults of their own.

use super::connection::Section;
use super::reading::{Line, Step};
use crate::formats::pgbouncer_ini::{Name, Pair, PairList};
use crate::model::{EnvironmentEntry, OriginKind, Placement, Why};
use crate::text::Span;

/// An image that writes the file itself.
#[derive(Debug)]
pub(super) struct Image {
    /// Who builds it, as `rules/data/images.toml` says.
    pub distribution: &'static str,
    /// Where the file is looked for, the place that counts first.
    pub paths: &'static [&'static str],
    /// What stands before the name of a setting in that of a variable.
    prefix: &'static str,
    /// Variables that are not called after their setting.
    renamed: &'static [(&'static str, &'static str)],
    /// Settings that the image takes from the variable of their name.
    passed: &'static [&'static str],
    /// What it sets where no variable does.
    defaults: &'static [(&'static str, &'static str)],
    /// Variables of the server: host, port, its default, name of the database, its default, user.
    server: Server,
}

/// The variables from which an image makes its one entry of `[databases]`.
#[derive(Debug)]
struct Server {
    host: &'static str,
    port: &'static str,
    /// The entry; `*` where the variable is not set.
    name: (&'static str, &'static str),
    /// The key that takes the user, and the variable.
    user: Option<(&'static str, &'static str)>,
}

/// What the first image passes on.
const EDOBURU: [&str; 71] = [
    "admin_users",
    "application_name_add_host",
    "auth_dbname",
    "auth_file",
    "auth_hba_file",
    "auth_query",
    "auth_type",
    "auth_user",
    "autodb_idle_timeout",
    "client_idle_timeout",
    "client_login_timeout",
    "client_tls_ca_file",
    "client_tls_cert_file",
    "client_tls_ciphers",
    "client_tls_dheparams",
    "client_tls_ecdhcurve",
    "client_tls_key_file",
    "client_tls_protocols",
    "client_tls_sslmode",
    "default_pool_size",
    "disable_pqexec",
    "dns_max_ttl",
    "dns_nxdomain_ttl",
    "idle_transaction_timeout",
    "ignore_startup_parameters",
    "listen_addr",
    "listen_backlog",
    "listen_port",
    "log_connections",
    "log_disconnections",
    "log_pooler_errors",
    "log_stats",
    "max_client_conn",
    "max_db_connections",
    "max_packet_size",
    "max_prepared_statements",
    "max_user_connections",
    "min_pool_size",
    "pkt_buf",
    "pool_mode",
    "query_timeout",
    "query_wait_timeout",
    "reserve_pool_size",
    "reserve_pool_timeout",
    "sbuf_loopcnt",
    "server_check_delay",
    "server_check_query",
    "server_connect_timeout",
    "server_idle_timeout",
    "server_lifetime",
    "server_login_retry",
    "server_reset_query",
    "server_reset_query_always",
    "server_round_robin",
    "server_tls_ca_file",
    "server_tls_cert_file",
    "server_tls_ciphers",
    "server_tls_key_file",
    "server_tls_protocols",
    "server_tls_sslmode",
    "stats_period",
    "stats_users",
    "suspend_timeout",
    "tcp_defer_accept",
    "tcp_keepalive",
    "tcp_keepcnt",
    "tcp_keepidle",
    "tcp_keepintvl",
    "tcp_user_timeout",
    "unix_socket_dir",
    "verbose",
];

/// What the second image passes on, beside what it calls differently.
const BITNAMI: [&str; 44] = [
    "application_name_add_host",
    "auth_hba_file",
    "auth_ident_file",
    "auth_query",
    "auth_type",
    "autodb_idle_timeout",
    "client_idle_timeout",
    "client_login_timeout",
    "client_tls_ca_file",
    "client_tls_cert_file",
    "client_tls_ciphers",
    "client_tls_key_file",
    "client_tls_sslmode",
    "default_pool_size",
    "idle_transaction_timeout",
    "ignore_startup_parameters",
    "log_connections",
    "log_disconnections",
    "log_pooler_errors",
    "log_stats",
    "max_client_conn",
    "max_db_connections",
    "max_prepared_statements",
    "min_pool_size",
    "pool_mode",
    "query_timeout",
    "query_wait_timeout",
    "reserve_pool_size",
    "reserve_pool_timeout",
    "server_connect_timeout",
    "server_fast_close",
    "server_idle_timeout",
    "server_lifetime",
    "server_login_retry",
    "server_reset_query",
    "server_round_robin",
    "server_tls_ca_file",
    "server_tls_cert_file",
    "server_tls_ciphers",
    "server_tls_key_file",
    "server_tls_protocols",
    "server_tls_sslmode",
    "stats_period",
    "stats_users",
];

/// The images whose start scripts were read: edoburu/docker-pgbouncer `entrypoint.sh`, bitnami/containers `libpgbouncer.sh`.
const IMAGES: [Image; 2] = [
    Image {
        distribution: "edoburu",
        paths: &["/etc/pgbouncer/pgbouncer.ini"],
        prefix: "",
        renamed: &[],
        passed: &EDOBURU,
        defaults: &[
            ("listen_addr", "0.0.0.0"),
            ("listen_port", "5432"),
            ("unix_socket_dir", ""),
            ("user", "postgres"),
            ("auth_file", "/etc/pgbouncer/userlist.txt"),
            ("auth_type", "md5"),
            ("ignore_startup_parameters", "extra_float_digits"),
            ("admin_users", "postgres"),
        ],
        server: Server { host: "DB_HOST", port: "DB_PORT", name: ("DB_NAME", "*"), user: Some(("auth_user", "DB_USER")) },
    },
    Image {
        distribution: "bitnami",
        paths: &["/bitnami/pgbouncer/conf/pgbouncer.ini", "/opt/bitnami/pgbouncer/conf/pgbouncer.ini"],
        prefix: "PGBOUNCER_",
        renamed: &[
            ("PGBOUNCER_PORT", "listen_port"),
            ("PGBOUNCER_LISTEN_ADDRESS", "listen_addr"),
            ("PGBOUNCER_SOCKET_DIR", "unix_socket_dir"),
            ("PGBOUNCER_SOCKET_MODE", "unix_socket_mode"),
            ("PGBOUNCER_SOCKET_GROUP", "unix_socket_group"),
            ("POSTGRESQL_USERNAME", "admin_users"),
        ],
        passed: &BITNAMI,
        defaults: &[
            ("listen_addr", "0.0.0.0"),
            ("listen_port", "6432"),
            ("unix_socket_dir", "/tmp/"),
            ("unix_socket_mode", "0777"),
            ("auth_file", "/opt/bitnami/pgbouncer/conf/userlist.txt"),
            ("auth_type", "scram-sha-256"),
            ("admin_users", "postgres"),
            ("client_tls_sslmode", "disable"),
            ("server_tls_sslmode", "disable"),
            ("ignore_startup_parameters", "extra_float_digits"),
        ],
        server: Server {
            host: "POSTGRESQL_HOST",
            port: "POSTGRESQL_PORT",
            name: ("PGBOUNCER_DATABASE", "postgres"),
            user: Some(("auth_user", "PGBOUNCER_AUTH_USER")),
        },
    },
];

/// The image of a distribution.
pub(super) fn of(distribution: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.distribution == distribution)
}

impl Image {
    /// What the file holds that the image writes. Defaults have the place of the `image:` value.
    pub(super) fn steps(&self, placement: &Placement, place: Span) -> Vec<Step> {
        let mut steps = vec![Step::Section(Name { text: Section::Main.name().to_owned(), span: place })];
        if let Some(why) = &placement.environment_incomplete {
            steps.push(Step::Gap(Why::new(why.clone())));
        }
        let defaults = self.defaults.iter().map(|(name, value)| line(name, value, [place; 2], OriginKind::ImageDefault));
        steps.extend(defaults.map(|line| Step::Set(Box::new(line))));
        for entry in &placement.environment {
            match (self.setting_of(&entry.name), &entry.value.value) {
                (Some(name), Some(value)) if !value.is_empty() => {
                    let set = line(name, value, [entry.name_span, entry.value.span], OriginKind::Environment);
                    steps.push(Step::Set(Box::new(set)));
                }
                (Some(name), None) => steps.push(Step::Unknown(
                    name,
                    Why::needing(format!("{} is a variable without a value", entry.name), "give the variable a value with --env-file"),
                )),
                _ => {}
            }
        }
        steps.push(Step::Section(Name { text: Section::Databases.name().to_owned(), span: place }));
        steps.push(self.server.step(placement, place));
        steps
    }

    fn setting_of(&self, variable: &str) -> Option<&'static str> {
        if let Some((_, setting)) = self.renamed.iter().find(|(name, _)| *name == variable) {
            return Some(setting);
        }
        let name = variable.strip_prefix(self.prefix)?;
        self.passed.iter().copied().find(|known| name == known.to_ascii_uppercase())
    }
}

impl Server {
    /// The entry of `[databases]`.
    fn step(&self, placement: &Placement, place: Span) -> Step {
        let variable = |name: &str| placement.environment.iter().find(|entry| entry.name == name);
        if let Some(told) = ["DATABASE_URL", "DATABASE_URLS", "PGBOUNCER_DSN_0", "PGBOUNCER_DSN_0_FILE"].into_iter().find_map(variable) {
            return Step::Entries(Why::new(format!("{} tells the servers, and is not taken apart", told.name)));
        }
        let pair = |key: &str, entry: &EnvironmentEntry| {
            Some(Pair {
                key: Name { text: key.to_owned(), span: entry.name_span },
                value: entry.value.value.clone().filter(|value| !value.is_empty())?,
                value_span: entry.value.span,
            })
        };
        let Some(host) = variable(self.host) else {
            return Step::Entries(Why::new(format!("{} is not set, so that the server is not known", self.host)));
        };
        let (of_name, default) = self.name;
        let name = variable(of_name).and_then(|entry| entry.value.value.clone()).unwrap_or_else(|| default.to_owned());
        let user = self.user.and_then(|(key, of_user)| pair(key, variable(of_user)?));
        let pairs = pair("host", host).into_iter().chain(variable(self.port).and_then(|entry| pair("port", entry))).chain(user);
        let list = PairList { pairs: pairs.collect(), fault: None };
        Step::Set(Box::new(Line {
            pairs: Some(list),
            section: Some(Section::Databases.name().to_owned()),
            ..line(&name, "", [place; 2], OriginKind::Environment)
        }))
    }
}

fn line(name: &str, value: &str, [name_span, value_span]: [Span; 2], kind: OriginKind) -> Line {
    Line {
        section: Some(Section::Main.name().to_owned()),
        name: name.to_owned(),
        name_span,
        quoted: false,
        value: value.to_owned(),
        value_span,
        kind,
        pairs: None,
    }
}
