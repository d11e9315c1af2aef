//! Small points, folded: what is low or less is one line per database, and else one line per rule. JSON, SARIF and
//! `--full` have each by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::aside;
use super::line::{in_brief, place};
use super::page::{Page, severity_style};
use crate::model::Finding;
use crate::report::Report;
use crate::report::plain::plain;

/// Most rules that the line of a database names.
const MOST_RULES: usize = 3;
/// Most other places that the line of a rule names.
const MOST_PLACES: usize = 3;

/// What belongs on one line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group<'f> {
    /// All of a database, by its name.
    Database(&'f str),
    /// All of a rule, where they are about no database.
    Rule(&'f str),
}

/// Writes the lines, weightiest first, else in the order of the report.
pub(super) fn write(page: &mut Page, report: &Report, findings: &[&Finding]) {
    let mut groups: BTreeMap<Group<'_>, (usize, Vec<&Finding>)> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        groups.entry(group(finding)).or_insert_with(|| (at, Vec::new())).1.push(finding);
    }
    let mut lines: Vec<(Group<'_>, (usize, Vec<&Finding>))> = groups.into_iter().collect();
    lines.sort_by_key(|(_, (at, _))| *at);
    for (group, (_, members)) in lines {
        match (group, members.as_slice()) {
            (_, [only]) => in_brief(page, report, only),
            (Group::Database(name), [first, ..]) => of_database(page, report, name, first, &members),
            (Group::Rule(_), [first, others @ ..]) => of_rule(page, report, first, others),
            (_, []) => {}
        }
    }
}

fn group(finding: &Finding) -> Group<'_> {
    match finding.engine {
        Some(_) => Group::Database(&finding.subject.id),
        None => Group::Rule(&finding.rule),
    }
}

/// "compose.yaml:5:3: low: 11 small points about db: [compose-no-memory-limit, …] and 8 more".
fn of_database(page: &mut Page, report: &Report, name: &str, first: &Finding, members: &[&Finding]) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let rules: Vec<&str> = members.iter().map(|finding| &*finding.rule).filter(|rule| seen.insert(rule)).collect();
    let named: Vec<String> = rules.iter().take(MOST_RULES).map(|rule| plain(rule)).collect();
    let more = rules.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let text = format!("{} small points about {}: {}{more}", members.len(), plain(name), named.join(", "));
    line(page, report, first, &text);
}

/// The first in its words, and where the others are.
fn of_rule(page: &mut Page, report: &Report, first: &Finding, others: &[&Finding]) {
    let places: Vec<String> = others.iter().take(MOST_PLACES).map(|finding| place(report, finding)).collect();
    let more = others.len() - places.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let rule = aside(page, &format!("[{}]", plain(&first.rule)));
    line(page, report, first, &format!("{} {rule}, also at {}{more}", plain(&first.message), places.join(", ")));
}

fn line(page: &mut Page, report: &Report, first: &Finding, text: &str) {
    let severity = page.paint(severity_style(first.severity), first.severity.word());
    page.line(&format!("{}: {severity}: {text}", place(report, first)));
}
