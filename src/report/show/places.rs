//! Places as the tables of `show` write them.

use crate::report::place::Place;
use crate::report::plain::plain;
use crate::text::{Files, Span};

/// Places as the tables write them, which are narrow: without the folder that all files of the server are in.
pub(super) struct Places<'a> {
    pub(super) files: &'a Files,
    pub(super) folder: &'a str,
}

impl Places<'_> {
    pub(super) fn of(&self, span: Span) -> Option<String> {
        let place = Place::of(self.files, span)?;
        let path = place.path.strip_prefix(self.folder).unwrap_or(&place.path);
        Some(format!("{}:{}", plain(path), place.line))
    }
}

/// The folder that all of these paths are in, with its slash; empty when there is none.
pub(super) fn common_folder(paths: &[String]) -> &str {
    let folder = |path: &'_ String| path.rfind('/').map_or(0, |at| at + 1);
    let Some(first) = paths.first() else { return "" };
    let mut common = first.get(..folder(first)).unwrap_or_default();
    while !paths.iter().all(|path| path.starts_with(common)) {
        let shorter = common.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
        common = common.get(..shorter).unwrap_or_default();
    }
    common
}
