//! Errors and notes of gonogo.toml, each with its place.

use std::fmt;

use crate::text::harmless::one_line;
use crate::text::{Location, Source, Span};

/// An error of gonogo.toml. No text of it repeats a value that may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Display path of the file.
    pub path: String,
    /// Where.
    pub span: Span,
    /// The same as line and column.
    pub location: Location,
    /// What is wrong.
    pub message: String,
    /// What was found.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// What to do.
    pub help: String,
}

impl ConfigError {
    pub(super) fn new(source: &Source, span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: source.path().to_owned(),
            span,
            location: source.location(span.start),
            message: message.into(),
            found: None,
            expected: None,
            help: help.into(),
        }
    }

    pub(super) fn with(mut self, found: impl Into<String>, expected: impl Into<String>) -> Self {
        (self.found, self.expected) = (Some(found.into()), Some(expected.into()));
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", one_line(&self.path), self.location.line, self.location.column, one_line(&self.message))?;
        if let (Some(found), Some(expected)) = (&self.found, &self.expected) {
            write!(f, " (found {}, expected {})", one_line(found), one_line(expected))?;
        }
        write!(f, "; {}", one_line(&self.help))
    }
}

/// Something worth a look in gonogo.toml that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Kind, in kebab-case.
    pub code: &'static str,
    /// Where.
    pub span: Span,
    /// The other place that belongs to it.
    pub related: Option<Span>,
    /// In words.
    pub message: String,
    /// What to do.
    pub help: String,
}
