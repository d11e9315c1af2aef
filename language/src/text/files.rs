//! The only code that opens a path.
//!
//! Paths are written the way they are shown: relative, with forward slashes (`db/postgresql.conf`).
//! Each belongs to a root, one of the PATHs that the user named; nothing outside them is read, and
//! no link is followed out of them. Trees can also live in memory, as the examples of rules do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use thiserror::Error;

use super::Permissions;
use super::path::{folder_of, join, normalise, on_disk, shown_name, slashes, strip};
use super::redact::SECRET_PLACEHOLDER;
use super::secrets::is_harmless;
use super::source::{Foreign, Source, SourceId};

mod bytes;
mod digest;
mod given;
mod opened;
mod output;
mod place;
mod probe;
mod replace;
mod roots;
mod surroundings;
mod walk;
mod write;
mod write_error;

pub use digest::Digest;
pub use given::read_given;
pub use output::{Output, Target};
pub use place::Grounds;
pub use roots::Found;
pub use surroundings::Surroundings;
pub use walk::{IgnoreFile, Walk, WalkedFile};
pub use write_error::WriteError;

use bytes::Decoded;
use roots::Root;

/// Bytes of a file that are enough to recognise what it is.
const HEAD: usize = 8 * 1024;

/// Shortest secret, in characters, that is looked for in texts.
const SHORTEST_HIDDEN: usize = 4;

/// Bounds on reading.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// Largest file that is read, in bytes.
    pub file_size: u64,
    /// Largest sum of all files that are read, in bytes.
    pub total_size: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { file_size: 32 * 1024 * 1024, total_size: 1024 * 1024 * 1024 }
    }
}

/// Why a path could not be read; each text ends with what to do, where something can be done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    #[error("no such file")]
    Missing,
    /// It lies outside every PATH of the command line.
    #[error("outside the given paths; name it on the command line to have it read")]
    OutsideTree,
    /// A FIFO, socket or device.
    #[error("not a regular file")]
    NotRegular,
    /// A directory where a file was expected.
    #[error("a directory, where a file was expected")]
    Directory,
    /// Larger than the bound.
    #[error("{size} bytes, more than the {limit} that gonogo reads of one file")]
    TooLarge {
        /// Size of the file.
        size: u64,
        /// The bound.
        limit: u64,
    },
    /// The sum of all files passed the bound.
    #[error("not read: the files read before it already hold {0} bytes")]
    TotalTooLarge(u64),
    /// Not UTF-8 text.
    #[error(
        "not UTF-8 text: byte 0x{byte:02X} at line {line}, byte {column} of the line; convert it, for example with iconv -f LATIN1 -t UTF-8"
    )]
    NotUtf8 {
        /// 1-based line.
        line: usize,
        /// 1-based byte within the line.
        column: usize,
        /// The first byte that does not fit.
        byte: u8,
    },
    /// Two bytes for each letter.
    #[error("UTF-16 text, which no server reads; save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8")]
    Utf16,
    /// A link that leads nowhere, or in a circle.
    #[error("a link that leads nowhere, or in a circle")]
    LinkLoop,
    /// A name or a path that the system cannot open.
    #[error("a name or a path longer than the system can open; name a folder nearer to it on the command line")]
    NameTooLong,
    /// The operating system refused.
    #[error("{0}")]
    Io(String),
}

/// The folder that paths count from where a service reads them.
#[derive(Debug)]
struct Project {
    /// Without links.
    real: PathBuf,
    /// The working directory, where it lies in the project.
    working: Option<PathBuf>,
}

/// What was decided of one path (`None` when it could not be opened), and its text, `None` where it was declined.
pub type Wanted<D> = (Option<D>, Option<Result<Arc<Source>, ReadError>>);

/// One entry of a directory that a server would read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirectoryEntry {
    /// Its name within the directory.
    pub name: String,
    /// Its display path.
    pub path: String,
    /// Whether it is a directory.
    pub directory: bool,
}

#[derive(Debug, Default)]
struct State {
    sources: Vec<Arc<Source>>,
    read: HashMap<String, Result<SourceId, ReadError>>,
    total: u64,
}

/// Every text that was read, and the bounds on reading more.
#[derive(Debug, Default)]
pub struct Files {
    roots: Vec<Root>,
    memory: Option<BTreeMap<String, Arc<str>>>,
    /// Texts of standard input, by display path, with the first byte of each that is not UTF-8.
    alone: BTreeMap<String, Option<Foreign>>,
    modes: BTreeMap<String, Permissions>,
    limits: ReadLimits,
    state: Mutex<State>,
    /// Fingerprints of files, by the path that they were asked for: one proof often serves many statements.
    digests: Mutex<HashMap<String, Result<Digest, ReadError>>>,
    project: Option<Project>,
    /// Directories without links, by the path that they were asked for: a directory is resolved once, not for each of its files.
    directories: Mutex<HashMap<PathBuf, PathBuf>>,
    /// What was opened on disk, to write over none of it.
    opened: Mutex<opened::Opened>,
    /// Secrets that stand where nothing tells that they are some.
    hidden: Mutex<BTreeSet<String>>,
}

impl Files {
    /// Nothing may be read yet: add roots.
    #[must_use]
    pub fn new(limits: ReadLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// A tree in memory: display path → text. Used for examples of rules and for standard input.
    #[must_use]
    pub fn in_memory<P: Into<String>, T: Into<Arc<str>>>(tree: impl IntoIterator<Item = (P, T)>) -> Self {
        let memory = tree.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Self { memory: Some(memory), ..Self::default() }
    }

    /// Puts a text beside what is on disk, or in its place.
    pub fn add_text(&mut self, path: &str, text: &str) {
        self.memory.get_or_insert_default().insert(path.to_owned(), Arc::from(text));
    }

    /// The same for what standard input holds, beside which there is nothing.
    ///
    /// # Errors
    /// When it is UTF-16.
    pub fn add_standard_input(&mut self, path: &str, text: &[u8]) -> Result<(), ReadError> {
        let Decoded { text, foreign } = bytes::decode(text.to_vec())?;
        self.add_text(path, &text);
        self.alone.insert(path.to_owned(), foreign);
        Ok(())
    }

    /// States mode and owner of a file in memory.
    pub fn set_permissions(&mut self, path: &str, permissions: Permissions) {
        self.modes.insert(path.to_owned(), permissions);
    }

    /// States the folder that paths count from where a service reads them, without links.
    pub fn set_project(&mut self, real: &Path) {
        let working = std::env::current_dir().and_then(|folder| folder.canonicalize()).ok();
        self.project = Some(Project { working: working.filter(|working| working.starts_with(real)), real: real.to_owned() });
    }

    /// The text of a path; each path is opened once.
    ///
    /// # Errors
    /// When it is not there, not within the given paths, not text, or too large.
    pub fn read(&self, path: &str) -> Result<Arc<Source>, ReadError> {
        let path = normalise(path).ok_or(ReadError::OutsideTree)?;
        // Bound first: in the condition of `if let` the lock would be held while the body takes it again.
        let known = self.lock().read.get(&path).cloned();
        if let Some(known) = known {
            return known.and_then(|id| self.source(id).ok_or(ReadError::Missing));
        }
        let text = self.fetch(&path, &mut |_| true).map(|text| text.unwrap_or(Decoded { text: String::new(), foreign: None }));
        self.register(path, text)
    }

    /// The same for a text that must be UTF-8, as gonogo's own files must.
    ///
    /// # Errors
    /// As for [`Files::read`], and where a byte is not UTF-8.
    pub fn read_utf8(&self, path: &str) -> Result<Arc<Source>, ReadError> {
        let source = self.read(path)?;
        let Some(foreign) = source.foreign() else { return Ok(source) };
        let at = source.location(foreign.offset);
        Err(ReadError::NotUtf8 { line: at.line as usize, column: at.column as usize, byte: foreign.byte })
    }

    /// Opens many paths side by side, and reads those that `decide` asks for after seeing their first bytes.
    ///
    /// The answer has one entry per path, in the order given: what `decide` made of it (`None` when it
    /// could not be opened), and the text, `None` where `decide` declined.
    pub fn read_wanted<D, R>(&self, paths: &[String], decide: D) -> Vec<Wanted<R>>
    where
        D: Fn(&str, &str) -> (R, bool) + Sync,
        R: Send,
    {
        let texts: Vec<_> = paths
            .par_iter()
            .map(|path| {
                let mut decided = None;
                let text = self.fetch(path, &mut |head| {
                    // Nearly every head is text throughout, without a zero.
                    let plain = std::str::from_utf8(head).ok().filter(|head| !head.contains('\0'));
                    let head = plain.map_or_else(|| Cow::Owned(bytes::head(head)), Cow::Borrowed);
                    let (made, wanted) = decide(path, &head);
                    decided = Some(made);
                    wanted
                });
                (decided, text)
            })
            .collect();
        let register = |path: &String, text: Result<Option<Decoded>, ReadError>| match text {
            Ok(None) => None,
            Ok(Some(text)) => Some(self.register(path.clone(), Ok(text))),
            Err(error) => Some(self.register(path.clone(), Err(error))),
        };
        paths.iter().zip(texts).map(|(path, (decided, text))| (decided, register(path, text))).collect()
    }

    /// The entries of a directory, sorted by name in byte order, as servers with the C locale read it.
    ///
    /// # Errors
    /// When it is not there or not within the given paths.
    pub fn list(&self, path: &str) -> Result<Vec<DirectoryEntry>, ReadError> {
        let path = normalise(path).ok_or(ReadError::OutsideTree)?;
        let mut entries = self.list_memory(&path).unwrap_or_default();
        let disk = match self.disk_path(&path) {
            Ok(disk) => disk,
            Err(_) if !entries.is_empty() => return Ok(entries),
            Err(error) => return Err(error),
        };
        for entry in fs::read_dir(disk).map_err(|error| io_error(&error))? {
            let entry = entry.map_err(|error| io_error(&error))?;
            let name = shown_name(&entry.file_name()).into_owned();
            let directory = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
            entries.push(DirectoryEntry { path: join(&path, &name), name, directory });
        }
        entries.sort();
        // A text in memory stands in the place of the file of its name.
        entries.dedup();
        Ok(entries)
    }

    /// Whether something is there, without reading it.
    ///
    /// # Errors
    /// When the path lies outside the given paths, so that nothing can be said.
    pub fn exists(&self, path: &str) -> Result<bool, ReadError> {
        let path = normalise(path).ok_or(ReadError::OutsideTree)?;
        if let Some(memory) = &self.memory {
            let folder = format!("{path}/");
            if memory.keys().any(|known| *known == path || known.starts_with(&folder)) {
                return Ok(true);
            }
        }
        match self.disk_path(&path) {
            Ok(_) => Ok(true),
            Err(ReadError::Missing) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The permission bits of a file, where the file system has them.
    #[must_use]
    pub fn mode(&self, path: &str) -> Option<u32> {
        let path = normalise(path)?;
        self.modes.get(&path).map(|stated| stated.mode).or_else(|| permission_bits(&self.disk_path(&path).ok()?))
    }

    /// Size and emptiness without reading the text: for proof files and other artefacts.
    #[must_use]
    pub fn size(&self, path: &str) -> Option<u64> {
        let path = normalise(path)?;
        if let Some(text) = self.memory.as_ref().and_then(|memory| memory.get(&path)) {
            return Some(text.len() as u64);
        }
        fs::metadata(self.disk_path(&path).ok()?).ok().map(|metadata| metadata.len())
    }

    /// A source by its identifier.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<Arc<Source>> {
        self.lock().sources.get(id.0 as usize).cloned()
    }

    /// All sources read so far, for work that looks up many of them.
    #[must_use]
    pub fn sources(&self) -> BTreeMap<SourceId, Arc<Source>> {
        self.lock().sources.iter().map(|source| (source.id(), Arc::clone(source))).collect()
    }

    /// Whether the text of a path was read.
    #[must_use]
    pub fn has_read(&self, path: &str) -> bool {
        matches!(self.lock().read.get(path), Some(Ok(_)))
    }

    /// Every path that was asked for and could not be read.
    #[must_use]
    pub fn failures(&self) -> BTreeMap<String, ReadError> {
        let state = self.lock();
        state.read.iter().filter_map(|(path, read)| Some((path.clone(), read.clone().err()?))).collect()
    }

    /// Paths held in memory, sorted.
    #[must_use]
    pub fn memory_paths(&self) -> Vec<String> {
        self.memory.as_ref().map(|memory| memory.keys().cloned().collect()).unwrap_or_default()
    }

    /// Remembers a secret that must not be shown wherever a text repeats it. One of fewer than four letters is no secret,
    /// and would be met by chance; nor is a switch.
    pub fn hide_value(&self, value: &str) {
        if value.chars().count() >= SHORTEST_HIDDEN && !is_harmless(value) {
            self.hidden.lock().unwrap_or_else(PoisonError::into_inner).insert(value.to_owned());
        }
    }

    /// What takes the remembered secrets out of a text; `None` when there are none, as nearly always.
    #[must_use]
    pub fn hider(&self) -> Option<impl Fn(&str) -> Option<String> + use<>> {
        let mut hidden: Vec<String> = self.hidden.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        // A longer one first: it may hold a shorter one.
        hidden.sort_by_key(|value| std::cmp::Reverse(value.len()));
        (!hidden.is_empty()).then_some(move |text: &str| {
            let mut shown = None;
            for value in &hidden {
                if shown.as_deref().unwrap_or(text).contains(value.as_str()) {
                    shown = Some(shown.as_deref().unwrap_or(text).replace(value.as_str(), SECRET_PLACEHOLDER));
                }
            }
            shown
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn register(&self, path: String, text: Result<Decoded, ReadError>) -> Result<Arc<Source>, ReadError> {
        let mut state = self.lock();
        if let Some(known) = state.read.get(&path).cloned() {
            return known.and_then(|id| state.sources.get(id.0 as usize).cloned().ok_or(ReadError::Missing));
        }
        let read = text.and_then(|Decoded { text, foreign }| {
            state.total = state.total.saturating_add(text.len() as u64);
            if state.total > self.limits.total_size {
                return Err(ReadError::TotalTooLarge(state.total - text.len() as u64));
            }
            let id = SourceId(u32::try_from(state.sources.len()).unwrap_or(u32::MAX));
            let source = Source::new(id, path.clone(), text).read_with(foreign).seen_from_project(self.path_in_project(&path));
            state.sources.push(Arc::new(source));
            Ok(id)
        });
        state.read.insert(path, read.clone());
        read.and_then(|id| state.sources.get(id.0 as usize).cloned().ok_or(ReadError::Missing))
    }

    /// A display path as it is seen from the project; `None` where that is the same.
    fn path_in_project(&self, path: &str) -> Option<String> {
        let Some(project) = self.project.as_ref() else { return self.path_in_root(path) };
        // Most paths are shown as seen from the working directory, which mostly is the project.
        let of_working = |working: &Path| Some(join(&slashes(working.strip_prefix(&project.real).ok()?), path));
        let of_root = |root: &Root| {
            let below = strip(&root.display, path)?;
            let top = slashes(root.real.strip_prefix(&project.real).ok()?);
            (below.is_empty() || self.roots.len() == 1 || root.real.join(on_disk(below)).exists()).then(|| join(&top, below))
        };
        let seen = self.roots.iter().find_map(of_root).or_else(|| of_working(project.working.as_deref()?))?;
        (seen != path).then_some(seen)
    }

    /// Outside a repository, a display path as it is seen from the one PATH that was named; `None` where that is the same.
    fn path_in_root(&self, path: &str) -> Option<String> {
        let [root] = self.roots.as_slice() else { return None };
        let folder = if root.real.is_dir() { root.display.as_str() } else { folder_of(&root.display) };
        let below = strip(folder, path).filter(|below| !below.is_empty())?;
        (below != path).then(|| below.to_owned())
    }

    /// A display path as it is seen from the project, or outside a repository from the one PATH that was named.
    #[must_use]
    pub fn in_project(&self, path: &str) -> String {
        self.path_in_project(path).unwrap_or_else(|| path.to_owned())
    }

    /// The display path of a path that counts from the project.
    #[must_use]
    pub fn display_from_project(&self, path: &str) -> Option<String> {
        let wanted = self.project.as_ref()?.real.join(on_disk(&normalise(path)?));
        self.roots.iter().find_map(|root| Some(join(&root.display, &slashes(wanted.strip_prefix(&root.real).ok()?))))
    }

    /// The text of a path, or `None` where `wanted` declines after the first bytes.
    fn fetch(&self, path: &str, wanted: &mut dyn FnMut(&[u8]) -> bool) -> Result<Option<Decoded>, ReadError> {
        if let Some(text) = self.memory.as_ref().and_then(|memory| memory.get(path)) {
            let head = text.as_bytes().get(..HEAD).unwrap_or(text.as_bytes());
            if !wanted(head) {
                return Ok(None);
            }
            check_size(text.len() as u64, self.limits)?;
            return Ok(Some(Decoded { text: text.to_string(), foreign: self.alone.get(path).copied().flatten() }));
        }
        let disk = self.disk_path(path)?;
        let metadata = fs::metadata(&disk).map_err(|error| io_error(&error))?;
        if metadata.is_dir() {
            return Err(ReadError::Directory);
        }
        if !metadata.is_file() {
            return Err(ReadError::NotRegular);
        }
        let mut file = fs::File::open(&disk).map_err(|error| {
            self.note_opened(&metadata);
            io_error(&error)
        })?;
        let mut bytes = Vec::with_capacity(HEAD.min(usize::try_from(metadata.len()).unwrap_or(HEAD)) + 1);
        file.by_ref().take(HEAD as u64).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
        if !wanted(&bytes) {
            return Ok(None);
        }
        self.note_opened(&metadata);
        check_size(metadata.len(), self.limits)?;
        bytes.reserve(usize::try_from(metadata.len()).unwrap_or(0).saturating_sub(bytes.len()) + 1);
        // One byte more than the bound, so that a file that grows while it is read is noticed.
        file.take(self.limits.file_size + 1).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
        check_size(bytes.len() as u64, self.limits)?;
        bytes::decode(bytes).map(Some)
    }

    /// Where a display path is on disk, when it lies below a root and no link leads out of it.
    fn disk_path(&self, path: &str) -> Result<PathBuf, ReadError> {
        let mut missing = false;
        for root in &self.roots {
            let Some(relative) = strip(&root.display, path) else {
                continue;
            };
            let disk = if relative.is_empty() { root.disk.clone() } else { root.disk.join(on_disk(relative)) };
            match self.real_path(&disk) {
                Ok(real) if self.roots.iter().any(|root| real.starts_with(&root.real)) => {
                    return Ok(disk);
                }
                Ok(_) => return Err(ReadError::OutsideTree),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing = true,
                Err(error) => return Err(io_error(&error)),
            }
        }
        Err(if missing || self.memory.is_some() && self.roots.is_empty() { ReadError::Missing } else { ReadError::OutsideTree })
    }

    /// The path without links.
    fn real_path(&self, disk: &Path) -> std::io::Result<PathBuf> {
        let (Some(parent), Some(name)) = (disk.parent().filter(|parent| !parent.as_os_str().is_empty()), disk.file_name()) else {
            return disk.canonicalize();
        };
        if fs::symlink_metadata(disk)?.is_symlink() {
            return disk.canonicalize();
        }
        let known = self.directories.lock().unwrap_or_else(PoisonError::into_inner).get(parent).cloned();
        let directory = match known {
            Some(known) => known,
            None => {
                let real = parent.canonicalize()?;
                self.directories.lock().unwrap_or_else(PoisonError::into_inner).insert(parent.to_owned(), real.clone());
                real
            }
        };
        Ok(directory.join(name))
    }

    fn list_memory(&self, path: &str) -> Option<Vec<DirectoryEntry>> {
        let memory = self.memory.as_ref()?;
        let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut names: BTreeMap<String, bool> = BTreeMap::new();
        for rest in memory.keys().filter_map(|known| known.strip_prefix(&folder)) {
            match rest.split_once('/') {
                Some((name, _)) => names.insert(name.to_owned(), true),
                None => names.insert(rest.to_owned(), false),
            };
        }
        let entry = |(name, directory): (String, bool)| DirectoryEntry { path: join(path, &name), name, directory };
        (!names.is_empty()).then(|| names.into_iter().map(entry).collect())
    }
}

fn check_size(size: u64, limits: ReadLimits) -> Result<(), ReadError> {
    if size > limits.file_size { Err(ReadError::TooLarge { size, limit: limits.file_size }) } else { Ok(()) }
}

pub(super) fn not_utf8(bytes: &[u8], at: usize) -> ReadError {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = at - before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1) + 1;
    ReadError::NotUtf8 { line, column, byte: bytes.get(at).copied().unwrap_or_default() }
}

/// The reason alone: the operating system's own text would repeat an absolute path.
pub(super) fn io_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing,
        std::io::ErrorKind::PermissionDenied => ReadError::Io("no permission to read it".to_owned()),
        std::io::ErrorKind::InvalidFilename => ReadError::NameTooLong,
        // ELOOP has no stable kind of its own.
        _ if error.raw_os_error() == Some(40) => ReadError::LinkLoop,
        kind => ReadError::Io(kind.to_string()),
    }
}

#[cfg(unix)]
fn permission_bits(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn permission_bits(_path: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests;
