//! Reading what a rule says about a single finding: its message, its places, and what a native check reads.

use std::ops::Range;

use super::names::Names;
use crate::model::ValueKind;
use crate::model::records;
use crate::rules::message::{self, Message, Piece, RawPiece};
use crate::rules::reader::{Item, Table, text_of};
use crate::rules::{Place, Read, RelatedPlace};

/// Reads a message. The span is that of the text with its quotes.
pub(super) fn message(text: &str, span: Range<usize>, names: Names<'_>) -> Option<Message> {
    let pieces = match message::split(text) {
        Ok(pieces) => pieces,
        Err(reason) => {
            names.problems.report(span, reason);
            return None;
        }
    };
    let read = |piece: RawPiece<'_>| match piece {
        RawPiece::Text(text) => Some(Piece::Text(text.into())),
        RawPiece::Name("found", _) => Some(Piece::Found),
        RawPiece::Name("expected", _) => Some(Piece::Expected),
        RawPiece::Name(name, within) => value(name, within_text(&span, text, within), names),
    };
    // Every name is looked up, so that every error is reported.
    let read: Vec<_> = pieces.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// The place of a name in a text of one line; of the whole text where escapes could shift it.
fn within_text(span: &Range<usize>, text: &str, within: Range<usize>) -> Range<usize> {
    if span.len() == text.len() + 2 { span.start + 1 + within.start..span.start + 1 + within.end } else { span.clone() }
}

fn value(name: &str, span: Range<usize>, names: Names<'_>) -> Option<Piece> {
    let named = names.any(name, span.clone())?;
    match named.shape.kind {
        ValueKind::Secret => {
            names.problems.report(span, format!("`{name}` is a secret, and must not be part of a message"));
            None
        }
        ValueKind::Record(_) => {
            names.problems.report(span, format!("`{name}` is a record; name one of its fields, after a dot"));
            None
        }
        _ => Some(Piece::Value(named.operand)),
    }
}

/// `at`: the name of a field, fact or setting, or `record` for the record as a whole.
pub(super) fn at(item: Item<'_>, names: Names<'_>) -> Option<Place> {
    let text = text_of(item, "`at`", names.problems)?;
    if text == "record" && names.record.is_some() {
        return Some(Place::Record);
    }
    names.any(text, item.span()).map(|named| Place::Value(named.operand))
}

/// An entry of `also_at`: a name, or `{ at = "…", message = "…" }`.
pub(super) fn also_at(item: Item<'_>, names: Names<'_>) -> Option<RelatedPlace> {
    if item.get_ref().as_str().is_some() {
        return at(item, names).map(|place| RelatedPlace { place, message: Vec::new() });
    }
    let table = Table::of("an entry of `also_at`", item, names.problems)?;
    let place = table.item("at").and_then(|item| at(item, names));
    let text = table.text("message").unwrap_or_default();
    let span = table.item("message").map_or(item.span(), |item| item.span());
    table.finish();
    Some(RelatedPlace { place: place?, message: message(text, span, names)? })
}

/// An entry of `reads`: a kind of record, `setting NAME` or `fact NAME`.
pub(super) fn read_of(text: &str, span: Range<usize>, names: Names<'_>) -> Option<Read> {
    if let Some(name) = text.strip_prefix("setting ") {
        return names.setting(name, span).map(|named| Read::Value(named.operand));
    }
    if let Some(name) = text.strip_prefix("fact ") {
        return names.fact(name, span).map(|named| Read::Value(named.operand));
    }
    let record = records::record(text);
    if record.is_none() {
        names.problems.unknown(span, "record", text, records::records().map(|record| record.name));
    }
    record.map(|record| Read::Records(record.name))
}
