//! YAML: a tree with the place of every key and value, comments, and what is wrong with the text.
//!
//! The events come from `granit-parser`; the tree is our own, so that anchors are shared instead of
//! copied, merge keys are applied on look-up with the places of both sides kept, and the size of
//! everything that a walk can meet is bounded however the aliases are nested.

mod blocks;
pub mod edit;
mod error;
mod load;
mod offsets;
mod scalar;
mod secrets;
mod tabs;
mod template;
mod tree;

pub use blocks::commented;
pub use load::parse;
pub use offsets::Offsets;
pub use scalar::{Typed, looks_sexagesimal};
pub use secrets::hide;
pub use tabs::refused_tabs;
pub use tree::{Entry, Kind, Node, Scalar, Style, Tag, Yaml};

#[cfg(test)]
mod tests;
