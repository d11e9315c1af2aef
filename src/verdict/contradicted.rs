//! Reviews of files that a rule finds fault with: nothing can rest on them.

use super::Assessed;
use super::case::Run;
use super::reasons;
use super::scorecard::Reason;
use crate::model::{Finding, Outcome, Relied};
use crate::text::SourceId;

/// Reviews of files that a rule finds fault with: nothing of these instances can rest on them.
pub(super) fn reviews(run: &Run<'_>, assessed: &[&Assessed<'_>]) -> Vec<Reason> {
    let concerns = |relied: &&Relied| assessed.iter().any(|one| relied.instances.contains(&one.id));
    let mut reasons: Vec<Reason> = Vec::new();
    for relied in run.input.relied.iter().filter(concerns) {
        let Some(finding) = relied.source.and_then(|source| fault(run, source)) else { continue };
        let message = format!("{}, and a rule finds fault with the file ({}): the review does not count", relied.told, finding.rule);
        let reason = reasons::plain(&message, &finding.help);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// What a rule finds in a text, and nobody has accepted.
fn fault<'a>(run: &Run<'a>, source: SourceId) -> Option<&'a Finding> {
    let failed = run.input.outcomes.iter().filter_map(|outcome| match &outcome.outcome {
        Outcome::Fail(findings) => Some(findings),
        _ => None,
    });
    failed.flatten().find(|finding| finding.primary.as_ref().is_some_and(|label| label.span.source == source))
}
