//! Where text comes from: bounded reading, spans, line and column look-up, redaction.
//!
//! `files` is the only code that opens a path, and the build script does without it. Everything to the right works on a [`Source`] and
//! points into it with a [`Span`]; what is printed goes through [`Source::excerpt`], so that a
//! secret that was marked once is never shown, and through [`harmless`].

#[cfg(feature = "program")]
mod files;
pub mod harmless;
mod hexadecimal;
mod lines;
pub mod path;
mod permissions;
mod redact;
pub mod secrets;
mod source;

#[cfg(feature = "program")]
pub use files::{
    Digest, DirectoryEntry, Files, Found, Grounds, IgnoreFile, Output, ReadError, ReadLimits, Surroundings, Target, Walk, WalkedFile,
    WriteError, read_given,
};
pub use hexadecimal::hexadecimal;
pub use lines::{lines, whole_lines};
pub use permissions::Permissions;
pub use redact::{SECRET_PLACEHOLDER, redact_text};
pub use source::{Excerpt, Foreign, Location, Source, SourceId, Span};
