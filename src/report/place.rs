//! Places as machine formats write them: path, 1-based lines, 1-based UTF-16 columns, end exclusive.

use serde::Serialize;

use crate::model::Finding;
use crate::text::{Files, Span};

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl Place {
    /// Where a span stands; `None` when its text is not among `files`.
    pub(super) fn of(files: &Files, span: Span) -> Option<Self> {
        let source = files.source(span.source)?;
        let (start, end) = (source.location(span.start), source.location(span.end));
        Some(Self { path: source.path().to_owned(), line: start.line, column: start.column, end_line: end.line, end_column: end.column })
    }

    /// The same with the path as seen from the project, for services that know the repository and not where gonogo ran.
    pub(super) fn in_project(files: &Files, span: Span) -> Option<Self> {
        let path = files.source(span.source)?.path_in_project().to_owned();
        Some(Self { path, ..Self::of(files, span)? })
    }

    /// The primary place of a finding.
    pub(super) fn of_finding(files: &Files, finding: &Finding) -> Option<Self> {
        Self::of(files, finding.primary.as_ref()?.span)
    }
}

/// `path:line:column`, as editors open it.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", super::plain::plain(&self.path), self.line, self.column)
    }
}
