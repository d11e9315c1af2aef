//! Configuration and access files that everybody on the machine can write to.

use std::collections::BTreeMap;

use crate::model::{Problem, Record};
use crate::text::Files;

/// The problem of each file that others may write. Where every file can be written by everybody, the file system has no
/// permissions (a share, a folder of Windows), and nothing is said.
pub(super) fn problems<'p>(files: &Files, paths: impl Iterator<Item = &'p String>) -> Vec<Record> {
    let modes: BTreeMap<&String, u32> = paths.filter_map(|path| Some((path, files.mode(path)? & 0o777))).collect();
    let open = |mode: &u32| mode & 0o002 != 0;
    if modes.values().all(|mode| *mode == 0o777) {
        return Vec::new();
    }
    modes.iter().filter(|(_, mode)| open(mode)).filter_map(|(path, mode)| problem(files, path, *mode)).collect()
}

fn problem(files: &Files, path: &str, mode: u32) -> Option<Record> {
    let source = files.read(path).ok()?;
    let message = format!(
        "Every account of the machine can write to this file (mode {mode:04o}), and so decide what the server runs and who may log in."
    );
    Some(
        Problem {
            code: "writable-by-others",
            key: format!("mode of {}", crate::text::path::name_of(path)),
            span: Some(source.span(0, 0)),
            message,
            found: Some(format!("{mode:04o}")),
            expected: Some("0640 or less".to_owned()),
            ..Problem::default()
        }
        .record(),
    )
}
