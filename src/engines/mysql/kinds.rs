//! The files of the family.

use super::edit;
use crate::formats::{Commented, FileKind, my_cnf};
use crate::text::Source;

fn comments(source: &Source) -> Commented {
    Commented { comments: my_cnf::parse(source).comments, ..Commented::default() }
}

/// An option file that a server reads.
pub static OPTIONS: FileKind = FileKind {
    name: "my.cnf",
    claims: my_cnf::claims,
    comments: Some(comments),
    has_copies: true,
    may_be_template: true,
    open: Some(edit::open),
    describes: true,
};

/// An option file of clients alone.
pub static CLIENT: FileKind = FileKind {
    name: "client .cnf",
    claims: my_cnf::claims_client,
    comments: Some(comments),
    has_copies: true,
    may_be_template: true,
    open: None,
    describes: false,
};

/// Every kind.
pub static ALL: [&FileKind; 2] = [&OPTIONS, &CLIENT];
