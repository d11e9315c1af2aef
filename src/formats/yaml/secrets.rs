//! Hiding what looks like a secret anywhere in a YAML text.
//!
//! The whole tree is walked, extensions and labels included: what no rule reads may still stand on a
//! line that is shown.

use super::{Kind, Node, Offsets};
use crate::text::Source;
use crate::text::secrets::{credentials_in, credentials_of_words, is_harmless, names_secret};

/// Marks every secret below a node. Each node is visited where it is written, once.
pub fn hide(source: &Source, node: &Node) {
    if node.alias.is_some() {
        return;
    }
    match &node.kind {
        Kind::Scalar(scalar) => hide_text(source, node, &scalar.value),
        Kind::Sequence(items) => {
            hide_words(source, items);
            items.iter().for_each(|item| hide(source, item));
        }
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                if entry.key.text().is_some_and(names_secret) {
                    hide_value(source, entry.key.text().unwrap_or(""), &entry.value);
                }
                hide(source, &entry.value);
            }
            hide_named(source, node);
        }
    }
}

/// Marks the value of a secret's name, or the texts of a list there. What stands below the key `secrets` are names.
fn hide_value(source: &Source, key: &str, value: &Node) {
    match value.items() {
        Some(items) if key != "secrets" => items.iter().for_each(|item| hide_value(source, key, item)),
        // An alias shows its secret where the anchored text stands.
        _ if value.text().is_some_and(|text| !is_harmless(text)) => source.redact(value.span),
        _ => {}
    }
}

/// `{name: DB_PASSWORD, value: x}`
fn hide_named(source: &Source, node: &Node) {
    if let Some(value) = node.get("value")
        && node.get("name").and_then(Node::text).is_some_and(names_secret)
    {
        hide_value(source, "", value);
    }
}

fn hide_text(source: &Source, node: &Node, text: &str) {
    let mut places = credentials_in(text);
    // `NAME=two words`: all that follows the name is the value.
    if let Some((name, value)) = text.split_once('=')
        && names_secret(name)
        && !name.contains(char::is_whitespace)
        && !is_harmless(value)
    {
        places.push(name.len() + 1..text.len());
    }
    if places.is_empty() {
        return;
    }
    let offsets = Offsets::of(source, node);
    places.into_iter().for_each(|range| source.redact(offsets.span(range.start, range.end)));
}

/// A list may be a command, in which one item announces that the next is a credential.
fn hide_words(source: &Source, items: &[Node]) {
    let words: Vec<&str> = items.iter().map(|item| item.text().unwrap_or("")).collect();
    for (index, range) in credentials_of_words(&words) {
        if let Some(item) = items.get(index) {
            source.redact(Offsets::of(source, item).span(range.start, range.end));
        }
    }
}
