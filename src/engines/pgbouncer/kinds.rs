//! The files of PgBouncer.

use super::edit;
use crate::formats::{Commented, FileKind, pgbouncer_ini, userlist};

/// `pgbouncer.ini`, or a file that it includes.
pub static INI: FileKind = FileKind {
    name: "pgbouncer.ini",
    claims: pgbouncer_ini::claims,
    comments: Some(|source| Commented { comments: pgbouncer_ini::parse(source).comments, ..Commented::default() }),
    has_copies: true,
    may_be_template: true,
    open: Some(edit::open_ini),
    describes: true,
};

/// `userlist.txt`, which `auth_file` names.
pub static USERLIST: FileKind = FileKind {
    name: "userlist.txt",
    claims: userlist::claims,
    comments: Some(|source| Commented { comments: userlist::parse(source).comments, ..Commented::default() }),
    has_copies: true,
    may_be_template: true,
    open: None,
    describes: false,
};

/// Every kind.
pub static ALL: [&FileKind; 2] = [&INI, &USERLIST];
