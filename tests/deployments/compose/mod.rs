//! Compose files.

mod golden;
mod lint;
mod vectors;
