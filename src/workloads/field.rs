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

/// A key that the service does not have: absent, or unknown where it could not be read or another
/// file may add it. `keys` are the names under which it can be written.
pub(super) fn missing(placement: &Placement, keys: &[&str]) -> Field {
    incomplete(placement, keys).map_or_else(Field::absent, Field::unknown)
}

/// Why a service may hold more under `keys` than was read.
pub(super) fn incomplete(placement: &Placement, keys: &[&str]) -> Option<Why> {
    // What is no key of a service concerns all of it: `extends`, a syntax error, a later document.
    let concerns = |what: &str| keys.contains(&what) || what == "extends" || what.contains(' ');
    if let Some((what, _)) = placement.incomplete.iter().find(|(what, _)| concerns(what)) {
        return Some(Why::new(format!("what service {} says with {what} could not be read", placement.name)));
    }
    is_layer(placement)
        .then(|| Why::new(format!("service {} has neither image nor build here: the rest of it stands in another file", placement.name)))
}

/// Whether a service is a layer over one of another file, as in an override: alone, Docker Compose refuses it.
pub(super) fn is_layer(placement: &Placement) -> bool {
    placement.image.is_none() && placement.image_unresolved.is_none() && placement.build.is_none()
}
