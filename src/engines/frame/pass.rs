//! A server is put together as it was seen and, where something could not be seen, once more under presumptions.

use crate::model::{Presumption, Why};

/// Whether presumptions are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// What could not be seen is unknown.
    Seen,
    /// What can be presumed is taken for granted.
    Presuming,
}

impl Pass {
    /// What holds under a presumption, where presumptions are made; else why it is not known.
    ///
    /// # Errors
    /// The reason, with what is presumed in the other pass.
    pub fn presume<T>(self, why: Why, what: Presumption, value: T) -> Result<T, Why> {
        match self {
            Self::Seen => Err(why.presuming(what)),
            Self::Presuming => Ok(value),
        }
    }
}
