//! Where a path that a file names lies among the files at hand.

use std::collections::BTreeMap;

use super::problem::shown;
use crate::model::Why;
use crate::text::path::{beside, shown_text};
use crate::text::{DirectoryEntry, Files, ReadError};

/// Finds the display path of an absolute path that the server would open; `None` when it is not among the given files.
pub type PathMapper<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Finds files as the server would, which may see them in other folders than those that hold them here.
pub(super) struct Locator<'a> {
    files: &'a Files,
    resolve: PathMapper<'a>,
    /// Display path → path under which the server sees it, where that is known.
    seen: BTreeMap<String, String>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(files: &'a Files, resolve: PathMapper<'a>) -> Self {
        Self { files, resolve, seen: BTreeMap::new() }
    }

    /// States under which path the server sees a file.
    pub(super) fn seen_as(&mut self, display: &str, server_path: &str) {
        self.seen.insert(display.to_owned(), server_path.to_owned());
    }

    /// The same for an entry of a directory that was located.
    pub(super) fn entry(&mut self, directory: &str, entry: &DirectoryEntry) {
        if let Some(server_path) = self.seen.get(directory) {
            let server_path = format!("{}/{}", server_path.trim_end_matches('/'), entry.name);
            self.seen_as(&entry.path, &server_path);
        }
    }

    /// The display path of a path that the file `from` names; relative paths begin in the folder of that file.
    pub(super) fn locate(&mut self, from: &str, written: &str) -> Result<String, Why> {
        let absolute = match self.seen.get(from) {
            _ if written.starts_with('/') => written.to_owned(),
            Some(server_path) => beside(server_path, written),
            None => return Ok(beside(from, &shown_text(written))),
        };
        let found = (self.resolve)(&absolute).or_else(|| self.files.display_of_absolute(&absolute));
        let found = found.ok_or_else(|| cannot_read(&absolute, &ReadError::OutsideTree))?;
        self.seen_as(&found, &absolute);
        Ok(found)
    }
}

/// Why an included file is unknown.
pub(super) fn cannot_read(written: &str, error: &ReadError) -> Why {
    let what = shown(written);
    Why::needing(format!("{what}, which is included, was not read: {error}"), "name it on the command line, or state where it is")
}

/// Why a directory is unknown that is not there in a copy of the server's files.
pub(super) fn empty_directory(written: &str) -> Why {
    let what = shown(written);
    Why::needing(
        format!("the directory {what} was not given; git does not store an empty one"),
        format!("add {what} if it holds files on the server, or run gonogo on the server itself"),
    )
}

/// Why a file is unknown that a text of standard input names.
pub(super) fn of_standard_input(written: &str) -> Why {
    let what = shown(written);
    Why::needing(
        format!("{what} is included, and beside the text of standard input there is nothing"),
        "name the file itself, so that the files beside it are read",
    )
}
