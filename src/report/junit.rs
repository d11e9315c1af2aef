//! JUnit for services that show test results: one test per rule, one per criterion of the verdict.

use std::collections::{BTreeMap, BTreeSet};

use super::headline::headline;
use super::place::Place;
use super::plain::plain;
use super::selection::shown_findings;
use super::{Report, Shown};
use crate::model::{Finding, Outcome};
use crate::verdict::scorecard::{CriterionShown, CriterionStatus, Verdict};

enum Result {
    Passed,
    Skipped(String),
    Failed { message: String, text: String },
}

struct Case {
    name: String,
    class: String,
    result: Result,
}

pub(super) fn render(report: &Report, shown: Shown) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gonogo\">\n".to_owned();
    suite(&mut out, "rules", None, &rules(report, shown));
    if let Some(verdict) = &report.scorecard.verdict {
        suite(&mut out, "verdict", Some(&headline(verdict)), &criteria(verdict));
    }
    out.push_str("</testsuites>\n");
    out
}

fn rules(report: &Report, shown: Shown) -> Vec<Case> {
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in shown_findings(report, shown) {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    let judged = report.outcomes.iter().map(|of| of.rule.as_ref());
    let ids: BTreeSet<&str> = judged.chain(findings.keys().copied()).collect();
    let case = |id: &str| {
        let area = report.rules.get(id).map_or_else(|| id.split('-').next().unwrap_or(id), |rule| rule.area());
        let result = findings.get(id).map_or_else(|| without_findings(report, id), |findings| failed(report, findings));
        Case { name: plain(id), class: format!("gonogo.{}", plain(area)), result }
    };
    ids.into_iter().map(case).collect()
}

/// A rule that nothing shown speaks of: skipped where it could not be decided for every subject.
fn without_findings(report: &Report, id: &str) -> Result {
    let of_rule = || report.outcomes.iter().filter(|of| *of.rule == *id).map(|of| &of.outcome);
    let unknown = of_rule().find_map(|outcome| match outcome {
        Outcome::Unknown(why, _) => Some(format!("not shown: {}", plain(&why.reason))),
        _ => None,
    });
    let not_applicable = of_rule().find_map(|outcome| match outcome {
        Outcome::NotApplicable(reason) => Some(format!("not applicable: {}", plain(reason))),
        _ => None,
    });
    let decided = of_rule().any(|outcome| matches!(outcome, Outcome::Pass | Outcome::Fail(_) | Outcome::Accepted(_)));
    match (unknown, not_applicable) {
        (Some(reason), _) => Result::Skipped(reason),
        (None, Some(reason)) if !decided => Result::Skipped(reason),
        _ => Result::Passed,
    }
}

fn failed(report: &Report, findings: &[&Finding]) -> Result {
    let line = |finding: &&Finding| {
        let place = Place::of_finding(&report.files, finding).map_or_else(|| plain(&finding.subject.id), |place| place.to_string());
        format!("{place}: {}: {}", finding.severity, plain(&format!("{} {}", finding.message, finding.help))).trim().to_owned()
    };
    let lines: Vec<String> = findings.iter().map(line).collect();
    let message = findings.first().map(|finding| plain(&finding.message)).unwrap_or_default();
    Result::Failed { message, text: lines.join("\n") }
}

fn criteria(verdict: &Verdict) -> Vec<Case> {
    let case = |criterion: &CriterionShown| {
        let result = match criterion.status {
            _ if !criterion.voting => Result::Skipped("does not vote in this profile".to_owned()),
            CriterionStatus::NotApplicable => Result::Skipped(plain(&criterion.explanation)),
            CriterionStatus::Met => Result::Passed,
            CriterionStatus::SlightlyBelow | CriterionStatus::Below => {
                let message = format!("{}: {}", criterion.status, plain(&criterion.value));
                Result::Failed { message, text: plain(&criterion.explanation) }
            }
        };
        Case { name: plain(&criterion.id), class: "gonogo.verdict".to_owned(), result }
    };
    verdict.criteria.iter().map(case).collect()
}

fn suite(out: &mut String, name: &str, headline: Option<&str>, cases: &[Case]) {
    let failures = cases.iter().filter(|case| matches!(case.result, Result::Failed { .. })).count();
    let skipped = cases.iter().filter(|case| matches!(case.result, Result::Skipped(_))).count();
    let tests = cases.len();
    let numbers = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
    out.push_str(&format!("  <testsuite name=\"{name}\" {numbers}>\n"));
    if let Some(headline) = headline {
        out.push_str(&format!("    <properties><property name=\"headline\" value=\"{}\"/></properties>\n", xml(headline)));
    }
    for case in cases {
        let open = format!("    <testcase classname=\"{}\" name=\"{}\"", xml(&case.class), xml(&case.name));
        match &case.result {
            Result::Passed => out.push_str(&format!("{open}/>\n")),
            Result::Skipped(reason) => out.push_str(&format!("{open}><skipped message=\"{}\"/></testcase>\n", xml(reason))),
            Result::Failed { message, text } => {
                out.push_str(&format!("{open}><failure message=\"{}\">{}</failure></testcase>\n", xml(message), xml(text)));
            }
        }
    }
    out.push_str("  </testsuite>\n");
}

/// Text of XML. It has no place for most control characters, not even as references: they were escaped before, as all
/// that is hidden, and only the ends of our own lines are left.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            _ => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_stays_well_formed() {
        assert_eq!(xml(&format!("a<b & \"c\"{}\n", plain("\u{1b}"))), "a&lt;b &amp; &quot;c&quot;\\u{1b}&#10;");
    }
}
