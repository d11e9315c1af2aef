//! Rules as SARIF describes them: title, documentation, tags, and how grave they are.

use std::collections::BTreeSet;

use serde_json::json;

use super::bag;
use super::model::{MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor};
use super::words::{level, without_links};
use crate::model::{Finding, Pillar, Severity};
use crate::report::Report;
use crate::rules::{Rule, compliance};

/// Longest description that GitHub keeps.
const LONGEST_DESCRIPTION: usize = 1024;
/// Most tags that GitHub keeps.
const MOST_TAGS: usize = 20;

/// A rule with the weight that its findings have here: GitHub ranks an alert by its rule.
pub(super) fn descriptor(report: &Report, id: &str, weight: Severity, findings: &[&Finding]) -> ReportingDescriptor {
    let rule = report.rules.get(id);
    let title = rule.map_or(id, |rule| &*rule.title);
    let why = rule.map(|rule| rule.docs.why.trim()).filter(|why| !why.is_empty()).unwrap_or(title);
    ReportingDescriptor {
        id: id.to_owned(),
        short_description: text(title),
        full_description: text(why),
        help: help(rule, title),
        help_uri: rule.and_then(|rule| rule.docs.references.first().cloned()),
        default_configuration: Some(ReportingConfiguration { level: level(weight) }),
        properties: Some(properties(rule, id, weight, findings)),
    }
}

fn text(text: &str) -> MultiformatMessageString {
    let short: String = without_links(text).chars().take(LONGEST_DESCRIPTION).collect();
    MultiformatMessageString::plain(short)
}

fn help(rule: Option<&Rule>, title: &str) -> MultiformatMessageString {
    let Some(rule) = rule else {
        return MultiformatMessageString::plain(title);
    };
    let docs = &rule.docs;
    let in_container = docs.in_container.iter().map(|how| format!("\n\nIn a container: {}", how.trim())).collect::<String>();
    let how = format!("{}{in_container}", docs.how.trim());
    let plain = format!("{}\n\n{how}\n\n{}", docs.why.trim(), docs.references.join("\n"));
    let text = if plain.trim().is_empty() { title.to_owned() } else { plain.trim().to_owned() };
    // A rule of the tree that is audited may say anything: there its text is no Markdown.
    if !rule.shipped {
        return MultiformatMessageString::plain(without_links(&text));
    }
    let links: Vec<String> = docs.references.iter().map(|link| format!("- <{link}>")).collect();
    let mut markdown = format!("# {title}\n\n{}\n\n## What to do\n\n{how}\n", docs.why.trim());
    if !links.is_empty() {
        markdown.push_str(&format!("\n## References\n\n{}\n", links.join("\n")));
    }
    MultiformatMessageString { text, markdown: Some(markdown) }
}

fn properties(rule: Option<&Rule>, id: &str, weight: Severity, findings: &[&Finding]) -> PropertyBag {
    let pillar = rule.map(|rule| rule.pillar).or_else(|| findings.iter().find(|finding| finding.rule == id).map(|finding| finding.pillar));
    let mut properties = bag([("precision", json!("high")), ("problem.severity", json!(problem_severity(weight)))]);
    if let Some(number) = security_severity(weight).filter(|_| pillar == Some(Pillar::Security)) {
        // A string that holds a number: a JSON number is ignored.
        properties.additional.insert("security-severity".to_owned(), json!(number));
    }
    let mut tags: BTreeSet<String> = pillar.iter().map(|pillar| pillar.word().to_owned()).collect();
    if let Some(rule) = rule {
        tags.extend(rule.engines.iter().map(|engine| engine.word().to_owned()));
        let compliance = compliance::requirements(rule);
        if !compliance.is_empty() {
            properties.additional.insert("compliance".to_owned(), json!(compliance));
        }
        let references = rule.benchmarks.iter().flat_map(|(framework, list)| list.iter().map(move |one| format!("{framework}/{one}")));
        tags.extend(references);
    }
    properties.tags = Some(tags.into_iter().take(MOST_TAGS).collect());
    properties
}

const fn problem_severity(weight: Severity) -> &'static str {
    match weight {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

const fn security_severity(weight: Severity) -> Option<&'static str> {
    match weight {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}
