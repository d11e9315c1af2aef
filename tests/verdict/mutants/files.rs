//! Files of the project emptied, taken away, or others laid beside them.

use super::edit::{Edit, text};

const RUNBOOKS: [&str; 6] =
    ["restore", "storage-full", "instance-down", "connections-saturated", "wraparound-or-bloat", "credentials-rotation"];

pub(super) fn edits() -> Vec<Edit> {
    let mut edits = Vec::new();
    let runbooks = RUNBOOKS.map(|name| format!("docs/runbooks/{name}.md"));
    let read = ["compose.yaml", "db/postgresql.conf", "db/pg_hba.conf", "backup/backup.sh", "gonogo.toml", "docs/restore-2026-11-02.md"];
    for path in read.into_iter().chain(runbooks.iter().map(String::as_str)) {
        edits.push(Edit::of(format!("file/gone/{path}")).without(path));
        for (how, content) in
            [("empty", ""), ("blank", "\n\n"), ("a word", "TODO\n"), ("a comment", "# later\n"), ("half", &half(&text(path)))]
        {
            edits.push(Edit::of(format!("file/{how}/{path}")).with(path, content));
        }
        edits.push(Edit::of(format!("file/moved/{path}")).without(path).with(&format!("{path}.old"), text(path)));
    }
    for path in &runbooks {
        let whole = text(path);
        let heads: Vec<&str> = whole.lines().filter(|line| line.starts_with("## ")).collect();
        for head in heads {
            edits.push(Edit::of(format!("runbook/{path}/without {head}")).with(path, without_section(&whole, head)));
        }
    }
    for (name, path, content) in added() {
        edits.push(Edit::of(format!("added/{name}")).with(path, content));
    }
    edits
}

fn half(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[..lines.len() / 2].join("\n") + "\n"
}

fn without_section(text: &str, head: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.starts_with("## ") {
            inside = line == head;
        }
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Name, path, and text: blocks of `added.txt` that begin with `== name`, a line with the path, then the text.
fn added() -> Vec<(&'static str, &'static str, &'static str)> {
    let blocks = include_str!("added.txt").split("== ").skip(1);
    let read = |block: &'static str| {
        let (name, rest) = block.split_once('\n')?;
        let (path, content) = rest.split_once('\n')?;
        Some((name, path, content))
    };
    blocks.map(|block| read(block).unwrap()).collect()
}
