//! What a compose project is once it is read: one file, with those that are laid over it or that it takes in.

use super::top_level::Resources;
use crate::deployments::{Missing, Note, VariableFile};
use crate::formats::{Comment, Diagnostic};
use crate::model::{Cuts, Placement, Provenance};
use crate::text::Span;

/// What a file lacks that is laid over another one, when it is read by itself.
pub(super) const OVERRIDDEN: &str = "the file below this override";

/// A place that uses a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// Name.
    pub name: String,
    /// The place of the whole `${…}`.
    pub span: Span,
    /// How it was resolved.
    pub provenance: Provenance,
}

/// A compose file.
#[derive(Clone, Debug, Default)]
pub struct ComposeProject {
    /// Its display path.
    pub path: String,
    /// `name:`, or `COMPOSE_PROJECT_NAME` of its variables.
    pub name: Option<String>,
    /// Its services, in order.
    pub placements: Vec<Placement>,
    /// Its other sections.
    pub resources: Resources,
    /// The key `version`, which Docker Compose ignores.
    pub version: Option<Span>,
    /// Files that it takes in and that could not be read: whatever services they hold were not looked at.
    pub missing: Vec<Missing>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// The place from which on services, or what aliases name, were left out for a bound.
    pub cut_at: Option<Span>,
    /// Bounds that were met, in this file and in those of variables.
    pub cuts: Cuts,
    /// Comments, for ignore comments.
    pub comments: Vec<Comment>,
    /// Whether it has services and no other section, so that a network or volume that it names may be declared elsewhere.
    pub fragment: bool,
    /// Whether Docker Compose reads it by itself, and no other compose file lies beside it.
    pub alone: bool,
    /// Whether somebody says that it, with what is laid over it, is the whole project.
    pub stated: bool,
    /// Whether it is a template of a compose file: then nothing of it was read.
    pub template: Option<Span>,
    /// Whether a syntax error hides the rest of it.
    pub broken_at: Option<Span>,
    /// The `.env` beside the file, when it was used.
    pub dotenv: Option<String>,
    /// Files of `env_file` that were read, sorted.
    pub env_files: Vec<VariableFile>,
    /// Display paths of the files that are laid over it, that it includes, or whose services it extends, in order.
    pub layers: Vec<String>,
    /// Display paths of those that it includes, which are no projects of their own.
    pub included: Vec<String>,
    /// Variables that interpolation met.
    pub variables: Vec<VariableUse>,
}

impl ComposeProject {
    /// The same as all that there is of its project: nothing that it lacks is elsewhere.
    #[must_use]
    pub(super) fn stated(mut self) -> Self {
        self.placements.iter_mut().for_each(|placement| placement.incomplete.retain(|gap| gap.what != OVERRIDDEN));
        Self { stated: true, alone: true, fragment: self.cut_at.is_some(), ..self }
    }
}
