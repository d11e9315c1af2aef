//! What each engine makes of its files, also against real servers where the environment names them: a folder per engine.

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

mod mysql;
mod pgbouncer;
mod postgresql;
mod toy;
