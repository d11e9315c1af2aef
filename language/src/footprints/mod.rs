//! `rules/data/engines.toml`: what each engine leaves in images, environments and command lines.
//!
//! [`load`] checks the file and [`as_rust`] writes it as Rust: the build script does both, so that a wrong line ends the
//! build and a right one costs nothing when the program starts. What the keys mean is written at the head of the file.

mod load;
mod rust;
#[cfg(test)]
mod tests;

pub use load::load;
pub use rust::as_rust;
