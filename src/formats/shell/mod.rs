//! Shell commands: text → a tree of lists, pipelines and commands, each with its place in the text.
//!
//! POSIX shell grammar (XCU 2), with what bash adds and scripts use: `[[ … ]]`, `(( … ))`, `<( … )`, `&>`, `function`.
//! Nothing is expanded and nothing is run. A text that no shell would take still gives what was read of it, with its fault.
//!
//! Written by hand: of the parsers that exist, yash-syntax is under the GPL, conch-parser has not been kept since 2019,
//! tree-sitter needs a C compiler, and brush-parser, which reads every script that was tried, ends the process where 20,000
//! brackets are nested, gives nothing of a script with one error, counts in characters, keeps the last texts that it read
//! in memory (passwords too), and brings sixty crates.

mod compound;
mod flat;
mod parser;
mod programs;
mod reader;
pub mod status;
mod tree;
mod words;

#[cfg(test)]
mod tests;

pub use flat::{ShellCommand, ShellWord, commands};
pub use programs::{is_assignment, is_keyword, is_shell, is_wrapper};
pub use tree::{
    AndOr, Arm, Assignment, Branch, Command, Commands, Fault, FaultKind, Item, Link, Linked, List, Parameter, Part, Pipeline, Place,
    Redirection, Script, Simple, Word,
};

/// Reads a script.
#[must_use]
pub fn parse(text: &str) -> Script {
    reader::Reader::new(text).script()
}
