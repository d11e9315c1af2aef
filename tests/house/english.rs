//! The English of what people read: turns of phrase that CONTRIBUTING bans do not come back.
//!
//! `english.txt` says how often each is still there. Its numbers may only become smaller.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// A turn by its name in `english.txt`, what it looks like, and what of that is good English after all.
const TURNS: [(&str, &str, &str); 9] = [
    ("is-no", r"\b(?:is|are|was|were|be) no [a-z{]+", r"\bno (?:\w+er|more|less|worse|such)\b"),
    ("as-5min", r", as [`'\d{]\S*", r"^$"),
    ("whoever", r"(?i)\bwho(?:so)?ever\b", r"^$"),
    ("who-does", r"(?:^|[.;:] )Who [a-z]+s? [^?.;]*(?:[.;,]|$)|\b(?:of|to|for|down|and|but) who [a-z]+s\b", r"^$"),
    ("stands-lies", r"\b(?:stands?|stood|lies?|lay)\b(?: \w+)?", r"\bstands? (?:for|alone|up)$"),
    ("anew", r"\banew\b", r"^$"),
    ("for-ever", r"\bfor ever\b", r"^$"),
    ("held-against", r"\b(?:holds?|held|holding)(?: \w+)? against\b", r"^$"),
    ("does-not-tell", r"\b(?:do|does|did) not tell(?:[.,;]|$)|\bwhere (?:neither )?[\w ]+ tells?(?:[.,;:]|$)", r"^$"),
];

/// Where texts come from, in the order of the columns of `english.txt`.
const AREAS: [&str; 5] = ["rules", "checklist", "messages", "help", "docs"];

/// A text with the file that it is in.
struct Text {
    file: PathBuf,
    text: String,
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(path.to_str().unwrap(), extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn texts(area: &str) -> Vec<Text> {
    let sources = || files("src", "rs").into_iter().chain(files("language/src", "rs")).filter(|path| !is_test(path));
    match area {
        "rules" => files("rules", "toml").iter().filter(|path| !path.ends_with("checklist.toml")).flat_map(|path| values(path)).collect(),
        "checklist" => values(Path::new("rules/checklist.toml")),
        "messages" => sources().flat_map(|path| literals(&path)).collect(),
        "help" => sources().filter(|path| path.ends_with("cli/arguments.rs")).flat_map(|path| doc_comments(&path)).collect(),
        "docs" => {
            let pages = ["README.md", "SECURITY.md"].map(PathBuf::from).into_iter().chain(files("docs", "md"));
            pages.flat_map(|path| prose(&path)).collect()
        }
        other => panic!("no area {other}"),
    }
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs") || path.ends_with("toy.rs")
}

/// The values of a TOML file that are read by people; examples are not.
fn values(path: &Path) -> Vec<Text> {
    let table: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let mut found = Vec::new();
    for (key, value) in table.iter().filter(|(key, _)| !matches!(key.as_str(), "bad" | "good" | "unknown" | "fix")) {
        strings(key, value, &mut |text| found.push(Text { file: path.to_owned(), text: text.to_owned() }));
    }
    found
}

fn strings(key: &str, value: &toml::Value, take: &mut impl FnMut(&str)) {
    match value {
        toml::Value::String(text) if key != "references" => take(text),
        toml::Value::Array(values) => values.iter().for_each(|value| strings(key, value, take)),
        toml::Value::Table(table) => table.iter().for_each(|(key, value)| strings(key, value, take)),
        _ => {}
    }
}

/// The string literals of a source file, up to its tests.
fn literals(path: &Path) -> Vec<Text> {
    // A comment, a character, a raw string, a string: what begins first is what it is.
    let token = Regex::new(r##"(?s)//[^\n]*|'(?:\\.|[^\\'\n])'|r#"(?P<raw>.*?)"#|"(?P<text>(?:\\.|[^"\\])*)""##).unwrap();
    let all = fs::read_to_string(path).unwrap();
    let code = all.split("#[cfg(test)]").next().unwrap();
    let literal = token.captures_iter(code).filter_map(|found| found.name("text").or(found.name("raw")));
    literal.map(|found| Text { file: path.to_owned(), text: found.as_str().to_owned() }).collect()
}

/// The `///` comments of a file, which is where clap takes its help from.
fn doc_comments(path: &Path) -> Vec<Text> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("/// "));
    lines.map(|line| Text { file: path.to_owned(), text: line.to_owned() }).collect()
}

/// A page without what is quoted or shown as code.
fn prose(path: &Path) -> Vec<Text> {
    let page = fs::read_to_string(path).unwrap();
    let text: String = page.split("```").step_by(2).flat_map(|text| text.split('`').step_by(2)).collect();
    vec![Text { file: path.to_owned(), text }]
}

/// Where a turn occurs in some texts, as `file: words`.
fn places(turn: &Regex, unless: &Regex, texts: &[Text]) -> Vec<String> {
    let mut found = Vec::new();
    for Text { file, text } in texts {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for at in turn.find_iter(&line) {
            // "There is no volume" is how one says it.
            let before = line[..at.start()].to_ascii_lowercase();
            let is_there = before.ends_with("there ") || before.ends_with("there would ");
            if !is_there && !unless.is_match(at.as_str()) {
                found.push(format!("{}: {}", file.display(), around(&line, at.start(), at.end())));
            }
        }
    }
    found
}

fn around(line: &str, start: usize, end: usize) -> &str {
    let start = (start.saturating_sub(30)..=start).find(|at| line.is_char_boundary(*at)).unwrap();
    let end = (end..=(end + 30).min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap();
    &line[start..end]
}

/// The numbers of `english.txt` by turn.
fn allowed() -> BTreeMap<String, Vec<usize>> {
    let text = fs::read_to_string("tests/house/english.txt").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap().to_owned(), words.map(|word| word.parse().unwrap()).collect())
        })
        .collect()
}

#[test]
fn banned_turns_become_fewer() {
    let mut allowed = allowed();
    let texts = AREAS.map(texts);
    let (mut wrong, mut now) = (String::new(), String::new());
    for (name, turn, unless) in TURNS {
        let (turn, unless) = (Regex::new(turn).unwrap(), Regex::new(unless).unwrap());
        let listed = allowed.remove(name).unwrap_or_default();
        write!(now, "{name:<14}").unwrap();
        for (column, (area, texts)) in AREAS.iter().zip(&texts).enumerate() {
            let found = places(&turn, &unless, texts);
            let most = listed.get(column).copied().unwrap_or_default();
            write!(now, "{:>10}", found.len()).unwrap();
            if found.len() > most {
                writeln!(wrong, "`{name}` is in {area} {} times, expected at most {most}:\n  {}", found.len(), found.join("\n  ")).unwrap();
            } else if found.len() < most {
                writeln!(wrong, "`{name}` is in {area} only {} times: write that instead of {most}", found.len()).unwrap();
            }
        }
        now.push('\n');
    }
    assert!(allowed.is_empty(), "`english.txt` lists unknown turns: {:?}", allowed.keys());
    assert!(wrong.is_empty(), "{wrong}\nSee \"English\" in CONTRIBUTING.md. Counted now:\n{now}");
}
