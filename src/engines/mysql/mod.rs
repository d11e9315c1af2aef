//! MySQL and MariaDB: what their option files mean, release by release.

mod assemble;
pub mod catalogue;
mod catalogue_table;
mod commented_out;
mod edit;
mod effective;
pub mod entry;
mod facts;
mod family;
mod flavour;
mod homes;
mod identify;
mod kinds;
mod layout;
mod option_name;
mod problems;
mod reading;
mod secrets;
mod server;
pub mod shapes;
mod value;

pub use self::family::MySql;

#[cfg(test)]
mod tests;
