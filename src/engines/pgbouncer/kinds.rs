//! The files of PgBouncer.

use super::edit;
use crate::formats::{Claim, Commented, FileKind, pg_hba, pgbouncer_ini, userlist};

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

/// The access rules that `auth_hba_file` names; nothing but their name in the main file tells them from those of a server.
pub static ACCESS: FileKind = FileKind {
    name: "pgbouncer_hba.conf",
    claims: |_, _| Claim::No,
    comments: Some(|source| {
        let lines = pg_hba::records(&pg_hba::parse(source), false);
        Commented { comments: lines.into_iter().filter_map(|line| line.comment).collect(), ..Commented::default() }
    }),
    has_copies: true,
    may_be_template: true,
    open: None,
    describes: false,
};

/// Every kind.
pub static ALL: [&FileKind; 3] = [&INI, &USERLIST, &ACCESS];
