//! Command lines of a service: its entrypoint, command and health check, what `sh -c` runs in them,
//! and the scripts that are mounted into it; word by word, each with its place.

use std::sync::Arc;

use crate::formats::shell::{self, is_shell};
use crate::model::bounds::LONGEST_SCRIPT;
use crate::model::{Command, MountKind, Placement, Provenance, Word};
use crate::text::path::name_of;
use crate::text::{Files, Source, Span};

/// Where the text of a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordOrigin {
    /// It stands there.
    Literal,
    /// A variable that compose replaces, so that the value shows in `docker inspect`.
    Variable,
    /// The value that such a variable falls back to.
    Default,
    /// Something that a shell inside the container expands.
    Shell,
}

/// One word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandWord {
    /// Its text; of a variable, what is known of its value, else as written.
    pub text: String,
    /// Its place.
    pub span: Span,
    /// Where its text comes from.
    pub origin: WordOrigin,
}

impl CommandWord {
    /// The text without folders: `/usr/bin/pg_dump` → `pg_dump`.
    #[must_use]
    pub fn program(&self) -> &str {
        name_of(&self.text)
    }
}

/// One command: assignments, program, arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Assignments before the program, as `PGPASSWORD=…`.
    pub assignments: Vec<CommandWord>,
    /// Program and arguments.
    pub words: Vec<CommandWord>,
    /// Shell keywords before it, as `while`.
    pub keywords: Vec<String>,
}

impl CommandLine {
    /// From its program to its last argument; `None` for assignments alone.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.words.first().zip(self.words.last()).map(|(first, last)| first.span.to(last.span))
    }

    /// The program, without folders.
    #[must_use]
    pub fn program(&self) -> &str {
        self.words.first().map_or("", CommandWord::program)
    }

    /// The arguments after the program.
    #[must_use]
    pub fn arguments(&self) -> &[CommandWord] {
        self.words.get(1..).unwrap_or(&[])
    }
}

/// The command lines of a command of a compose file, those within `sh -c` included.
#[must_use]
pub fn command_lines(command: &Command, files: &Files) -> Vec<CommandLine> {
    let Some(first) = command.words.first() else {
        return Vec::new();
    };
    if command.shell {
        // A script that nobody took apart yet is one word.
        let whole = command.words.len() == 1 && first.value.as_deref().is_some_and(|text| text.contains(char::is_whitespace));
        let script = if whole { Script::of_word(first, files) } else { None };
        return script.map_or_else(|| script_lines(&command.words), |script| script.lines());
    }
    let mut lines = vec![plain(&command.words)];
    if let Some(inner) = inner_script(&command.words) {
        lines.extend(Script::of_word(inner, files).map(|script| script.lines()).unwrap_or_default());
    }
    lines
}

/// The command lines of a script whose words, operators among them, were taken apart already.
fn script_lines(words: &[Word]) -> Vec<CommandLine> {
    let mut lines = Vec::new();
    let mut line = CommandLine::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.value.as_deref().unwrap_or_default();
        match text {
            ";" | "|" | "||" | "&" | "&&" | "(" | ")" | ";;" => lines.push(std::mem::take(&mut line)),
            // The target of a redirection is no argument.
            ">" | ">>" | "<" | "<<" | "<<<" => _ = words.next(),
            _ if line.words.is_empty() && shell::is_keyword(text) => line.keywords.push(text.to_owned()),
            _ if line.words.is_empty() && shell::is_assignment(text) => line.assignments.push(command_word(word, true)),
            _ if line.words.is_empty() && shell::is_wrapper(text) => {}
            _ => line.words.push(command_word(word, true)),
        }
    }
    lines.push(line);
    // Keywords alone belong to the command that follows them: `while` to its condition, `do` to its body.
    let mut keywords = Vec::new();
    for line in &mut lines {
        if line.words.is_empty() && line.assignments.is_empty() {
            keywords.append(&mut line.keywords);
        } else {
            line.keywords.splice(0..0, keywords.drain(..));
        }
    }
    lines.retain(|line| !line.words.is_empty() || !line.assignments.is_empty());
    lines
}

/// The command lines of the scripts that the entrypoint or command runs from a mount below the given paths.
#[must_use]
pub fn mounted_script_lines(placement: &Placement, files: &Files) -> Vec<CommandLine> {
    mounted_scripts(placement, files).into_iter().flat_map(|source| Script::of_source(source).lines()).collect()
}

/// All command lines that a container of the service runs, health check aside.
#[must_use]
pub fn all_lines(placement: &Placement, files: &Files) -> Vec<CommandLine> {
    let written = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| command_lines(command, files));
    written.chain(mounted_script_lines(placement, files)).collect()
}

/// Display paths of the scripts that a container of the service runs from a mount.
#[must_use]
pub fn script_files(placement: &Placement, files: &Files) -> Vec<String> {
    let mounted = script_paths(placement).into_iter().filter_map(|path| mounted_source(placement, &path, files));
    mounted.map(|source| source.path().to_owned()).collect()
}

/// Whether a script is run whose text is not among the given files.
#[must_use]
pub fn runs_unseen_script(placement: &Placement, files: &Files) -> bool {
    script_paths(placement).iter().any(|path| mounted_source(placement, path, files).is_none_or(|source| !is_short(&source)))
}

fn mounted_scripts(placement: &Placement, files: &Files) -> Vec<Arc<Source>> {
    let mounted = script_paths(placement).into_iter().filter_map(|path| mounted_source(placement, &path, files));
    mounted.filter(|source| is_short(source)).collect()
}

/// Paths in the container that the entrypoint or command names as the script to run.
fn script_paths(placement: &Placement) -> Vec<String> {
    let mut words =
        placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words).filter_map(|word| word.value.as_deref());
    let mut paths = Vec::new();
    for word in words.by_ref() {
        for part in word.split_whitespace().take(64) {
            let part = part.trim_matches(['"', '\'', ';']);
            let script = part.starts_with('/')
                && (part.ends_with(".sh") || part.ends_with(".bash") || placement.mounts.iter().any(|mount| mount.target == part));
            if script && !part.ends_with(".conf") {
                paths.push(part.to_owned());
            }
        }
    }
    paths
}

/// The file of the host that is at a path in the container.
#[must_use]
pub fn mounted_source(placement: &Placement, path: &str, files: &Files) -> Option<Arc<Source>> {
    let mount = placement
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind || mount.kind == MountKind::Config)
        .filter(|mount| covers(&mount.target, path))
        .max_by_key(|mount| mount.target.len())?;
    let host = mount.source_path.as_deref()?;
    let below = path.get(mount.target.trim_end_matches('/').len()..).unwrap_or("");
    let host = format!("{}{below}", host.trim_end_matches('/'));
    if files.exists(&host) == Ok(true) { files.read(&host).ok() } else { None }
}

/// The text of a script at a path in the container, where it is given and short enough to be taken apart.
#[must_use]
pub fn mounted_script(placement: &Placement, path: &str, files: &Files) -> Option<String> {
    let source = mounted_source(placement, path, files).filter(|source| is_short(source))?;
    Some(source.text().to_owned())
}

/// Whether a script is short enough to be taken apart.
fn is_short(source: &Source) -> bool {
    source.text().len() <= LONGEST_SCRIPT
}

/// Scripts that the service runs from a mount, and that are too long to be taken apart.
#[must_use]
pub fn scripts_left_out(placement: &Placement, files: &Files) -> Vec<Arc<Source>> {
    let mounted = script_paths(placement).into_iter().filter_map(|path| mounted_source(placement, &path, files));
    mounted.filter(|source| !is_short(source)).collect()
}

/// Whether `path` is `folder` or lies below it.
#[must_use]
pub fn covers(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Words of the exec form, as they are.
fn plain(words: &[Word]) -> CommandLine {
    CommandLine { words: words.iter().map(|word| command_word(word, false)).collect(), ..CommandLine::default() }
}

fn command_word(word: &Word, shell: bool) -> CommandWord {
    let expanded_inside = |raw: &str| raw.contains("$$") || shell && (raw.contains("$(") || raw.contains('`'));
    let origin = match word.provenance {
        _ if word.raw.test(expanded_inside) => WordOrigin::Shell,
        Provenance::Literal => WordOrigin::Literal,
        Provenance::Default => WordOrigin::Default,
        _ => WordOrigin::Variable,
    };
    CommandWord { text: word.value.clone().unwrap_or_default(), span: word.span, origin }
}

/// The script of `sh -c script` in the exec form.
fn inner_script(words: &[Word]) -> Option<&Word> {
    let text = |word: &Word| word.value.clone().unwrap_or_default();
    let at = words.iter().position(|word| is_shell(&text(word)))?;
    let rest = words.get(at + 1..)?;
    let flag = rest.iter().position(|word| {
        let text = text(word);
        text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
    })?;
    rest.get(flag + 1)
}

/// A text that a shell runs.
struct Script {
    text: String,
    /// Offset of the text in its source.
    base: usize,
    /// The whole, for words whose own place cannot be told.
    span: Span,
    /// Whether the offsets of the text are those of the source.
    placed: bool,
    /// Whether compose replaces variables in it before a shell sees it.
    interpolated: bool,
}

impl Script {
    fn of_word(word: &Word, files: &Files) -> Option<Self> {
        Self::of_span(word.span, files).or_else(|| {
            let text = word.value.clone()?;
            Some(Self { text, base: 0, span: word.span, placed: false, interpolated: true })
        })
    }

    fn of_span(span: Span, files: &Files) -> Option<Self> {
        let source = files.source(span.source)?;
        let slice = source.slice(span);
        let quote = slice.chars().next().filter(|c| matches!(c, '\'' | '"') && slice.len() > 1 && slice.ends_with(*c));
        let inside = quote.and_then(|_| slice.get(1..slice.len() - 1));
        let base = span.start as usize + usize::from(inside.is_some());
        Some(Self { text: inside.unwrap_or(slice).to_owned(), base, span, placed: true, interpolated: true })
    }

    fn of_source(source: Arc<Source>) -> Self {
        let span = source.span(0, source.text().len());
        Self { text: source.text().to_owned(), base: 0, span, placed: true, interpolated: false }
    }

    fn lines(&self) -> Vec<CommandLine> {
        let commands = shell::commands(&self.text);
        commands.into_iter().map(|command| self.line(command)).collect()
    }

    fn line(&self, command: shell::ShellCommand) -> CommandLine {
        let arguments = command.program_words().len();
        let before = command.words.len() - arguments;
        let mut words: Vec<CommandWord> = command.words.iter().map(|word| self.word(word)).collect();
        let program = words.split_off(before.min(words.len()));
        words.retain(|word| shell::is_assignment(&word.text));
        CommandLine { assignments: words, words: program, keywords: command.keywords }
    }

    fn word(&self, word: &shell::ShellWord) -> CommandWord {
        let span =
            if self.placed { Span::new(self.span.source, self.base + word.range.start, self.base + word.range.end) } else { self.span };
        CommandWord { text: word.text.clone(), span, origin: self.origin(word) }
    }

    fn origin(&self, word: &shell::ShellWord) -> WordOrigin {
        let expands = |text: &str| {
            text.contains('`')
                || text.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "_{(@*#?".contains(c)))
        };
        if !self.interpolated {
            return if expands(&word.text) && !word.single_quoted { WordOrigin::Shell } else { WordOrigin::Literal };
        }
        if word.text.contains("$$") || word.text.contains("$(") {
            WordOrigin::Shell
        } else if expands(&word.text) {
            WordOrigin::Variable
        } else {
            WordOrigin::Literal
        }
    }
}
