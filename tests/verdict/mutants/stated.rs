//! Statements of gonogo.toml taken away, and with other dates, numbers and words.

use super::edit::{Edit, instead, says_something, text};

const FILE: &str = "gonogo.toml";

pub(super) fn edits() -> Vec<Edit> {
    let stated = text(FILE);
    let tables = tables(&stated);
    let mut edits = Vec::new();
    for (number, table) in tables.iter().enumerate().filter(|(_, table)| table.contains('[')) {
        let name = name(table);
        let others = |instead: &str| {
            let kept = tables.iter().enumerate().map(|(at, table)| if at == number { instead } else { table.as_str() });
            kept.collect::<String>()
        };
        edits.push(Edit::of(format!("stated/{name}/gone")).with(FILE, others("")));
        edits.push(Edit::of(format!("stated/{name}/twice")).with(FILE, others(&format!("{table}\n\n{table}\n\n"))));
        if table.starts_with("[[evidence]]") && !table.contains("result =") {
            edits.push(Edit::of(format!("stated/{name}/failed")).with(FILE, others(&table.replacen("by =", "result = \"fail\"\nby =", 1))));
        }
        if table.contains("item = ") && !table.contains("runbook") {
            let word = name.rsplit(' ').next().unwrap_or(&name).to_owned();
            let declared = format!("[[not_applicable]]\nitem = \"{word}\"\nreason = \"we do not need it\"\nby = \"SRE\"\n\n");
            edits.push(Edit::of(format!("stated/{name}/declared not applicable")).with(FILE, others(&declared)));
        }
        for line in table.lines().filter(|line| says_something(line) && line.contains('=')) {
            let (key, value) = line.split_once(" = ").unwrap();
            for other in others_of(key, value) {
                let line = other.as_deref().map_or_else(String::new, |other| format!("{key} = {other}\n"));
                let at = table.lines().position(|known| known.starts_with(&format!("{key} ="))).unwrap();
                let how = other.unwrap_or_else(|| "gone".to_owned());
                edits.push(Edit::of(format!("stated/{name}/{key}/{how}")).with(FILE, others(&instead(table, at, &line))));
            }
        }
    }
    for block in include_str!("stated.txt").split("\n\n").filter(|block| !block.starts_with('#')) {
        let id = block.lines().collect::<Vec<_>>().join(" ");
        edits.push(Edit::of(format!("stated too/{id}")).with(FILE, format!("{stated}\n{block}\n")));
    }
    edits
}

/// The text, cut before every table.
fn tables(stated: &str) -> Vec<String> {
    let mut tables = vec![String::new()];
    for line in stated.lines() {
        if line.starts_with('[') {
            tables.push(String::new());
        }
        let last = tables.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
    }
    tables
}

/// What a table is about.
fn name(table: &str) -> String {
    let head = table.lines().find(|line| line.starts_with('[')).unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let words =
        ["item", "watches", "runbook"].iter().filter_map(|key| table.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))));
    std::iter::once(head).chain(words.map(|word| word.trim_matches('"').to_owned())).collect::<Vec<_>>().join(" ")
}

/// Other values of a key; `None` where it is left out.
fn others_of(key: &str, value: &str) -> Vec<Option<String>> {
    let quoted = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
    let mut others = match key {
        "on" | "go_live" => {
            ["2016-01-01", "2026-03-01", "2026-08-01", "2026-11-21", "2027-11-20", "2026-13-40", "\"\""].map(str::to_owned).to_vec()
        }
        "by" => quoted(&["", " ", "?", "nobody"]),
        "proof" => quoted(&["", " ", "?", "docs/nothing.md", "TODO", "docs", "../outside.md", "http://", "compose.yaml"]),
        "result" => quoted(&["fail", "", "maybe", "PASS"]),
        "duration" => quoted(&["0m", "3h", "400h", "-1h", "x", "1s"]),
        "interval" => quoted(&["0h", "48h", "30d", "x", "1m"]),
        "rpo" | "rto" => quoted(&["0h", "1m", "1h", "10000d", "x"]),
        "expected" | "achieved" | "expected_load" => {
            quoted(&["0 tps", "1 tps", "400 rps", "400", "100000 tps", "450 tps", "590 tps", "-640 tps", "x"])
        }
        "members" | "trained" | "peak_clients" => ["0", "1", "2", "4", "70", "100000", "-1"].map(str::to_owned).to_vec(),
        "criticality" => quoted(&["low", "high", "none", ""]),
        "size" => quoted(&["startup", "enterprise", "tiny"]),
        "watches" => quoted(&["nothing", "disk", ""]),
        "system" => quoted(&["", "null", "prometheus"]),
        "receiver" => quoted(&["", "null", "/dev/null", "none"]),
        "runbook" => quoted(&["nothing", ""]),
        "item" => quoted(&["security/nothing", ""]),
        _ => Vec::new(),
    };
    others.retain(|other| other != value);
    others.into_iter().map(Some).chain([None]).collect()
}
