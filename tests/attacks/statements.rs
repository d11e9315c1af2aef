//! SECURITY.md is held to its word: each line of its assurance case names tests, and each of them exists.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;

use crate::frame::Attack;

/// Checks the table of the assurance case.
pub fn each_has_a_test(rows: &[Attack]) -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("SECURITY.md"))?;
    let table = text.split("## Assurance case").nth(1).ok_or("SECURITY.md has no assurance case")?;
    let lines: Vec<Vec<&str>> =
        table.lines().filter(|line| line.starts_with("| ")).skip(1).map(|line| line.split(" | ").collect()).collect();
    let mut sources = String::new();
    for folder in ["tests", "src", "language/src"] {
        gather(&root.join(folder), &mut sources)?;
    }
    let exists = |name: &str| {
        rows.iter().any(|row| row.name == name) || sources.contains(&format!("fn {name}(")) || sources.contains(&format!("\"{name}\""))
    };
    let mut wrong = Vec::new();
    for line in &lines {
        let names: Vec<&str> = line.last().copied().unwrap_or_default().split('`').skip(1).step_by(2).collect();
        if line.len() != 3 || names.is_empty() {
            wrong.push(format!("no test: {}", line.join(" | ")));
        }
        wrong.extend(names.iter().filter(|name| !exists(name)).map(|name| format!("no test is called {name}")));
    }
    if lines.len() < 12 {
        wrong.push(format!("only {} statements", lines.len()));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn gather(folder: &Path, into: &mut String) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, into)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(path)?);
        }
    }
    Ok(())
}
