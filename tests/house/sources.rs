//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// The sources of both packages. The first two rooms are the package `gonogo-language`, which the program re-exports.
pub(crate) const SOURCES: [&str; 2] = ["language/src", "src"];

/// Every Rust file of both packages.
pub(crate) fn sources() -> Vec<PathBuf> {
    SOURCES.iter().flat_map(|folder| files(folder, "rs")).collect()
}

/// Files below a folder whose name ends so, sorted.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(path.to_str().unwrap(), extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether a source file holds tests alone.
pub(crate) fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs") || path.ends_with("toy.rs")
}
