//! gonogo tells whether a database is ready for production.
//!
//! Data goes one way, and a room uses only rooms to its left:
//!
//! ```text
//! text ← model ← formats ← config ← deployments ← workloads ← live ← engines ← operations
//!      ← rules ← exceptions ← verdict ← fix ← report ← audit ← cli ← main
//! ```

pub mod audit;
pub mod cli;
pub mod config;
pub mod deployments;
pub mod engines;
pub mod exceptions;
pub mod fix;
pub mod formats;
pub mod model;
pub mod operations;
pub mod report;
pub mod rules;
pub mod text;
pub mod verdict;
pub mod workloads;
