//! Where text comes from: bounded reading, spans, line and column look-up, redaction.
//!
//! [`Files`] is the only code that opens a path. Everything to the right works on a [`Source`] and
//! points into it with a [`Span`]; what is printed goes through [`Source::excerpt`], so that a
//! secret that was marked once is never shown.

mod files;
pub mod path;
mod redact;
mod source;
mod walk;

pub use files::{Digest, DirectoryEntry, Files, Found, Permissions, ReadError, ReadLimits, WriteError};
pub use redact::{SECRET_PLACEHOLDER, redact_text};
pub use source::{Excerpt, Location, Source, SourceId, Span};
pub use walk::{IgnoreFile, Walk, WalkedFile};
