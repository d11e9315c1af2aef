//! Configuration files in the order in which the server reads them: the main file with its includes
//! in place, then `postgresql.auto.conf`. Read and parsed once, whatever the versions.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::commented_out::commented_out;
use super::secrets::{Masked, mask};
use super::surroundings;
use crate::formats::Diagnostic;
use crate::formats::pg_conf::{self, Directive, PgConf, Statement};
use crate::model::bounds::{MOST_INCLUDED_FILES, MOST_STATEMENTS};
use crate::model::{Cuts, Presumption, Why};
use crate::text::path::{beside, shown_text};
use crate::text::{DirectoryEntry, Files, ReadError, Source, Span, Surroundings};

/// Includes may be nested this deep below the main file (`CONF_FILE_MAX_DEPTH`).
const DEEPEST: usize = 10;

/// A file, under the path that is shown and the path that the server opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFile {
    /// Display path.
    pub display: String,
    /// Absolute path on the server's side, when it is known.
    pub server: Option<String>,
}

/// One thing that reading meets.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A line that sets something.
    Set(Line),
    /// Something was not seen here that could set anything.
    Gap(Why),
    /// A line that the server cannot read, with the name that it begins with; nothing of the files is applied then.
    Broken(Why, Option<String>),
}

/// A line that sets something.
#[derive(Clone)]
pub(super) struct Line {
    pub statement: Statement,
    pub source: Arc<Source>,
    /// Whether it stands in `postgresql.auto.conf` or what that includes.
    pub auto: bool,
    /// What stands for the value where it is a secret, or holds one.
    pub masked: Option<Masked>,
}

/// Without the text of the file, which may hold a password.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("path", &self.source.path()).field("statement", &self.statement).finish_non_exhaustive()
    }
}

/// What was read.
#[derive(Default)]
pub(super) struct Reading {
    pub steps: Vec<Step>,
    /// Problems of grammar and of includes, each with the name of the setting that it is about.
    pub diagnostics: Vec<(Diagnostic, Option<String>)>,
    /// The main file.
    pub main: Option<Arc<Source>>,
    /// Settings that the main file has behind a comment sign.
    pub commented_out: Arc<BTreeMap<String, Span>>,
    /// Display paths of everything that was read, in the order of the first reading.
    pub paths: Vec<String>,
    /// Bounds that were met.
    pub cuts: Cuts,
    /// Display paths of what the server includes, and was not read since a bound was met.
    pub left_out: BTreeSet<String>,
}

/// How an absolute path of the server becomes a display path, or why it cannot be seen.
pub type ToDisplay<'a> = &'a dyn Fn(&str) -> Result<String, Why>;

/// Reads the main file and then `postgresql.auto.conf`.
pub(super) fn read(files: &Files, to_display: ToDisplay<'_>, main: Option<&ServerFile>, auto: Option<&ServerFile>) -> Reading {
    let mut reader = Reader {
        files,
        to_display,
        parsed: BTreeMap::new(),
        listed: BTreeMap::new(),
        reading: Reading::default(),
        read: 0,
        auto: false,
        told: HashSet::new(),
    };
    if let Some(main) = main {
        reader.file(main, 0, None);
        reader.reading.main = reader.files.read(&main.display).ok();
        if let (Some(source), Some(conf)) = (&reader.reading.main, reader.parsed.get(&main.display)) {
            reader.reading.commented_out = Arc::new(commented_out(source, &conf.comments));
        }
    }
    if let Some(auto) = auto {
        reader.auto = true;
        reader.file(auto, 0, None);
    }
    reader.reading
}

struct Reader<'a> {
    files: &'a Files,
    to_display: ToDisplay<'a>,
    parsed: BTreeMap<String, Arc<PgConf>>,
    /// What stands in the directories that were asked for: thousands of lines may name one.
    listed: BTreeMap<String, Result<Arc<[DirectoryEntry]>, ReadError>>,
    reading: Reading,
    read: usize,
    auto: bool,
    /// Problems that were told: a circle of includes meets the same line again and again.
    told: HashSet<(Span, &'static str, Option<String>)>,
}

/// The directive that asked for a file.
#[derive(Clone, Copy)]
struct Asked<'s> {
    statement: &'s Statement,
    by: &'s ServerFile,
}

impl Reader<'_> {
    fn file(&mut self, file: &ServerFile, depth: usize, asked: Option<Asked<'_>>) {
        if depth > DEEPEST {
            let message = format!(
                "`{}` would be the eleventh level of includes, where the server stops at ten and does not start. A file that is included in a circle has this effect.",
                file.display
            );
            return self.problem(asked, "include-depth", message, None);
        }
        if asked.is_some_and(|asked| asked.by == file) {
            let message = format!("`{}` includes itself. The server does not start.", file.display);
            return self.problem(asked, "include-recursion", message, None);
        }
        if asked.is_some() && self.is_full() {
            return self.left_out(file, asked);
        }
        self.read += 1;
        match self.files.read(&file.display) {
            Ok(source) => self.text(file, &source, depth),
            Err(error) => self.unread(file, &error, asked),
        }
    }

    /// Whether no further file is included.
    fn is_full(&self) -> bool {
        self.read >= MOST_INCLUDED_FILES || self.reading.steps.len() >= MOST_STATEMENTS
    }

    /// A file that the server reads here and that is too much: whatever it sets is unknown, and it is no server of its own.
    fn left_out(&mut self, file: &ServerFile, asked: Option<Asked<'_>>) {
        let what = if self.read >= MOST_INCLUDED_FILES {
            format!("more than {MOST_INCLUDED_FILES} files are included")
        } else {
            format!("the included files hold more than {MOST_STATEMENTS} lines that set something")
        };
        if let Some(asked) = asked {
            self.reading.cuts.add("include", asked.statement.value_span, || format!("{what}; from here on no other is read"));
        }
        self.reading.left_out.insert(file.display.clone());
        self.gap(Why::new(format!("{what}; the rest was not read")));
    }

    fn text(&mut self, file: &ServerFile, source: &Arc<Source>, depth: usize) {
        if !self.parsed.contains_key(&file.display) {
            let conf = pg_conf::parse(source);
            let first =
                |conf: &PgConf, span: Span| conf.unreadable.iter().find(|line| line.span.contains(span)).and_then(|line| line.name.clone());
            let named = conf.diagnostics.iter().map(|diagnostic| (diagnostic.clone(), first(&conf, diagnostic.span)));
            self.reading.diagnostics.extend(named);
            self.reading.paths.push(file.display.clone());
            self.parsed.insert(file.display.clone(), Arc::new(conf));
        }
        let Some(conf) = self.parsed.get(&file.display).cloned() else { return };
        let mut broken = conf.unreadable.iter().peekable();
        for statement in &conf.statements {
            while let Some(line) = broken.next_if(|line| line.span.start < statement.name_span.start) {
                self.broken(source, line);
            }
            self.statement(file, source, statement, depth);
        }
        broken.for_each(|line| self.broken(source, line));
    }

    fn broken(&mut self, source: &Source, line: &pg_conf::Unreadable) {
        let place = source.location(line.span.start).line;
        let why = Why::needing(
            format!("{} has a syntax error on line {place}: the server applies nothing of it", source.path()),
            "correct the syntax error".to_owned(),
        );
        self.reading.steps.push(Step::Broken(why, line.name.clone()));
    }

    fn statement(&mut self, file: &ServerFile, source: &Arc<Source>, statement: &Statement, depth: usize) {
        let asked = Asked { statement, by: file };
        match statement.directive {
            Directive::Set => {
                let masked = mask(&statement.name, &statement.value);
                if masked.is_some() {
                    source.redact(statement.value_span);
                }
                let line = Line { statement: statement.clone(), source: Arc::clone(source), auto: self.auto, masked };
                self.reading.steps.push(Step::Set(line));
            }
            _ if statement.value.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {
                let message = format!("`{}` names nothing. The server does not start.", statement.name);
                self.problem(Some(asked), "include-missing", message, None);
            }
            Directive::Include | Directive::IncludeIfExists => match self.resolve(&statement.value, file) {
                Ok(target) => self.file(&target, depth + 1, Some(asked)),
                Err(why) => self.gap(why),
            },
            Directive::IncludeDirectory => match self.resolve(&statement.value, file) {
                Ok(target) => self.directory(&target, depth, asked),
                Err(why) => self.gap(why),
            },
        }
    }

    /// Names that end in `.conf` and do not begin with a dot, in byte order.
    fn directory(&mut self, directory: &ServerFile, depth: usize, asked: Asked<'_>) {
        let known = self.listed.get(&directory.display).cloned();
        // Its files are left out already, each by its name.
        if known.is_some() && self.is_full() {
            return self.left_out(directory, Some(asked));
        }
        let listed = known.unwrap_or_else(|| self.files.list(&directory.display).map(Arc::from));
        self.listed.insert(directory.display.clone(), listed.clone());
        let entries = match listed {
            Ok(entries) => entries,
            Err(ReadError::Missing) if self.surroundings(asked.by) != Surroundings::Machine => {
                let directory = &directory.display;
                return self.gap(match self.surroundings(asked.by) {
                    Surroundings::Nothing => of_standard_input(directory),
                    _ => Why::needing(
                        format!("the directory {directory} was not given; git does not store an empty one"),
                        format!("add {directory} if it holds files on the server, or run gonogo on the server itself"),
                    ),
                });
            }
            Err(ReadError::Missing) => {
                let message = format!("The directory `{}` does not exist. The server does not start.", asked.statement.value);
                self.problem(Some(asked), "include-missing", message, Some("an existing directory"));
                return self.missing(Why::new(format!("the directory {} is missing", directory.display)));
            }
            Err(error) => return self.gap(not_seen(&directory.display, &error)),
        };
        for entry in entries.iter().filter(|entry| !entry.directory) {
            let name = &entry.name;
            if name.len() > ".conf".len() && name.ends_with(".conf") && !name.starts_with('.') {
                let server = directory.server.as_ref().map(|server| format!("{server}/{name}"));
                self.file(&ServerFile { display: entry.path.clone(), server }, depth + 1, Some(asked));
            } else if is_near_miss(name) {
                let message = format!(
                    "`{}` is not read: include_dir takes names that end in .conf (lower case) and do not begin with a dot.",
                    entry.path
                );
                self.note(asked, "include-dir-name", message, Some(name.clone()));
            }
        }
    }

    fn unread(&mut self, file: &ServerFile, error: &ReadError, asked: Option<Asked<'_>>) {
        let optional = asked.is_some_and(|asked| asked.statement.directive == Directive::IncludeIfExists) || asked.is_none() && self.auto;
        // A tree in memory knows directories by what is in them.
        let directory = *error == ReadError::Directory || *error == ReadError::Missing && self.files.list(&file.display).is_ok();
        match error {
            ReadError::Missing if asked.is_some_and(|asked| self.surroundings(asked.by) == Surroundings::Nothing) => {
                self.gap(of_standard_input(&file.display));
            }
            ReadError::Missing if optional && !directory => {}
            ReadError::Missing | ReadError::Directory if asked.is_some() => {
                let what = if directory { "is a directory" } else { "does not exist" };
                let message = format!("The included file `{}` {what}. The server does not start.", file.display);
                self.problem(asked, "include-missing", message, Some("an existing file, or include_if_exists"));
                self.missing(Why::new(format!("the included file {} {what}", file.display)));
            }
            error => self.gap(not_seen(&file.display, error)),
        }
    }

    /// What was given around the file that asks for another.
    fn surroundings(&self, file: &ServerFile) -> Surroundings {
        surroundings::of(self.files, &file.display)
    }

    /// Where the server looks for the argument of a directive that stands in `file`.
    fn resolve(&self, argument: &str, file: &ServerFile) -> Result<ServerFile, Why> {
        let server = if argument.starts_with('/') {
            Some(normalise(argument))
        } else {
            file.server.as_deref().map(|server| normalise(&beside(server, argument)))
        };
        match server {
            Some(server) => {
                let display = (self.to_display)(&server)?;
                // A file of the same name elsewhere was taken for this one, which was seen beside it.
                if display == file.display && file.server.as_ref() != Some(&server) {
                    return Err(not_seen(&server, &ReadError::OutsideTree));
                }
                Ok(ServerFile { display, server: Some(server) })
            }
            None => Ok(ServerFile { display: normalise(&beside(&file.display, &shown_text(argument))), server: None }),
        }
    }

    /// What was not seen here may set anything; that it does not can be presumed.
    fn gap(&mut self, why: Why) {
        self.missing(why.presuming(Presumption::UnreadInclude));
    }

    /// What is not there ends the start of the server: nothing is presumed of what it would set.
    fn missing(&mut self, why: Why) {
        self.reading.steps.push(Step::Gap(why));
    }

    fn problem(&mut self, asked: Option<Asked<'_>>, code: &'static str, message: String, expected: Option<&str>) {
        let Some(asked) = asked else { return };
        self.report(asked, code, message, Some(asked.statement.value.clone()), expected.map(str::to_owned), true);
    }

    fn note(&mut self, asked: Asked<'_>, code: &'static str, message: String, found: Option<String>) {
        self.report(asked, code, message, found, Some("a name that ends in .conf".to_owned()), false);
    }

    fn report(
        &mut self,
        asked: Asked<'_>,
        code: &'static str,
        message: String,
        found: Option<String>,
        expected: Option<String>,
        fatal: bool,
    ) {
        let span = asked.statement.value_span;
        if self.told.insert((span, code, found.clone())) {
            let diagnostic = Diagnostic { code, span, message, found, expected, related: Vec::new(), fatal };
            self.reading.diagnostics.push((diagnostic, Some(asked.statement.name.to_ascii_lowercase())));
        }
    }
}

fn of_standard_input(path: &str) -> Why {
    Why::needing(
        format!("{path} is included, and beside the text of standard input there is nothing"),
        "name the file itself, so that the files beside it are read",
    )
}

fn not_seen(path: &str, error: &ReadError) -> Why {
    match error {
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
    [".conf", ".cnf", ".config", ".cfg", ".conf.txt"].iter().any(|ending| lower.ends_with(ending))
}

/// Without `.`, doubled slashes and, where there is something to go up from, `..`.
fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_tree(tree: Vec<(String, String)>) -> Reading {
        let files = Files::in_memory(tree.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
        read(&files, &|path| Err(Why::new(format!("{path} was not given"))), Some(&main), None)
    }

    fn sets(reading: &Reading) -> usize {
        reading.steps.iter().filter(|step| matches!(step, Step::Set(_))).count()
    }

    #[test]
    fn every_file_of_a_large_directory_is_read() {
        let mut tree = vec![("postgresql.conf".to_owned(), "include_dir 'conf.d'\n".to_owned())];
        tree.extend((0..2_500).map(|number| (format!("conf.d/{number:05}.conf"), "work_mem = 4MB\n".to_owned())));
        let reading = read_tree(tree);
        assert_eq!((sets(&reading), reading.left_out.len(), reading.cuts.is_empty()), (2_500, 0, true));
    }

    #[test]
    fn includes_that_double_end_and_say_what_was_left_out() {
        let mut tree = vec![("postgresql.conf".to_owned(), format!("{}ssl = on\n", "include 'a1.conf'\n".repeat(10)))];
        tree.extend((1..10).map(|level| (format!("a{level}.conf"), format!("include 'a{}.conf'\n", level + 1).repeat(10))));
        tree.push(("a10.conf".to_owned(), "work_mem = 4MB\n".to_owned()));
        let reading = read_tree(tree);
        assert!(sets(&reading) < MOST_INCLUDED_FILES, "{}", sets(&reading));
        assert!(reading.left_out.contains("a1.conf") && reading.left_out.contains("a10.conf"));
        let said = "more than 10000 files are included; from here on no other is read";
        assert!(!reading.cuts.is_empty() && reading.cuts.iter().all(|cut| cut.message == said), "{:?}", reading.cuts);
        // What the main file says below is still there, behind what was not seen.
        assert!(matches!(reading.steps.last(), Some(Step::Set(line)) if line.statement.name == "ssl"));
        assert!(matches!(reading.steps.iter().rev().nth(1), Some(Step::Gap(_))));
    }

    #[test]
    fn long_files_are_included_until_there_are_too_many_lines() {
        let tree =
            vec![("postgresql.conf".to_owned(), "include 'a.conf'\n".repeat(20)), ("a.conf".to_owned(), "work_mem = 4MB\n".repeat(30_000))];
        let reading = read_tree(tree);
        assert_eq!((sets(&reading), reading.paths.len()), (210_000, 2));
        let told: Vec<(&str, usize)> = reading.cuts.iter().map(|cut| (cut.message.as_str(), cut.more)).collect();
        assert_eq!(told, [("the included files hold more than 200000 lines that set something; from here on no other is read", 12)]);
    }
}
