//! A subject by name.

use std::sync::Arc;

use super::SubjectKind;

/// Which subject an outcome is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubjectRef {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Arc<str>,
}
