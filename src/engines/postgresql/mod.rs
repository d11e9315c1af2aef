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
pub mod patroni;
mod problems;
mod reading;
mod secrets;
mod server;
mod servers;
pub mod sizing;
pub mod standby_names;
mod tls;
mod unset;
mod upgrade;
pub mod value;
mod versions;

pub use self::assemble::{Assembled, AssemblyInput, assemble};
pub use self::reading::{ServerFile, ToDisplay};
pub use self::server::{Stated, Workload};
pub use self::servers::SeenFiles;
