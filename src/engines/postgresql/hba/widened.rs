//! Lines whose clients a later line admits as well, together with everybody else: narrowing them keeps nobody out.

use super::clients::{clients, family};
use super::rule::{NameItem, Rule};

/// For each rule, whether a later one lets any role into any database from any address of its family, over the same
/// sessions, and nothing between them turns clients away.
pub(super) fn widened(rules: &[Rule]) -> Vec<bool> {
    let mut open: Vec<&Rule> = Vec::new();
    let mut found = vec![false; rules.len()];
    for (rule, found) in rules.iter().zip(&mut found).rev() {
        *found = open.iter().any(|later| covers(later, rule));
        if rule.method == "reject" {
            open.clear();
        } else if is_open(rule) && !open.iter().any(|later| covers(later, rule)) {
            open.push(rule);
        }
    }
    found
}

fn is_open(rule: &Rule) -> bool {
    let everybody = rule.databases.has(&NameItem::All) && rule.users.has(&NameItem::All);
    everybody && clients(rule) == "anywhere" && rule.method != "cert" && rule.option("clientcert").is_none()
}

fn covers(later: &Rule, rule: &Rule) -> bool {
    let sessions = rule.kind.sessions(None);
    let same_family = family(later) == Some("both") || family(later) == family(rule);
    same_family && later.kind.sessions(None) & sessions == sessions
}
