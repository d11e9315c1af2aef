//! From what rules want changed to edits.

use super::texts::Texts;
use super::{access, compose, conf, correct, setting};
use crate::model::{Applicability, Change, Edit, Fix, Instance, Outcome, OutcomeOf};
use crate::text::{Files, Span, redact_text};

/// What becomes of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// These edits make it.
    Edits(Vec<Edit>),
    /// A person has to, and this says how.
    ByHand(String),
    /// Nothing can be said.
    Nothing,
}

impl Offer {
    /// One edit, where there is one.
    pub(super) fn edit(edit: Option<Edit>) -> Self {
        edit.map_or(Self::Nothing, |edit| Self::Edits(vec![edit]))
    }
}

/// Makes edits of what the rules want changed, in every finding that has something to offer.
///
/// A fix of which one change cannot be made is a person's work as a whole; one that nothing can be said of goes.
pub fn offer(outcomes: &mut [OutcomeOf], files: &Files, instances: &[Instance]) {
    let texts = Texts::new(files, instances);
    for outcome in outcomes {
        let Outcome::Fail(findings) = &mut outcome.outcome else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.fix.is_some()) {
            finding.fix = finding.fix.take().and_then(|fix| offered(fix, &texts));
        }
    }
}

fn offered(mut fix: Fix, texts: &Texts<'_>) -> Option<Fix> {
    let mut by_hand: Vec<String> = Vec::new();
    for change in &fix.changes {
        match edits_of(change, texts) {
            Offer::Edits(edits) if edits.iter().all(is_showable) => fix.edits.extend(edits),
            Offer::ByHand(what) => by_hand.push(what),
            Offer::Edits(_) | Offer::Nothing => return None,
        }
    }
    fix.edits.sort_by_key(|edit| edit.span);
    fix.edits.dedup();
    if !by_hand.is_empty() {
        fix.edits.clear();
        fix.applicability = Applicability::Display;
        fix.note = Some(by_hand.join("; "));
    }
    Some(fix)
}

/// Edits are printed in reports: one that writes what looks like a secret is not offered.
fn is_showable(edit: &Edit) -> bool {
    redact_text(&edit.replacement) == edit.replacement
}

fn edits_of(change: &Change, texts: &Texts<'_>) -> Offer {
    match change {
        Change::Set { name, value, place } => setting::set(name, value, place, texts),
        Change::SetKey { key, value, service } => compose::set_key(key, value, *service, texts),
        Change::Replace { record, span, with } => replace(*record, *span, with, texts),
        Change::Remove { record, span } => remove(record, *span, texts),
        Change::Correct { span, complaint } => correct::correct(*span, complaint, texts),
    }
}

/// Lines of access files are known by their records; a setting is changed where a file sets it, anything else in a
/// compose file.
fn replace(record: Option<&str>, span: Span, with: &str, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    Offer::edit(if matches!(record, Some("hba" | "ident")) {
        access::replace(span, with, &source)
    } else if compose::is_yaml(&source) {
        compose::scalar_at(span, &source, texts).and_then(|scalar| compose::replace(&scalar, with, &source))
    } else {
        texts.conf(&source).of_value(span).and_then(|_| conf::set_value(span, with, &source))
    })
}

fn remove(record: &str, span: Span, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    if matches!(record, "hba" | "ident") {
        // What decides nothing for one server may decide for the other.
        return if texts.is_shared(&source) { Offer::Nothing } else { Offer::edit(access::remove(span, &source)) };
    }
    if source.file_name() == setting::AUTO_CONF {
        let name = source.slice(span).split(['=', ' ', '\t']).next().unwrap_or_default().to_owned();
        return Offer::ByHand(format!("run `ALTER SYSTEM RESET {name}`, since the server writes {} itself", source.path()));
    }
    if compose::is_yaml(&source) || texts.conf(&source).of_whole(span).is_none() {
        return Offer::ByHand(format!("remove it from {}:{}", source.path(), source.location(span.start).line));
    }
    Offer::edit(conf::remove_line(span, &source))
}
