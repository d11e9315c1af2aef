//! Short forms for fields of services.

use crate::model::{Aspect, Field, Gap, Placement, Value, Why};
use crate::text::Span;

/// A truth with its place.
pub(super) fn truth(truth: bool, span: Option<Span>) -> Field {
    Field::bool(truth, span)
}

/// A list of words with its place.
pub(super) fn list<'t>(items: impl IntoIterator<Item = &'t str>, span: Option<Span>) -> Field {
    Field::known(Value::List(items.into_iter().map(str::to_owned).collect()), span)
}

/// Something that a workload does not say: absent, or unknown where it could not be read or another file may add it.
/// `aspects` are those that it belongs to.
pub(super) fn missing(placement: &Placement, aspects: &[Aspect]) -> Field {
    incomplete(placement, aspects).map_or_else(Field::absent, Field::unknown)
}

/// Why a workload may say more of these aspects than was read.
pub(super) fn incomplete(placement: &Placement, aspects: &[Aspect]) -> Option<Why> {
    if is_layer(placement) {
        return Some(Why::new(format!("service {} has neither image nor build here: the rest of it is in another file", placement.name)));
    }
    let Gap { what, .. } = placement.gap_in(aspects)?;
    Some(Why::new(format!("what service {} says with {what} could not be read", placement.name)))
}

/// Whether a service is a layer over one of another file, as in an override: alone, Docker Compose refuses it.
pub(super) fn is_layer(placement: &Placement) -> bool {
    placement.image.is_none() && placement.image_unresolved.is_none() && placement.build.is_none()
}
