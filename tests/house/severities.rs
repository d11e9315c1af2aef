//! Every rule that can hold a release back says in one line why: `# Critical: …` or `# High: …` in its file.
//!
//! Critical is what lets data be read, changed or lost now, or keeps the server from starting or from taking commits; high is
//! what somebody would hold the release for. `severities.txt` lists the rules that do not say it yet: it may only become shorter.

use std::collections::BTreeSet;
use std::path::Path;

use gonogo::model::Severity;
use gonogo::rules::{RuleSet, shipped};

fn listed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/house/severities.txt")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// The highest severity of each rule that can be high or critical, and whether its file says why.
fn weighty() -> Vec<(String, Severity, bool)> {
    let rules = RuleSet::shipped();
    let heads = rules.heads().filter(|head| head.highest_severity() >= Severity::High);
    heads.map(|head| (head.id.to_string(), head.highest_severity(), says_why(&head.id, head.highest_severity()))).collect()
}

fn says_why(id: &str, severity: Severity) -> bool {
    let sign = if severity == Severity::Critical { "# Critical: " } else { "# High: " };
    let text = shipped::text(id).unwrap();
    text.lines().any(|line| line.trim_start().strip_prefix(sign).is_some_and(|why| why.split_whitespace().count() >= 4))
}

#[test]
fn every_rule_that_holds_a_release_back_says_why() {
    let listed = listed();
    let silent: Vec<String> = weighty()
        .into_iter()
        .filter(|(id, _, says)| !says && !listed.contains(id))
        .map(|(id, severity, _)| format!("{id}: `# {severity:?}: …` above its severity says in one line why it is that"))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn the_list_of_those_that_do_not_becomes_shorter() {
    let silent: BTreeSet<String> = weighty().into_iter().filter(|(_, _, says)| !says).map(|(id, _, _)| id).collect();
    let done: Vec<String> = listed().difference(&silent).cloned().collect();
    assert!(done.is_empty(), "take out of severities.txt: {}", done.join(", "));
}
