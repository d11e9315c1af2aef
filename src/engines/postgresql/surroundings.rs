//! What was given around a file of a server: in its data directory, what is not there is missing.

use crate::text::path::{folder_of, join};
use crate::text::{Files, Surroundings};

/// What was given around the file at `path`. A data directory is the server's own, unless git keeps it: of that it could
/// store no more than a part.
pub(super) fn of(files: &Files, path: &str) -> Surroundings {
    match files.surroundings(path) {
        Surroundings::Copy if is_in_data_directory(files, path) && !files.is_checked_out(path) => Surroundings::Machine,
        surroundings => surroundings,
    }
}

fn is_in_data_directory(files: &Files, path: &str) -> bool {
    let mut folder = folder_of(path);
    while files.exists(&join(folder, "PG_VERSION")) != Ok(true) {
        if folder.is_empty() {
            return false;
        }
        folder = folder_of(folder);
    }
    true
}
