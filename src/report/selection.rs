//! Which findings are shown, and how many there are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Mode, Report, Shown};
use crate::model::{Finding, Severity, Suppressed, SuppressionKind};

/// Most findings of one rule that forms for people show.
const MOST_PER_RULE: usize = 20;

/// The numbers of a report; they do not depend on what is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    /// Of the findings below, those that are suspected.
    pub(super) suspected: usize,
    pub(super) undecided: usize,
    /// With a baseline: how many of its findings no longer occur.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gone: Option<usize>,
    pub(super) critical: usize,
    pub(super) high: usize,
    pub(super) medium: usize,
    pub(super) low: usize,
    pub(super) info: usize,
    pub(super) suppressed: usize,
    pub(super) files: usize,
    pub(super) instances: usize,
}

impl Counts {
    pub(super) fn of(report: &Report) -> Self {
        let mut counts = Self { instances: report.scorecard.instances.len(), ..Self::default() };
        counts.gone = report.gone;
        counts.undecided = report.undecided.count();
        counts.files = report.inputs.iter().filter(|input| input.was_read()).count();
        for finding in &report.findings {
            counts.suspected += usize::from(finding.suppressed.is_none() && finding.is_suspected());
            *match (finding.suppressed.is_some(), finding.severity) {
                (true, _) => &mut counts.suppressed,
                (false, Severity::Critical) => &mut counts.critical,
                (false, Severity::High) => &mut counts.high,
                (false, Severity::Medium) => &mut counts.medium,
                (false, Severity::Low) => &mut counts.low,
                (false, Severity::Info) => &mut counts.info,
            } += 1;
        }
        counts
    }

    /// `2 critical, 3 high, 1 low (2 of them suspected)`, without the zeros; empty when there is nothing.
    pub(super) fn by_severity(self) -> String {
        let each = [(self.critical, "critical"), (self.high, "high"), (self.medium, "medium"), (self.low, "low"), (self.info, "info")];
        let named: Vec<String> = each.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
        let suspected = match self.suspected {
            0 => String::new(),
            all if all == self.found() => " (suspected)".to_owned(),
            some => format!(" ({some} of them suspected)"),
        };
        format!("{}{suspected}", named.join(", "))
    }

    const fn found(self) -> usize {
        self.critical + self.high + self.medium + self.low + self.info
    }
}

/// Whether a suppressed finding counts in the verdict all the same. Only an `[[accept]]` with an
/// owner and a last day is heard there, and nothing takes away what alone makes NO-GO.
pub(super) fn still_counts(report: &Report, finding: &Finding) -> bool {
    let unheard = |by: &Suppressed| {
        let display_only = matches!(by.kind, SuppressionKind::Comment | SuppressionKind::Baseline);
        display_only || by.owner.is_none() || by.until.is_none() || is_critical(finding)
    };
    report.mode == Mode::Audit && finding.suppressed.as_deref().is_some_and(unheard)
}

fn is_critical(finding: &Finding) -> bool {
    finding.severity.max(finding.shipped_severity) == Severity::Critical
}

/// Findings to show, in the order of the report. What alone makes NO-GO is shown in an audit even when a comment ignores it.
pub(super) fn shown_findings(report: &Report, shown: Shown) -> Vec<&Finding> {
    let is_shown = |finding: &&Finding| {
        finding.severity >= shown.min_severity
            && (finding.suppressed.is_none() || shown.suppressed || is_critical(finding) && still_counts(report, finding))
    };
    report.findings.iter().filter(is_shown).collect()
}

/// Suppressed findings that count all the same and are not shown otherwise.
pub(super) fn ignored_yet_counting(report: &Report, shown: Shown) -> Vec<&Finding> {
    let not_shown = |finding: &&Finding| still_counts(report, finding) && !shown.suppressed && !is_critical(finding);
    report.findings.iter().filter(not_shown).collect()
}

/// Findings for people: weightiest first, else as in the report; and of each rule with more than
/// can be read, how many are left out.
pub(super) fn for_people<'f>(findings: &[&'f Finding]) -> (Vec<&'f Finding>, BTreeMap<&'f str, usize>) {
    let mut kept: Vec<&Finding> = findings.to_vec();
    kept.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
    kept.retain(|finding| {
        let number = of_rule.entry(&finding.rule).or_default();
        *number += 1;
        *number <= MOST_PER_RULE
    });
    of_rule.retain(|_, number| *number > MOST_PER_RULE);
    of_rule.values_mut().for_each(|number| *number -= MOST_PER_RULE);
    (kept, of_rule)
}
