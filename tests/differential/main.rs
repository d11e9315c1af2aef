//! Generated files, put to real servers and to gonogo: a folder per engine.

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

#[path = "../common/random.rs"]
mod random;

mod mysql;
mod pgbouncer;
mod postgresql;
