//! Names of examples and copies, which stand beside the files that servers read.

use crate::text::path::name_of;

/// Endings of examples.
const EXAMPLES: [&str; 6] = [".sample", ".example", ".dist", ".orig", ".bak", ".default"];

/// Endings that editors and administrators leave on the file of before.
const BACKUPS: [&str; 2] = [".old", "~"];

/// The file name of a path in lower case, without what marks it as an example.
#[must_use]
pub fn original_name(path: &str) -> String {
    let file = name_of(path).to_ascii_lowercase();
    EXAMPLES.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(&file).to_owned()
}

/// Whether a name says that no server reads the file.
#[must_use]
pub fn is_copy(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    EXAMPLES.iter().chain(&BACKUPS).any(|ending| path.ends_with(ending))
}
