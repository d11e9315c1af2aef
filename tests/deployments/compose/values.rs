//! Values of keys against the answers of Docker Compose: `tests/vectors/compose-values.txt` says of each key which of [`VALUES`] it takes,
//! and which it refuses without a word from gonogo. With GONOGO_COMPOSE and COMPOSE=overwrite the program is asked anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::vectors::read;

/// What each key is given, as it stands behind the colon.
const VALUES: [&str; 22] = [
    "",
    "1",
    "-1",
    "1.5",
    "true",
    "text",
    "\"\"",
    "\"5\"",
    "5s",
    "1g",
    "2026-01-01",
    "[]",
    "[1]",
    "[text]",
    "[A=b]",
    "[[a]]",
    "[{a: b}]",
    "{}",
    "{a: b}",
    "{a: 1}",
    "{a: {}}",
    "{a: }",
];
/// What gonogo refuses and Docker Compose hands on to the engine, which refuses it, or drops it.
const HANDED_ON: [(&str, &str); 7] = [
    ("cpus", "-1"),
    ("deploy.resources.limits.cpus", "-1"),
    ("logging.options", "{a: }"),
    ("restart", "text"),
    ("restart", "\"5\""),
    ("restart", "5s"),
    ("restart", "1g"),
];

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/compose-values.txt")
}

/// A project with one key set; the other services are there to be named.
fn project(key: &str, value: &str) -> String {
    let parts: Vec<&str> = key.split('.').collect();
    let (name, above) = parts.split_last().unwrap();
    let mut text = "services:\n  a:\n".to_owned();
    if key != "image" {
        text.push_str("    image: x\n");
    }
    let mut indent = "    ".to_owned();
    for part in above {
        writeln!(text, "{indent}{part}:").unwrap();
        indent.push_str("  ");
    }
    if above.first() == Some(&"build") && *name != "context" {
        writeln!(text, "{indent}context: .").unwrap();
    }
    writeln!(text, "{indent}{name}: {value}").unwrap();
    text + "  text:\n    image: y\n  b:\n    image: z\n"
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "nothing" } else { value }
}

fn is_refused_here(folder: &Path) -> bool {
    let (_, project) = read(folder, "compose.yaml");
    project.diagnostics.iter().any(|diagnostic| diagnostic.fatal)
}

fn is_taken(program: &Path, folder: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(["-p", "x", "--profile", "*", "config", "--quiet"]).current_dir(folder);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent").output().unwrap().status.success()
}

#[test]
fn a_value_of_the_wrong_type_is_refused_as_docker_compose_refuses_it() {
    let recorded = fs::read_to_string(table()).unwrap();
    let program = std::env::var_os("GONOGO_COMPOSE").map(PathBuf::from);
    let program = program.filter(|_| std::env::var("COMPOSE").is_ok_and(|wish| wish == "overwrite"));
    let made = tempfile::tempdir().unwrap();
    let folder = made.path().join("project");
    fs::create_dir(&folder).unwrap();
    let (mut fresh, mut false_alarms, mut keys) = (String::new(), Vec::new(), 0);
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (key, taken) = (columns.next().unwrap(), columns.next().unwrap_or_default());
        let mut taken: BTreeSet<&str> = taken.split(" | ").collect();
        let mut passed_over = Vec::new();
        for value in VALUES {
            fs::write(folder.join("compose.yaml"), project(key, value)).unwrap();
            let shown = shown(value);
            if let Some(program) = &program {
                if is_taken(program, &folder) {
                    taken.insert(shown)
                } else {
                    taken.remove(shown)
                };
            }
            match (is_refused_here(&folder), taken.contains(shown)) {
                (true, true) if !HANDED_ON.contains(&(key, value)) => false_alarms.push(format!("{key}: {shown}")),
                (false, false) => passed_over.push(shown),
                _ => {}
            }
        }
        let taken: Vec<&str> = VALUES.iter().map(|value| shown(value)).filter(|value| taken.contains(value)).collect();
        writeln!(fresh, "{key}\t{}\t{}", taken.join(" | "), passed_over.join(" | ")).unwrap();
        keys += 1;
    }
    assert!(keys > 120, "{keys}");
    assert!(false_alarms.is_empty(), "Docker Compose takes these: {false_alarms:?}");
    if std::env::var("COMPOSE").is_ok_and(|wish| wish == "overwrite") {
        let head: String = recorded.lines().filter(|line| line.starts_with('#')).fold(String::new(), |head, line| head + line + "\n");
        fs::write(table(), head + &fresh).unwrap();
        return;
    }
    let rows = recorded.lines().filter(|line| !line.starts_with('#')).zip(fresh.lines());
    let changed: Vec<String> = rows.filter(|(was, is)| was != is).map(|(was, is)| format!("was {was}\nis  {is}")).collect();
    assert!(changed.is_empty(), "COMPOSE=overwrite takes these over:\n{}", changed.join("\n"));
}
