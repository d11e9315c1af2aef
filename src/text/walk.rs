//! Walking a directory: what `audit` and `lint` look at when a PATH is a directory.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// Folders that never hold the configuration of a database of this project.
const SKIPPED_FOLDERS: [&str; 5] = [".git", "node_modules", "target", "vendor", ".terraform"];

/// Most files that one walk looks at; beyond it the walk stops and says so.
const MOST_FILES: usize = 200_000;

/// A file met by the walk, not yet opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is a regular file; anything else (FIFO, socket, device, dangling link) is not opened.
    pub regular: bool,
}

/// What a walk met.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Sorted by path.
    pub files: Vec<WalkedFile>,
    /// Places that could not be entered, with the reason.
    pub problems: Vec<(PathBuf, String)>,
}

impl Walk {
    /// Walks `root`. Links are followed only as far as they stay below `root`; `.gonogoignore` files are obeyed.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let mut walk = Self::default();
        let Ok(real_root) = root.canonicalize() else {
            walk.problems.push((root.to_owned(), "it cannot be opened".to_owned()));
            return walk;
        };
        let walker = WalkBuilder::new(root)
            .standard_filters(false)
            .hidden(false)
            .follow_links(false)
            .add_custom_ignore_filename(".gonogoignore")
            .filter_entry(|entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                !(is_folder && entry.depth() > 0 && entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name)))
            })
            .build();
        for entry in walker {
            match entry {
                Ok(entry) => walk.meet(&entry, &real_root),
                Err(error) => walk.problems.push((root.to_owned(), describe(&error))),
            }
            if walk.files.len() >= MOST_FILES {
                walk.problems.push((root.to_owned(), format!("more than {MOST_FILES} files; the rest was not looked at")));
                break;
            }
        }
        walk.files.sort();
        walk
    }

    fn meet(&mut self, entry: &ignore::DirEntry, real_root: &Path) {
        let Some(kind) = entry.file_type() else {
            return;
        };
        if kind.is_dir() {
            return;
        }
        let path = entry.path().to_owned();
        if !kind.is_symlink() {
            self.files.push(WalkedFile { path, regular: kind.is_file() });
            return;
        }
        match path.canonicalize() {
            Ok(real) if real.is_dir() => {}
            Ok(real) if real.starts_with(real_root) => self.files.push(WalkedFile { regular: real.is_file(), path }),
            Ok(_) => self.problems.push((path, "a link that leads out of the directory; name its target to have it read".to_owned())),
            Err(_) => self.problems.push((path, "a link that leads nowhere, or in a circle".to_owned())),
        }
    }
}

/// The error without the path, which the report shows itself.
fn describe(error: &ignore::Error) -> String {
    match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::PermissionDenied) => "no permission to read it".to_owned(),
        Some(kind) => kind.to_string(),
        None => "it cannot be walked".to_owned(),
    }
}
