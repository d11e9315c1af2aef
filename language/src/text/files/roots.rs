//! What may be read, and how it is shown: the PATHs of the command line, and what lies beside a file that is named.
//!
//! Every folder has a display path of its own, so that two files of one name are never taken for each other.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Files, ReadError, io_error};
use crate::text::path::{join, normalise, on_disk, shown_name, slashes, strip};

/// A path of the command line, or the folder of a file that it names.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Display path of the root; empty for the working directory.
    pub display: String,
    /// Where it is on disk.
    pub disk: PathBuf,
    /// The same without links, to hold every file against.
    pub real: PathBuf,
    /// As the user gave it, made absolute; links are as they were named.
    pub absolute: PathBuf,
    /// Whether it is one file.
    pub file: bool,
}

/// What a path of the command line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One file, under this display path.
    File(String),
    /// A directory, under this display path.
    Directory(String),
}

impl Files {
    /// Allows reading below `path`, and tells what it is. Of a file, it is the file alone.
    ///
    /// # Errors
    /// When nothing can be opened there.
    pub fn add_root(&mut self, path: &Path) -> Result<Found, ReadError> {
        let real = path.canonicalize().map_err(|error| io_error(&error))?;
        let metadata = fs::metadata(&real).map_err(|error| io_error(&error))?;
        if metadata.is_dir() {
            return self.add_folder(path, real).map(Found::Directory);
        }
        let folder = folder_of(path);
        let real_folder = folder.canonicalize().map_err(|error| io_error(&error))?;
        let name = path.file_name().map(|name| shown_name(name).into_owned()).unwrap_or_default();
        let display = join(&self.own_display(folder, &real_folder), &name);
        self.roots.push(Root { display: display.clone(), disk: path.to_owned(), real, absolute: absolute(path), file: true });
        Ok(Found::File(display))
    }

    /// The same for a path that is to be looked at: what lies beside and below a file belongs to it, as the server sees it.
    ///
    /// # Errors
    /// When nothing can be opened there.
    pub fn add_named(&mut self, path: &Path) -> Result<Found, ReadError> {
        let found = self.add_root(path)?;
        if matches!(found, Found::File(_)) {
            let folder = folder_of(path);
            let real = folder.canonicalize().map_err(|error| io_error(&error))?;
            self.add_folder(folder, real)?;
        }
        Ok(found)
    }

    fn add_folder(&mut self, path: &Path, real: PathBuf) -> Result<String, ReadError> {
        let display = self.own_display(path, &real);
        self.roots.push(Root { display: display.clone(), disk: path.to_owned(), real, absolute: absolute(path), file: false });
        Ok(display)
    }

    /// How a folder is shown: by so many of its names as it takes to tell it from what is shown already.
    fn own_display(&self, path: &Path, real: &Path) -> String {
        let plain = display_of(path, real);
        let is_other = |shown: &str| self.disk_path(shown).is_ok_and(|disk| disk.canonicalize().ok().as_deref() != Some(real));
        if !is_other(&plain) {
            return plain;
        }
        let names: Vec<_> = real.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let last = |count: &usize| names.iter().skip(names.len() - count).collect::<PathBuf>();
        (1..=names.len()).map(|count| slashes(&last(&count))).find(|shown| !is_other(shown)).unwrap_or(plain)
    }

    /// Takes back the permission to read what was not read yet: only roots that are added later count.
    pub fn forget_roots(&mut self) {
        self.roots.clear();
    }

    /// Whether a file was named by itself, not by a directory above it.
    #[must_use]
    pub fn is_named(&self, path: &str) -> bool {
        self.roots.iter().any(|root| root.file && root.display == path)
    }

    /// The display path of a file that the walk of a root met.
    #[must_use]
    pub fn display_path(&self, disk: &Path) -> Option<String> {
        self.roots.iter().find_map(|root| {
            let relative = disk.strip_prefix(&root.disk).ok()?;
            Some(join(&root.display, &slashes(relative)))
        })
    }

    /// The display path of an absolute path that a server would open, when it lies below a root.
    #[must_use]
    pub fn display_of_absolute(&self, absolute: &str) -> Option<String> {
        let wanted = normalise(absolute)?;
        if self.memory.as_ref().is_some_and(|memory| memory.contains_key(&wanted)) {
            return Some(wanted);
        }
        let wanted = Path::new(&wanted);
        let below = |root: &Root, folder: &Path| Some(join(&root.display, &slashes(wanted.strip_prefix(folder).ok()?)));
        self.roots.iter().find_map(|root| below(root, &root.real).or_else(|| below(root, &root.absolute)))
    }

    /// Where a file really is, with links followed; `None` in memory, and where nothing is.
    #[must_use]
    pub fn real_path_of(&self, path: &str) -> Option<PathBuf> {
        self.disk_path(&normalise(path)?).ok()?.canonicalize().ok()
    }

    /// The absolute path of a display path, as the user gave it: `/etc/…` for a file of the folder that gonogo stands in.
    #[must_use]
    pub fn absolute_of(&self, path: &str) -> Option<String> {
        let path = normalise(path)?;
        let candidates = || self.roots.iter().filter_map(|root| Some((root, strip(&root.display, &path)?)));
        let is_there = |(root, below): &(&Root, &str)| root.disk.join(on_disk(below)).exists();
        let (root, below) = candidates().find(is_there).or_else(|| candidates().next())?;
        normalise(&join(&root.absolute.to_string_lossy(), below))
    }
}

/// The folder of a file as it was named.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// How a folder is shown: as written where that is relative and downward, else relative to the working directory, else
/// not at all. Never absolute.
fn display_of(path: &Path, real: &Path) -> String {
    let downward = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if downward {
        return slashes(path);
    }
    let working = std::env::current_dir().and_then(|directory| directory.canonicalize());
    working.ok().and_then(|working| real.strip_prefix(&working).ok().map(slashes)).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::ReadLimits;
    use super::*;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, path.to_str().unwrap()).unwrap();
        }
        folder
    }

    #[test]
    fn what_lies_beside_and_below_a_named_file_is_read_and_nothing_above_it() {
        let tree = tree(&["above.conf", "main/a.conf", "main/b.conf", "main/conf.d/c.conf"]);
        std::os::unix::fs::symlink(tree.path().join("above.conf"), tree.path().join("main/link.conf")).unwrap();
        let mut files = Files::new(ReadLimits::default());
        assert_eq!(files.add_named(&tree.path().join("main/a.conf")).unwrap(), Found::File("a.conf".to_owned()));
        for path in ["a.conf", "b.conf", "conf.d/c.conf"] {
            assert!(files.read(path).is_ok(), "{path}");
        }
        assert_eq!(files.read("../above.conf").unwrap_err(), ReadError::OutsideTree);
        assert_eq!(files.read("link.conf").unwrap_err(), ReadError::OutsideTree);
        let mut alone = Files::new(ReadLimits::default());
        alone.add_root(&tree.path().join("main/a.conf")).unwrap();
        assert_eq!(alone.read("b.conf").unwrap_err(), ReadError::OutsideTree);
    }

    #[test]
    fn a_named_link_is_read_and_what_lies_beside_its_target_is_not() {
        let tree = tree(&["real/a.conf", "real/b.conf", "main/c.conf"]);
        std::os::unix::fs::symlink(tree.path().join("real/a.conf"), tree.path().join("main/a.conf")).unwrap();
        let mut files = Files::new(ReadLimits::default());
        files.add_named(&tree.path().join("main/a.conf")).unwrap();
        assert!(files.read("a.conf").is_ok() && files.read("c.conf").is_ok());
        assert_eq!(files.read("b.conf").unwrap_err(), ReadError::Missing);
    }

    #[test]
    fn files_of_one_name_are_told_apart() {
        let tree = tree(&["15/main/a.conf", "16/main/a.conf", "17/main/a.conf", "15/main/conf.d/x"]);
        let mut files = Files::new(ReadLimits::default());
        let named = ["15/main/a.conf", "16/main/a.conf"].map(|path| files.add_named(&tree.path().join(path)).unwrap());
        assert_eq!(named, ["a.conf", "main/a.conf"].map(|path| Found::File(path.to_owned())));
        assert_eq!(files.add_named(&tree.path().join("17/main")).unwrap(), Found::Directory("17/main".to_owned()));
        for (shown, number) in [("a.conf", "15"), ("main/a.conf", "16"), ("17/main/a.conf", "17")] {
            assert!(files.read(shown).unwrap().text().contains(&format!("/{number}/main/")), "{shown}");
            assert!(files.absolute_of(shown).unwrap().ends_with(&format!("/{number}/main/a.conf")), "{shown}");
        }
    }
}
