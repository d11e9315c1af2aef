//! Where a file is written: an open folder and a name in it, found without a link that somebody else may have put there.
//!
//! Who opens a pull request decides which links a working copy holds. So a link is refused where it lies below the working
//! directory, below an audited PATH or in a working copy of git; elsewhere (`/tmp` of macOS, a link in a home folder) it
//! belongs to the machine and is followed. The last part of a path is never followed.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::write_error::{WriteError, failed};

#[cfg(unix)]
mod folder;
#[cfg(any(not(unix), test))]
#[cfg_attr(unix, expect(dead_code, reason = "here only its tests use it"))]
mod plain;

#[cfg(unix)]
pub(super) use folder::Folder;
#[cfg(not(unix))]
pub(super) use plain::Folder;

/// Links that are followed on the way to one file, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// What a step from a folder leads to.
pub(super) enum Step {
    /// A folder below.
    Folder(Folder),
    /// A link, with its target.
    Link(PathBuf),
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

/// Folders in which the change under review decides what is a link.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    folders: Vec<PathBuf>,
    working: PathBuf,
}

impl Grounds {
    /// The working directory, and the PATHs of the command line.
    #[must_use]
    pub fn around<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Self {
        let real = paths.into_iter().filter_map(|path| path.canonicalize().ok());
        let folder = |path: PathBuf| if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) };
        // The root of the file system holds the links of the machine, not of a change.
        let folders = real.filter_map(folder).filter(|folder| folder.parent().is_some()).collect();
        let working = std::env::current_dir().and_then(|folder| folder.canonicalize()).unwrap_or_default();
        Self { folders, working }
    }

    /// Whether a link in this folder may come from the change under review.
    fn hold(&self, folder: &Path, relative: bool) -> bool {
        let below_working = folder.starts_with(&self.working) && (relative || self.working.parent().is_some());
        below_working || self.folders.iter().any(|ground| folder.starts_with(ground)) || is_in_working_copy(folder)
    }
}

fn is_in_working_copy(folder: &Path) -> bool {
    folder.ancestors().any(|above| above.join(".git").symlink_metadata().is_ok())
}

/// A name in an open folder.
pub(super) struct Place {
    pub folder: Folder,
    pub name: OsString,
}

impl Place {
    /// Opens the folder of a path, part by part.
    ///
    /// # Errors
    /// When a folder is missing, is not one, or is a link that the change under review may have put there.
    pub(super) fn find(path: &Path, grounds: &Grounds) -> Result<Self, WriteError> {
        let name = path.file_name().filter(|_| !ends_as_folder(path)).ok_or(WriteError::Directory)?.to_owned();
        let above = path.parent().unwrap_or(Path::new(""));
        Way::new(above, grounds)?.walk().map(|folder| Self { folder, name })
    }

    /// The path without links, to tell whether two places are one.
    pub(super) fn real(&self) -> PathBuf {
        self.folder.real.join(&self.name)
    }

    pub(super) fn kind(&self) -> Result<Option<Kind>, WriteError> {
        self.folder.kind(&self.name).map_err(|error| failed(&error))
    }
}

/// `out/` and `out/.`, of which [`Path::file_name`] would say `out`.
fn ends_as_folder(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.ends_with(b"/") || text.ends_with(b"/.") || text.ends_with(std::path::MAIN_SEPARATOR_STR.as_bytes())
}

/// A path that is being walked.
struct Way<'g> {
    grounds: &'g Grounds,
    /// Parts that are still to be walked, the next one last.
    rest: Vec<OsString>,
    /// How many of them come from links.
    from_links: usize,
    /// What was walked of the path as it was typed.
    typed: PathBuf,
    relative: bool,
    at: Folder,
    links: usize,
}

impl<'g> Way<'g> {
    fn new(path: &Path, grounds: &'g Grounds) -> Result<Self, WriteError> {
        let (start, rest) = parts(path);
        let relative = start.as_os_str().is_empty();
        let at = if relative { Folder::working() } else { Folder::at(&start) };
        Ok(Self { grounds, rest, from_links: 0, typed: start, relative, at: at.map_err(|error| failed(&error))?, links: 0 })
    }

    fn walk(mut self) -> Result<Folder, WriteError> {
        while let Some(part) = self.rest.pop() {
            match self.from_links.checked_sub(1) {
                Some(left) => self.from_links = left,
                None => self.typed.push(&part),
            }
            self.step(&part)?;
        }
        Ok(self.at)
    }

    fn step(&mut self, part: &OsStr) -> Result<(), WriteError> {
        if part == ".." {
            self.at = self.at.above().map_err(|error| self.not_entered(&error))?;
            return Ok(());
        }
        match self.at.step(part).map_err(|error| self.not_entered(&error))? {
            Step::Folder(folder) => self.at = folder,
            Step::Link(target) => self.follow(&target)?,
        }
        Ok(())
    }

    fn follow(&mut self, target: &Path) -> Result<(), WriteError> {
        self.links += 1;
        if self.links > MOST_LINKS || self.grounds.hold(&self.at.real, self.relative) {
            return Err(WriteError::FolderLink(self.shown()));
        }
        let (start, parts) = parts(target);
        if !start.as_os_str().is_empty() {
            self.at = Folder::at(&start).map_err(|error| failed(&error))?;
        }
        self.from_links += parts.len();
        self.rest.extend(parts);
        Ok(())
    }

    fn not_entered(&self, error: &std::io::Error) -> WriteError {
        match error.kind() {
            std::io::ErrorKind::NotFound => WriteError::NoFolder(self.shown()),
            std::io::ErrorKind::NotADirectory => WriteError::NotFolder(self.shown()),
            std::io::ErrorKind::PermissionDenied => WriteError::Io(format!("no permission to enter the folder {}", self.shown())),
            _ => failed(error),
        }
    }

    fn shown(&self) -> String {
        crate::text::path::shown(&self.typed)
    }
}

/// Where a path begins (empty for the working directory), and its parts, the first one last.
fn parts(path: &Path) -> (PathBuf, Vec<OsString>) {
    let mut start = PathBuf::new();
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Prefix(_) | Component::RootDir => start.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::Normal(_) => parts.push(part.as_os_str().to_owned()),
        }
    }
    parts.reverse();
    (start, parts)
}

#[cfg(all(test, unix))]
mod tests;
