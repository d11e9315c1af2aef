//! Recognising the file: by its name, else by its main section.

use super::grammar::{Item, item, skip_space};
use crate::formats::Claim;
use crate::formats::copies::original_name;
use crate::formats::grammar::first_line;

/// Ends of names under which the file is kept.
const ENDINGS: [&str; 4] = [".ini", ".conf", ".cfg", ".cnf"];

/// Whether a file is a configuration of PgBouncer. `head` is its beginning, possibly cut.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let file = original_name(name);
    let main = || head.contains("[pgbouncer]") && sections(head).any(|section| section == "pgbouncer");
    if file == "pgbouncer.ini" {
        return Claim::Yes;
    }
    if !ENDINGS.iter().any(|ending| file.ends_with(ending)) {
        return Claim::No;
    }
    if main() {
        Claim::Yes
    } else if file.ends_with("pgbouncer.ini") {
        Claim::Maybe
    } else {
        Claim::No
    }
}

fn sections(head: &str) -> impl Iterator<Item = &str> {
    let mut text = head;
    std::iter::from_fn(move || {
        loop {
            text = skip_space(text);
            if text.is_empty() {
                return None;
            }
            match item(text) {
                Ok((rest, Item::Section(name))) => {
                    text = rest;
                    return Some(name);
                }
                Ok((rest, _)) => text = rest,
                Err(_) => text = text.get(first_line(text).len()..).unwrap_or(""),
            }
        }
    })
}
