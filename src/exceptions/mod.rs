//! Exceptions: ignore comments, accepted risks of gonogo.toml, and the baseline of known findings.
//!
//! A comment and a baseline hide a finding; only an `[[accept]]` with an owner and a last day changes
//! what the verdict hears, and never for a critical finding. Exceptions that do nothing, or not what
//! their author meant, are findings themselves.

mod accept;
mod apply;
mod baseline;
mod comment;
mod context;
mod dead;
mod suppressions;

pub use accept::{Accept, AcceptKind};
pub use apply::{Exceptions, apply};
pub use baseline::{Baseline, BaselineError};
pub use context::Context;
pub use dead::DEAD_RULES;
pub use suppressions::{CommentedText, Suppressions};
