//! PostgreSQL: its settings, and how the server puts them together.

mod assignments;
pub mod catalogue;
mod catalogue_table;
mod checks;
pub mod command_line;
mod cuts;
pub mod effective;
pub mod former;
mod list;
mod loaded;
mod number;
mod problems;
mod reading;
mod secrets;
mod standby_names;
pub mod value;

pub use self::reading::{ServerFile, ToDisplay};
