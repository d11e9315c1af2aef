//! What every engine shares: from what was given to what was assembled.

mod given;

pub use given::{Assembled, Given, Made, Stated, Workload};
