//! From what rules want changed to edits.

use super::offered::Offer;
use super::setting;
use super::texts::{KindOf, Texts};
use crate::engines::Families;
use crate::model::{Applicability, Change, Complaint, Edit, Fix, Instance, OutcomeOf};
use crate::text::{Files, Source, Span, redact_text};

/// Makes edits of what the rules want changed, in every finding that has something to offer.
///
/// A fix of which one change cannot be made is a person's work as a whole; one that nothing can be said of goes.
pub fn offer(outcomes: &mut [OutcomeOf], files: &Files, kinds: &KindOf, families: Families, instances: &[Instance]) {
    let texts = Texts::new(files, kinds, families, instances);
    for outcome in outcomes {
        for finding in outcome.outcome.all_findings_mut().iter_mut().filter(|finding| finding.fix.is_some()) {
            finding.fix = finding.fix.take().and_then(|fix| offered(*fix, &texts)).map(Box::new);
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
        Change::SetKey { key, value, service } => set_key(key, value, *service, texts),
        Change::Replace { record, span, with } => replace(*record, *span, with, texts),
        Change::Remove { record, span } => remove(record, *span, texts),
        Change::Correct { span, complaint } => correct(*span, complaint, texts),
    }
}

fn replace(record: Option<&str>, span: Span, with: &str, texts: &Texts<'_>) -> Offer {
    let edit = || texts.editable(&texts.source(span)?)?.replace(record, span, with);
    Offer::edit(edit())
}

fn remove(record: &str, span: Span, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    let Some(editable) = texts.editable(&source) else { return Offer::Nothing };
    let name = source.slice(span).split(['=', ' ', '\t']).next().unwrap_or_default();
    if let Some(statement) = editable.by_hand(name, None) {
        return Offer::ByHand(statement);
    }
    if editable.is_for_all_readers(record) {
        return if texts.is_shared(&source) { Offer::Nothing } else { Offer::edit(editable.remove(record, span)) };
    }
    let by_hand = || Offer::ByHand(format!("remove it from {}:{}", source.path(), source.location(span.start).line));
    editable.remove(record, span).map_or_else(by_hand, |edit| Offer::Edits(vec![edit]))
}

fn set_key(key: &str, value: &str, workload: Span, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(workload) else { return Offer::Nothing };
    let edit = texts.editable(&source).and_then(|editable| editable.set_key(workload, key, value));
    edit.map_or_else(|| Offer::ByHand(format!("write `{key}: {value}` for this service")), |edit| Offer::Edits(vec![edit]))
}

/// Repairs a place as the complaint about it says; nothing where it does not say so plainly.
fn correct(span: Span, complaint: &Complaint, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    if complaint.code == "bom" || complaint.code.ends_with("-bom") {
        return Offer::edit(byte_order_mark(&source));
    }
    match texts.editable(&source).map(|editable| editable.correct(span, complaint)) {
        Some(edits) if !edits.is_empty() => Offer::Edits(edits),
        _ => Offer::Nothing,
    }
}

fn byte_order_mark(source: &Source) -> Option<Edit> {
    let mark = '\u{feff}';
    source.text().starts_with(mark).then(|| Edit { span: source.span(0, mark.len_utf8()), replacement: String::new() })
}
