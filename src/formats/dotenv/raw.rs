//! Files of variables that are taken as they are: `env_file` with `format: raw`.

use super::{Dotenv, DotenvEntry, Quoting, hide};
use crate::text::Source;

/// Reads a file of variables that is taken as it is (`format: raw`): no quotes, escapes or variables.
#[must_use]
pub fn parse_raw(source: &Source) -> Dotenv {
    let mut dotenv = Dotenv::default();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let code = source.text().get(start..at + line.len()).unwrap_or("").trim_end_matches(['\n', '\r']);
        at += line.len();
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        let (name, value) = code.split_once('=').map_or((code, None), |(name, value)| (name, Some(value)));
        let value_start = start + name.len() + usize::from(value.is_some());
        dotenv.entries.push(DotenvEntry {
            name: name.to_owned(),
            name_span: source.span(start, start + name.len()),
            value: value.map(str::to_owned),
            value_span: source.span(value_start, start + code.len()),
            quoting: Quoting::Single,
        });
    }
    dotenv.entries.iter().for_each(|entry| hide(source, entry));
    dotenv
}
