//! Compose files.

mod forms;
mod generated;
mod golden;
mod lint;
mod projects;
mod vectors;
