//! `gonogo show`: the effective configuration.

use std::io::Write;

use super::arguments::ShowOptions;
use super::exit;
use super::failure::Failure;
use super::request::prepare;
use crate::report::Mode;
use crate::report::show;

/// Prints each setting with where it comes from, or who can connect.
pub(super) fn show(options: &ShowOptions, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let prepared = prepare(&options.input, Mode::Lint)?;
    let surveyed = crate::audit::survey(prepared.files, &prepared.named, &prepared.request);
    if surveyed.instances.is_empty() {
        return Err(Failure::Nothing("no database server is described by what was given\nnext: name a postgresql.conf, a pg_hba.conf, or a compose file with a database".to_owned()));
    }
    let wanted = show::ShowOptions {
        settings: options.setting.iter().cloned().collect(),
        all: options.all,
        who_can_connect: options.who_can_connect,
        colour: true,
        width: super::audit::width(),
    };
    if let Some(name) = &options.setting
        && !surveyed.instances.iter().any(|instance| show::knows(instance, name))
    {
        let suggestion = surveyed.instances.iter().find_map(|instance| show::closest(instance, name));
        let hint = suggestion.map(|closest| format!("; did you mean `{closest}`?")).unwrap_or_default();
        return Err(Failure::Usage(format!("no server here has a setting `{name}`{hint}")));
    }
    let text = if options.format == "json" {
        show::show_json(&surveyed.instances, &surveyed.files, &wanted).map_err(|error| Failure::Usage(error.to_string()))?
    } else {
        show::show_text(&surveyed.instances, &surveyed.files, &wanted)
    };
    out.write_all(text.as_bytes())?;
    let missing = surveyed.inputs.missing();
    for line in &missing {
        writeln!(err, "not read: {line}")?;
    }
    Ok(if missing.is_empty() { exit::GOOD } else { exit::INCOMPLETE })
}
