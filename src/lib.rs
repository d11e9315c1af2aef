//! gonogo tells whether a database is ready for production.
//!
//! Data goes one way, and a room uses only rooms to its left:
//!
//! ```text
//! text ← model ← formats ← config ← deployments ← workloads ← live ← engines ← operations
//!      ← rules ← exceptions ← verdict ← fix ← report ← audit ← cli ← main
//! ```
//!
//! The first two are a package of their own, with the language that rules are written in.

pub mod audit;
pub mod cli;
pub mod config;
pub mod deployments;
pub mod engines;
pub mod exceptions;
pub mod fix;
pub mod formats;
pub mod operations;
pub mod report;
pub mod rules;
pub mod verdict;
pub mod workloads;

pub use gonogo_language::{model, text};
