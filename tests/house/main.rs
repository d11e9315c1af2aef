//! The repository itself: which room uses which, and what its lists say.

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

#[path = "../common/callgrind.rs"]
mod callgrind;

mod checks_covered;
mod circles;
mod engine_names;
mod english;
mod layers;
mod severities;
mod sources;
mod stages;
mod start;
