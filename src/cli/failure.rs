//! What ends a run before there is a report.

use thiserror::Error;

use super::exit;

/// Why there is no report.
#[derive(Debug, Error)]
pub enum Failure {
    /// The command line, gonogo.toml or a rule file is wrong; the text says where and what to do.
    #[error("error: {0}")]
    Usage(String),
    /// Nothing of what was given is something that gonogo audits.
    #[error("{0}")]
    Nothing(String),
    /// The report could not be written.
    #[error("error: the output could not be written: {0}")]
    Output(#[from] std::io::Error),
    /// What went wrong has been said already.
    #[error("")]
    Said(u8),
}

impl Failure {
    /// The exit code of the process.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::Nothing(_) => exit::NOTHING,
            Self::Output(_) => exit::INCOMPLETE,
            Self::Said(code) => *code,
        }
    }
}
