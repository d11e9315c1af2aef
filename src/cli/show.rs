//! `gonogo show`: the effective configuration.

use std::io::Write;

use super::arguments::ShowOptions;
use super::exit;
use super::failure::Failure;
use super::request::prepare;
use super::streams::Guarded;
use crate::engines;
use crate::model::Instance;
use crate::report::{Mode, show};
use crate::rules::error::did_you_mean;
use crate::text::harmless::{Dialect, one_line};

/// Prints each setting with where it comes from, or who can connect.
pub(super) fn show(options: &ShowOptions, out: &mut Guarded<'_>, err: &mut Guarded<'_>) -> Result<u8, Failure> {
    let prepared = prepare(&options.input, Mode::Lint, err)?;
    let mut surveyed = crate::audit::survey(prepared.files, &prepared.named, &prepared.request);
    crate::audit::hide_in_servers(&mut surveyed);
    if surveyed.instances.is_empty() {
        let missing = surveyed.inputs.missing();
        for line in &missing {
            writeln!(err, "not read: {}", one_line(line))?;
        }
        if !missing.is_empty() {
            return Ok(exit::INCOMPLETE);
        }
        let unread = crate::audit::unread_databases(&surveyed.unseen);
        if !unread.is_empty() {
            return Err(Failure::Nothing(format!(
                "{}: recognised, and this version of gonogo does not read the configuration of such a database yet\nnext: `gonogo lint` judges how it is run",
                one_line(&unread.join(", "))
            )));
        }
        let kinds: Vec<_> = engines::ALL.0.iter().flat_map(|family| family.kinds()).map(|kind| kind.name).collect();
        return Err(Failure::Nothing(format!(
            "no database server is described by what was given\nnext: name a file of its configuration ({}), or a compose file with a database",
            kinds.join(", ")
        )));
    }
    let wanted = show::ShowOptions {
        settings: options.setting.iter().cloned().collect(),
        all: options.all,
        who_can_connect: options.who_can_connect,
        sizing: options.sizing.then(|| show::Judging { rules: prepared.request.rules.clone(), now: prepared.request.now }),
        families: prepared.request.families,
        colour: true,
        width: super::audit::width(),
    };
    if let Some(name) = &options.setting
        && !names(&surveyed.instances).any(|known| known.eq_ignore_ascii_case(name))
    {
        let lower = name.to_ascii_lowercase();
        let suggestion = did_you_mean(&lower, names(&surveyed.instances));
        let hint = suggestion.map(|closest| format!("; did you mean `{closest}`?")).unwrap_or_default();
        return Err(Failure::Usage(format!("no server here has a setting `{}`{hint}", one_line(name))));
    }
    let text = if options.format == "json" {
        show::show_json(&surveyed.instances, &surveyed.files, &wanted).map_err(|error| Failure::Usage(error.to_string()))?
    } else if let Some(judging) = &wanted.sizing {
        show::sizing_text(&surveyed.instances, &surveyed.files, judging, wanted.width, wanted.families)
    } else {
        show::show_text(&surveyed.instances, &surveyed.files, &wanted)
    };
    out.write_as(Dialect::Coloured, &text)?;
    let missing = surveyed.inputs.missing();
    for line in &missing {
        writeln!(err, "not read: {}", one_line(line))?;
    }
    Ok(if missing.is_empty() { exit::GOOD } else { exit::INCOMPLETE })
}

/// Names of all settings that some server here may have.
fn names(instances: &[Instance]) -> impl Iterator<Item = &str> {
    instances.iter().flat_map(|instance| &instance.views).flat_map(|view| view.subject.settings.keys())
}
