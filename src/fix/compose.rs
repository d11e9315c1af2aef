//! Compose files: scalars and keys, changed where they stand so that the rest of the text stays as it is.

use super::aligned::line_end;
use super::conf::line_of;
use super::offer::{Offer, Texts};
use crate::formats::yaml::{Entry, Node, Style};
use crate::model::Edit;
use crate::text::{Source, Span};

/// A scalar with its place and style.
#[derive(Clone)]
pub(super) struct ScalarPlace {
    span: Span,
    style: Style,
    text: String,
}

/// Whether a file is YAML by its name.
pub(super) fn is_yaml(source: &Source) -> bool {
    source.file_name().ends_with(".yml") || source.file_name().ends_with(".yaml")
}

/// The scalar of a YAML file that stands exactly at a place.
pub(super) fn scalar_at(span: Span, source: &Source, texts: &Texts<'_>) -> Option<ScalarPlace> {
    let yaml = texts.yaml(source);
    let found = yaml.documents.iter().find_map(|document| find(document, &|node| node.span == span && node.text().is_some()))?;
    scalar(found)
}

fn scalar(node: &Node) -> Option<ScalarPlace> {
    let crate::formats::yaml::Kind::Scalar(scalar) = &node.kind else { return None };
    let plain = node.alias.is_none() && node.tag.is_none() && !matches!(scalar.style, Style::Literal | Style::Folded);
    plain.then(|| ScalarPlace { span: node.span, style: scalar.style, text: scalar.value.to_string() })
}

/// The first node that fits, aliases not followed.
fn find<'n>(node: &'n Node, fits: &dyn Fn(&Node) -> bool) -> Option<&'n Node> {
    if node.alias.is_some() {
        return None;
    }
    if fits(node) {
        return Some(node);
    }
    let of_entry = |entry: &'n Entry| find(&entry.key, fits).or_else(|| find(&entry.value, fits));
    let in_entries = node.written_entries().unwrap_or_default().iter().find_map(of_entry);
    in_entries.or_else(|| node.items().unwrap_or_default().iter().find_map(|item| find(item, fits)))
}

/// Another text for a scalar. One with variables is not touched; a port is, where only the address before it changes.
pub(super) fn replace(scalar: &ScalarPlace, with: &str, source: &Source) -> Option<Edit> {
    let ports = with.split_once(':').map(|(_, ports)| ports);
    let keeps_ports = ports.is_none_or(|ports| scalar.text == ports || scalar.text.ends_with(&format!(":{ports}")));
    if scalar.text.contains('$') || source.slice(scalar.span).contains(['\n', '\\']) || !keeps_ports {
        return None;
    }
    Some(Edit { span: scalar.span, replacement: written(with, scalar.style) })
}

/// A text as a scalar: in the quotes that were there; in double quotes where YAML would take it for something else.
fn written(text: &str, style: Style) -> String {
    let safe = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let word = matches!(text, "no" | "yes" | "on" | "off" | "null") || !text.starts_with(|sign: char| sign.is_ascii_alphabetic());
    match style {
        Style::SingleQuoted if !text.contains('\'') => format!("'{text}'"),
        Style::Plain if safe && (!word || matches!(text, "true" | "false")) => text.to_owned(),
        _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// Gives a key of a service a value: where it is written, else on a line of its own behind `image` or `build`.
pub(super) fn set_key(key: &str, value: &str, service: Span, texts: &Texts<'_>) -> Offer {
    let by_hand = || Offer::ByHand(format!("write `{key}: {value}` for this service"));
    let Some(source) = texts.source(service) else { return Offer::Nothing };
    let yaml = texts.yaml(&source);
    let Some(entries) = yaml.documents.iter().find_map(|document| entries_of(document, service)) else { return by_hand() };
    let edit = match entries.iter().rev().find(|entry| entry.key.text() == Some(key)) {
        Some(entry) => scalar(&entry.value).and_then(|scalar| replace(&scalar, value, &source)),
        None if entries.iter().any(|entry| entry.key.text() == Some("deploy") && key == "restart" && has_policy(&entry.value)) => None,
        None => insert(key, value, entries, &source),
    };
    edit.map_or_else(by_hand, |edit| Offer::Edits(vec![edit]))
}

fn has_policy(deploy: &Node) -> bool {
    deploy.get("restart_policy").is_some()
}

/// The entries of the mapping whose key stands at a place.
fn entries_of(node: &Node, key: Span) -> Option<&[Entry]> {
    if node.alias.is_some() {
        return None;
    }
    for entry in node.written_entries().unwrap_or_default() {
        if entry.key.span == key {
            return entry.value.written_entries().filter(|_| entry.value.alias.is_none());
        }
        if let Some(found) = entries_of(&entry.value, key) {
            return Some(found);
        }
    }
    node.items().unwrap_or_default().iter().find_map(|item| entries_of(item, key))
}

/// A line with a key, in the indentation of the mapping; only where each of its keys has a line of its own.
fn insert(key: &str, value: &str, entries: &[Entry], source: &Source) -> Option<Edit> {
    let first = entries.first()?;
    let indentation = |entry: &Entry| {
        let line = line_of(entry.key.span.start_point(), source)?;
        let before = source.text().get(line.start as usize..entry.key.span.start as usize)?;
        before.bytes().all(|byte| byte == b' ').then_some(before)
    };
    let indent = indentation(first)?;
    let statement = format!("{indent}{key}: {}", written(value, Style::Plain));
    let named = |name: &str| entries.iter().find(|entry| entry.key.text() == Some(name) && scalar(&entry.value).is_some());
    let behind = named("image").or_else(|| named("build")).filter(|entry| indentation(entry) == Some(indent));
    let end = line_end(source.text(), first.key.span.start as usize);
    match behind {
        Some(entry) => {
            let line = line_of(entry.value.span, source)?;
            Some(Edit { span: Span { start: line.end, ..line }, replacement: format!("{end}{statement}") })
        }
        None => {
            let line = line_of(first.key.span, source)?;
            Some(Edit { span: line.start_point(), replacement: format!("{statement}{end}") })
        }
    }
}
