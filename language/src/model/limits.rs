//! Facts about the machine that an instance runs on.

use super::{Storage, Workload};
use crate::text::Span;

/// What is known of a host or of the limits of a container; what is not known is `None`, never a guess.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostFacts {
    /// Memory in bytes, and where it is said.
    pub memory: Option<(i64, Option<Span>)>,
    /// Processors, and where it is said.
    pub cpus: Option<(f64, Option<Span>)>,
    /// Kind of disk.
    pub storage: Option<Storage>,
    /// Kind of work.
    pub workload: Option<Workload>,
}
