//! Documentation of a checklist item: what it means, what proves it, which rules have a say.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::checklist::{EvidenceUse, Item};
use crate::rules::{Head, RuleSet};
use crate::text::harmless::one_line;

/// For a terminal.
#[must_use]
pub fn text(item: &Item, rules: &RuleSet) -> String {
    let mut text = format!("{}: {}\n\n{}\n", item.id, item.title, item.meaning);
    if !item.proof.is_empty() {
        text.push_str("\nShown by the files when all rules of a set pass, for the engine and for the platform that runs it:\n");
        for (of, set) in item.proof.named_sets() {
            let of = if of.is_empty() { String::new() } else { format!("{of}: ") };
            let _ = writeln!(text, "  * {of}{}", set.join(", "));
        }
    }
    let others: Vec<&Head> = counter_rules(item, rules).collect();
    if !others.is_empty() {
        text.push_str("\nRules that speak against it when they fail:\n");
        for rule in others {
            let _ = writeln!(text, "  * {} ({}): {}", rule.id, rule.highest_severity(), one_line(&rule.title));
        }
    }
    let evidence = if item.evidence != EvidenceUse::Never {
        "Evidence in gonogo.toml can show it too."
    } else {
        "Evidence cannot replace what files show."
    };
    let _ = writeln!(text, "\n{evidence}");
    if item.blocker.is_some() {
        text.push_str("It blocks: without it the answer is NO-GO.\n");
    }
    text
}

/// For programs.
#[must_use]
pub fn json(item: &Item, rules: &RuleSet) -> Value {
    let others: Vec<&str> = counter_rules(item, rules).map(|rule| &*rule.id).collect();
    json!({
        "id": item.id,
        "title": item.title,
        "meaning": item.meaning,
        "proof": item.proof,
        "counter_rules": others,
        "evidence": item.evidence != EvidenceUse::Never,
        "blocker": item.blocker.is_some(),
    })
}

fn counter_rules<'a>(item: &'a Item, rules: &'a RuleSet) -> impl Iterator<Item = &'a Head> {
    let proves = |id: &str| item.proof.sets().flatten().any(|rule| rule == id);
    rules.heads().filter(move |rule| rule.items.iter().any(|known| *known == item.id) && !proves(&rule.id))
}
