//! What a rule says of benchmarks, read back when somebody asks.

use std::ops::Deref;
use std::sync::OnceLock;

use super::DEEPEST;
use super::primitives::{Input, Pack};
use crate::model::Compliance;

/// Framework → requirements. Most runs show them of a few rules, and need none of the others'.
#[derive(Clone, Debug, Default)]
pub struct Benchmarks {
    packed: Option<&'static str>,
    read: OnceLock<Compliance>,
}

impl Benchmarks {
    /// Those that were packed.
    pub(super) const fn of_packed(text: &'static str) -> Self {
        Self { packed: Some(text), read: OnceLock::new() }
    }
}

impl From<Compliance> for Benchmarks {
    fn from(given: Compliance) -> Self {
        Self { packed: None, read: OnceLock::from(given) }
    }
}

impl Deref for Benchmarks {
    type Target = Compliance;

    fn deref(&self) -> &Compliance {
        let unpack = |text| Compliance::unpack(&mut Input::new(text, DEEPEST)).unwrap_or_default();
        self.read.get_or_init(|| self.packed.map(unpack).unwrap_or_default())
    }
}

impl PartialEq for Benchmarks {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
