//! An open folder, and what is done in it by name. No step follows a link, and a folder that is exchanged for another
//! after it was opened changes nothing.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, open, openat, readlinkat, renameat, statat, unlinkat};

use super::{Kind, Step};

/// A folder only has to be passed through, which needs no permission to list it where the system knows `O_PATH`.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PASS: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PASS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// An open folder, with its path without links.
pub(in crate::text::files) struct Folder {
    handle: OwnedFd,
    pub real: PathBuf,
}

impl Folder {
    /// The working directory.
    pub(in crate::text::files) fn working() -> io::Result<Self> {
        let real = std::env::current_dir()?.canonicalize()?;
        Ok(Self { handle: open(".", PASS, Mode::empty())?, real })
    }

    /// The root of the file system.
    pub(in crate::text::files) fn at(start: &Path) -> io::Result<Self> {
        Ok(Self { handle: open(start, PASS | OFlags::NOFOLLOW, Mode::empty())?, real: start.to_owned() })
    }

    /// The folder above.
    pub(in crate::text::files) fn above(&self) -> io::Result<Self> {
        let handle = openat(&self.handle, "..", PASS, Mode::empty())?;
        Ok(Self { handle, real: self.real.parent().unwrap_or(&self.real).to_owned() })
    }

    /// The folder below, or the link that is in its place.
    pub(in crate::text::files) fn step(&self, name: &OsStr) -> io::Result<Step> {
        let error = match openat(&self.handle, name, PASS | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(handle) => return Ok(Step::Folder(Self { handle, real: self.real.join(name) })),
            Err(error) => error,
        };
        let target = readlinkat(&self.handle, name, Vec::new()).map_err(|_| error)?;
        Ok(Step::Link(PathBuf::from(OsString::from_vec(target.into_bytes()))))
    }

    /// What a name stands for; `None` where nothing has it.
    pub(in crate::text::files) fn kind(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        let status = match statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(status) => status,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(match FileType::from_raw_mode(status.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        }))
    }

    /// Opens for reading, without waiting for the other end of what turns out to be a FIFO.
    pub(in crate::text::files) fn open(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.handle, name, flags, Mode::empty())?))
    }

    /// Makes a file that was not there. What nobody else may see yet is `private`; else the umask decides.
    pub(in crate::text::files) fn create_new(&self, name: &OsStr, private: bool) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(if private { 0o600 } else { 0o666 });
        Ok(File::from(openat(&self.handle, name, flags, mode)?))
    }

    /// Whether a name still stands for this file.
    pub(in crate::text::files) fn is(&self, name: &OsStr, file: &File) -> bool {
        let (Ok(named), Ok(open)) = (statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW), fstat(file)) else { return false };
        (named.st_dev, named.st_ino) == (open.st_dev, open.st_ino)
    }

    /// Puts a file in the place of another one, in one step.
    pub(in crate::text::files) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.handle, from, &self.handle, to)?)
    }

    /// Gives a file a name that nothing has yet.
    pub(in crate::text::files) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        if let Some(renamed) = self.rename_unless_there(from, to) {
            return renamed;
        }
        // Here another program could take the name in between, and lose its file.
        if self.kind(to)?.is_some() { Err(io::ErrorKind::AlreadyExists.into()) } else { self.rename(from, to) }
    }

    /// The same in one step; `None` where the file system cannot do that.
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn rename_unless_there(&self, from: &OsStr, to: &OsStr) -> Option<io::Result<()>> {
        use rustix::io::Errno;
        let renamed = rustix::fs::renameat_with(&self.handle, from, &self.handle, to, rustix::fs::RenameFlags::NOREPLACE);
        match renamed {
            Err(error) if [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error) => None,
            renamed => Some(renamed.map_err(io::Error::from)),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn rename_unless_there(&self, _from: &OsStr, _to: &OsStr) -> Option<io::Result<()>> {
        None
    }

    pub(in crate::text::files) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.handle, name, AtFlags::empty())?)
    }
}
