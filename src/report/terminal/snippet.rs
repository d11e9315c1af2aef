//! Excerpts of configuration with carets under what a finding points at.
//!
//! Only what [`crate::text::Source::excerpt_of_line`] gives is ever shown, one line per place, so
//! that a secret in a line between two places cannot show up.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::model::{Finding, Label};
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::text::{Files, SECRET_PLACEHOLDER, Source, SourceId, harmless};

/// Most lines that one finding quotes.
const MOST_LINES: usize = 6;

/// Signs after the highlighted part that are still handed to the renderer, which cuts them to the width.
const TAIL: usize = 400;

/// A line with everything that points into it.
struct Quoted {
    source: SourceId,
    line: u32,
    place: Place,
    text: String,
    marks: Vec<(std::ops::Range<usize>, AnnotationKind, String)>,
}

/// The quoted lines of a finding, rendered; empty when it has no place.
pub(super) fn quote(finding: &Finding, files: &Files, colour: bool, width: usize) -> String {
    let lines = quoted_lines(finding, files);
    if lines.is_empty() {
        return String::new();
    }
    let gutter = lines.iter().map(|line| line.line.to_string().len()).max().unwrap_or(1);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let arrow = if at == 0 { "-->" } else { ":::" };
        out.push_str(&format!("{:gutter$}{arrow} {}\n", "", line.place));
        let indent = gutter - line.line.to_string().len();
        for row in rendered(line, colour, width.saturating_sub(indent)).lines() {
            out.push_str(&format!("{:indent$}{row}\n", ""));
        }
    }
    out
}

/// The line and its marks. Its place is written by the caller: the renderer would count columns in
/// characters of the excerpt, while all formats count UTF-16 units of the file.
fn rendered(line: &Quoted, colour: bool, width: usize) -> String {
    let marks = line.marks.iter().map(|(range, kind, label)| {
        let label = (!label.is_empty()).then_some(label.as_str());
        kind.span(range.clone()).label(label)
    });
    let snippet = Snippet::source(line.text.as_str()).line_start(line.line as usize).annotations(marks);
    let renderer = if colour { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    renderer.term_width(width).render(&[Group::with_level(Level::ERROR).element(snippet)])
}

fn quoted_lines(finding: &Finding, files: &Files) -> Vec<Quoted> {
    let mut lines: Vec<Quoted> = Vec::new();
    let primary = finding.primary.iter().map(|label| (label, AnnotationKind::Primary));
    let related = finding.related.iter().map(|label| (label, AnnotationKind::Context));
    for (label, kind) in primary.chain(related) {
        let (Some(source), Some(place)) = (files.source(label.span.source), Place::of(files, label.span)) else {
            continue;
        };
        let (text, range) = excerpt(&source, label, place.line);
        let message = plain(&label.message);
        if let Some(known) = lines.iter_mut().find(|known| known.source == label.span.source && known.line == place.line) {
            known.marks.push((range, kind, message));
            if text.len() > known.text.len() {
                known.text = text;
            }
        } else if lines.len() < MOST_LINES {
            let line = place.line;
            lines.push(Quoted { source: label.span.source, line, place, text, marks: vec![(range, kind, message)] });
        }
    }
    lines
}

/// The line without its secrets, and what of it to underline.
fn excerpt(source: &Source, label: &Label, line: u32) -> (String, std::ops::Range<usize>) {
    let excerpt = source.excerpt_of_line(line, label.span);
    let mut range = excerpt.highlight;
    let whole = source.text().get(source.line_range(line)).unwrap_or_default();
    // Where a secret before the place was cut out, its offset means nothing: point at the cut.
    if excerpt.text.get(..range.start) != whole.get(..range.start)
        && let Some(cut) = excerpt.text.find(SECRET_PLACEHOLDER)
    {
        range = cut..cut + SECRET_PLACEHOLDER.len();
    }
    let (text, range) = harmless::excerpt(&excerpt.text, range);
    let kept = match (text.get(..range.end), text.get(range.end..)) {
        (Some(head), Some(tail)) => head.chars().chain(tail.chars().take(TAIL)).collect(),
        _ => text,
    };
    (kept, range)
}
