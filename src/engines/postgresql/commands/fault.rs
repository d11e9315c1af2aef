//! What is wrong with a command.

/// One thing that is wrong with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Its kind, a word of the vocabulary.
    pub(super) code: &'static str,
    /// In words, as a clause.
    pub(super) explained: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, explained: impl Into<String>) -> Self {
        Self { code, explained: explained.into() }
    }
}
