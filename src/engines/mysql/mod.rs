//! MySQL and MariaDB: what their option files mean, release by release.

mod assemble;
pub mod catalogue;
mod catalogue_table;
mod command_line;
mod commented_out;
mod container;
mod edit;
mod effective;
pub mod entry;
mod facts;
mod family;
mod flavour;
mod homes;
mod identify;
pub mod inspect;
mod kinds;
mod layout;
mod linked;
mod option_name;
mod plugins;
mod problems;
mod reading;
mod secrets;
mod server;
pub mod shapes;
mod value;

pub use self::family::MySql;

#[cfg(test)]
mod tests;
