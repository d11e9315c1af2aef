//! How a compose file is edited: scalars, keys of services, and what the complaints about them name.

use std::sync::Arc;

use super::correct;
use crate::formats::Editable;
use crate::formats::aligned::{line_end, line_of};
use crate::formats::yaml::edit::{YamlPlaces, replace, scalar, written};
use crate::formats::yaml::{Entry, Node, Style};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// Opens a compose file.
pub(super) fn open(source: &Arc<Source>) -> Box<dyn Editable> {
    Box::new(Compose { source: Arc::clone(source), places: YamlPlaces::of(source) })
}

struct Compose {
    source: Arc<Source>,
    places: YamlPlaces,
}

impl Editable for Compose {
    fn set_key(&self, workload: Span, key: &str, value: &str) -> Option<Edit> {
        set_key(key, value, workload, &self.places, &self.source)
    }

    fn replace(&self, _: Option<&str>, word: Span, with: &str) -> Option<Edit> {
        self.places.replace(word, with, &self.source)
    }

    fn correct(&self, place: Span, complaint: &Complaint) -> Vec<Edit> {
        correct::correct(&complaint.code, place, complaint, &self.source)
    }
}

/// Gives a key of a service a value: where it is written, else on a line of its own behind `image` or `build`.
fn set_key(key: &str, value: &str, service: Span, places: &YamlPlaces, source: &Source) -> Option<Edit> {
    // In braces, keys are separated by commas.
    let block = places.mapping(service).filter(|mapping| !source.slice(mapping.span).starts_with('{'));
    let entries = block.and_then(Node::written_entries)?;
    match entries.iter().rev().find(|entry| entry.key.text() == Some(key)) {
        Some(entry) => replace(&scalar(&entry.value)?, value, source),
        None if entries.iter().any(|entry| entry.key.text() == Some("deploy") && key == "restart" && has_policy(&entry.value)) => None,
        None => insert(key, value, entries, source),
    }
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
