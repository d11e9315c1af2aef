//! PostgreSQL: its settings, its access rules, and how the server puts them together.

mod access;
mod assemble;
mod assignments;
pub mod catalogue;
mod catalogue_table;
mod checks;
mod codes;
pub mod command_line;
mod commented_out;
pub mod effective;
mod facts;
mod family;
pub mod former;
pub mod hba;
pub mod ident;
mod image;
pub mod kinds;
mod list;
mod number;
pub mod patroni;
mod problems;
mod reading;
mod repeats;
mod secrets;
mod server;
mod servers;
pub mod sizing;
pub mod standby_names;
pub mod successor;
mod tls;
mod unset;
mod upgrade;
pub mod value;
mod versions;

pub use self::family::PostgreSql;
pub use self::reading::{ServerFile, ToDisplay};
