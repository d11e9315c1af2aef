//! Repairs that a complaint itself names.

use super::offer::Offer;
use super::texts::Texts;
use super::{correct_access, correct_compose, correct_conf};
use crate::model::{Complaint, Edit};
use crate::text::{Source, Span};

/// Repairs a place as the complaint about it says; nothing where it does not say so plainly.
pub(super) fn correct(span: Span, complaint: &Complaint, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    let code = complaint.code.as_str();
    if code == "bom" || code == "hba-bom" || code == "ident-bom" {
        return Offer::edit(byte_order_mark(&source));
    }
    if let Some(code) = code.strip_prefix("hba-").or_else(|| code.strip_prefix("ident-")) {
        return correct_access::correct(code, span, complaint, &source);
    }
    match code {
        "obsolete-version" | "dollar-not-escaped" | "compose-unknown-key" => correct_compose::correct(code, span, complaint, &source),
        code => Offer::edit(correct_conf::correct(code, span, complaint, &source, texts)),
    }
}

fn byte_order_mark(source: &Source) -> Option<Edit> {
    let mark = '\u{feff}';
    source.text().starts_with(mark).then(|| Edit { span: source.span(0, mark.len_utf8()), replacement: String::new() })
}
