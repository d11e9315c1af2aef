//! How many bytes variables may bring into the texts of one project.
//!
//! A variable may hold others twice, and those others twice again: forty lines would make a terabyte. What is over the
//! bound is not replaced and stays unknown.

use std::cell::Cell;

use crate::model::Cuts;
use crate::model::bounds::{ALL_EXPANSIONS, LONGEST_EXPANSION};
use crate::text::Span;

/// A bound on replacing variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Of one text.
    Text,
    /// Of all texts of a project together.
    Project,
}

/// What is left of the bound of a project.
#[derive(Debug)]
pub(super) struct Allowance {
    total: usize,
    left: Cell<usize>,
}

impl Allowance {
    /// So many bytes.
    pub(super) const fn of(total: usize) -> Self {
        Self { total, left: Cell::new(total) }
    }

    /// As much as is left of another, which goes on without change: for looking at texts that are expanded again later.
    pub(super) const fn again(other: &Self) -> Self {
        Self::of(other.total)
    }

    /// The value of a variable for a text that holds `before` bytes already.
    pub(super) fn copy(&self, value: &str, before: usize) -> Result<String, Bound> {
        Self::fits(value, before)?;
        let left = self.left.get().checked_sub(value.len()).ok_or(Bound::Project)?;
        self.left.set(left);
        Ok(value.to_owned())
    }

    /// Whether a text may grow by another one.
    pub(super) const fn fits(text: &str, before: usize) -> Result<(), Bound> {
        if before.saturating_add(text.len()) > LONGEST_EXPANSION { Err(Bound::Text) } else { Ok(()) }
    }

    /// Says that a text was not expanded.
    pub(super) fn report(&self, cuts: &mut Cuts, bound: Bound, name: &str, span: Span) {
        let (kind, total) = ("expansion", self.total);
        cuts.add(kind, span, || match bound {
            Bound::Text => format!("{name} expands to more than {LONGEST_EXPANSION} bytes; not expanded"),
            Bound::Project => format!("the variables expand to more than {total} bytes in all; {name} is not expanded"),
        });
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Self::of(ALL_EXPANSIONS)
    }
}
