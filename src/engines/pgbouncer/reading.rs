//! The main file with its includes in place, in the order in which PgBouncer reads them. Read once, whatever the release.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::connection::Section;
use crate::formats::Diagnostic;
use crate::formats::pgbouncer_ini::{self, Entry, Name, PairList, PgbouncerIni, Statement, pairs};
use crate::model::bounds::{MOST_INCLUDED_FILES, MOST_STATEMENTS};
use crate::model::{Cuts, OriginKind, Presumed, Presumption, Why};
use crate::text::path::{folder_of, join, shown_text};
use crate::text::{Files, ReadError, Source, Span};

/// Includes may be nested this deep below the main file.
const DEEPEST: usize = 10;

/// One thing that reading meets.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A section begins.
    Section(Name),
    /// A line that sets something.
    Set(Box<Line>),
    /// A setting is set to something that cannot be told.
    Unknown(&'static str, Why),
    /// Something was not seen here that could set anything.
    Gap(Why),
    /// Entries of `[databases]` were not seen.
    Entries(Why),
    /// A line that cannot be read: the program does not start.
    Broken(Why),
}

/// A line that sets something.
#[derive(Clone)]
pub(super) struct Line {
    /// The section that it belongs to; `None` before the first.
    pub section: Option<String>,
    pub name: String,
    pub name_span: Span,
    /// Whether the name is in quotes.
    pub quoted: bool,
    pub value: String,
    pub value_span: Span,
    pub kind: OriginKind,
    /// What the value of an entry holds, in a section that has entries.
    pub pairs: Option<PairList>,
}

/// Without the value, which may hold a password.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("section", &self.section).field("name", &self.name).finish_non_exhaustive()
    }
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub steps: Vec<Step>,
    /// Problems of grammar and of includes.
    pub diagnostics: Vec<Diagnostic>,
    /// The main file.
    pub main: Option<Arc<Source>>,
    /// Settings that the main file has behind a comment sign.
    pub commented_out: Arc<BTreeMap<String, Span>>,
    /// Display paths of everything that was read, in the order of the first reading.
    pub paths: Vec<String>,
    /// Bounds that were met.
    pub cuts: Cuts,
}

impl Reading {
    /// What can be presumed of what was not seen.
    pub(super) fn presumed(&self) -> Vec<Presumed> {
        let gap = self.steps.iter().rev().find_map(|step| match step {
            Step::Gap(why) => Some(why),
            _ => None,
        });
        gap.map(|why| why.presumed().to_vec()).unwrap_or_default()
    }

    /// The settings of the program that something names.
    pub(super) fn names(&self) -> Vec<&str> {
        let of_program = self.steps.iter().filter_map(|step| match step {
            Step::Set(line) if line.section.as_deref() == Some("pgbouncer") => Some(line.name.as_str()),
            _ => None,
        });
        of_program.collect()
    }
}

/// How a path as the program opens it becomes a display path, or why it cannot be seen.
pub(super) type ToDisplay<'a> = &'a dyn Fn(&str) -> Result<String, Why>;

/// Reads the main file.
pub(super) fn read<'a>(files: &'a Files, to_display: ToDisplay<'a>, main: &'a str) -> Reading {
    let mut reader = Reader {
        files,
        to_display,
        folder: folder_of(main),
        parsed: BTreeMap::new(),
        reading: Reading::default(),
        section: None,
        read: 0,
        told: HashSet::new(),
    };
    match files.read(main) {
        Ok(source) => {
            reader.reading.main = Some(Arc::clone(&source));
            reader.text(&source, 0);
            let parsed = reader.parsed.get(main);
            reader.reading.commented_out = Arc::new(parsed.map(|ini| commented_out(&source, ini)).unwrap_or_default());
        }
        Err(error) => reader.gap(Why::new(format!("{main} could not be read: {error}"))),
    }
    reader.reading
}

/// What an image writes into the file.
pub(super) fn of_image(steps: Vec<Step>) -> Reading {
    Reading { steps, ..Reading::default() }
}

struct Reader<'a> {
    files: &'a Files,
    to_display: ToDisplay<'a>,
    /// The folder of the main file.
    folder: &'a str,
    parsed: BTreeMap<String, Arc<PgbouncerIni>>,
    reading: Reading,
    /// The section of the line that is read next; an include may change it for the file that includes.
    section: Option<String>,
    read: usize,
    /// Problems that were told: a circle of includes meets the same line again and again.
    told: HashSet<(Span, &'static str)>,
}

impl Reader<'_> {
    fn text(&mut self, source: &Arc<Source>, depth: usize) {
        self.read += 1;
        if !self.parsed.contains_key(source.path()) {
            let ini = pgbouncer_ini::parse(source);
            self.reading.diagnostics.extend(ini.diagnostics.iter().cloned());
            self.reading.paths.push(source.path().to_owned());
            self.parsed.insert(source.path().to_owned(), Arc::new(ini));
        }
        let Some(ini) = self.parsed.get(source.path()).cloned() else { return };
        for statement in &ini.statements {
            match statement {
                Statement::Section(name) => {
                    self.section = Some(name.text.clone());
                    self.reading.steps.push(Step::Section(name.clone()));
                }
                Statement::Entry(entry) => self.entry(source, entry),
                Statement::Broken(span) => self.broken(source, *span),
                Statement::Include(path) => self.include(path, depth),
            }
        }
    }

    fn entry(&mut self, source: &Source, entry: &Entry) {
        let has_pairs = self.section.as_deref().and_then(Section::named).is_some_and(|section| section != Section::Main);
        self.reading.steps.push(Step::Set(Box::new(Line {
            section: self.section.clone(),
            name: entry.name.text.clone(),
            name_span: entry.name.span,
            quoted: entry.quoted,
            value: entry.value.clone(),
            value_span: entry.value_span,
            kind: OriginKind::File,
            pairs: has_pairs.then(|| pairs(source, entry.value_span)),
        })));
    }

    fn broken(&mut self, source: &Source, span: Span) {
        let line = source.location(span.start).line;
        let why = format!("{} has a syntax error on line {line}: PgBouncer reads nothing from there on", source.path());
        self.reading.steps.push(Step::Broken(Why::needing(why, "correct the syntax error")));
    }

    fn include(&mut self, path: &Name, depth: usize) {
        if depth >= DEEPEST {
            let message = format!(
                "`{}` would be the eleventh level of includes, and PgBouncer takes ten; a file that includes itself ends like this.",
                path.text
            );
            return self.problem(path, "include-depth", message);
        }
        if self.read >= MOST_INCLUDED_FILES || self.reading.steps.len() >= MOST_STATEMENTS {
            let what = format!("more than {MOST_INCLUDED_FILES} files or {MOST_STATEMENTS} lines are included");
            self.reading.cuts.add("include", path.span, || format!("{what}; from here on no other is read"));
            return self.gap(Why::new(format!("{what}; the rest was not read")));
        }
        let display = match self.resolve(&path.text) {
            Ok(display) => display,
            Err(why) => return self.gap(why),
        };
        match self.files.read(&display) {
            Ok(source) => self.text(&source, depth + 1),
            Err(ReadError::Missing) if path.text.starts_with('/') || path.text.is_empty() => {
                let message = format!("The included file `{}` does not exist.", path.text);
                self.problem(path, "include-missing", message);
                self.missing(Why::new(format!("the included file {display} does not exist")));
            }
            Err(ReadError::Missing) => self.gap(Why::needing(
                format!("{} is included, and looked for in the folder in which PgBouncer is started, which is not known", path.text),
                "include the file by its absolute path",
            )),
            Err(error) => self.gap(Why::needing(
                format!("{display} is included and could not be read: {error}"),
                format!("name {display}, or a folder above it, on the command line"),
            )),
        }
    }

    /// A relative path counts from the folder in which the program is started, whatever file includes it. That is taken
    /// to be the folder of the main file.
    fn resolve(&self, path: &str) -> Result<String, Why> {
        if path.starts_with('/') {
            return (self.to_display)(path);
        }
        let path = path.strip_prefix("./").unwrap_or(path);
        Ok(join(self.folder, &shown_text(path)))
    }

    /// What was not seen here may set anything; that it does not can be presumed.
    fn gap(&mut self, why: Why) {
        self.missing(why.presuming(Presumption::UnreadInclude));
    }

    /// What is not there ends the start: nothing is presumed of what it would set.
    fn missing(&mut self, why: Why) {
        self.reading.steps.push(Step::Gap(why));
    }

    fn problem(&mut self, path: &Name, code: &'static str, message: String) {
        if self.told.insert((path.span, code)) {
            self.reading.diagnostics.push(Diagnostic {
                code,
                span: path.span,
                message,
                found: Some(path.text.clone()),
                expected: Some("an existing file".to_owned()),
                related: Vec::new(),
                fatal: true,
            });
        }
    }
}

/// Settings behind a comment sign, where the stock file has them: `;pool_mode = session`.
fn commented_out(source: &Source, ini: &PgbouncerIni) -> BTreeMap<String, Span> {
    let known: BTreeSet<&str> = super::catalogue::entries().iter().map(|entry| entry.name).collect();
    let mut found = BTreeMap::new();
    for comment in ini.comments.iter().filter(|comment| !comment.trailing) {
        let text = source.slice(comment.span).trim_start_matches([';', '#', ' ', '\t']);
        let Some((name, _)) = text.split_once('=') else { continue };
        if let Some(name) = known.get(name.trim_end()) {
            found.entry((*name).to_owned()).or_insert(comment.span);
        }
    }
    found
}
