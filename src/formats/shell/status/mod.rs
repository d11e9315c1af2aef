//! What the exit status of a script says: whether it can report success although the step that matters failed, or never ran.
//!
//! The script is walked along every path that it can take: a program succeeds or fails, a condition holds or not. Which step
//! matters, the asker knows ([`Role`]). Loops are walked until nothing new comes of them, and what cannot be followed
//! (`trap 'exit $code' EXIT`) gives no answer.

mod compound;
mod condition;
mod lapse;
mod machine;
mod simple;
mod state;
mod steps;
mod wrappers;

#[cfg(test)]
mod tests;

pub use lapse::{Lapse, LapseKind, Outcomes};
pub use steps::{Call, Role};

use machine::Machine;

/// What can become of a script; `Err` says why it cannot be told.
///
/// # Errors
///
/// The script is not one that a shell takes, is too large, or does what is not followed.
pub fn outcomes(text: &str, role_of: &dyn Fn(&Call<'_>) -> Role) -> Result<Outcomes, &'static str> {
    Machine::new(role_of, &|_| None).run(text)
}

/// The same, following the scripts that it calls: `script_of` gives the text of those that are known, by their path.
///
/// # Errors
///
/// As of [`outcomes`].
pub fn outcomes_with(
    text: &str,
    role_of: &dyn Fn(&Call<'_>) -> Role,
    script_of: &dyn Fn(&str) -> Option<String>,
) -> Result<Outcomes, &'static str> {
    Machine::new(role_of, script_of).run(text)
}
