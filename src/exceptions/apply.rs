//! Exceptions at work on outcomes.

use std::collections::{BTreeMap, BTreeSet};

use super::accept::LONGEST;
use super::dead::{EXPIRED, MALFORMED, NO_REASON, Problem, UNKNOWN_RULE, UNUSED, findings};
use super::suppressions::Suppression;
use super::{Accept, Context, Suppressions};
use crate::model::{Finding, Outcome, OutcomeOf, Severity, Suppressed, SuppressionKind};
use crate::text::{SourceId, Span};

/// All exceptions of a run.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    /// Ignore comments.
    pub suppressions: Suppressions,
    /// `[[accept]]` of gonogo.toml.
    pub accepts: Vec<Accept>,
}

/// Marks the findings that an exception covers, turns a failure whose every finding is accepted into
/// [`Outcome::Accepted`], and returns findings about exceptions that are dead.
pub fn apply(outcomes: &mut [OutcomeOf], exceptions: &Exceptions, context: &Context<'_>) -> Vec<Finding> {
    let mut work = Work::new(exceptions, context);
    for of in outcomes.iter_mut() {
        of.outcome.all_findings_mut().iter_mut().for_each(|finding| finding.suppressed = work.cover(finding).map(Box::new));
        let Outcome::Fail(findings) = &mut of.outcome else {
            // An accepted suspicion leaves what it is about unknown.
            continue;
        };
        if !findings.is_empty() && findings.iter().all(is_accepted) {
            of.outcome = Outcome::Accepted(std::mem::take(findings));
        }
    }
    let mut problems = exceptions.suppressions.problems.clone();
    work.dead_comments(context.decided, &mut problems);
    work.dead_accepts(context.decided, &mut problems);
    findings(problems, context)
}

/// Whether the verdict hears the exception: only with somebody who answers for it until a day, and
/// never for what alone makes NO-GO.
fn is_accepted(finding: &Finding) -> bool {
    let grave = finding.severity.max(finding.shipped_severity) == Severity::Critical;
    let counts = |by: &Suppressed| {
        matches!(by.kind, SuppressionKind::Accepted | SuppressionKind::FalsePositive) && by.owner.is_some() && by.until.is_some()
    };
    !grave && finding.suppressed.as_deref().is_some_and(counts)
}

struct Work<'w> {
    exceptions: &'w Exceptions,
    context: &'w Context<'w>,
    /// Text and rule → comments that name it, each with the number of the rule in its list.
    by_rule: BTreeMap<(SourceId, &'w str), Vec<(usize, usize)>>,
    used_comments: BTreeSet<(usize, usize)>,
    used_accepts: BTreeSet<usize>,
}

impl<'w> Work<'w> {
    fn new(exceptions: &'w Exceptions, context: &'w Context<'w>) -> Self {
        let mut by_rule: BTreeMap<(SourceId, &str), Vec<(usize, usize)>> = BTreeMap::new();
        for (number, suppression) in exceptions.suppressions.list.iter().enumerate() {
            for (position, rule) in suppression.rules.iter().enumerate() {
                by_rule.entry((suppression.source, rule.id.as_str())).or_default().push((number, position));
            }
        }
        Self { exceptions, context, by_rule, used_comments: BTreeSet::new(), used_accepts: BTreeSet::new() }
    }

    /// What covers a finding: an `[[accept]]` before a comment. All that match count as used.
    fn cover(&mut self, finding: &Finding) -> Option<Suppressed> {
        let accepted = self.cover_by_accept(finding);
        let commented = self.cover_by_comment(finding);
        accepted.or(commented)
    }

    fn cover_by_accept(&mut self, finding: &Finding) -> Option<Suppressed> {
        let mut mark = None;
        for (number, accept) in self.exceptions.accepts.iter().enumerate() {
            if accept.heard(self.context.now) && accept.matches(finding, self.context.files) {
                self.used_accepts.insert(number);
                mark.get_or_insert_with(|| accept.mark());
            }
        }
        mark
    }

    fn cover_by_comment(&mut self, finding: &Finding) -> Option<Suppressed> {
        let span = finding.primary.as_ref()?.span;
        let line = self.context.files.source(span.source)?.location(span.start).line;
        let mut mark = None;
        for at in self.by_rule.get(&(span.source, &*finding.rule)).into_iter().flatten() {
            let Some(suppression) = self.suppression(*at).filter(|suppression| suppression.lines.contains(&line)) else {
                continue;
            };
            let reason = suppression.reason.clone();
            self.used_comments.insert(*at);
            mark.get_or_insert(Suppressed { kind: SuppressionKind::Comment, reason, owner: None, until: None });
        }
        mark
    }

    fn suppression(&self, (number, _): (usize, usize)) -> Option<&'w Suppression> {
        self.exceptions.suppressions.list.get(number)
    }

    fn dead_comments(&self, decided: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
        for (number, suppression) in self.exceptions.suppressions.list.iter().enumerate() {
            for (position, rule) in suppression.rules.iter().enumerate() {
                if let Some(problem) = self.unknown_rule(&rule.id, rule.span) {
                    problems.push(problem);
                } else if decided.contains(rule.id.as_str()) && !self.used_comments.contains(&(number, position)) {
                    let message = format!("This comment ignores {}, which finds nothing here.", rule.id);
                    problems.push(Problem::new(UNUSED, rule.span, message).about(&rule.id));
                }
            }
        }
    }

    fn dead_accepts(&self, decided: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
        for (number, accept) in self.exceptions.accepts.iter().enumerate() {
            let problem = self
                .unknown_rule(&accept.rule, accept.span)
                .or_else(|| self.not_heard(accept))
                .or_else(|| self.unused_accept(number, accept, decided));
            problems.extend(problem);
        }
    }

    /// Why an `[[accept]]` is not in force.
    fn not_heard(&self, accept: &Accept) -> Option<Problem> {
        let rule = &accept.rule;
        let (kind, message) = if !accept.has_place() {
            (MALFORMED, format!("This [[accept]] of {rule} says neither path nor instance, so it is not heard."))
        } else if accept.reason.trim().is_empty() {
            (NO_REASON, format!("This [[accept]] of {rule} gives no reason, so it is not heard."))
        } else if let Some(until) = accept.until.filter(|_| accept.expired(self.context.now)) {
            (EXPIRED, format!("This [[accept]] of {rule} ended on {until}; what it accepted counts again."))
        } else if let Some(until) = accept.until.filter(|_| accept.too_long(self.context.now)) {
            (MALFORMED, format!("This [[accept]] of {rule} is until {until}, more than {LONGEST} days ahead, so it is not heard."))
        } else {
            return None;
        };
        Some(Problem::new(kind, accept.span, message).about(rule))
    }

    fn unused_accept(&self, number: usize, accept: &Accept, decided: &BTreeSet<&str>) -> Option<Problem> {
        let path_seen = accept.path.as_ref().is_none_or(|path| self.context.paths.contains(path.trim_start_matches("./")));
        let instance_seen = accept.instance.as_ref().is_none_or(|instance| self.context.instances.contains(instance));
        let judged = decided.contains(accept.rule.as_str()) && path_seen && instance_seen;
        let message = format!("This [[accept]] matches nothing: {} finds nothing there.", accept.rule);
        (judged && !self.used_accepts.contains(&number)).then(|| Problem::new(UNUSED, accept.span, message).about(&accept.rule))
    }

    fn unknown_rule(&self, id: &str, span: Span) -> Option<Problem> {
        if self.context.rules.head(id).is_some() {
            return None;
        }
        let near = |known: &&str| strsim::damerau_levenshtein(id, known);
        let alike = self.context.rules.heads().map(|head| &*head.id).filter(|known| known.len().abs_diff(id.len()) <= 3);
        let meant = alike.min_by_key(near).filter(|known| near(known) <= 3);
        let hint = meant.map(|known| format!(" Did you mean `{known}`?")).unwrap_or_default();
        Some(Problem::new(UNKNOWN_RULE, span, format!("There is no rule `{id}`, so nothing is ignored.{hint}")).about(id))
    }
}

#[cfg(test)]
mod tests;
