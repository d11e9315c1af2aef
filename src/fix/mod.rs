//! The edits that rules offer: made from what a rule wants changed and the text that it meets, checked by
//! reading the text again, and shown as a diff.
//!
//! A rule says what it wants ([`crate::model::Change`]); [`offer`] turns that into edits of the text, or
//! into what a person has to do where no edit would certainly be right. [`choose`] takes the edits that can
//! be made together, [`Draft`] makes them and remembers which lines stay, [`diff`] shows the rest.

mod choose;
pub mod diff;
mod draft;
mod offer;
mod offered;
mod setting;
mod texts;

pub use choose::{Chosen, choose};
pub use draft::Draft;
pub use offer::offer;
pub use texts::KindOf;
