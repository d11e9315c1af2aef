//! The language that the rules of gonogo are written in, with the texts and the model that they speak of.
//!
//! The build script of the program reads the shipped rules with it, so nothing here knows an engine, a format or a check.
//!
//! ```text
//! text ← model ← rules ← footprints, presumptions
//! ```

pub mod footprints;
pub mod model;
pub mod presumptions;
pub mod rules;
pub mod text;

// For the code that `words!` writes.
#[cfg(feature = "program")]
#[doc(hidden)]
pub use serde_core;
