//! Findings about exceptions that do nothing, or not what their author meant.
use std::borrow::Cow;
use std::sync::Arc;

use super::Context;
use crate::model::{Certainty, Finding, Label, OriginKind, Pillar, Severity, SubjectKind, SubjectRef};
use crate::rules::fingerprints;
use crate::text::{SourceId, Span};

pub(super) const UNUSED: &str = "suppression-unused";
pub(super) const UNKNOWN_RULE: &str = "suppression-unknown-rule";
pub(super) const EXPIRED: &str = "suppression-expired";
pub(super) const NO_REASON: &str = "suppression-no-reason";
pub(super) const MALFORMED: &str = "suppression-malformed";

/// The rules that this room judges itself, after all others. No exception is heard for them.
pub const DEAD_RULES: [&str; 5] = [UNUSED, UNKNOWN_RULE, EXPIRED, NO_REASON, MALFORMED];

/// Something wrong with an exception.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) rule: &'static str,
    pub(super) span: Span,
    pub(super) message: String,
    /// The rule id that the exception names, for the fingerprint; empty where the whole comment is meant.
    pub(super) key: String,
}

impl Problem {
    pub(super) const fn new(rule: &'static str, span: Span, message: String) -> Self {
        Self { rule, span, message, key: String::new() }
    }

    pub(super) fn about(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }
}

/// The findings of these problems, sorted by path, place and rule.
pub(super) fn findings(mut problems: Vec<Problem>, context: &Context<'_>) -> Vec<Finding> {
    let sources = context.files.sources();
    let path = |id: SourceId| sources.get(&id).map(|source| source.path());
    problems.sort_by_cached_key(|problem| (path(problem.span.source), problem.span.start, problem.rule, problem.key.clone()));
    let of = |problem: Problem| {
        let path = path(problem.span.source).unwrap_or_default().to_owned();
        finding(problem, path)
    };
    let mut list: Vec<Finding> = problems.into_iter().map(of).collect();
    fingerprints(&mut list, path);
    list
}

fn finding(problem: Problem, path: String) -> Finding {
    // A comment that cannot be understood protects nothing, though its author believes that it does.
    let severity = if problem.rule == MALFORMED { Severity::Medium } else { Severity::Low };
    Finding {
        certainty: Certainty::Certain,
        depends_on: Vec::new(),
        rule: problem.rule.into(),
        severity,
        shipped_severity: severity,
        pillar: Pillar::Configuration,
        items: Cow::default(),
        fingerprint: String::new(),
        alike: Vec::new(),
        subject: SubjectRef { kind: SubjectKind::File, id: path.into() },
        engine: None,
        twin: None,
        instances: Arc::default(),
        message: problem.message,
        found: None,
        expected: None,
        primary: Some(Label { span: problem.span, message: String::new() }),
        related: Vec::new(),
        origin: OriginKind::File,
        help: help(problem.rule).into(),
        fix: None,
        key: problem.key,
        suppressed: None,
    }
}

fn help(rule: &str) -> &'static str {
    match rule {
        UNUSED => "Remove it; what it was written for is gone.",
        UNKNOWN_RULE => "`gonogo rules` lists the ids.",
        EXPIRED => "Remedy the finding, or decide again and write a new `until`.",
        NO_REASON => "Say why, so that the next reader can judge whether it still holds.",
        _ => "Until it is corrected, it hides nothing.",
    }
}
