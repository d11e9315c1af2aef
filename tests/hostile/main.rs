//! Bad input: damaged files, planted passwords, texts that an output must not pass on.

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
#[path = "../../fuzz/harness/mod.rs"]
mod harness;
#[path = "../attacks/oracle.rs"]
mod oracle;
#[path = "../common/random.rs"]
mod random;

mod canary;
mod inputs;
mod mutations;
mod output;
