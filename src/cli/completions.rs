//! `gonogo completions` and `gonogo man`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::exit;
use super::failure::Failure;

/// Prints completions for a shell.
pub(super) fn completions(shell: Shell, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut <Arguments as CommandFactory>::command(), "gonogo", &mut text);
    out.write_all(&text)?;
    Ok(exit::GOOD)
}

/// Prints the manual page.
pub(super) fn man(out: &mut dyn Write) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(<Arguments as CommandFactory>::command()).render(&mut text)?;
    out.write_all(&text)?;
    Ok(exit::GOOD)
}
