//! What every engine shares: from what was given to what was assembled.

mod access;
mod base;
mod facts;
mod gaps;
mod given;
mod instance;
mod pass;
mod paths;
pub mod ranges;
pub mod rows;
mod sizing;
mod targets;
mod versions;

pub use access::AccessRules;
pub use base::Base;
pub use facts::fill;
pub use gaps::Gaps;
pub use given::{Assembled, FACTS_OF_SERVICE, Given, Made, Stated, Workload};
pub use instance::{Seen, presume};
pub use pass::Pass;
pub use paths::{Paths, Standing};
pub use sizing::{Advice, Effect, Joint, Line, Machine, Sizing};
pub use targets::target_of;
pub use versions::{Releases, new_enough};
