//! The verdict: judged on projects that are put together here (no files, no engine), and on whole projects on disk.

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

mod checklist;
mod config;
mod criteria;
mod decision;
mod edits;
mod host_jobs;
mod init;
mod judged;
mod monotone;
mod mutants;
mod project;
mod proof;
mod status;
mod systems;
