//! What a person gets to see and to type: the commands, the formats, exceptions, exit codes.

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
#[path = "../common/json_schema.rs"]
mod json_schema;
#[path = "../common/sample_report.rs"]
mod sample_report;
#[path = "../common/verdict_projects.rs"]
mod verdict_projects;

mod bytes;
mod cases;
mod compose_files;
mod determinism;
mod exceptions;
mod fix;
mod named;
mod no_quiet_zero;
mod ready_edits;
mod report;
mod reviewed;
mod sarif;
mod show;
mod suspicions;
