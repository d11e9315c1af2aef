//! Exceptions that do nothing, or not what their author meant. They can be told only after every other
//! rule was judged, so the room `exceptions` finds them; here they have their documentation alone.

use crate::model::{Outcome, Subject};
use crate::rules::Rule;
use crate::rules::checks::Context;

/// Nothing is decided here.
pub(super) fn run(_rule: &Rule, _subject: &Subject, _context: &Context) -> Outcome {
    Outcome::NotApplicable("it is judged after all other rules".to_owned())
}
