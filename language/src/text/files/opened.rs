//! Which files of the disk were opened as inputs, whatever the names that lead to them: no output replaces one of them.

use std::collections::HashSet;
use std::fs::Metadata;
use std::sync::PoisonError;

use super::Files;

/// Device and number of each file; empty where the system does not tell them.
pub(super) type Opened = HashSet<(u64, u64)>;

impl Files {
    pub(super) fn note_opened(&self, metadata: &Metadata) {
        if let Some(id) = id(metadata) {
            self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        }
    }

    /// Counts what another set of files opened as opened here.
    pub fn note_opened_by(&self, other: &Self) {
        let others = other.opened.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).extend(others);
    }

    /// Whether a file was opened as an input.
    #[must_use]
    pub fn has_opened(&self, metadata: &Metadata) -> bool {
        id(metadata).is_some_and(|id| self.opened.lock().unwrap_or_else(PoisonError::into_inner).contains(&id))
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn id(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}
