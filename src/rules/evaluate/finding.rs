//! Findings, built the same way for conditions and for native checks.

use super::condition::{Cause, truth};
use super::help::help;
use super::reading::{Reading, Scope, read};
use super::remedy;
use super::truth::Truth;
use super::wording::{Wording, fill, wording};
use crate::model::{Certainty, Finding, Fix, Label, OriginKind, Record, Severity, Subject, SubjectRef};
use crate::rules::checks::Context;
use crate::rules::condition::Operand;
use crate::rules::message::Message;
use crate::rules::{Place, Rule};
use crate::text::Span;
use crate::text::secrets::hidden;

/// What a check observed; everything else of a finding comes from the rule and the subject.
#[derive(Clone, Debug)]
pub struct Observation {
    /// One or two sentences.
    pub message: String,
    /// What was found, unless it is a secret.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// Where it stands.
    pub place: Option<Span>,
    /// Other places, with what to say there.
    pub related: Vec<(Span, String)>,
    /// Where the offending value came from.
    pub origin: OriginKind,
    /// The logical place within its file: a setting's name, a record's key. Never a value.
    pub key: String,
    /// The severity, where it is lower than the rule's: what a rule ships with is the most that it can say.
    pub severity: Option<Severity>,
}

impl Observation {
    /// An observation about the subject as a whole.
    #[must_use]
    pub fn of_subject(subject: &Subject, key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            found: None,
            expected: None,
            place: subject.anchor,
            related: Vec::new(),
            origin: OriginKind::Absent,
            key: key.into(),
            severity: None,
        }
    }

    /// An observation about a record: at the record, with the places that belong to it.
    #[must_use]
    pub fn of_record(record: &Record, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            found: None,
            expected: None,
            place: record.span,
            related: Vec::new(),
            origin: record_origin(record),
            key: record.key.clone(),
            severity: None,
        }
    }

    /// An observation about a setting: at its value, or where a value would be written.
    #[must_use]
    pub fn of_setting(subject: &Subject, name: &str, message: impl Into<String>) -> Self {
        let reading = read(&Operand::Setting(name.to_owned().into()), Scope::of(subject, true));
        Self {
            message: message.into(),
            found: reading.text().map(hidden),
            expected: None,
            place: reading.span.or_else(|| subject.place_of_unset(name)).or(subject.anchor),
            related: Vec::new(),
            origin: reading.origin.unwrap_or(OriginKind::Absent),
            key: name.to_owned(),
            severity: None,
        }
    }
}

fn record_origin(record: &Record) -> OriginKind {
    if record.image_default {
        OriginKind::ImageDefault
    } else if record.span.is_some() {
        OriginKind::File
    } else {
        OriginKind::Absent
    }
}

/// The finding of an observation.
#[must_use]
pub fn finding(rule: &Rule, subject: &Subject, observation: Observation) -> Finding {
    let fix = remedy::fix(rule, Scope::of(subject, true), &Wording::default());
    made_of(rule, subject, None, observation, fix)
}

fn made_of(rule: &Rule, subject: &Subject, record: Option<&Record>, observation: Observation, fix: Option<Fix>) -> Finding {
    let shipped = || severity(rule, Scope::of(subject, rule.logic.on_image_defaults));
    let severity = observation.severity.map_or_else(shipped, |severity| severity.min(rule.highest_severity()));
    let label = label(subject, &observation);
    let help = help(rule, subject, &observation.key, record);
    Finding {
        rule: rule.id.clone(),
        severity,
        shipped_severity: severity,
        certainty: Certainty::Certain,
        depends_on: Vec::new(),
        pillar: rule.pillar,
        items: rule.items.clone(),
        subject: SubjectRef { kind: subject.kind, id: subject.id.as_str().into() },
        engine: subject.engine,
        twin: None,
        instances: subject.instances.clone(),
        message: observation.message,
        found: observation.found,
        expected: observation.expected,
        primary: observation.place.map(|span| Label { span, message: label }),
        related: observation.related.into_iter().map(|(span, message)| Label { span, message }).collect(),
        origin: observation.origin,
        help,
        fix: fix.map(Box::new),
        key: observation.key,
        fingerprint: String::new(),
        alike: Vec::new(),
        suppressed: None,
    }
}

/// What to say at the place: what is expected and found there; of a default, that it is no more than that.
fn label(subject: &Subject, observation: &Observation) -> String {
    let expected = observation.expected.as_ref().map(|expected| format!("expected {expected}"));
    let whose = match observation.origin {
        OriginKind::Default => "the default",
        OriginKind::OperatorDefault => "the operator's default",
        OriginKind::ImageDefault if subject.settings.contains_key(&observation.key) => "the image's default",
        _ => {
            let found = observation.found.as_ref().map(|found| format!("found {found}"));
            return expected.into_iter().chain(found).collect::<Vec<_>>().join(", ");
        }
    };
    let default = read(&Operand::Setting(observation.key.clone().into()), Scope::of(subject, true)).text();
    let unset = match &observation.found {
        Some(found) if Some(found) == default.as_ref() => format!("not set here; {whose} is {found}"),
        Some(found) => format!("not set here; found {found}"),
        None => "not set here".to_owned(),
    };
    [Some(unset), expected].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The finding of what made a condition false.
pub(super) fn of_cause(rule: &Rule, subject: &Subject, cause: &Cause<'_>, context: &Context) -> Finding {
    // Messages, places and severities see the record that is reported, not one further in.
    let scope = Scope { record: cause.record, ..cause.scope };
    let words = told(rule, wording(cause), scope);
    let message = match &rule.logic.message {
        Some(message) => fill(message, &words, scope),
        None => words.sentence.clone().unwrap_or_else(|| rule.title.to_string()),
    };
    let related = cause.record.map(|record| record.related.clone()).unwrap_or_default();
    let also = rule.logic.also_at.iter().filter_map(|also| Some((place(&also.place, scope)?, fill(&also.message, &words, scope))));
    let place = stated_place(rule, scope).or_else(|| default_place(cause));
    let own_words = rule.logic.message.is_none() || speaks(cause);
    let fix = context.offers_fixes.then(|| remedy::fix(rule, scope, &words)).flatten();
    let twin = cause.record.and_then(|record| record.twin).zip(subject.anchor);
    let observation = Observation {
        message,
        place,
        // What the finding points at already needs no second mark.
        related: also.chain(related).filter(|(span, _)| Some(*span) != place).collect(),
        origin: told_setting(rule, cause).map_or_else(|| origin(cause), |reading| reading.origin.unwrap_or(OriginKind::Absent)),
        key: key(rule, cause),
        severity: Some(severity(rule, scope)),
        found: words.found.filter(|_| own_words || rule.logic.found.is_some()),
        expected: words.expected.filter(|_| own_words || rule.logic.expected.is_some()),
    };
    let found = made_of(rule, subject, cause.record, observation, fix);
    Finding { twin: twin.map(|(twin, anchor)| (anchor.source, twin)), ..found }
}

/// Whether found and expected say something that a message of the rule's own does not: the value of a
/// setting does, and what a problem says of itself. The truth or word of a fact or field ("found on")
/// means nothing to a reader; a rule about one puts it into words of its own, or says nothing.
fn speaks(cause: &Cause<'_>) -> bool {
    cause.record.is_some_and(|record| record.kind == "problem")
        || cause.test.is_some_and(|test| matches!(test.operand, Operand::Setting(_) | Operand::Key { .. }))
}

/// The place that the rule asks for; what is absent there is reported where it would be written.
fn stated_place(rule: &Rule, scope: Scope<'_>) -> Option<Span> {
    let at = rule.logic.at.as_ref()?;
    let unset = match at {
        Place::Value(operand) => place_of_unset(operand, scope.subject),
        Place::Record => None,
    };
    place(at, scope).or(scope.record.and_then(|record| record.span)).or(unset).or(scope.subject.anchor)
}

/// The words of a cause, where the rule does not put them better; an empty text leaves one out.
fn told(rule: &Rule, words: Wording, scope: Scope<'_>) -> Wording {
    let told = |message: &Option<Message>, own: &Option<String>| match message {
        Some(message) => Some(fill(message, &words, scope)).filter(|text| !text.is_empty()),
        None => own.clone(),
    };
    let (found, expected) = (told(&rule.logic.found, &words.found), told(&rule.logic.expected, &words.expected));
    Wording { found, expected, ..words }
}

/// Where a value or record stands.
fn place(place: &Place, scope: Scope<'_>) -> Option<Span> {
    match place {
        Place::Record => scope.record?.span,
        Place::Value(operand) => {
            let reading = read(operand, scope);
            reading.record.and_then(|record| record.span).or(reading.span).or(scope.record.and_then(|record| record.span))
        }
    }
}

/// The deciding value; else its record; else where a setting would be written; else where the subject stands.
fn default_place(cause: &Cause<'_>) -> Option<Span> {
    let subject = cause.scope.subject;
    let value = cause.test.and_then(|test| read(&test.operand, cause.scope).span);
    let unset = cause.test.and_then(|test| place_of_unset(&test.operand, subject));
    value.or(cause.record.and_then(|record| record.span)).or(unset).or(subject.anchor)
}

/// Where an operand that is a setting is reported when nothing sets it.
fn place_of_unset(operand: &Operand, subject: &Subject) -> Option<Span> {
    match operand {
        Operand::Setting(name) | Operand::Key { setting: name, .. } => subject.place_of_unset(name),
        Operand::Fact(_) | Operand::Field(_) => None,
    }
}

/// Where the deciding value came from.
pub(super) fn origin(cause: &Cause<'_>) -> OriginKind {
    let reading = cause.test.map(|test| read(&test.operand, cause.scope));
    let own = reading.as_ref().and_then(|reading| reading.origin);
    let written = reading.is_some_and(|reading| reading.span.is_some());
    own.or_else(|| cause.record.map(record_origin)).unwrap_or(if written { OriginKind::File } else { OriginKind::Absent })
}

/// The setting that the rule reports at, when it names one: it, and not what happens to decide, is what the finding is about.
fn told_setting<'a>(rule: &Rule, cause: &Cause<'a>) -> Option<Reading<'a>> {
    match &rule.logic.at {
        Some(Place::Value(operand @ Operand::Setting(_))) if cause.record.is_none() => Some(read(operand, cause.scope)),
        _ => None,
    }
}

/// The logical place within the file, which survives edits elsewhere.
fn key(rule: &Rule, cause: &Cause<'_>) -> String {
    if let (Some(Place::Value(Operand::Setting(name))), None) = (&rule.logic.at, cause.record) {
        return name.to_string();
    }
    match (cause.record, cause.test) {
        (Some(record), _) => record.key.clone(),
        (None, Some(test)) => test.operand.name(),
        (None, None) => rule.id.to_string(),
    }
}

/// The severity in a given case: the first one that holds. Undecided, it is the highest that it can
/// still be, short of critical: what is not certain never decides a NO-GO alone. Of a suspicion it is the lowest.
pub(super) fn severity(rule: &Rule, scope: Scope<'_>) -> Severity {
    let mut possible = Vec::new();
    for case in &rule.logic.severity_cases {
        match case.when.as_ref().map_or(Truth::True, |when| truth(when, scope)) {
            Truth::True => {
                possible.push(case.severity);
                break;
            }
            Truth::False => {}
            Truth::Unknown(_) => possible.push(case.severity),
        }
    }
    if !scope.subject.presumed.is_empty() {
        return possible.into_iter().min().unwrap_or(Severity::Info).min(Severity::High);
    }
    let highest = possible.iter().copied().max().unwrap_or(Severity::Info);
    let certain = possible.iter().all(|severity| *severity == highest);
    if certain { highest } else { highest.min(Severity::High) }
}
