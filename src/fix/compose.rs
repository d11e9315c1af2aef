//! Compose files: scalars and keys, changed where they stand so that the rest of the text stays as it is.

use super::aligned::{line_end, line_of};
use super::offer::Offer;
use super::texts::Texts;
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
    scalar(texts.yaml(source).scalar(span)?)
}

fn scalar(node: &Node) -> Option<ScalarPlace> {
    let crate::formats::yaml::Kind::Scalar(scalar) = &node.kind else { return None };
    let plain = node.alias.is_none() && node.tag.is_none() && !matches!(scalar.style, Style::Literal | Style::Folded);
    plain.then(|| ScalarPlace { span: node.span, style: scalar.style, text: scalar.value.to_string() })
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
    // What has a letter that no number has, and is no truth value, is a text without quotes too.
    let is_text = text.contains(|sign: char| sign.is_ascii_alphabetic() && !sign.is_ascii_hexdigit() && !matches!(sign, 'x' | 'o' | '_'));
    let word = matches!(text, "no" | "yes" | "on" | "off" | "null") || !is_text || text.starts_with('-');
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
    // In braces, keys are separated by commas.
    let block = yaml.mapping(service).filter(|mapping| !source.slice(mapping.span).starts_with('{'));
    let Some(entries) = block.and_then(Node::written_entries) else { return by_hand() };
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
