//! Edits of the ready project with the best verdict that each may get: `GONOGO_CASES=DIR tests/run cli` runs DIR/false-go.tsv.
//!
//! A line is an id, what is wrong, the best verdict allowed, and more in words; DIR/false-go/ID.diff is the edit. The file says "then
//! commit" where the project is a git repository first.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::Project;

/// Verdicts from good to bad; a configuration that is refused is the worst.
const WORSE: [&str; 4] = ["go", "go-with-reservations", "not-evaluated", "no-go"];

#[test]
fn no_edit_of_the_ready_project_is_judged_better_than_it_may() {
    let Some(folder) = std::env::var_os("GONOGO_CASES").map(PathBuf::from).filter(|folder| folder.join("false-go.tsv").is_file()) else {
        println!("skipped: GONOGO_CASES names no folder with a false-go.tsv");
        return;
    };
    let table = std::fs::read_to_string(folder.join("false-go.tsv")).unwrap();
    let (mut wrong, mut left) = (Vec::new(), 0);
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (id, allowed) = (fields[0], fields[2]);
        let diff = folder.join("false-go").join(format!("{id}.diff"));
        let Some(decision) = decision(&diff, line.contains("then commit"), id == "pg-base") else {
            left += 1;
            continue;
        };
        let place = |verdict: &str| WORSE.iter().position(|known| *known == verdict).unwrap_or(WORSE.len());
        let right = match allowed {
            "must-go" => decision == "go",
            // A verdict that is left open is as good as a no.
            "no-go" => place(&decision) >= place("not-evaluated"),
            allowed => place(&decision) >= place(allowed),
        };
        if !right {
            wrong.push(format!("{id}: {decision}, allowed {allowed}: {}", fields[1]));
        }
    }
    println!("{left} edits left out: there is no diff, or it does not apply");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The verdict after an edit; `None` where it cannot be made.
fn decision(diff: &Path, commit: bool, unchanged: bool) -> Option<String> {
    let project = Project::copy_of("fixtures/webshop-ready");
    let in_project = |program: &str, words: &[&str]| {
        Command::new(program).args(words).current_dir(project.path("")).output().is_ok_and(|output| output.status.success())
    };
    let keep = || {
        in_project("git", &["add", "-A", "-f"])
            && in_project("git", &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "as it is"])
    };
    if commit && !(in_project("git", &["init", "-q"]) && keep()) {
        return None;
    }
    let patch = std::path::absolute(diff).unwrap();
    if !unchanged && !in_project("patch", &["-p1", "-s", "-i", patch.to_str()?]) && !in_project("git", &["apply", patch.to_str()?]) {
        return None;
    }
    if commit && !keep() {
        return None;
    }
    let ran = project.run(&["audit", ".", "--config", "gonogo.toml", "--now", "2026-11-20", "--format", "json"]);
    let refused = || "refused".to_owned();
    let json: Option<serde_json::Value> = serde_json::from_str(&ran.out).ok();
    Some(json.map_or_else(refused, |json| json["verdict"]["decision"].as_str().map_or_else(refused, str::to_owned)))
}
