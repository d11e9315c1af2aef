//! Files that are looked into and never taken in as text: keys, certificates, dumps. What is looked for
//! leaves; the bytes do not, and are wiped afterwards.

use std::fs;
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::{Files, ReadError, io_error};
use crate::text::Permissions;
use crate::text::path::{normalise, on_disk, strip};

impl Files {
    /// What `look` makes of the bytes of a file; no more than `most` of them are read.
    ///
    /// # Errors
    /// When it is not there, no regular file, not within the given paths, or larger than `most`.
    pub fn probe<F: 'static>(&self, path: &str, most: u64, look: impl FnOnce(&[u8]) -> F) -> Result<F, ReadError> {
        let path = normalise(path).ok_or(ReadError::OutsideTree)?;
        if let Some(text) = self.memory.as_ref().and_then(|memory| memory.get(&path)) {
            return Ok(look(text.as_bytes()));
        }
        let disk = self.disk_path(&path)?;
        let metadata = fs::metadata(&disk).map_err(|error| io_error(&error))?;
        if metadata.is_dir() {
            return Err(ReadError::Directory);
        }
        if !metadata.is_file() {
            return Err(ReadError::NotRegular);
        }
        self.note_opened(&metadata);
        let too_large = |size| ReadError::TooLarge { size, limit: most };
        if metadata.len() > most {
            return Err(too_large(metadata.len()));
        }
        // As large as the bound, so that it never grows and leaves a copy behind.
        let room = usize::try_from(metadata.len()).unwrap_or(0) + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        let file = fs::File::open(&disk).map_err(|error| io_error(&error))?;
        file.take(room as u64).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
        if bytes.len() as u64 > most {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(look(&bytes))
    }

    /// Mode and owner of a file, where they say something of the machine that the file is meant for:
    /// `None` in a working copy of git, which keeps neither, and where the file system has none.
    #[must_use]
    pub fn permissions(&self, path: &str) -> Option<Permissions> {
        let path = normalise(path)?;
        if self.is_checked_out(&path) {
            return None;
        }
        if let Some(stated) = self.modes.get(&path) {
            return Some(*stated);
        }
        permissions_on_disk(&self.disk_path(&path).ok()?)
    }

    /// Mode of a file where somebody meant it: it was stated, or the file is where a machine runs what it describes, or
    /// the tree keeps modes apart. Everywhere else it is what unpacking or copying made of it.
    #[must_use]
    pub fn meant_mode(&self, path: &str) -> Option<u32> {
        let own = self.permissions(path)?.mode;
        let path = normalise(path)?;
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let beside = |other: &str| other != path && folder(other) == folder(&path);
        let differs = |other: &str| self.permissions(other).is_some_and(|permissions| permissions.mode != own);
        let is_meant = self.modes.contains_key(&path)
            || self.is_deployed(&path)
            || self.sources().values().any(|source| beside(source.path()) && differs(source.path()));
        is_meant.then_some(own)
    }

    /// Whether a link stands at a path, wherever it leads.
    #[must_use]
    pub fn is_link(&self, path: &str) -> bool {
        let Some(path) = normalise(path) else { return false };
        let below = self.roots.iter().filter_map(|root| Some(root.real.join(on_disk(strip(&root.display, &path)?))));
        below.into_iter().any(|disk| disk.is_symlink())
    }

    /// Whether a path lies in a working copy of git. A machine whose folder is kept by etckeeper, which
    /// restores modes and owners, does not count as one.
    #[must_use]
    pub fn is_checked_out(&self, path: &str) -> bool {
        let Some(path) = normalise(path) else { return false };
        if let Some(memory) = self.memory.as_ref().filter(|_| self.roots.is_empty()) {
            let parents = std::iter::successors(path.rsplit_once('/').map(|(parent, _)| parent), |parent| {
                parent.rsplit_once('/').map(|(above, _)| above)
            });
            return parents.chain([""]).any(|parent| {
                let git = if parent.is_empty() { ".git/".to_owned() } else { format!("{parent}/.git/") };
                memory.keys().any(|known| known.starts_with(&git))
            });
        }
        let roots = self.roots.iter().filter_map(|root| Some((root, strip(&root.display, &path)?)));
        roots.map(|(root, below)| root.real.join(on_disk(below))).any(|disk| in_working_copy(&disk))
    }
}

/// Folders above the given paths are asked for no more than whether they hold `.git`.
fn in_working_copy(disk: &Path) -> bool {
    let holds = |folder: &&Path| folder.join(".git").exists();
    disk.ancestors().skip(1).find(holds).is_some_and(|folder| !folder.join(".etckeeper").exists())
}

#[cfg(unix)]
fn permissions_on_disk(disk: &Path) -> Option<Permissions> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(disk).ok()?;
    Some(Permissions { mode: metadata.mode() & 0o7777, owner: Some(metadata.uid()), group: Some(metadata.gid()) })
}

#[cfg(not(unix))]
fn permissions_on_disk(_: &Path) -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::super::ReadLimits;
    use super::*;

    #[test]
    fn facts_leave_and_the_bytes_stay_bounded() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), b"\x00\xff\x01").unwrap();
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder.path()).unwrap();
        assert_eq!(files.probe("key", 3, <[u8]>::len), Ok(3));
        assert_eq!(files.probe("key", 2, <[u8]>::len), Err(ReadError::TooLarge { size: 3, limit: 2 }));
        assert_eq!(files.probe("", 9, <[u8]>::len), Err(ReadError::Directory));
        assert_eq!(files.probe("other", 9, <[u8]>::len), Err(ReadError::Missing));
        assert_eq!(files.probe("../key", 9, <[u8]>::len), Err(ReadError::OutsideTree));
        assert!(!files.has_read("key"));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_seen_wherever_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/nowhere/server.crt", folder.path().join("server.crt")).unwrap();
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder.path()).unwrap();
        assert!(files.is_link("server.crt") && !files.is_link("server.key"));
    }

    #[test]
    fn a_working_copy_says_nothing_of_permissions() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("repo/.git")).unwrap();
        fs::create_dir_all(folder.path().join("repo/tls")).unwrap();
        for path in ["key", "repo/tls/key"] {
            fs::write(folder.path().join(path), "x").unwrap();
        }
        let mut files = Files::new(ReadLimits::default());
        files.add_root(folder.path()).unwrap();
        assert!(files.permissions("key").is_some());
        assert_eq!(files.permissions("repo/tls/key"), None);
        fs::write(folder.path().join("repo/.etckeeper"), "").unwrap();
        assert!(files.permissions("repo/tls/key").is_some());
    }
}
