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
mod cuts;
pub mod effective;
mod facts;
pub mod former;
pub mod hba;
pub mod ident;
mod image;
mod list;
mod number;
mod paths;
mod problems;
mod reading;
mod secrets;
mod server;
mod servers;
mod standby_names;
pub mod successor;
mod unset;
pub mod value;
mod versions;

pub use self::assemble::{Assembled, AssemblyInput, assemble};
pub use self::reading::{ServerFile, ToDisplay};
pub use self::server::{Stated, Workload};
pub use self::servers::SeenFiles;
