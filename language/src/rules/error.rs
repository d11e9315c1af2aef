//! What is wrong with a rule file, where, and what to write instead.

use std::fmt;
use std::ops::Range;

#[cfg(feature = "program")]
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

#[cfg(feature = "program")]
use crate::text::harmless::excerpt;
use crate::text::harmless::one_line;
use crate::text::{Excerpt, Location, Source};

/// One thing that is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Display path of the rule file.
    pub path: String,
    /// Where it begins.
    pub location: Location,
    /// The line, with the offending part highlighted.
    pub excerpt: Excerpt,
    /// What was found and what was expected.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl RuleError {
    /// An error over a range of bytes.
    #[must_use]
    pub fn new(source: &Source, range: Range<usize>, message: impl Into<String>, help: Option<String>) -> Self {
        let span = source.span(range.start, range.end);
        Self {
            path: source.path().to_owned(),
            location: source.location(span.start),
            excerpt: source.excerpt(span),
            message: message.into(),
            help,
        }
    }

    /// The error as text, with its line and a caret under the offending part.
    #[cfg(feature = "program")]
    #[must_use]
    pub fn render(&self) -> String {
        self.render_with(&Renderer::plain())
    }

    /// The same, in colour or not, as the caller's terminal has it.
    #[cfg(feature = "program")]
    #[must_use]
    pub fn render_with(&self, renderer: &Renderer) -> String {
        let line = self.location.line as usize;
        let (text, highlight) = excerpt(&self.excerpt.text, self.excerpt.highlight.clone());
        let annotation = AnnotationKind::Primary.span(highlight);
        let snippet = Snippet::source(text).line_start(line).path(one_line(&self.path)).annotation(annotation);
        let mut group = Level::ERROR.primary_title(one_line(&self.message)).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(one_line(help)));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", one_line(&self.path), self.location.line, self.location.column, one_line(&self.message))?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {}", one_line(help)))
    }
}

impl std::error::Error for RuleError {}

/// The name that was probably meant, when one is close enough to `given`.
#[must_use]
pub fn did_you_mean<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(given.len()) <= (name.len().max(given.len()) / 3).max(1))
        .map(|name| (strsim::damerau_levenshtein(given, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(given.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}
