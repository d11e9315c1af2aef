//! `post_start`: commands that run in a container that has started.

use super::reader::Reader;
use crate::formats::yaml::Node;
use crate::text::Span;

/// The commands as lines of a script, each with its place; a word that cannot be told is a variable of that script.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Vec<(String, Span)> {
    let hooks = node.items().unwrap_or_default().iter().filter_map(|hook| hook.get("command"));
    let mut lines = Vec::new();
    for command in hooks {
        let line = match command.items() {
            Some(items) => items.iter().map(|item| word(reader, item)).collect::<Vec<_>>().join(" "),
            None => reader.known("post_start", command).map_or_else(|| "$UNKNOWN".to_owned(), |(text, _)| text),
        };
        lines.push((line, command.span));
    }
    lines
}

fn word(reader: &mut Reader<'_>, node: &Node) -> String {
    let known = reader.known("post_start", node);
    known.map_or_else(|| "\"$UNKNOWN\"".to_owned(), |(text, _)| format!("'{}'", text.replace('\'', r"'\''")))
}
