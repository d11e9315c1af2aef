//! A subject by kind and name.

use std::sync::Arc;

use super::words::words;

words! {
    /// Kinds of subject.
    SubjectKind {
        /// A database server.
        Instance = "instance",
        /// Any workload of a deployment.
        Service = "service",
        /// One file.
        File = "file",
        /// Everything that was given.
        Project = "project",
    }
}

/// Which subject an outcome is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubjectRef {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Arc<str>,
}
