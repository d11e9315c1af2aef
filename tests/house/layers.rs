//! The rooms of the house, in order: a room uses only rooms to its left.

use std::fs;
use std::path::Path;

use crate::sources::{SOURCES, sources};

const ROOMS: [&str; 18] = [
    "text",
    "model",
    "formats",
    "config",
    "deployments",
    "workloads",
    "live",
    "engines",
    "operations",
    "rules",
    "footprints",
    "presumptions",
    "exceptions",
    "verdict",
    "fix",
    "report",
    "audit",
    "cli",
];

fn position(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// The room that a source file belongs to; `None` for `lib.rs` and `main.rs`.
fn room_of(path: &Path) -> Option<String> {
    let first = SOURCES.iter().find_map(|folder| path.strip_prefix(folder).ok())?.components().next()?;
    let name = Path::new(first.as_os_str()).file_stem()?.to_string_lossy().into_owned();
    (name != "lib" && name != "main").then_some(name)
}

/// Rooms named by `crate::room` anywhere in a text, also inside `use crate::{a, b}`.
fn rooms_named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            let mut start_of_item = true;
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 1 && (character.is_alphanumeric() || character == '_') && start_of_item {
                    word.push(character);
                    continue;
                }
                if !word.is_empty() {
                    named.push(std::mem::take(&mut word));
                    start_of_item = false;
                }
                if depth == 1 && character == ',' {
                    start_of_item = true;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            named.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    named
}

#[test]
fn a_room_uses_only_rooms_to_its_left() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(room) = room_of(&path) else { continue };
        let Some(own) = position(&room) else {
            wrong.push(format!("{}: room `{room}` is not in the plan", path.display()));
            continue;
        };
        for used in rooms_named(&fs::read_to_string(&path).unwrap()) {
            if position(&used).is_some_and(|used| used > own) {
                wrong.push(format!("{}: `{room}` uses `{used}`, which lies to its right", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let files = sources();
    let silent: Vec<_> = files.iter().filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!")).collect();
    assert!(silent.is_empty(), "no module documentation: {silent:?}");
}

/// `text` is the only room that opens, makes or removes something on disk; tests do as they like.
#[test]
fn only_one_room_touches_the_disk() {
    const TOUCHES: [&str; 5] = ["fs::", "File::open", "File::create", "OpenOptions", "rustix"];
    let mut files = sources();
    files.retain(|path| room_of(path).is_some_and(|room| room != "text") && !path.ends_with("tests.rs"));
    let mut wrong = Vec::new();
    for path in files.iter().filter(|path| !path.components().any(|part| part.as_os_str() == "tests")) {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_touch = |line: &&str| {
            TOUCHES.iter().any(|touch| {
                // `fs::`, and not the end of another word as in `refs::`.
                line.match_indices(touch).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
            })
        };
        wrong.extend(code.lines().filter(is_touch).map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
