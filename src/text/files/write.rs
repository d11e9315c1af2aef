//! The only code that writes a file of the user: whole or not at all, and only one that is still as it was read.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Files, ReadError};
use crate::text::Source;
use crate::text::path::{on_disk, shown_name, strip};

/// Why a file was not written; each text ends with what to do, where something can be done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WriteError {
    /// It cannot be opened any more, or lies outside the given paths.
    #[error("not written: {0}")]
    Read(#[from] ReadError),
    /// It is a link, or lies behind one.
    #[error("not written: a link; name the file that it leads to")]
    Link,
    /// It has another name.
    #[error("not written: the file has a second name (a hard link), which would keep the old text")]
    HardLink,
    /// Its mode forbids writing.
    #[error("not written: the file is read-only; chmod u+w it first")]
    ReadOnly,
    /// Somebody else has written it in the meantime.
    #[error("not written: the file has changed since it was read; run the command again")]
    Changed,
    /// The new file could not be given the owner of the old one.
    #[error("not written: the file belongs to another account; run the command as its owner")]
    Owner,
    /// The operating system refused.
    #[error("not written: {0}")]
    Io(String),
}

impl Files {
    /// Replaces the text of a file that was read, in one step: whoever opens it sees the old text or the new one.
    ///
    /// The new file keeps the mode and the owner of the old one.
    ///
    /// # Errors
    /// When the file lies outside the given paths or behind a link, is read-only, or is no longer as it was read.
    pub fn replace(&self, source: &Source, text: &str) -> Result<(), WriteError> {
        let disk = self.without_links(source.path())?;
        let metadata = fs::symlink_metadata(&disk).map_err(|error| failed(&error))?;
        check(&metadata)?;
        let folder = disk.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = disk.file_name().map(|name| shown_name(name).into_owned()).unwrap_or_default();
        let temporary = folder.join(format!(".{name}.gonogo-{}", std::process::id()));
        let written = prepare(&temporary, text, &metadata).and_then(|()| {
            // As late as can be: only a moment is left in which somebody else's words could be lost.
            let now = fs::read(&disk).map_err(|error| failed(&error))?;
            let same = now == source.text().as_bytes() && !fs::symlink_metadata(&disk).is_ok_and(|now| now.is_symlink());
            if !same {
                return Err(WriteError::Changed);
            }
            fs::rename(&temporary, &disk).map_err(|error| failed(&error))
        });
        if written.is_err() {
            // What is left is of no use to anybody; that it cannot be removed changes nothing about the error.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Where a display path is on disk, when neither it nor a folder between it and its root is a link.
    fn without_links(&self, path: &str) -> Result<PathBuf, WriteError> {
        let disk = self.disk_path(path)?;
        let root = self.roots.iter().find_map(|root| Some((root, strip(&root.display, path)?)));
        let (root, relative) = root.ok_or(ReadError::OutsideTree)?;
        let direct = if relative.is_empty() { root.real.clone() } else { root.real.join(on_disk(relative)) };
        let is_link = fs::symlink_metadata(&disk).map_err(|error| failed(&error))?.is_symlink();
        let real = disk.canonicalize().map_err(|error| failed(&error))?;
        if is_link || real != direct { Err(WriteError::Link) } else { Ok(disk) }
    }
}

fn check(metadata: &Metadata) -> Result<(), WriteError> {
    if metadata.is_symlink() {
        return Err(WriteError::Link);
    }
    if !metadata.is_file() {
        return Err(WriteError::Read(ReadError::NotRegular));
    }
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    if has_second_name(metadata) { Err(WriteError::HardLink) } else { Ok(()) }
}

/// A new file beside the old one, with its mode and owner.
fn prepare(temporary: &Path, text: &str, like: &Metadata) -> Result<(), WriteError> {
    let mut file = open_new(temporary).map_err(|error| failed(&error))?;
    keep_owner(&file, like)?;
    file.set_permissions(like.permissions()).map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))
}

fn failed(error: &std::io::Error) -> WriteError {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => WriteError::Io("no permission to write into its folder".to_owned()),
        kind => WriteError::Io(kind.to_string()),
    }
}

/// Nobody else may read it before it has the mode of the old file; whatever has its name already is not followed.
#[cfg(unix)]
fn open_new(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open_new(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn has_second_name(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_second_name(_metadata: &Metadata) -> bool {
    false
}

/// A configuration that its server may no longer read would be worse than none: root gives the file back to its owner.
#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) -> Result<(), WriteError> {
    use std::os::unix::fs::MetadataExt;
    let mine = file.metadata().map_err(|error| failed(&error))?;
    if (mine.uid(), mine.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(like.uid()), Some(like.gid())).map_err(|_| WriteError::Owner)
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _like: &Metadata) -> Result<(), WriteError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::text::ReadLimits;

    fn opened(folder: &Path, name: &str) -> (Files, std::sync::Arc<Source>) {
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder).unwrap();
        let path = files.display_path(&folder.join(name)).unwrap();
        let source = files.read(&path).unwrap();
        (files, source)
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.conf");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let (files, source) = opened(folder.path(), "a.conf");
        files.replace(&source, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // What it was read from is no longer there.
        assert_eq!(files.replace(&source, "newer"), Err(WriteError::Changed));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_and_what_may_not_be_written_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.conf");
        fs::write(&path, "old").unwrap();
        symlink("a.conf", folder.path().join("link.conf")).unwrap();
        let (files, source) = opened(folder.path(), "link.conf");
        assert_eq!(files.replace(&source, "new"), Err(WriteError::Link));
        let (files, source) = opened(folder.path(), "a.conf");
        fs::hard_link(&path, folder.path().join("b.conf")).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::HardLink));
        fs::remove_file(folder.path().join("b.conf")).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::ReadOnly));
        fs::remove_file(&path).unwrap();
        fs::write(folder.path().join("other"), "old").unwrap();
        symlink("other", &path).unwrap();
        assert_eq!(files.replace(&source, "new"), Err(WriteError::Link));
        assert_eq!(fs::read_to_string(folder.path().join("other")).unwrap(), "old");
    }
}
