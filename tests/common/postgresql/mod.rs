//! PostgreSQL for tests: real servers, connections to them, and configurations as cases.

#![allow(dead_code, reason = "each test binary uses its part of it")]

pub(crate) mod case;
pub(crate) mod connection;
pub(crate) mod instance;
pub(crate) mod servers;
