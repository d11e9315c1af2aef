//! The first look at every node of a document: keys and variables that Docker Compose refuses, and secrets that variables carry.

use super::allowance::Allowance;
use super::interpolate::{Expansion, Piece, expand};
use super::project::VariableUse;
use super::reader::Reader;
use crate::formats::yaml::{Kind, Node, Offsets, Typed};
use crate::text::secrets::{credentials_in, names_secret};

/// How a part of a document is surveyed.
#[derive(Clone, Copy)]
struct How<'a> {
    /// Whether it stands for the value of a secret name, which is expected to hold one.
    secret: bool,
    /// What may be expanded.
    allowance: &'a Allowance,
}

/// Meets every key and every variable of a document once, and reports those that Docker Compose refuses. `allowance` is what
/// variables may be expanded to.
pub(super) fn survey(reader: &mut Reader<'_>, document: &Node, allowance: &Allowance, uses: &mut Vec<VariableUse>) {
    look(reader, document, How { secret: false, allowance }, uses);
}

fn look(reader: &mut Reader<'_>, node: &Node, how: How<'_>, uses: &mut Vec<VariableUse>) {
    if node.alias.is_some() {
        return;
    }
    match &node.kind {
        Kind::Scalar(scalar) if scalar.value.contains('$') => look_at_scalar(reader, node, &scalar.value, how, uses),
        Kind::Scalar(_) => {}
        Kind::Sequence(items) => items.iter().for_each(|item| look(reader, item, how, uses)),
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                if entry.key.typed() != Some(Typed::Text) {
                    let message = "YAML does not read this key as text, and Docker Compose refuses it";
                    reader.problem("compose-invalid-key", entry.key.span, message, "the key in quotes");
                }
                look(reader, &entry.value, How { secret: entry.key.text().is_some_and(names_secret), ..how }, uses);
            }
        }
    }
}

fn look_at_scalar(reader: &mut Reader<'_>, node: &Node, text: &str, how: How<'_>, uses: &mut Vec<VariableUse>) {
    let offsets = Offsets::of(reader.source_of(node), node);
    let expansion = expand(text, reader.current_variables(), how.allowance);
    if !how.secret {
        hide_strays(reader, &expansion);
    }
    if let Some((range, what)) = &expansion.error {
        let message = format!("Docker Compose cannot read this variable: {what}");
        reader.problem(
            "compose-interpolation",
            offsets.span(range.start, range.end),
            &message,
            "${NAME} or ${NAME:-default}, and `$$` for a dollar",
        );
    }
    for piece in &expansion.pieces {
        for name in &piece.variables {
            let span = offsets.span(piece.raw.start, piece.raw.end);
            uses.push(VariableUse { name: name.clone(), span, provenance: piece.provenance });
        }
    }
}

/// Remembers the values of secret variables that stand where nothing says that a secret stands: in the tag of an image,
/// in a setting of the server. They may be repeated anywhere from there, and must not be shown.
fn hide_strays(reader: &Reader<'_>, expansion: &Expansion) {
    let from_secret = |piece: &&Piece| piece.variables.iter().any(|name| reader.current_variables().is_secret(name));
    let mut strays = expansion.pieces.iter().filter(from_secret).peekable();
    if strays.peek().is_none() {
        return;
    }
    let known = credentials_in(&expansion.text);
    for piece in strays {
        let covered = known.iter().any(|place| place.start <= piece.expanded.start && piece.expanded.end <= place.end);
        if !covered && let Some(value) = expansion.text.get(piece.expanded.clone()) {
            reader.files.hide_value(value);
        }
    }
}
