//! `gonogo init`: a commented gonogo.toml with the evidence that is missing here.

use std::io::Write;
use std::path::PathBuf;

use super::arguments::InitOptions;
use super::exit;
use super::failure::Failure;
use super::outputs::worse;
use super::request::prepare;
use crate::report::Mode;
use crate::text::harmless::one_line;
use crate::text::{Grounds, Output, WriteError, path};

/// Writes the file, never over one that exists.
pub(super) fn init(options: &InitOptions, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let path = path::shown(&options.output);
    let output = Output::named(&options.output);
    let refused = |error: &WriteError| match error {
        WriteError::Exists => format!("{path} exists, and is left as it is\nnext: `gonogo init --output -` prints what is missing"),
        error => format!("{path}: {error}"),
    };
    if matches!(&output, Output::Path(target) if target.exists()) {
        return Err(Failure::Usage(refused(&WriteError::Exists)));
    }
    let prepared = prepare(&options.input, Mode::Audit, err)?;
    let (text, missing) = crate::audit::missing_evidence(prepared.files, &prepared.named, &prepared.request, &prepared.checklist);
    match output {
        Output::Standard => out.write_all(text.as_bytes())?,
        Output::Error => err.write_all(text.as_bytes())?,
        Output::Path(target) => {
            let grounds = Grounds::around(options.input.paths.iter().map(PathBuf::as_path));
            if let Err(error) = target.create(&text, &grounds) {
                writeln!(err, "error: {}", refused(&error))?;
                return Ok(worse(exit::GOOD, &error));
            }
            writeln!(err, "{path} written: fill in what is true, and run `gonogo audit`")?;
        }
    }
    for line in &missing {
        writeln!(err, "not read: {}", one_line(line))?;
    }
    Ok(if missing.is_empty() { exit::GOOD } else { exit::INCOMPLETE })
}
