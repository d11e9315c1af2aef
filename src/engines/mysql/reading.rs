//! Option files in the order in which a server reads them, with their includes in place. Read once, whatever the release.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::commented_out::commented_out;
use super::secrets::masked;
use crate::formats::Diagnostic;
use crate::formats::my_cnf::{self, Entry, Include, MyCnf, Name, Statement};
use crate::model::bounds::{MOST_INCLUDED_FILES, MOST_STATEMENTS};
use crate::model::{Cuts, OriginKind, Presumed, Presumption, Why};
use crate::text::path::{folder_of, join, shown_text};
use crate::text::{Files, ReadError, Source, Span, Surroundings};

/// Includes may be nested this deep below the main file.
const DEEPEST: usize = 10;

/// One thing that reading meets.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A line that sets something.
    Set(Box<Line>),
    /// Something was not seen here that could set anything.
    Gap(Why),
    /// A line that cannot be read: the server does not start.
    Broken(Why),
    /// An option is set to something that cannot be told.
    Unknown(String, Why),
}

/// One thing that a server reads by itself, without being asked by an include.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A file, by its display path.
    File(String),
    /// What an image has, and no file shows.
    Steps(Vec<Step>),
    /// A directory of the server, as an include of an image asks for it.
    Directory(String),
}

/// What stands in a directory of the server.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// A file, by its display path.
    File(String),
    /// What an image has, and no file shows.
    Steps(Vec<Step>),
    /// Something that was not given.
    Unseen(Why),
}

/// What a directory of the server holds, by name, where mounts decide it.
pub(super) type Listing<'a> = &'a dyn Fn(&str) -> Option<Vec<(String, Found)>>;

/// Where files are found.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub files: &'a Files,
    pub to_display: ToDisplay<'a>,
    pub listing: Listing<'a>,
}

/// A line that sets something.
#[derive(Clone)]
pub(super) struct Line {
    /// The group that it belongs to; `None` where no group decides, as on a command line.
    pub group: Option<String>,
    pub name: String,
    pub name_span: Span,
    pub value: Option<String>,
    pub value_span: Span,
    pub kind: OriginKind,
    /// Whether MariaDB takes it apart.
    pub overlong: bool,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("group", &self.group).field("name", &self.name).finish_non_exhaustive()
    }
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub steps: Vec<Step>,
    /// Problems of grammar and of includes.
    pub diagnostics: Vec<Diagnostic>,
    /// The file that a setting of its own is written into: the last one with a group of the server.
    pub last: Option<Arc<Source>>,
    /// The first file.
    pub main: Option<Arc<Source>>,
    /// Options that the files have behind a comment sign.
    pub commented_out: Arc<BTreeMap<String, Span>>,
    /// Display paths of everything that was read, in the order of the first reading.
    pub paths: Vec<String>,
    /// Groups, in the order of the first reading, with the place of each.
    pub groups: Vec<Name>,
    /// Files of a directory that is included, which are not read for their names.
    pub passed_over: Vec<String>,
    /// Bounds that were met.
    pub cuts: Cuts,
}

impl Reading {
    /// What can be presumed of what was not seen.
    pub fn presumed(&self) -> Vec<Presumed> {
        let gap = self.steps.iter().rev().find_map(|step| match step {
            Step::Gap(why) => Some(why),
            _ => None,
        });
        gap.map(|why| why.presumed().to_vec()).unwrap_or_default()
    }

    /// Every line that sets something.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.steps.iter().filter_map(|step| match step {
            Step::Set(line) => Some(&**line),
            _ => None,
        })
    }
}

/// How an absolute path of the server becomes a display path, or why it cannot be seen.
pub(super) type ToDisplay<'a> = &'a dyn Fn(&str) -> Result<String, Why>;

/// Reads what a server reads, one after the other.
pub(super) fn read(world: World<'_>, parts: &[Part]) -> Reading {
    let mut reader = Reader { world, parsed: BTreeMap::new(), reading: Reading::default(), read: 0, told: HashSet::new() };
    for part in parts {
        match part {
            Part::File(main) => reader.main(main),
            Part::Steps(steps) => reader.reading.steps.extend(steps.iter().cloned()),
            Part::Directory(directory) => reader.found((world.listing)(directory).unwrap_or_default(), 0),
        }
    }
    reader.reading
}

struct Reader<'a> {
    world: World<'a>,
    parsed: BTreeMap<String, Arc<MyCnf>>,
    reading: Reading,
    read: usize,
    /// Problems that were told: a circle of includes meets the same line again and again.
    told: HashSet<(Span, &'static str, Option<String>)>,
}

impl Reader<'_> {
    fn main(&mut self, path: &str) {
        match self.world.files.read(path) {
            Ok(source) => {
                self.reading.main.get_or_insert_with(|| Arc::clone(&source));
                self.text(&source, 0);
            }
            Err(error) => self.gap(not_seen(path, &error)),
        }
    }

    fn text(&mut self, source: &Arc<Source>, depth: usize) {
        self.read += 1;
        if self.is_ignored(source) {
            return;
        }
        if !self.parsed.contains_key(source.path()) {
            self.parse(source);
        }
        let Some(file) = self.parsed.get(source.path()).cloned() else { return };
        let mut group: Option<&Name> = None;
        for statement in &file.statements {
            match statement {
                Statement::Group(name) => group = Some(name),
                Statement::Entry(entry) => self.entry(group, entry),
                Statement::Broken(span) => self.broken(source, *span),
                Statement::Include(include) => self.include(source, include, depth),
            }
        }
    }

    /// A file that everybody may write is passed over with a warning.
    fn is_ignored(&mut self, source: &Arc<Source>) -> bool {
        let is_open = self.world.files.meant_mode(source.path()).is_some_and(|mode| mode & 0o002 != 0);
        if is_open {
            let head = source.line_range(1);
            let name = Name { text: source.path().to_owned(), span: source.span(head.start, head.end) };
            let message = "Everybody may write this file, so that the server ignores all of it, with a warning.".to_owned();
            self.tell(&name, "file-not-read", message, Some("mode 0644"), false);
            if !self.reading.paths.contains(&name.text) {
                self.reading.paths.push(name.text);
            }
        }
        is_open
    }

    fn parse(&mut self, source: &Arc<Source>) {
        let file = my_cnf::parse(source);
        self.reading.diagnostics.extend(file.diagnostics.iter().cloned());
        self.reading.paths.push(source.path().to_owned());
        let groups = file.statements.iter().filter_map(|statement| match statement {
            Statement::Group(name) => Some(name.clone()),
            _ => None,
        });
        self.reading.groups.extend(groups);
        if self.reading.groups.iter().any(|name| name.span.source == source.id() && my_cnf::is_server_group(&name.text)) {
            self.reading.last = Some(Arc::clone(source));
        }
        let mut known = (*self.reading.commented_out).clone();
        known.extend(commented_out(source, &file));
        self.reading.commented_out = Arc::new(known);
        self.parsed.insert(source.path().to_owned(), Arc::new(file));
    }

    fn entry(&mut self, group: Option<&Name>, entry: &Entry) {
        let Some(group) = group else { return };
        self.reading.steps.push(Step::Set(Box::new(Line {
            group: Some(group.text.clone()),
            name: entry.name.text.clone(),
            name_span: entry.name.span,
            value: entry.value.as_deref().map(|value| masked(&entry.name.text, value)),
            value_span: entry.value_span,
            kind: OriginKind::File,
            overlong: entry.overlong,
        })));
    }

    fn broken(&mut self, source: &Source, span: Span) {
        let line = source.location(span.start).line;
        let why = format!("{} has an error on line {line}: the server does not start", source.path());
        self.reading.steps.push(Step::Broken(Why::needing(why, "correct the line")));
    }

    fn include(&mut self, source: &Arc<Source>, include: &Include, depth: usize) {
        let path = &include.path;
        if depth >= DEEPEST {
            let message = format!("`{}` would be the eleventh level of includes: it is passed over with a warning.", path.text);
            return self.tell(path, "include-depth", message, None, false);
        }
        if self.read >= MOST_INCLUDED_FILES || self.reading.steps.len() >= MOST_STATEMENTS {
            let what = format!("more than {MOST_INCLUDED_FILES} files or {MOST_STATEMENTS} lines are included");
            self.reading.cuts.add("include", path.span, || format!("{what}; from here on no other is read"));
            return self.gap(Why::new(format!("{what}; the rest was not read")));
        }
        if include.unterminated {
            let message = "No line end follows this include, and most releases take the last sign of the path for one.".to_owned();
            self.tell(path, "include-unterminated", message, Some("a line end"), false);
            return self.gap(Why::needing("no line end follows the include".to_owned(), "end the last line of the file"));
        }
        let mounted = if include.directory { (self.world.listing)(&path.text) } else { None };
        if let Some(found) = mounted {
            return self.found(found, depth + 1);
        }
        match self.resolve(&path.text, source) {
            Ok(display) if include.directory => self.directory(source, &display, include, depth),
            Ok(display) => self.file(source, &display, include, depth),
            Err(why) => self.gap(why),
        }
    }

    fn file(&mut self, by: &Source, display: &str, include: &Include, depth: usize) {
        match self.world.files.read(display) {
            Ok(source) => self.text(&source, depth + 1),
            Err(ReadError::Missing) if self.is_whole(by) => {
                let message = format!(
                    "The included file `{}` does not exist. The server starts without what it would set; MariaDB does not even say so.",
                    include.path.text
                );
                self.tell(&include.path, "include-missing", message, Some("an existing file"), false);
            }
            Err(error) => self.gap(not_seen(display, &error)),
        }
    }

    /// Names that end in `.cnf`, in byte order, hidden ones too.
    fn directory(&mut self, by: &Source, display: &str, include: &Include, depth: usize) {
        let entries = match self.world.files.list(display) {
            Ok(entries) => entries,
            Err(ReadError::Missing) if include.optional => return,
            Err(ReadError::Missing) if self.is_whole(by) => {
                let message = format!("The directory `{}` does not exist. The server does not start.", include.path.text);
                self.tell(&include.path, "include-missing", message, Some("an existing directory"), true);
                return self.missing(Why::new(format!("the directory {display} does not exist")));
            }
            Err(error) => return self.gap(not_seen(display, &error)),
        };
        for entry in entries.iter().filter(|entry| !entry.directory) {
            if entry.name.ends_with(".cnf") {
                match self.world.files.read(&entry.path) {
                    Ok(source) => self.text(&source, depth + 1),
                    Err(error) => self.gap(not_seen(&entry.path, &error)),
                }
            } else if is_near_miss(&entry.name) {
                self.reading.passed_over.push(entry.path.clone());
                let message = format!("`{}` is not read: !includedir takes names that end in .cnf, in lower case.", entry.path);
                self.tell(&include.path, "include-dir-name", message, Some("a name that ends in .cnf"), false);
            }
        }
    }

    /// What is in a directory of a container.
    fn found(&mut self, found: Vec<(String, Found)>, depth: usize) {
        for (name, what) in found {
            match what {
                Found::File(path) if name.ends_with(".cnf") => match self.world.files.read(&path) {
                    Ok(source) => self.text(&source, depth),
                    Err(error) => self.gap(not_seen(&path, &error)),
                },
                Found::Steps(steps) => self.reading.steps.extend(steps),
                Found::Unseen(why) if name.is_empty() || name.ends_with(".cnf") => self.gap(why),
                Found::File(path) => self.reading.passed_over.push(path),
                Found::Unseen(_) => {}
            }
        }
    }

    /// Whether what is not there is missing on the server too.
    fn is_whole(&self, by: &Source) -> bool {
        self.world.files.surroundings(by.path()) == Surroundings::Machine
    }

    /// A relative path counts from the folder in which the program is started, which is taken to be that of the file.
    fn resolve(&self, path: &str, by: &Source) -> Result<String, Why> {
        let path = path.trim_end_matches('/');
        if path.starts_with('/') {
            return (self.world.to_display)(path);
        }
        let beside = join(folder_of(by.path()), &shown_text(path.strip_prefix("./").unwrap_or(path)));
        let is_there = self.world.files.exists(&beside) == Ok(true) || self.world.files.list(&beside).is_ok();
        if is_there {
            return Ok(beside);
        }
        Err(Why::needing(
            format!("{path} is included, and looked for in the folder in which the server is started, which is not known"),
            "include it by its absolute path",
        ))
    }

    /// What was not seen here may set anything; that it does not can be presumed.
    fn gap(&mut self, why: Why) {
        self.missing(why.presuming(Presumption::UnreadInclude));
    }

    /// What is not there ends the start: nothing is presumed of what it would set.
    fn missing(&mut self, why: Why) {
        self.reading.steps.push(Step::Gap(why));
    }

    fn tell(&mut self, path: &Name, code: &'static str, message: String, expected: Option<&str>, fatal: bool) {
        let found = (code == "include-dir-name").then(|| message.clone());
        if self.told.insert((path.span, code, found)) {
            self.reading.diagnostics.push(Diagnostic {
                code,
                span: path.span,
                message,
                found: Some(path.text.clone()),
                expected: expected.map(str::to_owned),
                related: Vec::new(),
                fatal,
            });
        }
    }
}

fn not_seen(path: &str, error: &ReadError) -> Why {
    match error {
        ReadError::Missing => Why::needing(format!("{path} was not given"), format!("name {path} on the command line too")),
        ReadError::OutsideTree => Why::needing(
            format!("{path} is included, but is outside the given paths"),
            format!("name {path}, or a directory above it, on the command line"),
        ),
        error => Why::new(format!("{path} is included and could not be read: {error}")),
    }
}

/// A name that was probably meant to be read.
fn is_near_miss(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".cnf", ".conf", ".cfg", ".ini", ".cnf.txt"].iter().any(|ending| lower.ends_with(ending))
}
