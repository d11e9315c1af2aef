//! One setting after another with `postgres -C NAME`: the value as the server would start with it, also of settings
//! that only a start sets, from the file and from the command line; and every error of a file, not only the first.

use std::path::Path;

use gonogo::engines::postgresql::catalogue::Entry;

use super::helpers::case::{Answer, Case, ask_gonogo};
use super::helpers::servers::run;
use super::settings::{is_of_the_build, line, setting, value};
use crate::random::Random;

/// A file of a few lines that set one setting, or a word of the command line.
fn generate(random: &mut Random, entry: &Entry) -> Case {
    if random.once_in(5) {
        // The command line has no grammar: quotes would be part of the value. What cannot be an argument is left out.
        let value: String = value(random, entry).chars().filter(|c| *c != '\0').collect();
        let name = if random.once_in(3) { entry.name.replace('_', "-") } else { entry.name.to_owned() };
        let words = if random.once_in(2) { vec!["-c".to_owned(), format!("{name}={value}")] } else { vec![format!("--{name}={value}")] };
        return Case { words, ..Case::default() };
    }
    let mut conf = setting(random, entry, false) + "\n";
    if random.once_in(6) {
        conf += &setting(random, entry, false);
        conf += "\n";
    }
    if random.once_in(8) {
        let broken = random.one(&["a.b.c = 1", "= 3", "work_mem", "[x]", "a-b = 1"]).to_owned();
        conf = format!("{broken}\n{conf}{}\n", line(random, "nosuch", "1", true));
    }
    Case { conf, ..Case::default() }
}

/// What server and gonogo say differently of generated cases.
pub(crate) fn differences(major: u32, program: &str, random: &mut Random, count: usize) -> Vec<String> {
    let entries = super::settings::compared(major);
    let directory = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for _ in 0..count {
        let entry = entries[random.below(entries.len())];
        let case = generate(random, entry);
        let (server, gonogo) = (ask_server(program, directory.path(), &case, entry.name), ask_gonogo(&case, major, entry.name));
        let written = format!("{} {}", case.conf, case.words.join(" "));
        let redacted = matches!(&gonogo, Answer::Value(value) if value.contains("<redacted>"));
        // A word may be written with escapes: what was read of it tells as well.
        let of_the_build = is_of_the_build(entry, &written) || matches!(&gonogo, Answer::Value(value) if is_of_the_build(entry, value));
        if !gonogo.agrees_with(&server) && !of_the_build && !redacted {
            wrong.push(format!("{written:?}\n    server {server:?}\n    gonogo {gonogo:?}"));
        }
    }
    wrong
}

/// What a server says of a case.
fn ask_server(program: &str, directory: &Path, case: &Case, name: &str) -> Answer {
    let conf = directory.join("postgresql.conf");
    std::fs::write(&conf, &case.conf).unwrap();
    let file = format!("--config-file={}", conf.display());
    let mut arguments = vec!["-D", directory.to_str().unwrap(), &file];
    arguments.extend(case.words.iter().map(String::as_str));
    arguments.extend(["-C", name]);
    let (printed, complaint, success) = run(program, directory, &arguments);
    if success {
        return Answer::Value(printed.strip_suffix('\n').unwrap_or(&printed).to_owned());
    }
    Answer::Refused(complaint.lines().filter_map(class_of_complaint).collect())
}

fn class_of_complaint(line: &str) -> Option<String> {
    let (_, message) = line.split_once("LOG:  ").or_else(|| line.split_once("HINT:  ")).or_else(|| line.split_once("FATAL:  "))?;
    let near = |message: &str| message.split_once("near token \"").map(|(_, token)| token.strip_suffix('"').unwrap_or(token).to_owned());
    Some(match message {
        _ if message.starts_with("syntax error") => {
            let shown = |token: String| {
                // What cannot be printed is no part of a message of ours.
                if token.chars().all(char::is_control) { "syntax".to_owned() } else { format!("syntax near {token}") }
            };
            near(message).map_or("syntax at-end".to_owned(), shown)
        }
        _ if message.contains("unrecognized configuration parameter") => "unknown".to_owned(),
        _ if message.contains("is outside the valid range") => "range".to_owned(),
        _ if message.starts_with("Value exceeds integer range") => "overflow".to_owned(),
        _ => return None,
    })
}
