//! What `gonogo explain RULE` says.

use std::borrow::Borrow;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::examples::{self, Example, ExampleKind, Given};
use super::{Rule, compliance, listing};
use crate::model::Applicability;
use crate::text::harmless::{self, Dialect, one_line};

/// The documentation of a rule, as text for a terminal.
#[must_use]
pub fn text(rule: &Rule) -> String {
    let mut out = String::new();
    let severities = match listing::severity_text(rule) {
        several if several.contains(", ") => format!("{} (as the case is)", several.replace(", ", " or ")),
        one => one,
    };
    _ = writeln!(out, "{}: {}\n", one_line(&rule.id), one_line(&rule.title));
    _ = writeln!(out, "severity {severities} · pillar {} · about {}{}\n", rule.pillar, rule.subject, engines_text(rule));
    section(&mut out, "Why", &rule.docs.why);
    section(&mut out, "How", &rule.docs.how);
    if let Some(how) = &rule.docs.in_container {
        section(&mut out, "How, in a container", how);
    }
    for (engine, how) in rule.docs.how_for.iter().flat_map(|(engine, texts)| texts.iter().map(move |how| (engine, how))) {
        section(&mut out, &format!("How, for {}", engine.name()), &example(how));
    }
    fix_text(&mut out, rule);
    for example in examples::of(rule) {
        example_text(&mut out, &example);
    }
    list(&mut out, "References", &rule.docs.references);
    let frameworks: Vec<_> =
        compliance::requirements(rule).iter().map(|(framework, parts)| format!("{framework}: {}", parts.join(", "))).collect();
    list(&mut out, "Compliance", &frameworks);
    list(&mut out, "Checklist items", &rule.items);
    harmless::lines(out.trim_end(), Dialect::Text).into_owned() + "\n"
}

/// The same as JSON: the entry of the listing, with documentation and examples.
#[must_use]
pub fn json(rule: &Rule) -> Value {
    let mut entry = listing::entry(rule);
    if let Value::Object(entry) = &mut entry {
        let examples: Vec<_> = examples::of(rule).iter().map(example_json).collect();
        entry.insert("why".to_owned(), json!(rule.docs.why));
        entry.insert("how".to_owned(), json!(rule.docs.how));
        entry.insert("how_in_container".to_owned(), json!(rule.docs.in_container));
        let how_for = rule.docs.how_for.iter().map(|(engine, how)| (engine.word().to_owned(), json!(how.join("\n\nOr: "))));
        entry.insert("how_for".to_owned(), how_for.collect::<serde_json::Map<_, _>>().into());
        entry.insert("fix".to_owned(), json!(rule.fix.map(Applicability::word)));
        entry.insert("references".to_owned(), json!(rule.docs.references));
        entry.insert("examples".to_owned(), json!(examples));
    }
    entry
}

/// A text for an engine with names in the place of what a finding knows: `FILE_VARIABLE`.
fn example(how: &str) -> String {
    let mut parts = how.replace("{service}", "db").split('{').map(str::to_owned).collect::<Vec<_>>().into_iter();
    let mut told = parts.next().unwrap_or_default();
    for part in parts {
        match part.split_once('}').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')) {
            Some((name, rest)) => told.extend([&name.to_ascii_uppercase(), rest]),
            None => told.extend(["{", &part]),
        }
    }
    told
}

/// Whether `gonogo fix` does it.
fn fix_text(out: &mut String, rule: &Rule) {
    let text = match rule.fix {
        Some(Applicability::Safe) => "`gonogo fix --apply` makes this change, where one edit is certain to be right.",
        Some(Applicability::Unsafe) => {
            "`gonogo fix` offers this change, where one edit is certain. It needs a review: `--apply --unsafe` makes it."
        }
        Some(Applicability::Display) => "`gonogo fix` shows this change; a person has to make it.",
        None => return,
    };
    section(out, "Fix", text);
}

fn engines_text(rule: &Rule) -> String {
    let names: Vec<_> = rule.engines.iter().map(|engine| engine.name()).collect();
    let versions = if rule.logic.versions.is_empty() { String::new() } else { format!(" {}", rule.logic.versions) };
    if names.is_empty() { String::new() } else { format!(" ({}{versions})", names.join(", ")) }
}

fn section(out: &mut String, title: &str, text: &str) {
    _ = writeln!(out, "{title}\n");
    for line in text.lines() {
        _ = writeln!(out, "{}", format!("  {line}").trim_end());
    }
    out.push('\n');
}

fn list(out: &mut String, title: &str, lines: &[impl Borrow<str>]) {
    if !lines.is_empty() {
        section(out, title, &lines.join("\n"));
    }
}

fn example_text(out: &mut String, example: &Example) {
    let title = match example.kind {
        ExampleKind::Bad => "Bad",
        ExampleKind::Good => "Good",
        ExampleKind::Unknown => "Not decidable",
        ExampleKind::Suspected => "Suspected",
    };
    let mut text = String::new();
    let given = given_text(&example.given);
    if !given.is_empty() {
        _ = writeln!(text, "with {given}");
    }
    for (path, content) in &example.files {
        _ = writeln!(text, "{path}");
        content.lines().for_each(|line| _ = writeln!(text, "  {line}"));
    }
    for expected in &example.expectations {
        let place = expected.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let said = expected.text.as_ref().map(|said| format!("“… {said} …”"));
        _ = match example.kind {
            ExampleKind::Unknown => writeln!(text, "→ the reason says {}", said.as_deref().unwrap_or("why")),
            _ => writeln!(text, "→ {place}{}", said.as_deref().unwrap_or("a finding")),
        };
    }
    section(out, title, text.trim_end());
}

/// What an example assumes beside its files: without it, a bad and a good one may look alike.
fn given_text(given: &Given) -> String {
    let part = |name: &str, value: Option<String>| value.map(|value| format!("{name} {value}"));
    let parts = [
        part("version", given.version.clone()),
        part("deployment", given.deployment.clone()),
        part("memory", given.memory.clone()),
        part("cpus", given.cpus.map(|cpus| cpus.to_string())),
        part("storage", given.storage.clone()),
        part("workload", given.workload.clone()),
        part("date", given.now.clone()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn example_json(example: &Example) -> Value {
    let files: Vec<_> = example.files.iter().map(|(path, text)| json!({ "path": path, "text": text })).collect();
    let expected: Vec<_> = example
        .expectations
        .iter()
        .map(|expected| json!({ "path": expected.file, "line": expected.line, "column": expected.column, "text": expected.text }))
        .collect();
    json!({ "kind": example.kind.word(), "files": files, "expected": expected })
}

#[cfg(test)]
mod tests {
    use crate::rules::toy::rule;

    #[test]
    fn a_rule_explains_itself() {
        let rule = rule("engine = \"postgresql\"\nversions = \">=13\"\nrequire = { setting = \"ssl\", is = true }");
        let expected = "\
test-rule: Something is off

severity high · pillar security · about instance (PostgreSQL >=13)

Why

  It matters.

How

  Write it.

Bad

  postgresql.conf
    ssl = off
  → line 1: a finding

Good

  postgresql.conf
    ssl = on

References

  https://example.org/

Compliance

  dora: 9(3)(a)
  gdpr: 32(1)(a)
  hipaa: 164.312(e)(1), 164.312(e)(2)(ii)
  iso-27001-2022: A.5.14, A.8.24
  nis2: 21(2)(h)
  nist-csf-2: PR.DS-02
  pci-dss-4: 2.2.7, 4.2.1
  soc-2: CC6.7

Checklist items

  security/tls
";
        assert_eq!(super::text(&rule), expected);
        let json = super::json(&rule);
        assert_eq!(json["examples"][0]["expected"][0]["column"], 7);
        assert_eq!(json["why"], "It matters.");
    }
}
