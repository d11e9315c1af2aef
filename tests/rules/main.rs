//! Every rule is tested by its own file: `ID` judges its examples, `ID (planted)` looks for a false GO.
//! `cargo test --test rules ID` runs one rule.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/verdict_projects.rs"]
mod verdict_projects;

mod compose_merge;
mod examples;
mod planted;
mod remedies;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = examples::trials().chain(planted::trials()).chain(remedies::trials()).chain([remedies::phrases()]).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
