//! Scalars and mappings of a YAML text by place, and other texts for scalars.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Kind, Node, Style, parse};
use crate::formats::Editable;
use crate::model::Edit;
use crate::text::{Source, Span};

/// The scalars and the mappings of a YAML text, by place; what is there through an alias is not among them.
#[derive(Debug, Default)]
pub struct YamlPlaces {
    scalars: BTreeMap<(u32, u32), Node>,
    mappings: BTreeMap<(u32, u32), Node>,
}

impl YamlPlaces {
    /// Those of a text.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let mut places = Self::default();
        parse(source).documents.iter().for_each(|document| places.add(document));
        places
    }

    fn add(&mut self, node: &Node) {
        if node.alias.is_some() {
            return;
        }
        if node.text().is_some() {
            self.scalars.insert((node.span.start, node.span.end), node.clone());
        }
        for entry in node.written_entries().unwrap_or_default() {
            if entry.value.is_mapping() && entry.value.alias.is_none() {
                self.mappings.insert((entry.key.span.start, entry.key.span.end), entry.value.clone());
            }
            self.add(&entry.value);
        }
        node.items().unwrap_or_default().iter().for_each(|item| self.add(item));
    }

    /// Another text for the scalar that is exactly at a place.
    #[must_use]
    pub fn replace(&self, span: Span, with: &str, source: &Source) -> Option<Edit> {
        replace(&scalar(self.scalars.get(&(span.start, span.end))?)?, with, source)
    }

    /// The mapping whose key is exactly at a place.
    #[must_use]
    pub fn mapping(&self, key: Span) -> Option<&Node> {
        self.mappings.get(&(key.start, key.end))
    }
}

/// A scalar with its place and style.
#[derive(Clone, Debug)]
pub struct ScalarPlace {
    span: Span,
    style: Style,
    text: String,
}

/// A scalar that can be written in another way: plain or in quotes, without alias and tag.
#[must_use]
pub fn scalar(node: &Node) -> Option<ScalarPlace> {
    let Kind::Scalar(scalar) = &node.kind else { return None };
    let plain = node.alias.is_none() && node.tag.is_none() && !matches!(scalar.style, Style::Literal | Style::Folded);
    plain.then(|| ScalarPlace { span: node.span, style: scalar.style, text: scalar.value.to_string() })
}

/// Another text for a scalar. One with variables is not touched; a port is, where only the address before it changes.
#[must_use]
pub fn replace(scalar: &ScalarPlace, with: &str, source: &Source) -> Option<Edit> {
    let ports = with.split_once(':').map(|(_, ports)| ports);
    let keeps_ports = ports.is_none_or(|ports| scalar.text == ports || scalar.text.ends_with(&format!(":{ports}")));
    if scalar.text.contains('$') || source.slice(scalar.span).contains(['\n', '\\']) || !keeps_ports {
        return None;
    }
    Some(Edit { span: scalar.span, replacement: written(with, scalar.style) })
}

/// A text as a scalar: in the quotes that were there; in double quotes where YAML would take it for something else.
#[must_use]
pub fn written(text: &str, style: Style) -> String {
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

/// A YAML text of which scalars can be replaced.
#[derive(Debug)]
pub struct YamlEditor {
    source: Arc<Source>,
    places: YamlPlaces,
}

/// Opens a YAML text.
#[must_use]
pub fn open(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(YamlEditor { source: Arc::clone(source), places: YamlPlaces::of(source) })
}

impl Editable for YamlEditor {
    fn replace(&self, _: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        self.places.replace(word, with, &self.source)
    }
}
