//! Telling a template of a YAML text (Go, Jinja, ERB) from YAML that holds templates in its values.
//!
//! `summary: "{{ $labels.instance }} is down"` is plain YAML. `port: {{ .Values.port }}` is not: for
//! a YAML reader it is a mapping with a mapping as key, and `{% if %}` is an error.

use super::{Kind, Node, Style};
use crate::text::{Source, Span};

const MARKS: [&str; 3] = ["{{", "{%", "<%"];

/// The first place that only a template language explains, in a text that is no valid YAML.
pub(super) fn in_broken_text(source: &Source) -> Option<Span> {
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let code = line.split(" #").next().unwrap_or(line);
        let mark = MARKS.iter().filter_map(|mark| code.find(mark)).min();
        if let Some(found) = mark.filter(|_| !line.trim_start().starts_with('#')) {
            return Some(source.span(at + found, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

/// The first place of a valid tree that only a template language explains.
pub(super) fn in_tree(source: &Source, node: &Node) -> Option<Span> {
    // Nearly every text has none of the signs anywhere.
    MARKS.iter().any(|mark| source.text().contains(mark)).then(|| in_node(source, node)).flatten()
}

fn in_node(source: &Source, node: &Node) -> Option<Span> {
    if node.alias.is_some() {
        return None;
    }
    match &node.kind {
        Kind::Scalar(scalar) => {
            let marked = scalar.style == Style::Plain && (scalar.value.contains("<%") || scalar.value.contains("{%"));
            marked.then_some(node.span)
        }
        Kind::Sequence(items) => items.iter().find_map(|item| in_node(source, item)),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| {
            if source.slice(entry.key.span).starts_with('{') && source.slice(node.span).starts_with("{{") {
                return Some(node.span);
            }
            in_node(source, &entry.key).or_else(|| in_node(source, &entry.value))
        }),
    }
}
