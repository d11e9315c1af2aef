//! The verdict, judged on projects that are put together here: no files, no engine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests; the helpers among them are no #[test] functions")]

mod checklist;
mod config;
mod criteria;
mod decision;
mod init;
mod monotone;
mod project;
mod status;
