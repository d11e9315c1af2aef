//! The only code that writes a file: beside the place where it goes, then renamed. Who opens it sees the old text or the
//! new one; when writing fails, the old file is as it was and nothing is left beside it.
//!
//! The new file keeps owner, permission bits, extended attributes and access lists of the old one, or is not written.
//! Not kept are times, and what the system itself takes away from a file that is written: setuid, setgid and capabilities.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::hash::BuildHasher as _;
use std::io::{self, Read as _, Write as _};

use super::place::{Folder, Kind, Place};
use super::write_error::{WriteError, failed};

mod attributes;

/// What may be in the place of the new file.
pub(super) enum Over<'t> {
    /// Nothing.
    Nothing,
    /// Nothing, or a regular file that `may` admits. Further names of it keep the old text.
    File(&'t dyn Fn(&Metadata) -> bool),
    /// A regular file of this text, without a further name.
    Text(&'t [u8]),
}

/// Writes a file whole or not at all.
///
/// # Errors
/// When something else is in its place than `over` says, or writing failed.
pub(super) fn put(place: &Place, text: &[u8], over: &Over<'_>) -> Result<(), WriteError> {
    let old = old(place, over)?;
    let mut temporary = Temporary::create(&place.folder, old.is_some()).map_err(|error| failed(&error))?;
    temporary.fill(text, old.as_ref())?;
    // As late as can be: only a moment is left in which somebody else's words could be lost.
    if let Over::Text(expected) = over {
        unchanged(place, expected)?;
    }
    let renamed = match (over, &old) {
        (Over::Nothing, _) => temporary.rename_new(place),
        _ => temporary.rename(place),
    };
    renamed.map_err(|error| if error.kind() == io::ErrorKind::AlreadyExists { WriteError::Exists } else { failed(&error) })
}

/// A file that is to be replaced.
struct Old {
    file: File,
    metadata: Metadata,
}

/// What is in the place of the new file.
fn old(place: &Place, over: &Over<'_>) -> Result<Option<Old>, WriteError> {
    let kind = match (place.kind()?, over) {
        (None, Over::Text(_)) => return Err(WriteError::Changed),
        (None, _) => return Ok(None),
        (Some(_), Over::Nothing) => return Err(WriteError::Exists),
        (Some(kind), _) => kind,
    };
    // Before it is opened: opening alone can wait for ever, or set a device going.
    check(kind)?;
    let file = place.folder.open(&place.name).map_err(|error| failed(&error))?;
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    if !metadata.is_file() {
        return Err(WriteError::NotRegular);
    }
    match over {
        Over::File(may) if !may(&metadata) => return Err(WriteError::IsInput),
        _ if metadata.permissions().readonly() => return Err(WriteError::ReadOnly),
        Over::Text(_) if has_second_name(&metadata) => return Err(WriteError::HardLink),
        _ => {}
    }
    Ok(Some(Old { file, metadata }))
}

fn check(kind: Kind) -> Result<(), WriteError> {
    match kind {
        Kind::File => Ok(()),
        Kind::Link => Err(WriteError::Link),
        Kind::Folder => Err(WriteError::Directory),
        Kind::Other => Err(WriteError::NotRegular),
    }
}

fn unchanged(place: &Place, expected: &[u8]) -> Result<(), WriteError> {
    check(place.kind()?.ok_or(WriteError::Changed)?)?;
    let file = place.folder.open(&place.name).map_err(|error| failed(&error))?;
    let mut now = Vec::with_capacity(expected.len() + 1);
    file.take(expected.len() as u64 + 1).read_to_end(&mut now).map_err(|error| failed(&error))?;
    if now == expected { Ok(()) } else { Err(WriteError::Changed) }
}

/// A file that has no place yet. What it leaves behind is removed, and nothing else is.
struct Temporary<'f> {
    folder: &'f Folder,
    name: OsString,
    file: File,
    placed: bool,
}

impl<'f> Temporary<'f> {
    /// A name that nobody can know beforehand; one that is taken belongs to somebody else.
    fn create(folder: &'f Folder, private: bool) -> io::Result<Self> {
        const MOST_TRIES: usize = 16;
        let mut tries = 0;
        loop {
            let name = OsString::from(format!(".gonogo-{:016x}.tmp", RandomState::new().hash_one(tries)));
            tries += 1;
            match folder.create_new(&name, private) {
                Ok(file) => return Ok(Self { folder, name, file, placed: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < MOST_TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn fill(&mut self, text: &[u8], like: Option<&Old>) -> Result<(), WriteError> {
        if passes_limit(text.len() as u64) {
            return Err(failed(&io::ErrorKind::FileTooLarge.into()));
        }
        if let Some(old) = like {
            keep_owner(&self.file, &old.metadata)?;
            attributes::keep(&old.file, &self.file).map_err(WriteError::Attribute)?;
            // Last: an access list of the folder may have opened the new file further than the old one was.
            keep_permissions(&self.file, &old.metadata).map_err(|error| failed(&error))?;
        }
        // A full disk may show only when everything has arrived there.
        self.file.write_all(text).and_then(|()| self.file.sync_all()).map_err(|error| failed(&error))
    }

    fn rename(mut self, place: &Place) -> io::Result<()> {
        self.folder.rename(&self.name, &place.name)?;
        self.placed = true;
        Ok(())
    }

    fn rename_new(mut self, place: &Place) -> io::Result<()> {
        self.folder.rename_new(&self.name, &place.name)?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.placed && self.folder.is(&self.name, &self.file) {
            // That it cannot be removed changes nothing about the error.
            let _ = self.folder.remove(&self.name);
        }
    }
}

/// A text that passes the limit of the process is not begun: the signal would end the program and leave the file behind.
#[cfg(unix)]
fn passes_limit(size: u64) -> bool {
    rustix::process::getrlimit(rustix::process::Resource::Fsize).current.is_some_and(|limit| size > limit)
}

#[cfg(not(unix))]
const fn passes_limit(_size: u64) -> bool {
    false
}

/// Permission bits without setuid, setgid and sticky, which the system, too, takes away when a file is written.
#[cfg(unix)]
fn keep_permissions(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let wanted = like.permissions().mode() & 0o777;
    // A file system whose files all have one mode may refuse even that one.
    if file.metadata()?.permissions().mode() & 0o7777 == wanted {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(wanted))
}

#[cfg(not(unix))]
fn keep_permissions(file: &File, like: &Metadata) -> io::Result<()> {
    file.set_permissions(like.permissions())
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
mod tests;
