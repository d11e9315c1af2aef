//! A scalar of a compose file after interpolation, any part of which still knows its place.

use std::ops::Range;

use super::allowance::{Allowance, Bound};
use super::interpolate::{Expansion, Piece, UNKNOWN, expand};
use super::variables::Variables;
use crate::formats::yaml::{Node, Offsets};
use crate::model::{Interpolated, Provenance, Secret};
use crate::text::{Source, Span};

/// A scalar after interpolation.
#[derive(Clone)]
pub(super) struct Text {
    raw: String,
    expansion: Expansion,
    offsets: Offsets,
    whole: Span,
}

impl Text {
    /// A scalar; `None` for null, dates, mappings and lists.
    pub(super) fn of(source: &Source, node: &Node, variables: &Variables, allowance: &Allowance) -> Option<Self> {
        let raw = node.rendered()?;
        let expansion = expand(&raw, variables, allowance);
        let offsets = Offsets::of(source, node);
        Some(Self { raw, expansion, offsets, whole: node.span })
    }

    /// The bound that left a variable of it unreplaced.
    pub(super) const fn cut(&self) -> Option<Bound> {
        self.expansion.cut
    }

    /// The expanded text, [`UNKNOWN`] where it cannot be told.
    pub(super) fn expanded(&self) -> &str {
        &self.expansion.text
    }

    /// The expanded text, when all of it can be told.
    pub(super) fn known(&self) -> Option<&str> {
        (!self.expansion.text.contains(UNKNOWN)).then_some(&self.expansion.text)
    }

    /// The place of the scalar.
    pub(super) fn span(&self) -> Span {
        self.whole
    }

    /// All of it.
    pub(super) fn interpolated(&self) -> Interpolated {
        Interpolated { span: self.whole, ..self.part(0..self.expansion.text.len()) }
    }

    /// A range of the expanded text.
    pub(super) fn part(&self, range: Range<usize>) -> Interpolated {
        let value = self.expansion.text.get(range.clone()).unwrap_or("").to_owned();
        self.part_meaning(range, value)
    }

    /// A range of the expanded text that means `value`, its quotes and escapes taken away.
    pub(super) fn part_meaning(&self, range: Range<usize>, value: String) -> Interpolated {
        let pieces = self.pieces(&range);
        let raw = self.raw_range(pieces, &range);
        let mut variables: Vec<String> = pieces.iter().flat_map(|piece| piece.variables.iter().cloned()).collect();
        variables.dedup();
        Interpolated {
            value: (!value.contains(UNKNOWN)).then_some(value),
            raw: Secret::new(self.raw.get(raw.clone()).unwrap_or("")),
            provenance: pieces.iter().map(|piece| piece.provenance).max().unwrap_or(Provenance::Literal),
            variables,
            span: self.offsets.span(raw.start, raw.end),
            defined_at: pieces.iter().find_map(|piece| piece.defined_at),
        }
    }

    /// The text of a range as written, before interpolation.
    pub(super) fn written(&self, range: &Range<usize>) -> &str {
        let raw = self.raw_range(self.pieces(range), range);
        self.raw.get(raw).unwrap_or("")
    }

    /// Variables without a value that a range uses, as `${A}, ${B}`.
    pub(super) fn unresolved(&self, range: Range<usize>) -> Option<String> {
        let open = self.pieces(&range).iter().filter(|piece| piece.provenance == Provenance::Unresolved);
        let names: Vec<String> = open.flat_map(|piece| &piece.variables).map(|name| format!("${{{name}}}")).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn pieces(&self, range: &Range<usize>) -> &[Piece] {
        let pieces = &self.expansion.pieces;
        let first = pieces.partition_point(|piece| piece.expanded.end < range.start);
        // A piece that ends where the range begins is no part of it, unless it expanded to nothing there.
        let touching =
            pieces.iter().skip(first).take_while(|piece| piece.expanded.end <= range.start && !piece.expanded.is_empty()).count();
        let first = first + touching;
        let last = pieces
            .partition_point(|piece| piece.expanded.start < range.end || (piece.expanded.is_empty() && piece.expanded.start <= range.end));
        pieces.get(first..last.max(first)).unwrap_or(&[])
    }

    fn raw_range(&self, pieces: &[Piece], range: &Range<usize>) -> Range<usize> {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            let before =
                self.expansion.pieces.iter().find(|piece| piece.expanded.start <= range.start && range.start <= piece.expanded.end);
            let at = before
                .map_or(0, |piece| if piece.verbatim { piece.raw.start + (range.start - piece.expanded.start) } else { piece.raw.end });
            return at..at;
        };
        let start = if first.verbatim { first.raw.start + range.start.saturating_sub(first.expanded.start) } else { first.raw.start };
        let end =
            if last.verbatim { last.raw.start + range.end.saturating_sub(last.expanded.start).min(last.raw.len()) } else { last.raw.end };
        start..end.max(start)
    }
}

/// Whether a text holds a variable without a value.
pub(super) fn is_unknown(text: &str) -> bool {
    text.contains(UNKNOWN)
}
