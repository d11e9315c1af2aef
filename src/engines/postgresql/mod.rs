//! PostgreSQL: its settings, and how the server puts them together.

pub mod catalogue;
mod checks;
pub mod former;
mod list;
mod number;
mod standby_names;
pub mod value;
