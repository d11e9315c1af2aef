//! One variable, and where variables are looked up.

use crate::model::Provenance;
use crate::text::Span;

/// What is known of one variable.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its value; `None` when it is set and depends on a variable that is not. It may be a secret.
    pub value: Option<String>,
    /// `ProcessEnvironment` or `EnvFile`.
    pub provenance: Provenance,
    /// Where its value is written.
    pub defined_at: Option<Span>,
}

impl std::fmt::Debug for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Variable").field("provenance", &self.provenance).finish_non_exhaustive()
    }
}

/// Where the variables of a text are looked up.
pub(super) trait Lookup {
    /// A variable; `None` when nothing sets it.
    fn variable(&self, name: &str) -> Option<&Variable>;
}
