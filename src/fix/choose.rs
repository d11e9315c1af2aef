//! Which fixes can be made together: in the order of the rules, each as a whole or not at all.

use std::collections::BTreeMap;

use crate::model::{Change, Edit, Finding, SettingPlace};
use crate::text::SourceId;

/// Fixes that can be made together.
#[derive(Clone, Debug, Default)]
pub struct Chosen<'f> {
    /// The findings that they remedy, in the order of the rules.
    pub findings: Vec<&'f Finding>,
    edits: BTreeMap<SourceId, BTreeMap<(u32, u32), Vec<String>>>,
    set: BTreeMap<(Option<SourceId>, String), String>,
}

/// Takes findings by rule and place, and of each the fix, unless it touches what an earlier one changes.
#[must_use]
pub fn choose<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Chosen<'f> {
    let mut all: Vec<&Finding> = findings.into_iter().collect();
    let place = |finding: &Finding| finding.primary.as_ref().map(|label| label.span);
    all.sort_by(|a, b| a.rule.cmp(&b.rule).then_with(|| place(a).cmp(&place(b))));
    let mut chosen = Chosen::default();
    for finding in all {
        let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) else { continue };
        let fits = fix.edits.iter().all(|edit| chosen.admits(edit)) && fix.changes.iter().all(|change| chosen.agrees(change));
        if fits {
            fix.edits.iter().for_each(|edit| chosen.take(edit));
            fix.changes.iter().for_each(|change| chosen.note(change));
            chosen.findings.push(finding);
        }
    }
    chosen
}

impl Chosen<'_> {
    /// The texts that change.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> + '_ {
        self.edits.keys().copied()
    }

    /// The edits of a text, in order; insertions at one place in the order of their rules.
    #[must_use]
    pub fn edits_of(&self, source: SourceId) -> Vec<Edit> {
        let of_place = |(place, texts): (&(u32, u32), &Vec<String>)| {
            let span = crate::text::Span { source, start: place.0, end: place.1 };
            let edit = move |text: &String| Edit { span, replacement: text.clone() };
            texts.iter().map(edit).collect::<Vec<_>>()
        };
        self.edits.get(&source).into_iter().flatten().flat_map(of_place).collect()
    }

    /// Whether an edit is made already, or touches none that is. Insertions at one place follow one another.
    fn admits(&self, edit: &Edit) -> bool {
        let Some(known) = self.edits.get(&edit.span.source) else { return true };
        let (start, end) = (edit.span.start, edit.span.end);
        if let Some(texts) = known.get(&(start, end)) {
            return start == end || texts.contains(&edit.replacement);
        }
        // What lies before may reach into it: those do not overlap one another, so that the nearest decides.
        let before = known.range(..(start, end)).next_back().is_none_or(|((_, before_end), _)| *before_end <= start);
        let after = known.range((start, end)..).next().is_none_or(|((after_start, _), _)| *after_start >= end);
        before && after
    }

    fn take(&mut self, edit: &Edit) {
        let texts = self.edits.entry(edit.span.source).or_default().entry((edit.span.start, edit.span.end)).or_default();
        if !texts.contains(&edit.replacement) {
            texts.push(edit.replacement.clone());
        }
    }

    /// Whether no earlier fix gives the same setting of the same file another value.
    fn agrees(&self, change: &Change) -> bool {
        let Change::Set { name, value, place } = change else { return true };
        self.set.get(&(file_of(place), name.clone())).is_none_or(|known| known == value)
    }

    fn note(&mut self, change: &Change) {
        if let Change::Set { name, value, place } = change {
            self.set.insert((file_of(place), name.clone()), value.clone());
        }
    }
}

fn file_of(place: &SettingPlace) -> Option<SourceId> {
    place.end_of_file.or(place.value.map(|(_, span)| span)).map(|span| span.source)
}
