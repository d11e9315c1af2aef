//! `command`, `entrypoint` and the test of a health check, in any of their forms.

use std::rc::Rc;

use super::reader::Reader;
use super::text::Text;
use super::words::{Located, Split, located, split_as_compose, split_as_shell};
use crate::formats::yaml::Node;
use crate::model::bounds::MOST_WORDS;
use crate::model::{Command, Interpolated};
use crate::text::Span;
use crate::text::path::name_of;

/// Programs that run a script given as `-c SCRIPT`.
const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// One argument, with its place in the scalar that it comes from.
#[derive(Clone)]
struct Argument {
    text: Rc<Text>,
    split: Split,
}

impl Argument {
    fn whole(text: Text) -> Self {
        let end = text.expanded().len();
        Self { split: Split { characters: located(text.expanded()), start: 0, end }, text: Rc::new(text) }
    }

    fn meaning(&self) -> String {
        self.split.text()
    }

    fn word(&self) -> Interpolated {
        if self.split.start == 0
            && self.split.end == self.text.expanded().len()
            && self.split.characters.len() == self.text.expanded().chars().count()
        {
            return self.text.interpolated();
        }
        self.text.part_meaning(self.split.start..self.split.end, self.meaning())
    }
}

/// Reads `entrypoint` and `command`; null, like a missing key, leaves what the image says.
pub(super) fn read(reader: &mut Reader<'_>, entrypoint: Option<&Node>, command: Option<&Node>) -> (Option<Command>, Option<Command>) {
    let mut words = |key, node: Option<&Node>| {
        let node = node.filter(|node| !node.is_null())?;
        Some((arguments(reader, key, node)?, node.span))
    };
    let entrypoint = words("entrypoint", entrypoint);
    let command = words("command", command);
    let opens_shell = entrypoint.as_ref().is_some_and(|(words, _)| script_position(words) == Some(words.len()));
    let command = command.map(|(words, span)| match words.first().filter(|_| opens_shell) {
        // With an entrypoint of `sh -c`, the first word of the command is the script.
        Some(first) => script(&first.text, &first.split.characters, span, &options(entrypoint.iter().flat_map(|(words, _)| words))),
        None => unwrap_shell(&words, span),
    });
    (entrypoint.map(|(words, span)| unwrap_shell(&words, span)), command)
}

/// Reads the test of a health check: whether it is switched off, and its command.
pub(super) fn read_test(reader: &mut Reader<'_>, node: &Node) -> (bool, Option<Command>) {
    if node.items().is_none() {
        let Some(text) = reader.scalar("healthcheck", node) else {
            return (false, None);
        };
        return (false, Some(script(&text, &located(text.expanded()), node.span, "")));
    }
    let Some(arguments) = arguments(reader, "healthcheck", node) else {
        return (false, None);
    };
    let Some((kind, rest)) = arguments.split_first() else {
        return (false, None);
    };
    match kind.meaning().as_str() {
        "NONE" => (true, None),
        "CMD" => (false, Some(unwrap_shell(rest, node.span))),
        "CMD-SHELL" => (false, rest.first().map(|first| script(&first.text, &first.split.characters, node.span, ""))),
        _ => {
            let expected = "a list that begins with CMD, CMD-SHELL or NONE";
            reader.problem("compose-invalid-value", node.place(), "the first item of this health check is not a kind of test", expected);
            (false, Some(unwrap_shell(&arguments, node.span)))
        }
    }
}

fn arguments(reader: &mut Reader<'_>, key: &'static str, node: &Node) -> Option<Vec<Argument>> {
    if let Some(items) = node.items() {
        let items = match items.get(..MOST_WORDS) {
            Some(first) if items.len() > MOST_WORDS => too_many(reader, key, node, first),
            _ => items,
        };
        return Some(items.iter().filter_map(|item| reader.scalar(key, item)).map(Argument::whole).collect());
    }
    let text = reader.scalar(key, node)?;
    let characters = located(text.expanded());
    let split = match split_as_compose(&characters) {
        Some(split) => {
            if let Some(at) = split.cut_at {
                let place = text.part(at..text.expanded().len()).span;
                let message = "Docker Compose runs no shell for this string, and drops everything from this operator on";
                reader.remark("compose-command-cut", place, message, "sh -c with the whole script as one word, or a list");
            }
            split.words
        }
        None => {
            let message = "Docker Compose cannot split this string into words";
            reader.problem("compose-invalid-command", node.place(), message, "quotes and brackets that are closed, or a list of words");
            reader.lost(key, node.place());
            split_as_shell(&characters)
        }
    };
    let split = match split.get(..MOST_WORDS) {
        Some(first) if split.len() > MOST_WORDS => too_many(reader, key, node, first).to_vec(),
        _ => split,
    };
    let text = Rc::new(text);
    Some(split.into_iter().map(|split| Argument { text: Rc::clone(&text), split }).collect())
}

/// The first words of a command that has too many: the rest is unknown.
fn too_many<'w, T>(reader: &mut Reader<'_>, key: &'static str, node: &Node, first: &'w [T]) -> &'w [T] {
    reader.lost(key, node.place());
    let say = || format!("{key} has more than {MOST_WORDS} words; the rest is not read");
    reader.cuts.borrow_mut().add("words", node.place(), say);
    first
}

/// The words of a command; of `sh -c SCRIPT`, the words of the script.
fn unwrap_shell(arguments: &[Argument], span: Span) -> Command {
    match script_position(arguments).and_then(|at| arguments.get(at)) {
        Some(argument) => script(&argument.text, &argument.split.characters, span, &options(arguments)),
        None => Command { words: arguments.iter().map(Argument::word).collect(), shell: false, script: None, span },
    }
}

fn script(text: &Text, characters: &[Located], span: Span, options: &str) -> Command {
    let word = |split: &Split| text.part_meaning(split.start..split.end, split.text());
    let (start, end) = (characters.first().map_or(0, |(at, _)| *at), characters.last().map_or(0, |(at, c)| at + c.len_utf8()));
    let whole: String = characters.iter().map(|(_, c)| c).collect();
    let script = text.part_meaning(start..end, format!("{options}{whole}"));
    Command { words: split_as_shell(characters).iter().map(word).collect(), shell: true, script: Some(script), span }
}

/// What a shell is told before `-c`, as lines of a script: `bash -euo pipefail -c` → `set -euo pipefail`.
fn options<'a>(arguments: impl IntoIterator<Item = &'a Argument>) -> String {
    let meanings: Vec<String> = arguments.into_iter().take(8).map(Argument::meaning).collect();
    let Some((program, flags)) = meanings.split_first() else { return String::new() };
    let shebang = if name_of(program) == "bash" { "#!/bin/bash\n" } else { "" };
    let last = flags.iter().position(|flag| flag.starts_with('-') && flag.contains('c')).unwrap_or(0);
    let mut set: Vec<String> = Vec::new();
    for flag in flags.iter().take(last + 1) {
        set.push(flag.replace(['c', 'l'], ""));
    }
    if flags.get(last).is_some_and(|flag| flag.ends_with('o')) {
        set.extend(flags.get(last + 1).cloned());
    }
    set.retain(|flag| flag.len() > 1);
    if set.is_empty() { shebang.to_owned() } else { format!("{shebang}set {}\n", set.join(" ")) }
}

/// Where the script of `sh -c SCRIPT` stands among the words; one past the last when it is missing.
fn script_position(arguments: &[Argument]) -> Option<usize> {
    let meanings: Vec<String> = arguments.iter().take(8).map(Argument::meaning).collect();
    let words: Vec<&str> = meanings.iter().map(String::as_str).collect();
    let (program, flags) = words.split_first()?;
    if !SHELLS.contains(&name_of(program)) {
        return None;
    }
    let mut takes_value = false;
    for (index, flag) in flags.iter().enumerate() {
        if std::mem::take(&mut takes_value) {
            continue;
        }
        let short = flag.strip_prefix('-').filter(|rest| !rest.starts_with('-'))?;
        if short.contains('c') {
            // `-euo pipefail -c` and `-ceuo pipefail`: the value of `o` comes first.
            return Some(index + 2 + usize::from(short.ends_with('o')));
        }
        takes_value = short.ends_with('o');
    }
    None
}
