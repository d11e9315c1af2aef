//! Looking things up in the tree of the file.

use crate::formats::yaml::{Entry, Kind, Node, Style};
use crate::text::Span;

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The entry at a path of keys.
pub(super) fn entry<'n>(root: &'n Node, path: &[&str]) -> Option<&'n Entry> {
    let (last, above) = path.split_last()?;
    above.iter().try_fold(root, |node, key| node.get(key))?.entry(last)
}

/// The text at a path of keys, as Python's `str` would give it to the server.
pub(super) fn text(root: &Node, path: &[&str]) -> Option<Placed> {
    let value = &entry(root, path)?.value;
    Some(Placed { text: scalar(value)?, span: value.place() })
}

/// A scalar as the server gets it; nothing for null, lists and mappings.
///
/// Truth values are those of YAML 1.1, which PyYAML reads; numbers that begin with 0 are octal there.
pub(super) fn scalar(node: &Node) -> Option<String> {
    let Kind::Scalar(scalar) = &node.kind else { return None };
    let text = scalar.value.as_ref();
    if scalar.style != Style::Plain {
        return Some(text.to_owned());
    }
    match text.to_ascii_lowercase().as_str() {
        "" | "~" | "null" => None,
        "true" | "yes" | "on" => Some("on".to_owned()),
        "false" | "no" | "off" => Some("off".to_owned()),
        digits if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) => {
            Some(i64::from_str_radix(digits, 8).map_or_else(|_| text.to_owned(), |number| number.to_string()))
        }
        _ => Some(text.to_owned()),
    }
}

/// The whole number at a path of keys.
pub(super) fn number(root: &Node, path: &[&str]) -> Option<(i64, Span)> {
    let placed = text(root, path)?;
    Some((placed.text.parse().ok()?, placed.span))
}

/// The lines of a list of texts at a path of keys; a text of several lines counts as several.
pub(super) fn lines(root: &Node, path: &[&str]) -> Option<Vec<Placed>> {
    let items = entry(root, path)?.value.items()?;
    let of_item = |item: &Node| {
        let span = item.place();
        let text = item.text().unwrap_or_default().to_owned();
        text.lines().map(|line| Placed { text: line.to_owned(), span }).collect::<Vec<_>>()
    };
    let lines: Vec<Placed> = items.iter().flat_map(of_item).collect();
    // An empty list is as good as none: Patroni leaves the file as it is.
    (!lines.is_empty()).then_some(lines)
}
