//! Where text comes from: bounded reading, spans, line and column look-up, redaction.
//!
//! [`Files`] is the only code that opens a path. Everything to the right works on a [`Source`] and
//! points into it with a [`Span`]; what is printed goes through [`Source::excerpt`], so that a
//! secret that was marked once is never shown, and through [`harmless`].

mod files;
mod given;
pub mod harmless;
mod hexadecimal;
mod lines;
mod output;
pub mod path;
mod place;
mod redact;
mod replace;
pub mod secrets;
mod source;
mod walk;
mod write_error;

pub use files::{Digest, DirectoryEntry, Files, Found, Permissions, ReadError, ReadLimits, Surroundings};
pub use given::read_given;
pub use hexadecimal::hexadecimal;
pub use lines::{lines, whole_lines};
pub use output::{Output, Target};
pub use place::Grounds;
pub use redact::{SECRET_PLACEHOLDER, redact_text};
pub use source::{Excerpt, Location, Source, SourceId, Span};
pub use walk::{IgnoreFile, Walk, WalkedFile};
pub use write_error::WriteError;
