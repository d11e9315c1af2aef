//! Walking a directory: what `audit` and `lint` look at when a PATH is a directory.
//!
//! Links are never entered. `.gonogoignore` files are obeyed as git obeys `.gitignore`, but what they hide is
//! still counted, since whoever writes the tree writes them too.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use super::{Files, ReadError};
use crate::text::path::join;

/// Folders that never hold the configuration of a database of this project.
const SKIPPED_FOLDERS: [&str; 5] = [".git", "node_modules", "target", "vendor", ".terraform"];

/// Most files that one walk looks at; beyond it the walk stops and says so.
const MOST_FILES: usize = 200_000;

/// Most hidden files that one walk looks at; a folder of data is often hidden because it is large.
const MOST_HIDDEN: usize = 20_000;

/// Name of the files that hide others.
const IGNORE_FILE: &str = ".gonogoignore";

/// Most bytes of a file that hides others, and most lines: each line is tried on each path below it.
const LARGEST_IGNORE_FILE: u64 = 64 * 1024;
const MOST_IGNORE_LINES: usize = 1_000;

/// A file met by the walk, not yet opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is a regular file; anything else (FIFO, socket, device, dangling link) is not opened.
    pub regular: bool,
}

/// A `.gonogoignore` that was obeyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreFile {
    /// Display path.
    pub path: String,
    /// How many files it hides.
    pub hides: usize,
}

/// What a walk met.
#[derive(Debug, Default)]
pub struct Walk {
    /// Sorted by path.
    pub files: Vec<WalkedFile>,
    /// Files that some `.gonogoignore` hides, sorted by path.
    pub hidden: Vec<WalkedFile>,
    /// The `.gonogoignore` files that were obeyed, in the order met.
    pub ignore_files: Vec<IgnoreFile>,
    /// `.gonogoignore` files that were not obeyed, by display path, with the reason.
    pub not_obeyed: Vec<(String, String)>,
    /// Places that could not be entered, with the reason.
    pub problems: Vec<(PathBuf, String)>,
    /// Links that were not followed, with the reason: a machine has hundreds, and few concern a database.
    pub links: Vec<(PathBuf, &'static str)>,
    /// Whether more is hidden than is looked at.
    pub hides_more: bool,
}

/// What a `.gonogoignore` hides, and how deep its folder is.
struct Hiding {
    depth: usize,
    matcher: Gitignore,
    /// Its place in [`Walk::ignore_files`].
    number: usize,
}

/// A walk under way.
struct Walker<'w> {
    walk: Walk,
    files: &'w Files,
    real_root: PathBuf,
    /// From the top down; those of folders that were left are taken out.
    hiding: Vec<Hiding>,
    /// The folder that is hidden as a whole, by its depth, and what hides it.
    within: Option<(usize, usize)>,
}

impl Walk {
    /// Walks `root`, which is a root of `files`. Links to files count as far as they stay below `root`.
    #[must_use]
    pub fn of(root: &Path, files: &Files) -> Self {
        let mut walk = Self::default();
        let Ok(real_root) = root.canonicalize() else {
            walk.problems.push((root.to_owned(), "it cannot be opened".to_owned()));
            return walk;
        };
        let mut walker = Walker { walk, files, real_root, hiding: Vec::new(), within: None };
        walker.run(root);
        let mut walk = walker.walk;
        walk.files.sort();
        walk.hidden.sort();
        walk
    }
}

impl Walker<'_> {
    fn run(&mut self, root: &Path) {
        let mut entries = WalkDir::new(root).follow_links(false).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.walk.problems.push((error.path().unwrap_or(root).to_owned(), describe(&error)));
                    continue;
                }
            };
            self.leave_folders(entry.depth());
            if !self.meet(&entry) {
                entries.skip_current_dir();
            }
            if self.walk.files.len() >= MOST_FILES {
                self.walk.problems.push((root.to_owned(), format!("more than {MOST_FILES} files; the rest was not looked at")));
                break;
            }
        }
    }

    /// Forgets what was said in folders that the walk has left.
    fn leave_folders(&mut self, depth: usize) {
        while self.hiding.last().is_some_and(|hiding| hiding.depth >= depth) {
            self.hiding.pop();
        }
        if self.within.is_some_and(|(hidden, _)| hidden >= depth) {
            self.within = None;
        }
    }

    /// Takes an entry; `false` for a folder that is not to be entered.
    fn meet(&mut self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_dir();
        if is_folder && entry.depth() > 0 && entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name)) {
            return false;
        }
        let by = self.within.map(|(_, by)| by).or_else(|| self.hidden_by(entry, is_folder));
        match (is_folder, by) {
            (true, None) => self.obey(entry),
            (true, Some(by)) => {
                self.within.get_or_insert((entry.depth(), by));
                return !self.walk.hides_more;
            }
            // Read already, if it can be.
            (false, None) if entry.file_name() == IGNORE_FILE => {}
            (false, None) => {
                if let Some(file) = self.file(entry) {
                    self.walk.files.push(file);
                }
            }
            (false, Some(by)) => self.hide(entry, by),
        }
        true
    }

    fn hide(&mut self, entry: &DirEntry, by: usize) {
        if self.walk.hidden.len() >= MOST_HIDDEN {
            self.walk.hides_more = true;
            return;
        }
        if let Some(ignore_file) = self.walk.ignore_files.get_mut(by) {
            ignore_file.hides += 1;
        }
        self.walk.hidden.push(WalkedFile { path: entry.path().to_owned(), regular: entry.file_type().is_file() });
    }

    /// A file, or a link to one that does not lead out.
    fn file(&mut self, entry: &DirEntry) -> Option<WalkedFile> {
        let path = entry.path().to_owned();
        if !entry.path_is_symlink() {
            return Some(WalkedFile { path, regular: entry.file_type().is_file() });
        }
        let problem = match path.canonicalize() {
            Ok(real) if real.is_dir() => return None,
            Ok(real) if real.starts_with(&self.real_root) => return Some(WalkedFile { regular: real.is_file(), path }),
            Ok(_) => "a link that leads out of the directory; name its target to have it read",
            Err(_) => "a link that leads nowhere, or in a circle",
        };
        self.walk.links.push((path, problem));
        None
    }

    /// Which `.gonogoignore` hides an entry: the nearest that speaks of it decides.
    fn hidden_by(&self, entry: &DirEntry, is_folder: bool) -> Option<usize> {
        for hiding in self.hiding.iter().rev() {
            match hiding.matcher.matched(entry.path(), is_folder) {
                ignore::Match::Ignore(_) => return Some(hiding.number),
                ignore::Match::Whitelist(_) => return None,
                ignore::Match::None => {}
            }
        }
        None
    }

    /// Reads the `.gonogoignore` of a folder, if it has one.
    fn obey(&mut self, folder: &DirEntry) {
        // Asked first, so that folders without one cost one question each.
        if folder.path().join(IGNORE_FILE).symlink_metadata().is_err() {
            return;
        }
        let Some(display) = self.files.display_path(folder.path()).map(|folder| join(&folder, IGNORE_FILE)) else { return };
        match self.matcher(folder.path(), &display) {
            Ok(matcher) => {
                let number = self.walk.ignore_files.len();
                self.walk.ignore_files.push(IgnoreFile { path: display, hides: 0 });
                self.hiding.push(Hiding { depth: folder.depth(), matcher, number });
            }
            Err(reason) => self.walk.not_obeyed.push((display, reason)),
        }
    }

    fn matcher(&self, folder: &Path, display: &str) -> Result<Gitignore, String> {
        if self.files.is_link(display) {
            return Err("a link; write the patterns into a file of its own".to_owned());
        }
        // Not read as an input: nothing that is judged depends on it.
        let text = self.files.probe(display, LARGEST_IGNORE_FILE, |bytes| String::from_utf8(bytes.to_vec()).ok());
        let text = text.map_err(|error| error.to_string())?.ok_or("not UTF-8 text")?;
        if text.lines().count() > MOST_IGNORE_LINES {
            return Err(format!("more than {MOST_IGNORE_LINES} lines"));
        }
        let mut builder = GitignoreBuilder::new(folder);
        for (number, line) in text.lines().enumerate() {
            let added = builder.add_line(None, line).map(|_| ());
            added.map_err(|_| format!("line {}: not a valid pattern; it takes those of .gitignore", number + 1))?;
        }
        builder.build().map_err(|_| "its patterns cannot be used together".to_owned())
    }
}

/// The error without the path, which the report shows itself.
fn describe(error: &walkdir::Error) -> String {
    match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::PermissionDenied) => "no permission to read it".to_owned(),
        Some(std::io::ErrorKind::InvalidFilename) => ReadError::NameTooLong.to_string(),
        Some(kind) => kind.to_string(),
        None => "it cannot be walked".to_owned(),
    }
}
