//! A key of a compose file, and what becomes of it.

use super::form::Form;
use crate::model::Aspect;

/// What becomes of a key.
#[derive(Clone, Copy)]
pub(super) enum Use {
    /// It is taken in as these sides.
    Read(&'static [Aspect]),
    /// It is kept as text, for rules that ask for it; these sides rest on it.
    Kept(&'static [Aspect]),
    /// Whatever it says changes nothing that is judged, for this reason, which is for whoever reads the table.
    Harmless(#[cfg_attr(not(test), expect(dead_code, reason = "the test of the table asks for it"))] &'static str),
    /// It is not taken in, and may change these sides.
    Opaque(&'static [Aspect]),
}

/// A key with what becomes of it.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) used: Use,
    /// What its value may be; `None` where its reader says what is wrong with it.
    pub(super) form: Option<Form>,
}

impl Key {
    /// The same key, with what its value may be.
    pub(super) const fn of(self, form: Form) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The sides that it may change where what it says is not known.
    pub(super) const fn aspects(&self) -> &'static [Aspect] {
        match self.used {
            Use::Read(aspects) | Use::Kept(aspects) | Use::Opaque(aspects) => aspects,
            Use::Harmless(_) => &[],
        }
    }
}
