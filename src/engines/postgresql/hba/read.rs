//! Reading a file with everything that it includes, in the order in which the server meets it.
//!
//! `@file` inserts the words of another file into a field, in every release; `include`,
//! `include_if_exists` and `include_dir` insert its lines, from PostgreSQL 16 on. Both are relative
//! to the file that names them, and nest at most ten deep.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::locate::{Locator, PathMapper, cannot_read, empty_directory, of_standard_input};
use super::problem::{Area, Problem, key_of_line, key_of_words, shown};
use crate::engines::postgresql::surroundings;
use crate::formats::pg_hba::{LineEnd, LogicalLine, Token, TokenField, parse, records};
use crate::model::bounds::{MOST_ACCESS_FIELDS, MOST_ACCESS_LINES, MOST_LISTED_NAMES, Tally};
use crate::model::{Cuts, Record, Why};
use crate::text::{Files, ReadError, Source, SourceId, Span, Surroundings};

/// `CONF_FILE_MAX_DEPTH` of the server: the eleventh level is refused.
const DEEPEST: usize = 10;

/// The deepest nesting of `@file`s before release 16, where only the number of open files bounds it.
const DEEPEST_BEFORE_16: usize = 100;

/// Most bytes that one reading goes through, counting every repetition of a file.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What opening a list of names costs of that, whatever its size: each of thousands of lines may name one.
const COST_OF_A_LIST: usize = 4 * 1024;

/// What including a file costs of that: ten thousand files, before files that include each other come to an end.
const COST_OF_AN_INCLUDE: usize = 6 * 1024;

/// The longest token, in bytes, that releases before 16 take (`MAX_TOKEN` of `hba.c`, less its end mark).
const LONGEST_TOKEN_BEFORE_16: usize = 10_239;

/// Why the last lines of a file were not read.
pub(in crate::engines::postgresql) const TOO_MANY: &str =
    "the file and what it includes have more than 10000 lines that say something; this one and those after it were not read";

/// One word of a field, maybe a secret, so that nothing here can be printed as it is; from an `@file` its span lies in that file.
#[derive(Clone)]
pub(in crate::engines::postgresql) struct Word {
    pub text: String,
    pub quoted: bool,
    pub span: Span,
    /// Why the words of this `@file` could not be seen.
    pub unseen: Option<Why>,
}

/// One field of a record. Never empty: a field whose `@file` holds no word vanishes, as in the server.
#[derive(Clone)]
pub(in crate::engines::postgresql) struct FieldWords {
    pub words: Vec<Word>,
    pub span: Span,
    pub comma_before: Option<Span>,
}

/// One record, not yet understood.
#[derive(Clone)]
pub(in crate::engines::postgresql) struct Line {
    pub number: u32,
    pub path: Arc<str>,
    pub span: Span,
    pub fields: Vec<FieldWords>,
    /// The logical place of the line as written, where its words do not tell it because a list stands in another file.
    written: Option<String>,
    /// Whether its last word is or ends in a backslash that continues nothing.
    pub loose_backslash: Option<Span>,
}

impl Line {
    /// The logical place, for problems.
    pub(in crate::engines::postgresql) fn key(&self, area: Area) -> String {
        let words = || self.fields.iter().map(|field| field.words.iter().map(|word| word.text.as_str()));
        self.written.clone().unwrap_or_else(|| key_of_words(area, words()))
    }
}

/// What the server meets, in order.
#[derive(Clone)]
pub(in crate::engines::postgresql) enum Entry {
    /// A record.
    Line(Line),
    /// Lines that could not be seen.
    Unseen(Why, Span),
}

/// What was read.
#[derive(Default)]
pub(in crate::engines::postgresql) struct Reading {
    pub entries: Vec<Entry>,
    pub problems: Vec<Record>,
    /// Display paths of all files that were opened, in order, each once.
    pub paths: Vec<String>,
    /// Why something is missing.
    pub incomplete: Option<Why>,
    /// Bounds that were met.
    pub cuts: Cuts,
    /// Display paths of files that are included, and were not read for one.
    pub left_out: BTreeSet<String>,
}

pub(in crate::engines::postgresql) struct Reader<'a> {
    files: &'a Files,
    major: u32,
    locator: Locator<'a>,
    area: Area,
    bytes: usize,
    /// Files that were opened.
    opened: HashSet<SourceId>,
    /// Names that lists in other files brought in.
    listed: usize,
    /// A list of the line that is being read that nests too deep.
    too_deep: Option<Problem>,
    reported: HashSet<(Span, &'static str)>,
    tally: Tally,
    found: Reading,
}

impl<'a> Reader<'a> {
    pub(in crate::engines::postgresql) fn new(files: &'a Files, major: u32, resolve: PathMapper<'a>, area: Area) -> Self {
        let locator = Locator::new(files, resolve);
        let (reported, tally, found) = (HashSet::new(), Tally::default(), Reading::default());
        Self { files, major, locator, area, bytes: 0, opened: HashSet::new(), listed: 0, too_deep: None, reported, tally, found }
    }

    /// States under which path the server sees a file that lies elsewhere here.
    pub(in crate::engines::postgresql) fn seen_as(mut self, display: &str, server_path: &str) -> Self {
        self.locator.seen_as(display, server_path);
        self
    }

    /// Reads the main file.
    pub(in crate::engines::postgresql) fn read(mut self, path: &str) -> Reading {
        match self.files.read(path) {
            Ok(source) => self.lines_of(&source, 0),
            Err(error) => {
                let why = Why::needing(format!("{path} could not be read: {error}"), "name it on the command line");
                self.unseen(why, Span { source: SourceId::detached(), start: 0, end: 0 });
            }
        }
        self.found
    }

    /// Reads the records of a text that stands in no file.
    pub(in crate::engines::postgresql) fn read_text(mut self, text: &str) -> Reading {
        self.lines_of(&Source::detached("", text), 0);
        self.found
    }

    fn lines_of(&mut self, source: &Source, depth: usize) {
        self.open(source, COST_OF_AN_INCLUDE);
        let path: Arc<str> = Arc::from(source.path());
        let document = parse(source);
        for line in records(&document, self.major >= 14) {
            redact_secrets(source, &line);
            self.comment_remarks(source, &line);
            if !line.fields.is_empty() {
                self.line(source, &path, &line, depth);
            }
        }
        let nul = document.lines.iter().find(|line| line.end == LineEnd::Nul);
        if let Some(line) = nul {
            let message =
                "The line holds a NUL byte: the server drops what follows it on the line, and from PostgreSQL 14 on also the line's end.";
            self.report(Problem::remark("nul-byte", line.span, message), "nul");
        }
    }

    fn line(&mut self, source: &Source, path: &Arc<str>, line: &LogicalLine, depth: usize) {
        if self.found.entries.len() >= MOST_ACCESS_LINES {
            self.found.cuts.add("lines", line.span, || TOO_MANY.to_owned());
            if matches!(self.found.entries.last(), Some(Entry::Line(_))) {
                self.unseen(Why::new(TOO_MANY), line.span);
            }
            return self.leave_out(source, line);
        }
        if line.fields.len() > MOST_ACCESS_FIELDS {
            let too_long = format!("this line has more than {MOST_ACCESS_FIELDS} fields, and was not read");
            self.found.cuts.add("fields", line.span, || too_long.clone());
            return self.unseen(Why::new(too_long), line.span);
        }
        let mut fields = Vec::with_capacity(line.fields.len());
        for field in &line.fields {
            match self.expand(source, field, depth) {
                Ok(Some(field)) => fields.push(field),
                Ok(None) => {}
                // The server gives up on the line at its first error.
                Err(problem) => {
                    self.too_deep = None;
                    return self.report_of_line(problem, line);
                }
            }
        }
        if let Some(problem) = self.too_deep.take() {
            let say = || format!("{} What it holds is unknown.", problem.message);
            self.found.cuts.add("depth", problem.span, say);
            self.report_of_line(problem, line);
        }
        if fields.is_empty() {
            return;
        }
        let loose_backslash = self.loose_backslash(line);
        let lists = line.fields.iter().flat_map(|field| &field.tokens).any(|token| token.text.starts_with('@'));
        let written = lists.then(|| key_of_line(self.area, line));
        let read = Line { number: line.number, path: Arc::clone(path), span: line.span, fields, written, loose_backslash };
        if self.major < 16 || !self.include(source, &read, depth) {
            self.found.entries.push(Entry::Line(read));
        }
    }

    /// A list that another file holds belongs to the line that names it.
    fn report_of_line(&mut self, problem: Problem, line: &LogicalLine) {
        let elsewhere = problem.span.source != line.span.source;
        let problem = if elsewhere { problem.related(line.span, "this line names the file") } else { problem };
        self.report(problem, &key_of_line(self.area, line));
    }

    /// Follows an include; tells whether the line was one.
    fn include(&mut self, source: &Source, line: &Line, depth: usize) -> bool {
        let [first, second] = line.fields.as_slice() else { return false };
        let (Some(word), Some(target)) = (first.words.first(), second.words.first()) else { return false };
        let directive = word.text.as_str();
        if !matches!(directive, "include" | "include_if_exists" | "include_dir") {
            return false;
        }
        if let Some(why) = &target.unseen {
            self.unseen(why.clone(), target.span);
            return true;
        }
        let target_path = match self.locator.locate(source.path(), &target.text) {
            Ok(path) => path,
            Err(why) => {
                self.unseen(why, target.span);
                return true;
            }
        };
        if directive == "include_dir" {
            self.include_directory(&target_path, target, line, depth);
        } else {
            self.include_file(&target_path, target, line, depth, directive == "include_if_exists");
        }
        true
    }

    /// What an include beyond the bound names is no server of its own.
    fn leave_out(&mut self, source: &Source, line: &LogicalLine) {
        let word = |at: usize| line.fields.get(at).and_then(|field| field.tokens.first()).map(|token| token.text.as_str());
        let (Some(directive), Some(target)) = (word(0), word(1)) else { return };
        if self.major < 16 || !directive.starts_with("include") {
            return;
        }
        let Ok(path) = self.locator.locate(source.path(), target) else { return };
        // Thousands of lines may name one folder, which is listed once.
        if self.found.left_out.insert(path.clone()) {
            let entries = self.files.list(&path).unwrap_or_default();
            self.found.left_out.extend(entries.into_iter().map(|entry| entry.path));
        }
    }

    fn include_file(&mut self, path: &str, target: &Word, line: &Line, depth: usize, may_be_missing: bool) {
        if depth >= DEEPEST {
            let message = format!(
                "The include of `{}` would be the eleventh level of nesting, which the server refuses; files that include each other never end.",
                shown(&target.text)
            );
            return self.report(Problem::error("include-too-deep", target.span, message).found(&target.text), &line.key(self.area));
        }
        if self.bytes >= MOST_BYTES {
            self.found.left_out.insert(path.to_owned());
            let why = self.too_much(target.span);
            return self.unseen(why, target.span);
        }
        match self.open_included(path) {
            Ok(included) => self.lines_of(&included, depth + 1),
            Err(error) if self.names_beside_standard_input(line, &error) => {
                self.unseen(of_standard_input(&target.text), target.span);
            }
            Err(ReadError::Missing) if may_be_missing => {}
            Err(ReadError::Missing) => self.report(missing(target), &line.key(self.area)),
            Err(ReadError::Directory) => self.report(directory(target), &line.key(self.area)),
            Err(error) => self.unseen(cannot_read(&target.text, &error), target.span),
        }
    }

    fn names_beside_standard_input(&self, line: &Line, error: &ReadError) -> bool {
        *error == ReadError::Missing && self.files.surroundings(&line.path) == Surroundings::Nothing
    }

    fn include_directory(&mut self, path: &str, target: &Word, line: &Line, depth: usize) {
        if target.text.trim_matches([' ', '\t', '\r']).is_empty() {
            let message = "include_dir needs the name of a directory; the server refuses the file.";
            return self.report(
                Problem::error("missing-include", target.span, message).expected("the path of a directory that exists"),
                &line.key(self.area),
            );
        }
        let entries = match self.files.list(path) {
            Ok(entries) => entries,
            Err(ReadError::Missing) => match surroundings::of(self.files, &line.path) {
                Surroundings::Machine => return self.report(missing(target), &line.key(self.area)),
                Surroundings::Copy => return self.unseen(empty_directory(&target.text), target.span),
                Surroundings::Nothing => return self.unseen(of_standard_input(&target.text), target.span),
            },
            Err(error) => return self.unseen(cannot_read(&target.text, &error), target.span),
        };
        for entry in entries {
            // `GetConfFilesInDir`: a name of at least six bytes that ends in .conf and does not begin with a dot.
            if !entry.directory && entry.name.len() >= 6 && entry.name.ends_with(".conf") && !entry.name.starts_with('.') {
                self.locator.entry(path, &entry);
                self.include_file(&entry.path, target, line, depth, false);
            }
        }
    }

    /// The words of a field, with those of its `@file`s; nothing when no word is left.
    fn expand(&mut self, source: &Source, field: &TokenField, depth: usize) -> Result<Option<FieldWords>, Problem> {
        let Some(span) = field.span() else { return Ok(None) };
        let mut words = Vec::new();
        for token in &field.tokens {
            if self.major < 16 && token.text.len() > LONGEST_TOKEN_BEFORE_16 {
                let message = "A word of this line is longer than the 10239 bytes that PostgreSQL takes before release 16.";
                return Err(Problem::error("token-too-long", token.span, message));
            }
            match token.text.strip_prefix('@') {
                Some(name) if !token.quoted && !name.is_empty() => self.words_of_file(source, token, name, depth, &mut words)?,
                _ => words.push(Word { text: token.text.clone(), quoted: token.quoted, span: token.span, unseen: None }),
            }
        }
        Ok((!words.is_empty()).then_some(FieldWords { words, span, comma_before: field.comma_before }))
    }

    fn words_of_file(&mut self, source: &Source, token: &Token, name: &str, depth: usize, words: &mut Vec<Word>) -> Result<(), Problem> {
        let located = self.locator.locate(source.path(), name);
        // By its place rather than its name: the same name in another folder is another file.
        let text = located.as_ref().map_or_else(|_| token.text.clone(), |path| format!("@{path}"));
        let word = |why| Word { text: text.clone(), quoted: false, span: token.span, unseen: Some(why) };
        if depth >= if self.major >= 16 { DEEPEST } else { DEEPEST_BEFORE_16 } {
            let message = format!("`{}` nests deeper than the server reads; files that name each other never end.", shown(&token.text));
            self.too_deep = Some(Problem::error("include-too-deep", token.span, message).found(&token.text));
        }
        if self.too_deep.is_some() {
            // The server refuses the line, another release may not: what is seen of it is judged.
            words.push(word(Why::new(format!("{} nests too deep, and was not read", shown(&token.text)))));
            return Ok(());
        }
        if self.bytes >= MOST_BYTES {
            words.push(word(self.too_much(token.span)));
            return Ok(());
        }
        if self.listed >= MOST_LISTED_NAMES {
            words.push(word(self.too_many_names(token.span)));
            return Ok(());
        }
        let target = Word { text: name.to_owned(), quoted: false, span: token.span, unseen: None };
        let read = located.map(|path| self.open_included(&path));
        let included = match read {
            Ok(Ok(included)) => included,
            Ok(Err(ReadError::Missing)) if self.files.surroundings(source.path()) == Surroundings::Nothing => {
                words.push(word(of_standard_input(name)));
                return Ok(());
            }
            Ok(Err(ReadError::Missing)) => return Err(missing(&target)),
            Ok(Err(ReadError::Directory)) if self.major >= 14 => return Ok(()),
            Ok(Err(ReadError::Directory)) => return Err(Problem { fatal: true, ..directory(&target) }),
            Ok(Err(error)) => {
                words.push(word(cannot_read(name, &error)));
                return Ok(());
            }
            Err(why) => {
                words.push(word(why));
                return Ok(());
            }
        };
        self.open(&included, COST_OF_A_LIST);
        for line in records(&parse(&included), self.major >= 14) {
            redact_secrets(&included, &line);
            let first = line.fields.first().and_then(|field| field.tokens.first());
            if self.major >= 16 && line.fields.len() == 2 && first.is_some_and(|first| first.text.starts_with("include")) {
                words.push(word(Why::new(format!("{}, a list of names, includes another file, which was not followed", included.path()))));
                continue;
            }
            for field in &line.fields {
                if self.listed >= MOST_LISTED_NAMES {
                    words.push(word(self.too_many_names(token.span)));
                    return Ok(());
                }
                if let Some(field) = self.expand(&included, field, depth + 1)? {
                    self.listed += field.words.len();
                    words.extend(field.words);
                }
            }
        }
        Ok(())
    }

    fn too_many_names(&mut self, span: Span) -> Why {
        let why = format!("the lists of names in other files bring in more than {MOST_LISTED_NAMES} names; the rest was not read");
        self.found.cuts.add("names", span, || why.clone());
        Why::new(why)
    }

    fn too_much(&mut self, span: Span) -> Why {
        let megabytes = MOST_BYTES / (1024 * 1024);
        let why = format!("the files that include one another hold more than {megabytes} MB; the rest was not read");
        self.found.cuts.add("bytes", span, || why.clone());
        Why::new(why)
    }

    /// The server reads a directory as an empty file.
    fn open_included(&self, path: &str) -> Result<Arc<Source>, ReadError> {
        self.files.read(path).map_err(|error| match error {
            ReadError::Missing if self.files.list(path).is_ok() => ReadError::Directory,
            error => error,
        })
    }

    fn open(&mut self, source: &Source, cost: usize) {
        self.bytes += source.text().len() + cost;
        if self.opened.insert(source.id()) {
            self.found.paths.push(source.path().to_owned());
        }
    }

    fn unseen(&mut self, why: Why, span: Span) {
        self.found.incomplete.get_or_insert_with(|| why.clone());
        self.found.entries.push(Entry::Unseen(why, span));
    }

    fn report(&mut self, problem: Problem, key: &str) {
        let new = self.reported.insert((problem.span, problem.code));
        if new && self.tally.count(problem.code, Some(problem.span), &mut self.found.cuts) {
            self.found.problems.push(problem.into_record(self.area, key));
        }
    }

    /// From PostgreSQL 14 on a comment that ends in a backslash takes the next line with it.
    fn comment_remarks(&mut self, source: &Source, line: &LogicalLine) {
        let lost = line.swallowed.iter().copied().find(|span| {
            let text = source.slice(*span).trim_start();
            !text.is_empty() && !text.starts_with('#')
        });
        if let (Some(lost), Some(comment)) = (lost, line.comment) {
            let head = Span { end: lost.start.saturating_sub(1).max(comment.span.start), ..comment.span };
            let message = "The comment ends with a backslash, so from PostgreSQL 14 on the next line is part of it and has no effect. Remove the backslash.";
            let problem = Problem::remark("comment-continuation", head, message);
            self.report(problem.related(lost, "this line has no effect"), &key_of_line(self.area, line));
        }
    }

    fn loose_backslash(&self, line: &LogicalLine) -> Option<Span> {
        let ends = line.end == LineEnd::BackslashBlanks || (self.major < 14 && line.end == LineEnd::Backslash);
        let last = line.fields.last()?.tokens.last()?;
        (ends && line.comment.is_none() && last.text.ends_with('\\')).then_some(last.span)
    }
}

fn missing(target: &Word) -> Problem {
    let message = format!(
        "`{}` does not exist, and the server refuses a file that names it. Paths are relative to the file that names them.",
        shown(&target.text)
    );
    Problem::error("missing-include", target.span, message).found(&target.text).expected("the path of a file that exists")
}

fn directory(target: &Word) -> Problem {
    let message = format!(
        "`{}` is a directory, which the server reads as an empty file; include_dir includes the files of a directory.",
        shown(&target.text)
    );
    Problem::remark("include-directory", target.span, message).found(&target.text).expected("a file, or include_dir")
}

/// Options whose values are secrets.
pub(super) const SECRET_OPTIONS: [&str; 2] = ["ldapbindpasswd", "radiussecrets"];

/// Marks the values of secret options wherever they stand, also in lines that the server refuses.
fn redact_secrets(source: &Source, line: &LogicalLine) {
    let tokens = line.fields.iter().flat_map(|field| &field.tokens);
    let begins = |text: &str, name: &str| text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    let secret = tokens.clone().find(|token| SECRET_OPTIONS.iter().any(|name| begins(&token.text, name)));
    if let (Some(secret), Some(last)) = (secret, tokens.last()) {
        let length = source.slice(secret.span).find('=').map_or(0, |at| at + 1);
        let start = secret.span.start.saturating_add(u32::try_from(length).unwrap_or(0));
        source.redact(Span { start, ..secret.span.to(last.span) });
    }
}
