//! Remedies close their findings: the lines that the documentation of a weighty rule says to write are written into its
//! bad examples, and the finding is gone.

use gonogo::model::{Finding, Outcome, Severity};
use gonogo::rules::examples::{self, Example, ExampleKind};
use gonogo::rules::{Rule, RuleSet};
use gonogo::verdict::checklist::Checklist;
use libtest_mimic::{Failed, Trial};
use regex::Regex;

use super::examples::judge_example;

/// The file that remedies are written into.
const CONF: &str = "postgresql.conf";

/// One test for each rule of high or critical severity whose documentation gives a line for the setting that it finds.
pub(crate) fn trials() -> Vec<Trial> {
    let rules = RuleSet::shipped();
    let weighty = rules.heads().filter(|head| head.highest_severity() >= Severity::High).filter_map(|head| rules.get(&head.id)).cloned();
    let with_lines = weighty.map(|rule| (lines(&rule), rule)).filter(|(lines, _)| !lines.is_empty());
    with_lines.map(|(lines, rule)| Trial::test(format!("{} (remedy)", rule.id), move || check(&rule, &lines))).collect()
}

/// One test for all rules about the settings of a server: what is said of reloads and restarts is said in the words that
/// `rules/evaluate/help.rs` turns into those of another place, such as `command:` of a container.
pub(crate) fn phrases() -> Trial {
    Trial::test("remedies say reload and restart in words that fit other places", || {
        let rules = RuleSet::shipped();
        let about_settings = rules.heads().filter(|head| head.id.starts_with("postgresql-") && !head.id.starts_with("postgresql-upgrade-"));
        let odd = Regex::new(r"SELECT pg_reload_conf\(\)").unwrap();
        let usual = Regex::new(r"[Rr]eload: SELECT pg_reload_conf\(\)").unwrap();
        let mut wrong = Vec::new();
        for rule in about_settings.filter_map(|head| rules.get(&head.id)) {
            let texts = std::iter::once(&rule.docs.how).chain(&rule.docs.in_container);
            let texts = texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            wrong.extend(texts.filter(|text| odd.find_iter(text).count() != usual.find_iter(text).count()).map(|_| rule.id.clone()));
        }
        let none = ["postgresql-auto-overrides-file"];
        wrong.retain(|id| !none.contains(&&**id));
        if wrong.is_empty() { Ok(()) } else { Err(format!("write `reload: SELECT pg_reload_conf()` in {wrong:?}").into()) }
    })
}

/// Lines of settings in the text that says what to do: name and whole line.
fn lines(rule: &Rule) -> Vec<(String, String)> {
    let spans = Regex::new("`([a-z_.]+) = ([^`]+)`").unwrap();
    // A line may be broken where the text is.
    let text = rule.docs.how.replace('\n', " ");
    let line = |found: regex::Captures<'_>| (found[1].to_owned(), format!("{} = {}", &found[1], &found[2]));
    spans.captures_iter(&text).map(line).filter(|(name, line)| name != "name" && !line.contains('…')).collect()
}

fn check(rule: &Rule, lines: &[(String, String)]) -> Result<(), Failed> {
    let checklist = Checklist::embedded()?;
    for (number, example) in examples::of(rule).iter().enumerate() {
        if example.kind != ExampleKind::Bad || !example.files.iter().any(|(path, _)| path == CONF) {
            continue;
        }
        let before = judge_example(rule, example, &checklist)?.outcome;
        let told = |finding: &&Finding| lines.iter().any(|(name, _)| *name == finding.key);
        if before.findings().iter().filter(told).count() == 0 {
            continue;
        }
        // Several lines are alternatives, or belong together.
        let each = lines.iter().map(|(_, line)| vec![line.as_str()]);
        let all = std::iter::once(lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>());
        let mut left = Vec::new();
        for written in each.chain(all) {
            let after = judge_example(rule, &with(example, &written), &checklist)?.outcome;
            left.push(still_told(&before, &after, lines));
        }
        if left.iter().all(|left| !left.is_empty()) {
            return Err(format!("example {}: what the documentation says to write leaves {:?}", number + 1, left.first()).into());
        }
    }
    Ok(())
}

/// The example with lines in place of its own of the same settings; others follow.
fn with(example: &Example, lines: &[&str]) -> Example {
    let name = |line: &str| line.split(['=', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    let mut written = example.clone();
    for (_, text) in written.files.iter_mut().filter(|(path, _)| path == CONF) {
        let others = text.lines().filter(|own| !lines.iter().any(|line| name(line) == name(own)));
        *text = others.chain(lines.iter().copied()).map(|line| format!("{line}\n")).collect();
    }
    written
}

/// Findings about a setting that has a line, which are there before and after.
fn still_told(before: &Outcome, after: &Outcome, lines: &[(String, String)]) -> Vec<String> {
    let was = |finding: &&Finding| before.findings().iter().any(|known| known.key == finding.key);
    let has_line = |finding: &&Finding| lines.iter().any(|(name, _)| *name == finding.key);
    after.findings().iter().filter(was).filter(has_line).map(|finding| finding.message.clone()).collect()
}
