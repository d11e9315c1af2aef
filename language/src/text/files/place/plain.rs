//! The same by path, for systems on which a folder cannot be held open: between two steps somebody could exchange it.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Kind;
#[cfg(not(unix))]
use super::Step;

/// A folder, by its path without links.
pub(in crate::text::files) struct Folder {
    pub real: PathBuf,
}

impl Folder {
    pub(in crate::text::files) fn working() -> io::Result<Self> {
        Ok(Self { real: std::env::current_dir()?.canonicalize()? })
    }

    pub(in crate::text::files) fn at(start: &Path) -> io::Result<Self> {
        Ok(Self { real: start.canonicalize()? })
    }

    pub(in crate::text::files) fn above(&self) -> io::Result<Self> {
        Ok(Self { real: self.real.parent().unwrap_or(&self.real).to_owned() })
    }

    #[cfg(not(unix))]
    pub(in crate::text::files) fn step(&self, name: &OsStr) -> io::Result<Step> {
        let path = self.real.join(name);
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_symlink() {
            return Ok(Step::Link(fs::read_link(&path)?));
        }
        if metadata.is_dir() { Ok(Step::Folder(Self { real: path })) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    pub(in crate::text::files) fn kind(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        let kind = match fs::symlink_metadata(self.real.join(name)) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
            (true, ..) => Kind::File,
            (_, true, _) => Kind::Folder,
            (.., true) => Kind::Link,
            _ => Kind::Other,
        }))
    }

    pub(in crate::text::files) fn open(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.real.join(name))
    }

    pub(in crate::text::files) fn create_new(&self, name: &OsStr, _private: bool) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.real.join(name))
    }

    pub(in crate::text::files) fn is(&self, name: &OsStr, _file: &File) -> bool {
        self.kind(name).is_ok_and(|kind| kind == Some(Kind::File))
    }

    pub(in crate::text::files) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.real.join(from), self.real.join(to))
    }

    pub(in crate::text::files) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        if self.kind(to)?.is_some() { Err(io::ErrorKind::AlreadyExists.into()) } else { self.rename(from, to) }
    }

    pub(in crate::text::files) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.real.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_exchanged_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder { real: folder.path().canonicalize().unwrap() };
        let (a, b) = (OsStr::new("a"), OsStr::new("b"));
        let file = folder.create_new(a, true).unwrap();
        assert!(folder.create_new(a, true).is_err());
        assert!(folder.is(a, &file) && !folder.is(b, &file));
        assert!(folder.rename_new(a, a).is_err());
        folder.rename_new(a, b).unwrap();
        folder.rename(b, a).unwrap();
        assert_eq!((folder.kind(a).unwrap(), folder.kind(b).unwrap()), (Some(Kind::File), None));
        assert!(folder.open(a).is_ok());
        folder.remove(a).unwrap();
    }
}
