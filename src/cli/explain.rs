//! `gonogo explain`: documentation of a rule or of a checklist item.

use std::io::Write;

use super::arguments::ExplainOptions;
use super::exit;
use super::failure::Failure;
use super::request::rules_of_folders;
use crate::rules::{error::did_you_mean, explain};
use crate::text::harmless::{json as harmless_json, one_line};
use crate::verdict;

/// Prints the documentation of what was named.
pub(super) fn explain(options: &ExplainOptions, out: &mut dyn Write) -> Result<u8, Failure> {
    let (checklist, rules) = rules_of_folders(&options.rule_folders)?;
    let json = options.format == "json";
    let text = if let Some(rule) = rules.get(&options.name) {
        if json { harmless_json(format!("{:#}\n", explain::json(rule))) } else { explain::text(rule) }
    } else if let Some(item) = checklist.item(&options.name) {
        if json { harmless_json(format!("{:#}\n", verdict::explain::json(item, &rules))) } else { verdict::explain::text(item, &rules) }
    } else {
        let names: Vec<String> = rules.heads().map(|head| head.id.to_string()).chain(checklist.item_ids()).collect();
        let closest = did_you_mean(&options.name, names.iter().map(String::as_str));
        let hint = closest.map(|name| format!("; did you mean `{}`?", one_line(name))).unwrap_or_default();
        return Err(Failure::Usage(format!(
            "there is no rule and no checklist item `{}`{hint}\nnext: `gonogo rules` lists them",
            one_line(&options.name)
        )));
    };
    out.write_all(text.as_bytes())?;
    Ok(exit::GOOD)
}
