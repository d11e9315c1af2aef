//! Short forms for fields of services.

use crate::model::{Field, Placement, Value, Why};
use crate::text::Span;

/// A truth with its place.
pub(super) fn truth(truth: bool, span: Option<Span>) -> Field {
    Field::bool(truth, span)
}

/// A list of words with its place.
pub(super) fn list<'t>(items: impl IntoIterator<Item = &'t str>, span: Option<Span>) -> Field {
    Field::known(Value::List(items.into_iter().map(str::to_owned).collect()), span)
}

/// A key that the service does not have: absent, or unknown where another file may add it.
pub(super) fn missing(placement: &Placement) -> Field {
    incomplete(placement).map_or_else(Field::absent, Field::unknown)
}

/// Why a service may hold more than its file says.
pub(super) fn incomplete(placement: &Placement) -> Option<Why> {
    let (what, _) = placement.incomplete.first()?;
    Some(Why::new(format!("service {} uses {what}, which is not read yet", placement.name)))
}
