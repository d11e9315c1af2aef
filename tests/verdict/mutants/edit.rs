//! One edit: files that are written anew, and files that are taken away.

use crate::common::Project;
use crate::verdict_projects::shop;

/// What is changed; the id says where and how, in parts between slashes.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub id: String,
    files: Vec<(String, Option<String>)>,
}

impl Edit {
    pub(super) fn of(id: impl Into<String>) -> Self {
        Self { id: id.into(), files: Vec::new() }
    }

    /// Writes a file.
    pub(super) fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.push((path.to_owned(), Some(text.into())));
        self
    }

    /// Takes a file away.
    pub(super) fn without(mut self, path: &str) -> Self {
        self.files.push((path.to_owned(), None));
        self
    }

    pub(super) fn make(&self, project: &Project) {
        for (path, text) in &self.files {
            match text {
                Some(text) => project.write(path, text.as_bytes()),
                None => project.remove(path),
            }
        }
    }
}

/// A file of the ready project.
pub(super) fn text(path: &str) -> String {
    shop().read(path)
}

/// The text with other lines in place of the line at `number`.
pub(super) fn instead(text: &str, number: usize, lines: &str) -> String {
    let line = |(at, line): (usize, &str)| if at == number { lines.to_owned() } else { format!("{line}\n") };
    text.lines().enumerate().map(line).collect()
}

/// Whether a line of a file with `#` comments says anything.
pub(super) fn says_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

/// Where the checks are to be quick, one in `step`; always the same ones.
pub(super) fn some(edits: Vec<Edit>, step: usize) -> Vec<Edit> {
    if std::env::var_os("GONOGO_FULL").is_some() { edits } else { edits.into_iter().step_by(step).collect() }
}
