//! Outputs that the command line names: a file, standard output, standard error, or a stream that is open already.

use std::fs::{File, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Files;
use super::place::{Grounds, Place};
use super::replace::{Over, put};
use super::write_error::WriteError;

/// Where a text goes that the user asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output: `-`, `/dev/stdout`, `/dev/fd/1`, `/proc/self/fd/1`.
    Standard,
    /// Standard error: `/dev/stderr`, `/dev/fd/2`, `/proc/self/fd/2`.
    Error,
    /// A path.
    Path(Target),
}

/// A path that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    path: PathBuf,
    /// What is open already, or loses nothing: `/dev/fd/N`, `/proc/self/fd/N`, `/dev/null`, `/dev/tty`.
    is_stream: bool,
}

impl Output {
    /// What a path of the command line names. Only these words are taken for streams: the links of a tree never are.
    #[must_use]
    pub fn named(path: &Path) -> Self {
        let is = |word: &str| path == Path::new(word);
        match open_number(path) {
            Some(1) => Self::Standard,
            Some(2) => Self::Error,
            Some(_) => Self::Path(Target { path: path.to_owned(), is_stream: true }),
            None if is("-") || is("/dev/stdout") => Self::Standard,
            None if is("/dev/stderr") => Self::Error,
            None => Self::Path(Target { path: path.to_owned(), is_stream: is("/dev/null") || is("/dev/tty") }),
        }
    }

    /// Whether two outputs would be written over, or between, each other.
    #[must_use]
    pub fn is_same(&self, other: &Self, grounds: &Grounds) -> bool {
        match (self, other) {
            (Self::Path(one), Self::Path(two)) if one.is_stream || two.is_stream => one == two && one.path != Path::new("/dev/null"),
            (Self::Path(one), Self::Path(two)) => one == two || is_same_file(&one.path, &two.path, grounds),
            (one, two) => one == two,
        }
    }
}

/// The N of `/dev/fd/N`.
fn open_number(path: &Path) -> Option<u32> {
    let folder = path.parent()?;
    let name = path.file_name()?.to_str()?;
    let is_open = folder == Path::new("/dev/fd") || folder == Path::new("/proc/self/fd");
    if is_open && name.bytes().all(|byte| byte.is_ascii_digit()) { name.parse().ok() } else { None }
}

impl Target {
    /// Writes a text; a file is replaced whole or not at all, unless it is one that `inputs` opened.
    ///
    /// # Errors
    /// When the file is a link, lies behind one, is not a regular file, was read as an input, or cannot be written.
    pub fn write(&self, text: &str, grounds: &Grounds, inputs: &Files) -> Result<(), WriteError> {
        let may = |metadata: &Metadata| !inputs.has_opened(metadata);
        self.put(text, grounds, &Over::File(&may))
    }

    /// Writes a file that was not there.
    ///
    /// # Errors
    /// When something is there, or it cannot be written.
    pub fn create(&self, text: &str, grounds: &Grounds) -> Result<(), WriteError> {
        self.put(text, grounds, &Over::Nothing)
    }

    /// Whether something has the name of the file already, be it a link that leads nowhere.
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.is_stream && self.path.symlink_metadata().is_ok()
    }

    fn put(&self, text: &str, grounds: &Grounds, over: &Over<'_>) -> Result<(), WriteError> {
        if self.is_stream {
            return stream(&self.path).and_then(|to| whole(to, text)).map_err(|error| failed_stream(&error));
        }
        put(&Place::find(&self.path, grounds)?, text.as_bytes(), over)
    }
}

/// A reader that has gone away is not a failure, as it is not on standard output.
fn whole(mut to: File, text: &str) -> io::Result<()> {
    match to.write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn failed_stream(error: &io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::NotFound => WriteError::Io("nothing is open there; name a file instead".to_owned()),
        io::ErrorKind::InvalidInput => WriteError::NotRegular,
        kind => WriteError::Io(kind.to_string()),
    }
}

fn is_same_file(one: &Path, two: &Path, grounds: &Grounds) -> bool {
    let real = |path: &Path| Place::find(path, grounds).map(|place| place.real());
    matches!((real(one), real(two)), (Ok(one), Ok(two)) if one == two || are_one(&one, &two))
}

/// Two names of one file, or of one on a file system that does not tell capitals.
#[cfg(unix)]
fn are_one(one: &Path, two: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| path.symlink_metadata().map(|metadata| (metadata.dev(), metadata.ino()));
    matches!((id(one), id(two)), (Ok(one), Ok(two)) if one == two)
}

#[cfg(not(unix))]
fn are_one(_one: &Path, _two: &Path) -> bool {
    false
}

/// Opens what is open already, without waiting for a reader that a FIFO does not have; a file is only added to.
#[cfg(unix)]
fn stream(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt;

    use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl, open};
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(open(path, flags, Mode::empty())?);
    let kind = file.metadata()?.file_type();
    if !(kind.is_file() || kind.is_fifo() || kind.is_char_device()) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

#[cfg(not(unix))]
fn stream(path: &Path) -> io::Result<File> {
    std::fs::OpenOptions::new().append(true).open(path)
}

#[cfg(all(test, unix))]
mod tests;
