//! A problem of a service as a record.

use crate::model::{Field, Placement, Record};
use crate::text::Span;

/// The record of a problem; `part` is the key of the service that it is about.
pub(super) fn problem(placement: &Placement, code: &str, part: &str, span: Span, message: String) -> Record {
    Record::new("problem", format!("{}.{part}", placement.key), Some(span))
        .with("code", Field::text(code, Some(span)))
        .with("message", Field::text(message, Some(span)))
}
