//! Configuration and access files that others than their owner can write to.

use std::collections::BTreeMap;

use crate::model::{Problem, Record};
use crate::text::{Files, Permissions};

/// Who beside the owner of a file can write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writers {
    /// Every account of the machine.
    Everybody,
    /// The members of a group.
    Group(u32),
}

/// The problem of each file that others may write. Where every file can be written by everybody, the file system has no
/// permissions (a share, a folder of Windows), and nothing is said; nor in a working copy of git, whose modes are those of the
/// machine that made it.
pub(super) fn problems<'p>(files: &Files, paths: impl Iterator<Item = &'p String>) -> Vec<Record> {
    let known: BTreeMap<&String, Permissions> = paths.filter_map(|path| Some((path, files.permissions(path)?))).collect();
    if known.values().all(|permissions| permissions.mode & 0o777 == 0o777) {
        return Vec::new();
    }
    known.iter().filter_map(|(path, permissions)| problem(files, path, *permissions)).collect()
}

/// A group that has the number of the owner is the owner's own, and the one of root is for administrators.
fn writers(permissions: Permissions) -> Option<Writers> {
    let Permissions { mode, owner, group } = permissions;
    let of_others = || group.filter(|group| *group != 0 && owner.is_some_and(|owner| owner != *group));
    match mode {
        _ if mode & 0o002 != 0 => Some(Writers::Everybody),
        _ if mode & 0o020 != 0 => of_others().map(Writers::Group),
        _ => None,
    }
}

fn problem(files: &Files, path: &str, permissions: Permissions) -> Option<Record> {
    let mode = permissions.mode & 0o777;
    let (code, who) = match writers(permissions)? {
        Writers::Everybody => ("writable-by-others", "Every account of the machine".to_owned()),
        Writers::Group(group) => ("writable-by-group", format!("Every member of the group {group}")),
    };
    let source = files.read(path).ok()?;
    let message = format!("{who} can write to this file (mode {mode:04o}), and so decide what the server runs and who may log in.");
    Some(
        Problem {
            code,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_its_own_is_the_owner() {
        let of = |mode, owner, group| writers(Permissions { mode, owner, group });
        assert_eq!(of(0o666, None, None), Some(Writers::Everybody));
        assert_eq!(of(0o664, Some(105), Some(113)), Some(Writers::Group(113)));
        assert_eq!(of(0o664, Some(1000), Some(1000)), None);
        assert_eq!(of(0o664, Some(0), Some(0)), None);
        assert_eq!(of(0o664, None, None), None, "whose group it is was not seen");
        assert_eq!(of(0o644, Some(105), Some(113)), None);
    }
}
