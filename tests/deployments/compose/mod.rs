//! Compose files.

mod elsewhere;
mod forms;
mod generated;
mod golden;
mod lint;
mod projects;
mod values;
mod vectors;
