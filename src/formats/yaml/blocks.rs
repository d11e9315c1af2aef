//! The mappings and lists of a YAML text, which an ignore comment before them holds for.

use super::{Node, parse};
use crate::formats::Commented;
use crate::text::{Source, Span};

/// The comments of a YAML text, and its mappings and lists, each from its key to its end.
#[must_use]
pub fn commented(source: &Source) -> Commented {
    let yaml = parse(source);
    let mut blocks = Vec::new();
    for document in &yaml.documents {
        collect(document, &mut blocks);
    }
    Commented { comments: yaml.comments, blocks, backslash_joins_lines: false }
}

fn collect(node: &Node, found: &mut Vec<Span>) {
    for entry in node.written_entries().unwrap_or_default().iter().filter(|entry| entry.value.alias.is_none()) {
        if entry.value.is_mapping() || entry.value.items().is_some() {
            found.push(entry.key.span.to(entry.value.span));
        }
        collect(&entry.value, found);
    }
    for item in node.items().unwrap_or_default().iter().filter(|item| item.alias.is_none()) {
        collect(item, found);
    }
}
