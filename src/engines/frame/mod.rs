//! What every engine shares: from what was given to what was assembled.

mod given;

pub use given::{Assembled, FACTS_OF_SERVICE, Given, Made, Stated, Workload};
