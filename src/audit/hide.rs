//! Keeps secrets that stand where nothing tells that they are some out of everything that is said: a variable of secrets
//! in the tag of an image, or in a setting of a server.
//!
//! What was judged stays as it was; only words change.

use std::sync::Arc;

use super::survey::Survey;
use crate::model::{Assignment, Field, Finding, Instance, Label, Outcome, OutcomeOf, Record, Secret, SettingState, Unseen, Value, Why};
use crate::report::Undecided;
use crate::text::{Files, SECRET_PLACEHOLDER};

/// Fields of records that are shown as they are.
const SHOWN: [&str; 3] = ["message", "text", "shown"];

/// Takes them out of outcomes, which everything that is reported is made of.
pub(super) fn in_outcomes(outcomes: &mut [OutcomeOf], files: &Files) {
    let Some(hider) = files.hider() else { return };
    for outcome in outcomes {
        match &mut outcome.outcome {
            Outcome::Fail(findings) | Outcome::Accepted(findings) => findings.iter_mut().for_each(|finding| in_finding(finding, &hider)),
            Outcome::Unknown(why, suspicions) => {
                in_why(why, &hider);
                suspicions.iter_mut().for_each(|finding| in_finding(finding, &hider));
            }
            Outcome::NotApplicable(reason) => in_text(reason, &hider),
            Outcome::Pass => {}
        }
    }
}

/// Takes them out of what is said of checks that could not be decided.
pub(super) fn in_undecided(undecided: &mut Undecided, files: &Files) {
    if let Some(hider) = files.hider() {
        undecided.reword(|why| in_why(why, &hider));
    }
}

/// Takes them out of why a workload was not seen: a folder that an image is built in may be called after one.
pub(super) fn in_unseen(unseen: &mut [Unseen], files: &Files) {
    if let Some(hider) = files.hider() {
        unseen.iter_mut().for_each(|unseen| in_text(&mut unseen.reason, &hider));
    }
}

/// Takes them out of what is shown of servers without judging them.
pub fn in_servers(survey: &mut Survey) {
    let Some(hider) = survey.files.hider() else { return };
    survey.instances.iter_mut().for_each(|instance| in_instance(instance, &hider));
}

fn in_instance(instance: &mut Instance, hider: &impl Fn(&str) -> Option<String>) {
    for view in &mut instance.views {
        let settings: Vec<(String, SettingState)> =
            view.subject.settings.iter().filter_map(|(name, state)| Some((name.to_owned(), in_setting(state, hider)?))).collect();
        settings.into_iter().for_each(|(name, state)| view.subject.settings.insert(name, state));
        for records in view.subject.records.values_mut() {
            records.rows.iter_mut().for_each(|row| in_record(row, hider));
        }
    }
}

/// A setting that shows one, without it.
fn in_setting(state: &SettingState, hider: &impl Fn(&str) -> Option<String>) -> Option<SettingState> {
    let SettingState::Known(setting) = state else {
        let SettingState::Unknown(why) = state else { return None };
        let mut told = why.clone();
        in_why(&mut told, hider);
        return (told != *why).then_some(SettingState::Unknown(told));
    };
    let value = setting.value.to_string();
    let shows = |assignment: &Assignment| hider(&assignment.raw).is_some();
    if hider(&value).is_none() && hider(&setting.shown).is_none() && !setting.overrode.iter().any(shows) {
        return None;
    }
    let mut hidden = setting.clone();
    if hider(&value).is_some() || hider(&setting.shown).is_some() {
        hidden.value = Value::Secret(Secret::new(value));
        SECRET_PLACEHOLDER.clone_into(&mut hidden.shown);
        hidden.base = None;
    }
    hidden.overrode.iter_mut().for_each(|assignment| in_text(&mut assignment.raw, hider));
    Some(SettingState::Known(hidden))
}

fn in_record(row: &mut Arc<Record>, hider: &impl Fn(&str) -> Option<String>) {
    for name in SHOWN {
        if let Some(text) = row.text(name).and_then(hider) {
            let hidden = Arc::make_mut(row);
            let span = hidden.fields.get(name).and_then(|field| field.span);
            hidden.fields.insert(name, Field::text(text, span));
        }
    }
}

fn in_finding(finding: &mut Finding, hider: &impl Fn(&str) -> Option<String>) {
    let labels = finding.primary.iter_mut().chain(&mut finding.related).map(|Label { message, .. }| message);
    let texts = std::iter::once(&mut finding.message).chain(&mut finding.found).chain(&mut finding.expected);
    let texts = texts.chain(&mut finding.depends_on);
    texts.chain(labels).for_each(|text| in_text(text, hider));
    // An edit that would write one is not offered; see also `fix::offer`.
    if finding.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(|edit| hider(&edit.replacement).is_some())) {
        finding.fix = None;
    }
}

fn in_why(why: &mut Why, hider: &impl Fn(&str) -> Option<String>) {
    if let Some(reason) = hider(&why.reason) {
        why.reason = reason.into();
    }
    if let Some(needs) = why.needs.as_deref().and_then(hider) {
        why.needs = Some(needs.into());
    }
}

fn in_text(text: &mut String, hider: &impl Fn(&str) -> Option<String>) {
    if let Some(shown) = hider(text) {
        *text = shown;
    }
}
