//! The files of a PostgreSQL server, and of Patroni, which writes them.

use super::{edit, patroni};
use crate::formats::{Claim, Commented, FileKind, pg_conf, pg_hba, yaml};
use crate::text::{Source, path};

/// `postgresql.conf`, or a fragment of it.
pub static CONF: FileKind = FileKind {
    name: "postgresql.conf",
    claims: |path, head| if is_auto_conf(path) { Claim::No } else { pg_conf::claims(path, head) },
    comments: Some(conf_comments),
    has_copies: true,
    may_be_template: true,
    open: Some(edit::open_conf),
    describes: true,
};

/// `postgresql.auto.conf`, which `ALTER SYSTEM` writes.
pub static AUTO_CONF: FileKind = FileKind {
    name: "postgresql.auto.conf",
    claims: |path, _| exactly(is_auto_conf(path)),
    comments: Some(conf_comments),
    has_copies: false,
    may_be_template: false,
    open: Some(edit::open_auto_conf),
    describes: true,
};

/// `pg_hba.conf`.
pub static HBA: FileKind = FileKind {
    name: "pg_hba.conf",
    claims: pg_hba::claims,
    comments: Some(access_comments),
    has_copies: true,
    may_be_template: true,
    open: Some(edit::open_access),
    describes: true,
};

/// `pg_ident.conf`.
pub static IDENT: FileKind = FileKind {
    name: "pg_ident.conf",
    claims: pg_hba::claims_ident,
    comments: Some(access_comments),
    has_copies: true,
    may_be_template: true,
    open: Some(edit::open_access),
    describes: true,
};

/// `PG_VERSION` of a data directory.
pub static VERSION: FileKind = FileKind {
    name: "PG_VERSION",
    claims: |path, _| exactly(path::name_of(path) == "PG_VERSION"),
    comments: None,
    has_copies: false,
    may_be_template: false,
    open: None,
    describes: true,
};

/// The configuration of Patroni.
pub static PATRONI: FileKind = FileKind {
    name: "patroni.yml",
    claims: patroni::claims,
    comments: Some(yaml::commented),
    has_copies: false,
    may_be_template: true,
    open: Some(edit::open_patroni),
    describes: true,
};

/// Every kind, in the order in which a tie is decided.
pub static ALL: [&FileKind; 6] = [&PATRONI, &AUTO_CONF, &CONF, &HBA, &IDENT, &VERSION];

/// What a file of settings is read as; `ALTER SYSTEM` writes the one of its name, wherever it is.
#[must_use]
pub fn of_settings(path: &str) -> &'static FileKind {
    if is_auto_conf(path) { &AUTO_CONF } else { &CONF }
}

fn is_auto_conf(path: &str) -> bool {
    path::name_of(path) == "postgresql.auto.conf"
}

const fn exactly(truth: bool) -> Claim {
    if truth { Claim::Yes } else { Claim::No }
}

fn conf_comments(source: &Source) -> Commented {
    Commented { comments: pg_conf::parse(source).comments, ..Commented::default() }
}

fn access_comments(source: &Source) -> Commented {
    let document = pg_hba::parse(source);
    let comments = pg_hba::records(&document, true).into_iter().filter_map(|line| line.comment).collect();
    Commented { comments, backslash_joins_lines: true, ..Commented::default() }
}
