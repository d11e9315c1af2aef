//! Shell scripts: SQL that they give to psql, and lines that they write into files of the server.

use std::ops::Range;
use std::sync::Arc;

use super::sql::Sql;
use super::{Change, Effect};
use crate::formats::pg_conf::edit::only_statement;
use crate::formats::shell::{self, Command, Commands, List, Pipeline, Redirection, Simple, Word};
use crate::text::path::name_of;
use crate::text::{Source, Span};

/// Programs that change neither settings nor roles nor files of the server, unless their output goes there.
const HARMLESS: &[&str] = &[
    ":",
    "[",
    "[[",
    "basename",
    "break",
    "cat",
    "cd",
    "chmod",
    "chown",
    "command",
    "continue",
    "createdb",
    "cut",
    "date",
    "declare",
    "dirname",
    "docker_temp_server_start",
    "echo",
    "env",
    "exit",
    "export",
    "false",
    "file_env",
    "find",
    "grep",
    "head",
    "hostname",
    "id",
    "let",
    "local",
    "ls",
    "mkdir",
    "openssl",
    "pg_config",
    "pg_dump",
    "pg_isready",
    "pg_restore",
    "printf",
    "pwd",
    "read",
    "readonly",
    "return",
    "sed",
    "set",
    "shift",
    "shopt",
    "sleep",
    "sort",
    "stat",
    "tail",
    "test",
    "touch",
    "tr",
    "trap",
    "true",
    "type",
    "umask",
    "uniq",
    "unset",
    "vacuumdb",
    "wait",
    "wc",
    "which",
    "whoami",
];

/// Programs that run SQL as psql does.
const CLIENTS: [&str; 3] = ["psql", "docker_process_sql", "_psql"];

/// Options of psql that take the next word.
const VALUED: [&str; 22] = [
    "-v",
    "--set",
    "--variable",
    "-U",
    "--username",
    "-d",
    "--dbname",
    "-h",
    "--host",
    "-p",
    "--port",
    "-o",
    "--output",
    "-F",
    "-R",
    "-T",
    "-P",
    "-L",
    "--log-file",
    "--pset",
    "--field-separator",
    "--record-separator",
];

/// Reads one script.
pub(super) struct Shell<'s> {
    source: &'s Arc<Source>,
    text: &'s str,
    /// Where its bytes are in the source.
    place: &'s dyn Fn(Range<usize>) -> Span,
    /// What `$PGDATA` is.
    data: &'s str,
    /// The text of a script or SQL file of the container.
    file_of: &'s dyn Fn(&str) -> Option<Arc<Source>>,
    sql: Sql<'s>,
    functions: Vec<String>,
}

/// What comes through a pipe or from a file.
enum Input {
    /// A text whose bytes are where they are in the script, after a shift.
    Here(Cleaned),
    /// A text without places.
    Text(String, Span),
    /// A file of the container.
    File(Arc<Source>),
    /// Something that is not known.
    Unknown,
    /// Nothing.
    None,
}

/// A text of the script without the escapes of the shell, and where its bytes come from.
struct Cleaned {
    text: String,
    from: Vec<usize>,
}

impl<'s> Shell<'s> {
    pub(super) fn new(
        (source, text): (&'s Arc<Source>, &'s str),
        place: &'s dyn Fn(Range<usize>) -> Span,
        data: &'s str,
        file_of: &'s dyn Fn(&str) -> Option<Arc<Source>>,
    ) -> Self {
        Self { source, text, place, data, file_of, sql: Sql::new(source), functions: Vec::new() }
    }

    /// The changes that it makes, and what of it was not understood.
    pub(super) fn read(mut self) -> (Vec<Effect>, Option<String>) {
        let script = shell::parse(self.text);
        if script.fault.is_some() {
            self.sql.lost("it is not a script that a shell takes");
        }
        self.list(&script.list);
        (self.sql.effects, self.sql.unread)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        (self.place)(range.clone())
    }

    fn list(&mut self, list: &List) {
        for item in &list.items {
            self.pipeline(&item.and_or.first);
            item.and_or.rest.iter().for_each(|linked| self.pipeline(&linked.pipeline));
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let mut input = Input::None;
        for stage in &pipeline.stages {
            input = self.command(stage, input);
        }
    }

    /// Runs over a command; what it gives to the next one of its pipe.
    fn command(&mut self, command: &Command, input: Input) -> Input {
        match &command.kind {
            Commands::Simple(simple) => {
                let words = || simple.assignments.iter().map(|assignment| &assignment.value).chain(&simple.words);
                words().flat_map(Word::substitutions).for_each(|list| self.list(list));
                self.simple(simple, command, input)
            }
            Commands::Function { name, body } => {
                self.functions.push(name.clone());
                self.command(body, Input::None);
                Input::None
            }
            other => {
                let lists = other.lists();
                lists.into_iter().for_each(|list| self.list(list));
                self.written(&command.redirections, &Input::Unknown);
                Input::Unknown
            }
        }
    }

    fn simple(&mut self, simple: &Simple, command: &Command, piped: Input) -> Input {
        let words: Vec<String> = simple.words.iter().map(Word::text).collect();
        let words = unwrapped(&words);
        let Some((first, arguments)) = words.split_first() else { return Input::None };
        let program = name_of(first);
        let given = match self.redirected(&command.redirections) {
            Input::None => piped,
            input => input,
        };
        if CLIENTS.contains(&program) {
            self.client(simple, arguments, given);
            return Input::Unknown;
        }
        let output = match program {
            "echo" | "printf" => self.said(simple),
            "cat" if arguments.is_empty() || arguments.iter().all(|word| word == "-") => given,
            "cat" => {
                arguments.first().filter(|_| arguments.len() == 1).and_then(|path| self.file(path)).map_or(Input::Unknown, Input::File)
            }
            "tee" => {
                for path in arguments.iter().filter(|word| !word.starts_with('-')) {
                    let appends = arguments.iter().any(|word| word == "-a" || word == "--append");
                    self.write(path, &given, !appends, &command.place);
                }
                given
            }
            _ => self.other(program, arguments, command),
        };
        self.written(&command.redirections, &output);
        output
    }

    /// A program that is no client, and does not write what it is given.
    fn other(&mut self, program: &str, arguments: &[String], command: &Command) -> Input {
        let last = arguments.iter().rfind(|word| !word.starts_with('-')).cloned().unwrap_or_default();
        match program {
            "sed"
                if arguments
                    .iter()
                    .any(|word| word.starts_with("-i") || word == "--in-place" || word.starts_with("-") && word.ends_with('i')) =>
            {
                self.edited(arguments, &last, command);
            }
            "cp" | "mv" | "install" | "ln" | "rsync" | "rm" => self.write(&last, &Input::Unknown, true, &command.place),
            "createuser" => self.create_user(arguments, command),
            "postgres" => self.server(arguments, command),
            "pg_ctl" if !arguments.iter().any(|word| word.starts_with("-o")) => {}
            "source" | "." if arguments.first().is_some_and(|path| path.ends_with("docker-entrypoint.sh")) => {}
            "rmdir" | "gunzip" | "zcat" | "gzip" | "xz" | "tar" | "curl" | "wget" | "envsubst" | "jq" | "awk" => {}
            _ if HARMLESS.contains(&program) || self.functions.iter().any(|name| name == program) => {}
            _ => self.sql.lost(&format!("it runs {program}, which is not read")),
        }
        Input::Unknown
    }

    /// `postgres -c fsync=off`, of a script that stands in for the entrypoint.
    fn server(&mut self, arguments: &[String], command: &Command) {
        let span = self.span(&command.place);
        let pairs = arguments.iter().filter_map(|word| word.trim_start_matches("-c").trim_start_matches("--").split_once('='));
        for (name, value) in pairs {
            let change = Change::Setting { name: name.replace('-', "_"), value: value.to_owned(), value_span: span, file: None };
            self.sql.effects.push(Effect { change, span, source: Arc::clone(self.source) });
        }
    }

    /// `createuser -s app`.
    fn create_user(&mut self, arguments: &[String], command: &Command) {
        let superuser =
            arguments.iter().any(|word| word == "--superuser" || word.starts_with('-') && !word.starts_with("--") && word.contains('s'));
        let role = arguments.last().cloned().unwrap_or_default();
        if superuser {
            let change = Change::Superuser { role, how: "SUPERUSER".to_owned() };
            let effect = Effect { change, span: self.span(&command.place), source: Arc::clone(self.source) };
            self.sql.effects.push(effect);
        }
    }

    /// What `psql` runs: `-c`, `-f`, what it is given.
    fn client(&mut self, simple: &Simple, arguments: &[String], given: Input) {
        let written = simple.words.get(simple.words.len().saturating_sub(arguments.len())..).unwrap_or(&[]);
        let mut is_told = false;
        let mut at = 0;
        while let Some(word) = arguments.get(at) {
            let next = || arguments.get(at + 1).zip(written.get(at + 1));
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some((value.to_owned(), written.get(at)))),
                _ => (word.as_str(), None),
            };
            let bundled =
                |letter: char| word.starts_with('-') && !word.starts_with("--") && word.ends_with(letter) && !VALUED.contains(&name);
            if name == "--command" || bundled('c') {
                let said = value.or_else(|| next().map(|(text, word)| (text.clone(), Some(word))));
                at += usize::from(!word.contains('=')) + 1;
                is_told = true;
                if let Some((text, word)) = said {
                    let span = word.map_or_else(|| (self.place)(0..0), |word| self.span(&word.place));
                    self.sql.text(&text, &|_| span);
                }
            } else if name == "--file" || bundled('f') {
                let path = value.map(|(path, _)| path).or_else(|| next().map(|(path, _)| path.clone()));
                at += usize::from(!word.contains('=')) + 1;
                is_told = true;
                match path.and_then(|path| if path == "-" { None } else { self.file(&path) }) {
                    Some(source) => self.file_sql(&source),
                    None => self.sql.lost("it runs an SQL file that is not read"),
                }
            } else {
                at += 1 + usize::from(VALUED.contains(&word.as_str()));
            }
        }
        match given {
            Input::None if is_told => {}
            Input::None => {}
            Input::Here(cleaned) => {
                let inner = self.place;
                let from = cleaned.from;
                let place = |range: Range<usize>| {
                    let at = |at: usize| from.get(at).copied().or_else(|| from.last().map(|last| last + 1)).unwrap_or(0);
                    inner(at(range.start)..at(range.end).max(at(range.start)))
                };
                self.sql.text(&cleaned.text, &place);
            }
            Input::Text(text, span) => self.sql.text(&text, &|_| span),
            Input::File(source) => self.file_sql(&source),
            Input::Unknown if is_told => {}
            Input::Unknown => self.sql.lost("psql is given what another program writes"),
        }
    }

    fn file_sql(&mut self, source: &Arc<Source>) {
        let mut sql = Sql::new(source);
        sql.text(source.text(), &|range| source.span(range.start, range.end));
        if let Some(why) = &sql.unread {
            self.sql.lost(why);
        }
        self.sql.effects.append(&mut sql.effects);
    }

    fn file(&self, path: &str) -> Option<Arc<Source>> {
        (self.file_of)(&self.path(path))
    }

    /// A path with `$PGDATA` replaced.
    fn path(&self, path: &str) -> String {
        let rest = path.strip_prefix("$PGDATA").or_else(|| {
            let rest = path.strip_prefix("${PGDATA")?;
            rest.split_once('}').map(|(_, rest)| rest)
        });
        rest.map_or_else(|| path.to_owned(), |rest| format!("{}{rest}", self.data))
    }

    /// What `echo` prints, line by line.
    fn said(&self, simple: &Simple) -> Input {
        let words: Vec<String> =
            simple.words.iter().skip(1).map(Word::text).filter(|word| !matches!(word.as_str(), "-e" | "-n" | "-E")).collect();
        let place = simple.words.get(1).zip(simple.words.last()).map_or(0..0, |(first, last)| first.place.start..last.place.end);
        Input::Text(words.join(" ").replace("\\n", "\n").replace("\\t", "\t"), self.span(&place))
    }

    /// What `<`, `<<` and `<<<` give.
    fn redirected(&self, redirections: &[Redirection]) -> Input {
        let input = redirections.iter().rfind(|redirection| redirection.operator.starts_with('<') && redirection.operator != "<&");
        let Some(redirection) = input else { return Input::None };
        match redirection.operator {
            "<<" | "<<-" => here_document(self.text, redirection).map_or(Input::Unknown, Input::Here),
            "<<<" => Input::Text(redirection.target.text(), self.span(&redirection.target.place)),
            _ => self.file(&redirection.target.text()).map_or(Input::Unknown, Input::File),
        }
    }

    /// What `>` and `>>` write.
    fn written(&mut self, redirections: &[Redirection], output: &Input) {
        for redirection in redirections.iter().filter(|redirection| redirection.takes_output()) {
            let replaces = !redirection.operator.ends_with(">>");
            self.write(&redirection.target.text(), output, replaces, &redirection.target.place);
        }
    }

    /// What is written into a file of the server.
    fn write(&mut self, path: &str, text: &Input, replaces: bool, place: &Range<usize>) {
        let path = self.path(path);
        let name = name_of(&path);
        let is_access = name == "pg_hba.conf";
        let is_conf = name.ends_with(".conf") && name != "pg_ident.conf" && !is_access;
        if path == "/dev/null" || !(is_access || is_conf) {
            if path.starts_with(self.data) || path.contains("$(") {
                self.sql.lost(&format!("it writes {path}"));
            }
            return;
        }
        let lines: Vec<(String, Span)> = match text {
            Input::Text(text, span) => text.lines().map(|line| (line.to_owned(), *span)).collect(),
            Input::Here(cleaned) => cleaned.lines().map(|(line, range)| (line, self.span(&range))).collect(),
            _ => return self.sql.lost(&format!("it changes {path}")),
        };
        for (line, span) in lines.into_iter().filter(|(line, _)| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            self.line(&path, line.trim(), span, is_access, replaces);
        }
        _ = place;
    }

    fn line(&mut self, path: &str, line: &str, span: Span, is_access: bool, replaces: bool) {
        if line.contains("$(") || line.contains('`') || line.contains('$') {
            return self.sql.lost(&format!("what it writes into {path} is put together"));
        }
        let change = if is_access {
            Change::AccessLine { path: path.to_owned(), line: line.to_owned(), replaces }
        } else {
            let Some(statement) = only_statement(line) else { return self.sql.lost(&format!("it writes {path}")) };
            let file = (!path.ends_with("/postgresql.auto.conf")).then(|| path.to_owned());
            Change::Setting { name: statement.name, value: statement.value, value_span: span, file }
        };
        self.sql.effects.push(Effect { change, span, source: Arc::clone(self.source) });
    }

    /// `sed -i "s/^#*fsync.*/fsync = off/" "$PGDATA/postgresql.conf"`.
    fn edited(&mut self, arguments: &[String], path: &str, command: &Command) {
        let path = self.path(path);
        let (is_access, is_conf) = (path.ends_with("/pg_hba.conf"), path.ends_with(".conf"));
        if !is_conf {
            return;
        }
        let expressions = arguments.iter().filter(|word| word.starts_with("s") && word.len() > 3);
        let replacement = |word: &String| {
            let separator = word.chars().nth(1)?;
            word.split(separator).nth(2).map(str::to_owned)
        };
        let replaced: Vec<String> = expressions.filter_map(replacement).collect();
        if replaced.is_empty() || is_access {
            return self.sql.lost(&format!("it edits {path}"));
        }
        let span = self.span(&command.place);
        for line in replaced {
            self.line(&path, &line, span, false, false);
        }
    }
}

impl Cleaned {
    /// Its lines, each with the bytes of the script that it comes from.
    fn lines(&self) -> impl Iterator<Item = (String, Range<usize>)> + '_ {
        let mut at = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            let trimmed = line.trim_end();
            let from = |at: usize| self.from.get(at).copied().unwrap_or(0);
            let end = start + trimmed.len();
            (trimmed.to_owned(), from(start)..if end > start { from(end - 1) + 1 } else { from(start) })
        })
    }
}

/// The text of a here-document, which begins with the line after its operator.
fn here_document(text: &str, redirection: &Redirection) -> Option<Cleaned> {
    let place = &redirection.target.place;
    let quoted = text.get(place.clone())?.contains(['\'', '"', '\\']);
    let line_end = place.end + text.get(place.end..)?.find('\n')? + 1;
    // A second one on the same line comes before or after this one.
    let line_start = text.get(..place.start)?.rfind('\n').map_or(0, |at| at + 1);
    if text.get(line_start..line_end)?.matches("<<").count() > 1 {
        return None;
    }
    let end = redirection.target.text();
    let mut cleaned = Cleaned { text: String::new(), from: Vec::new() };
    let mut at = line_end;
    for line in text.get(line_end..)?.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let bare = if redirection.operator == "<<-" { bare.trim_start_matches('\t') } else { bare };
        if bare == end {
            return Some(cleaned);
        }
        cleaned.push(line, at, quoted);
        at += line.len();
    }
    None
}

impl Cleaned {
    fn push(&mut self, line: &str, base: usize, quoted: bool) {
        let mut characters = line.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            if c == '\\' && !quoted && characters.peek().is_some_and(|(_, next)| matches!(next, '$' | '`' | '\\')) {
                continue;
            }
            self.text.push(c);
            self.from.extend((0..c.len_utf8()).map(|byte| base + at + byte));
        }
    }
}

/// The words after `exec`, `gosu postgres`, `su-exec postgres`, and assignments that `env` takes.
fn unwrapped(words: &[String]) -> &[String] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        words = match name_of(first) {
            "exec" | "command" | "sudo" | "env" | "time" => rest,
            "gosu" | "su-exec" => rest.get(1..).unwrap_or(&[]),
            _ if shell::is_assignment(first) => rest,
            _ => break,
        };
    }
    words
}
