//! `gonogo rules`: what is checked, and the words that rules are written with.

use std::io::Write;

use comfy_table::{ContentArrangement, Table, presets};

use super::arguments::RulesOptions;
use super::exit;
use super::failure::Failure;
use super::request::rules_of_folders;
use crate::rules::{compliance, listing, vocabulary};
use crate::text::harmless;

/// Prints the list of rules, or the vocabulary.
pub(super) fn rules(options: &RulesOptions, out: &mut dyn Write) -> Result<u8, Failure> {
    let json = options.format == "json";
    if options.vocabulary {
        let text = if json { format!("{:#}\n", listing::vocabulary::json()) } else { vocabulary::text() };
        out.write_all(text.as_bytes())?;
        return Ok(exit::GOOD);
    }
    let (_, rules) = rules_of_folders(&options.rule_folders)?;
    let filter = listing::Filter {
        engine: options.engine,
        pillar: options.pillar,
        severity: options.severity,
        framework: options.framework.clone(),
    };
    if json {
        out.write_all(harmless::json(format!("{:#}\n", listing::json(&rules, &filter))).as_bytes())?;
        return Ok(exit::GOOD);
    }
    let shown = |row: Vec<String>| row.iter().map(|cell| harmless::one_line(cell)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = listing::rows(&rules, &filter).into_iter().map(shown).collect();
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(super::audit::width()).unwrap_or(100));
    table.set_header(listing::columns(&filter));
    table.add_rows(&rows);
    let about = filter.framework.as_ref().and_then(|name| compliance::frameworks().get(name));
    let about = about.map(|framework| format!(" with evidence for {}", framework.title)).unwrap_or_default();
    writeln!(out, "{table}\n\n{} rules{about}. `gonogo explain RULE` tells more of one.", rows.len())?;
    Ok(exit::GOOD)
}
