//! What marks an option file: its name, and the groups that its programs read.

use super::grammar::{Item, item};
use crate::formats::Claim;
use crate::formats::copies::original_name;
use crate::text::path::name_of;

/// Groups of the server itself, beside those that end in a series.
const OF_SERVER: [&str; 7] = ["mysqld", "server", "mariadb", "mariadbd", "client-server", "galera", "mysql_cluster"];

/// Groups that end in a series: `mysqld-8.4`, `mariadb-10.11`, `mariadb-11`.
const BY_SERIES: [&str; 3] = ["mysqld-", "mariadb-", "mariadbd-"];

/// Groups of clients and of programs beside the server.
const OF_OTHERS: [&str; 27] = [
    "client",
    "client-mariadb",
    "mysql",
    "mariadb-client",
    "mysqldump",
    "mariadb-dump",
    "mysqladmin",
    "mariadb-admin",
    "mysqlcheck",
    "mariadb-check",
    "mysqlimport",
    "mariadb-import",
    "mysqlshow",
    "mysqlslap",
    "mysqlbinlog",
    "mariadb-binlog",
    "mysqlhotcopy",
    "mysqlpump",
    "mysqlsh",
    "mysql_upgrade",
    "mysqld_safe",
    "mariadbd-safe",
    "mysqld_multi",
    "mariabackup",
    "xtrabackup",
    "isamchk",
    "myisamchk",
];

/// Whether some release of a server reads a group, whatever its case.
#[must_use]
pub fn is_server_group(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let by_series =
        || BY_SERIES.iter().any(|start| name.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())));
    // `mysqld_multi` starts a server of `[mysqld1]`.
    let numbered = || name.strip_prefix("mysqld").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    OF_SERVER.contains(&name.as_str()) || by_series() || numbered()
}

/// What the head of a file shows.
#[derive(Clone, Copy, Default)]
struct Seen {
    server: bool,
    others: bool,
    include: bool,
}

/// Whether a file has options of a server, or includes those that have. `head` is its beginning, possibly cut.
#[must_use]
pub fn claims(path: &str, head: &str) -> Claim {
    let Some(is_main) = named(path) else { return Claim::No };
    let seen = seen(head);
    match (seen.server || seen.include, is_main) {
        (true, _) => Claim::Yes,
        // Nothing but comments, as an image may bring it.
        (false, true) if !seen.others => Claim::Maybe,
        _ => Claim::No,
    }
}

/// Whether a file has options of clients alone.
#[must_use]
pub fn claims_client(path: &str, head: &str) -> Claim {
    if named(path).is_none() {
        return Claim::No;
    }
    let seen = seen(head);
    if seen.others && !seen.server && !seen.include { Claim::Yes } else { Claim::No }
}

/// Whether a name is that of a main file; `None` where it is not one of an option file.
fn named(path: &str) -> Option<bool> {
    // Every file is asked, and few have such an ending.
    let may_be = |end: &[u8]| name_of(path).as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(end));
    if !may_be(b".cnf") && !may_be(b".ini") {
        return None;
    }
    let file = original_name(name_of(path)).to_ascii_lowercase();
    // A file of logins is obfuscated, and never opened.
    if file.ends_with(".mylogin.cnf") {
        return None;
    }
    match file.as_str() {
        "my.cnf" | "my.ini" | "my.cnf.fallback" | "mariadb.cnf" | "mysqld.cnf" => Some(true),
        ".my.cnf" => Some(false),
        _ if file.ends_with("my.cnf") => Some(true),
        _ => (file.ends_with(".cnf") || file.ends_with("my.ini")).then_some(false),
    }
}

fn seen(head: &str) -> Seen {
    let mut seen = Seen::default();
    for line in head.lines() {
        match item(line.trim_start_matches('\u{feff}')) {
            Ok((_, Item::Group { name, .. })) => {
                seen.server |= is_server_group(name);
                seen.others |= OF_OTHERS.contains(&name.to_ascii_lowercase().as_str());
            }
            Ok((_, Item::Directive { word: "include" | "includedir", argument, .. })) => seen.include |= argument.starts_with(['/', '.']),
            _ => {}
        }
    }
    seen
}
