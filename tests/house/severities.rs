//! Every rule that can hold a release back says in one line why: `# Critical: …` or `# High: …` in its file.
//!
//! Critical is what lets data be read, changed or lost now, or keeps the server from starting or from taking commits; high is
//! what somebody would hold the release for.

use gonogo::model::Severity;
use gonogo::rules::{RuleSet, shipped};

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
    let silent: Vec<String> = weighty()
        .into_iter()
        .filter(|(_, _, says)| !says)
        .map(|(id, severity, _)| format!("{id}: `# {severity:?}: …` above its severity says in one line why it is that"))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
