//! What the official image does on its own: the settings and access rules that its entrypoint writes
//! into a new data directory.
//!
//! Source: `docker-entrypoint.sh` and the Dockerfiles of github.com/docker-library/postgres.

use crate::model::Interpolated;

/// Settings that a new data directory of the image has beside the compiled defaults.
///
/// `listen_addresses` is edited into the image's sample; the others are what `initdb` writes on any
/// machine with enough memory, so that they hold on majors whose compiled default differs.
pub const SETTINGS: [(&str, &str); 5] =
    [("listen_addresses", "*"), ("max_connections", "100"), ("shared_buffers", "128MB"), ("max_wal_size", "1GB"), ("min_wal_size", "80MB")];

/// Images whose entrypoint is the official one and changes nothing of what it writes.
const FAITHFUL: [&str; 4] = ["official", "postgis", "pgvector", "alpine"];

/// Whether the defaults of the official image may be believed of an image of this distribution.
#[must_use]
pub fn is_faithful(distribution: Option<&str>) -> bool {
    distribution.is_some_and(|name| FAITHFUL.contains(&name))
}

/// The method of the last line of the generated `pg_hba.conf`, `host all all all METHOD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatchAll {
    /// This method.
    Method(String),
    /// A variable without a value decides.
    Unknown,
}

/// What `POSTGRES_HOST_AUTH_METHOD` makes of the catch-all; unset, the password encryption of the major decides.
#[must_use]
pub fn catch_all(stated: Option<&Interpolated>, major: u32) -> CatchAll {
    match stated.map(|value| value.value.as_deref()) {
        Some(None) => CatchAll::Unknown,
        Some(Some(method)) if !method.is_empty() => CatchAll::Method(method.to_owned()),
        _ => CatchAll::Method(if major >= 14 { "scram-sha-256" } else { "md5" }.to_owned()),
    }
}

/// The `pg_hba.conf` that a new data directory has before its catch-all: `initdb` trusts local clients,
/// unless `POSTGRES_INITDB_ARGS` says otherwise. `None` when that variable has no value.
#[must_use]
pub fn initial_hba(arguments: Option<&Interpolated>) -> Option<String> {
    let arguments = match arguments {
        Some(value) => value.value.as_deref()?,
        None => "",
    };
    Some(initial_hba_of(arguments))
}

/// The `pg_hba.conf` that `initdb` writes with these arguments.
#[must_use]
pub fn initial_hba_of(arguments: &str) -> String {
    let (local, host) = initdb_methods(arguments);
    let lines = [
        format!("local all all {local}"),
        format!("host all all 127.0.0.1/32 {host}"),
        format!("host all all ::1/128 {host}"),
        format!("local replication all {local}"),
        format!("host replication all 127.0.0.1/32 {host}"),
        format!("host replication all ::1/128 {host}"),
    ];
    lines.join("\n")
}

/// Long options of `initdb`, with the first major that has each; 0 for those that every one has.
const INITDB_OPTIONS: [(&str, u32); 41] = [
    ("allow-group-access", 11),
    ("auth", 0),
    ("auth-host", 0),
    ("auth-local", 0),
    ("builtin-locale", 17),
    ("data-checksums", 0),
    ("debug", 0),
    ("discard-caches", 14),
    ("encoding", 0),
    ("help", 0),
    ("icu-locale", 15),
    ("icu-rules", 16),
    ("lc-collate", 0),
    ("lc-ctype", 0),
    ("lc-messages", 0),
    ("lc-monetary", 0),
    ("lc-numeric", 0),
    ("lc-time", 0),
    ("locale", 0),
    ("locale-provider", 15),
    ("no-clean", 0),
    ("no-data-checksums", 18),
    ("no-instructions", 14),
    ("no-locale", 0),
    ("no-sync", 0),
    ("no-sync-data-files", 18),
    ("noclean", 0),
    ("nosync", 0),
    ("pgdata", 0),
    ("pwfile", 0),
    ("pwprompt", 0),
    ("set", 16),
    ("show", 0),
    ("sync-method", 17),
    ("sync-only", 0),
    ("text-search-config", 0),
    ("username", 0),
    ("version", 0),
    ("wal-segsize", 11),
    ("waldir", 0),
    ("xlogdir", 0),
];

/// Whether `initdb` of a major has a long option of this name, which may be cut short; of majors to come it may have any.
#[must_use]
pub fn is_initdb_option(name: &str, major: u32) -> bool {
    major > 18 || INITDB_OPTIONS.iter().any(|(known, since)| *since <= major && known.starts_with(name))
}

/// Methods that `initdb` writes for local and for TCP clients: `-A`, `--auth`, `--auth-local`, `--auth-host`.
fn initdb_methods(arguments: &str) -> (String, String) {
    let (mut local, mut host) = ("trust".to_owned(), "trust".to_owned());
    let mut words = arguments.split_whitespace();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if !matches!(name, "-A" | "--auth" | "--auth-local" | "--auth-host") {
            continue;
        }
        let Some(method) = value.or_else(|| words.next()) else { continue };
        if name != "--auth-host" {
            method.clone_into(&mut local);
        }
        if name != "--auth-local" {
            method.clone_into(&mut host);
        }
    }
    (local, host)
}

/// Settings that `POSTGRES_INITDB_ARGS` has `initdb` write, from PostgreSQL 16 on: `-c name=value`, `--set name=value`.
#[must_use]
pub fn initdb_settings(arguments: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    let mut words = arguments.split_whitespace();
    while let Some(word) = words.next() {
        let pair = match word {
            "-c" | "--set" => words.next(),
            _ => word.strip_prefix("--set=").or_else(|| word.strip_prefix("-c")),
        };
        if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
            settings.push((name.to_owned(), value.trim_matches(['\'', '"']).to_owned()));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_initdb_are_understood() {
        assert_eq!(initdb_methods("--auth-host=scram-sha-256 --auth-local peer"), ("peer".into(), "scram-sha-256".into()));
        assert_eq!(initdb_methods("-A md5 --data-checksums"), ("md5".into(), "md5".into()));
        assert_eq!(
            initdb_settings("-c shared_buffers=256MB --set=max_connections=200 --data-checksums"),
            [("shared_buffers".to_owned(), "256MB".to_owned()), ("max_connections".to_owned(), "200".to_owned())]
        );
    }
}
