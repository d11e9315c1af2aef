//! Shell scripts that back a database up, wherever they lie.

use super::comments;
use super::job::{bind, job};
use crate::formats::{Claim, FileKind};
use crate::model::Placement;
use crate::text::path::{folder_of, name_of};
use crate::text::{Source, lines};

/// The kind of file.
pub static KIND: FileKind = FileKind {
    name: "backup script",
    claims,
    comments: Some(comments::lines_of),
    has_copies: true,
    may_be_template: false,
    open: None,
    describes: false,
};

/// Lines of a file among which one says what it is.
const LINES: usize = 400;

/// Parts of the names of programs that back databases up, and of their commands: `pg_dump`, `mariadb-dump`, `wal-g backup-push`.
const WORDS: [&str; 3] = ["dump", "backup", "backrest"];

/// A shell script that calls a program which backs databases up.
fn claims(path: &str, head: &str) -> Claim {
    let name = name_of(path).to_ascii_lowercase();
    let named = name.ends_with(".sh") || name.ends_with(".bash") || name.contains("backup");
    let is_shell = |line: &str| line.starts_with("#!") && line.trim_end().ends_with("sh");
    if !named || !(name.ends_with("sh") || lines(head).next().is_some_and(is_shell)) {
        return Claim::No;
    }
    let calls = |line: &str| !line.trim_start().starts_with('#') && WORDS.iter().any(|word| line.contains(word));
    if lines(head).take(LINES).any(calls) { Claim::Yes } else { Claim::No }
}

/// The workload of a script that nothing in the tree runs: who starts it, and how often, is not known.
pub(super) fn alone(source: &Source) -> Placement {
    let (path, text) = (source.path(), source.text());
    let first = lines(text).next().map_or(0, str::len);
    let span = source.span(0, first);
    let at = format!("/{path}");
    let mut placement = job(name_of(path), folder_of(path).to_owned(), source, &at, span);
    placement.mounts.push(bind(&at, Some(path), span));
    placement.active = false;
    placement
}
