//! Who can read a file that holds secrets.

use crate::model::{Field, Why};
use crate::text::Files;

/// Who can read a file: everybody who has the repository, every user of the machine, or only some.
#[must_use]
pub fn exposure(path: &str, files: &Files) -> Field {
    if files.is_checked_out(path) {
        return Field::word("repository", None);
    }
    match files.permissions(path) {
        Some(permissions) if permissions.mode & 0o007 != 0 => Field::word("everybody", None),
        Some(_) => Field::word("private", None),
        None => Field::unknown(Why::needing(
            format!("the permissions of {path} cannot be seen"),
            "run gonogo on the machine itself, or in the repository that holds the file",
        )),
    }
}
