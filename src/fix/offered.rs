//! What can be offered for one change.

use crate::model::Edit;

/// What becomes of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// These edits make it.
    Edits(Vec<Edit>),
    /// A person has to, and this says how.
    ByHand(String),
    /// Nothing can be said.
    Nothing,
}

impl Offer {
    /// One edit, where there is one.
    pub(super) fn edit(edit: Option<Edit>) -> Self {
        edit.map_or(Self::Nothing, |edit| Self::Edits(vec![edit]))
    }
}
