//! What was looked at, and what became of it.

use super::words::words;

words! {
    /// What became of an input.
    InputStatus {
        /// Read in full.
        Parsed = "parsed",
        /// Read up to an error, as its server would.
        Partial = "partial",
        /// Recognised and not read, with the reason.
        Skipped = "skipped",
        /// It could not be read.
        Unreadable = "unreadable",
    }
}

/// Kind of a file that hides others from the walk.
pub const IGNORE_FILE: &str = "gonogoignore";

/// One path that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Display path.
    pub path: String,
    /// Kind of file, as `postgresql.conf`, `compose`, `dotenv`; empty when it was not recognised.
    pub kind: String,
    /// What became of it.
    pub status: InputStatus,
    /// Why, unless it was parsed.
    pub reason: Option<String>,
    /// Remarks: what in it was not looked at, and why.
    pub notes: Vec<String>,
    /// Whether the command line named it, or an instance needs it: then not reading it makes the audit incomplete.
    pub needed: bool,
    /// Whether a bound of gonogo's own ended the reading: then the audit is incomplete, whatever asked for the file.
    pub bounded: bool,
}

impl Input {
    /// Whether something that can be judged was read of it, at least in part.
    #[must_use]
    pub fn was_read(&self) -> bool {
        matches!(self.status, InputStatus::Parsed | InputStatus::Partial) && self.kind != IGNORE_FILE
    }
}
