//! `gonogo init`: a commented gonogo.toml with the evidence that is missing here.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::arguments::InitOptions;
use super::exit;
use super::failure::Failure;
use super::request::prepare;
use crate::report::Mode;
use crate::text::path;

/// Writes the file, never over one that exists.
pub(super) fn init(options: &InitOptions, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let to_standard_output = options.output == Path::new("-");
    if !to_standard_output && options.output.exists() {
        let path = path::shown(&options.output);
        return Err(Failure::Usage(format!("{path} exists, and is left as it is\nnext: `gonogo init --output -` prints what is missing")));
    }
    let prepared = prepare(&options.input, Mode::Audit)?;
    let text = crate::audit::missing_evidence(prepared.files, &prepared.named, &prepared.request, &prepared.checklist);
    if to_standard_output {
        out.write_all(text.as_bytes())?;
    } else {
        fs::write(&options.output, text).map_err(|error| Failure::Usage(format!("{}: {}", path::shown(&options.output), error.kind())))?;
        writeln!(err, "{} written: fill in what is true, and run `gonogo audit`", path::shown(&options.output))?;
    }
    Ok(exit::GOOD)
}
