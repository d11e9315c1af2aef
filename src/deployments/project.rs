//! A project: the workloads that one description puts together, whatever platform it is written for.

use std::sync::Arc;

use crate::formats::FileKind;
use crate::model::{Cuts, Placement, Platform, Record};
use crate::text::Span;

/// A remark about a file: what of it was not looked at, or how it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In words.
    pub message: String,
    /// Where that is.
    pub span: Span,
}

/// A file that a description takes in and that is not among those given: its workloads were not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its path, as the report shows it.
    pub path: String,
    /// Where it is named.
    pub span: Span,
}

/// A file of variables that a description loads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VariableFile {
    /// Its display path.
    pub path: String,
    /// Whether its values are taken as they are written, without quotes and variables being read (`format: raw`).
    pub raw: bool,
}

/// What one description says.
#[derive(Debug)]
pub struct Project {
    /// What runs it.
    pub platform: Platform,
    /// Its kind of file.
    pub kind: &'static FileKind,
    /// Its display path.
    pub path: String,
    /// Its workloads, in the order written.
    pub placements: Vec<Placement>,
    /// Whether what it lacks may be elsewhere: a snippet, or a layer over another file.
    pub fragment: bool,
    /// Whether it is a template, of which nothing was read.
    pub template: bool,
    /// The place of a syntax error that hides the rest.
    pub broken_at: Option<Span>,
    /// The place from which on something was left out for a bound.
    pub cut_at: Option<Span>,
    /// Bounds that were met, in this file and in those of its variables.
    pub cuts: Cuts,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Files that it takes in and that were not given.
    pub missing: Vec<Missing>,
    /// Files that it is read from beside the first one, as the report shows them.
    pub layers: Vec<String>,
    /// Dotenv files that it loads and that were read.
    pub dotenvs: Vec<VariableFile>,
    /// What is wrong with the file as a whole, as records of kind `problem`.
    pub problems: Vec<Arc<Record>>,
}
