//! Tabs that YAML lets pass and the YAML library of Go programs does not.
//!
//! A blank line that begins with a tab, or a comment that a tab indents, is valid YAML. Docker
//! Compose refuses the file: "found character that cannot start any token".

use super::{Kind, Node, Style, Yaml};
use crate::text::{Source, Span};

/// Blank and comment lines that begin with a tab, outside brackets and quotes.
#[must_use]
pub fn refused_tabs(source: &Source, yaml: &Yaml) -> Vec<Span> {
    let text = source.text();
    if !text.starts_with('\t') && !text.contains("\n\t") {
        return Vec::new();
    }
    let mut free = Vec::new();
    yaml.documents.iter().for_each(|document| places_for_tabs(source, document, &mut free));
    free.sort_by_key(|span| span.start);
    let mut refused = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        let blank = code.is_empty() || code.starts_with('#');
        if line.starts_with('\t') && blank && !within(&free, at) {
            refused.push(source.span(at, at + line.len() - line.trim_start_matches('\t').len()));
        }
        at += line.len();
    }
    refused
}

/// Where tabs may stand: between brackets and between quotes.
fn places_for_tabs(source: &Source, node: &Node, free: &mut Vec<Span>) {
    if node.alias.is_some() {
        return;
    }
    let flow = source.slice(node.span).starts_with(['[', '{']);
    match &node.kind {
        Kind::Scalar(scalar) if matches!(scalar.style, Style::SingleQuoted | Style::DoubleQuoted) => free.push(node.span),
        Kind::Scalar(_) => {}
        _ if flow => free.push(node.span),
        Kind::Sequence(items) => items.iter().for_each(|item| places_for_tabs(source, item, free)),
        Kind::Mapping(entries) => entries.iter().for_each(|entry| {
            places_for_tabs(source, &entry.key, free);
            places_for_tabs(source, &entry.value, free);
        }),
    }
}

/// The spans do not overlap, so that the last one that begins before the offset decides.
fn within(spans: &[Span], offset: usize) -> bool {
    let before = spans.partition_point(|span| (span.start as usize) < offset);
    before.checked_sub(1).and_then(|last| spans.get(last)).is_some_and(|span| offset < span.end as usize)
}
