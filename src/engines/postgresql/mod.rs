//! PostgreSQL.

pub mod hba;
pub mod ident;
