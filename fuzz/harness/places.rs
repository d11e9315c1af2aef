//! Places lie in a text that was read, between characters.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::formats::yaml::{Kind, Node};
use gonogo::formats::{Comment, Diagnostic};
use gonogo::model::{Fields, Finding, Instance, Origin, Outcome, OutcomeOf, Record, SettingState, Subject};
use gonogo::text::{Files, Source, SourceId, Span};

/// Holds places against the texts that they are of.
pub struct Places<'f> {
    of: Of<'f>,
}

enum Of<'f> {
    One(&'f Source),
    Many(BTreeMap<SourceId, Arc<Source>>),
}

impl<'f> Places<'f> {
    /// Places of one text.
    pub fn in_source(source: &'f Source) -> Self {
        Self { of: Of::One(source) }
    }

    /// Places of all texts that were read so far.
    pub fn in_files(files: &Files) -> Self {
        Self { of: Of::Many(files.sources()) }
    }

    /// One place.
    #[track_caller]
    pub fn span(&self, span: Span) {
        match &self.of {
            Of::One(source) => within(source, span),
            Of::Many(files) => within(files.get(&span.source).expect("the text of a place was read"), span),
        }
    }

    /// Many places.
    #[track_caller]
    pub fn spans(&self, spans: impl IntoIterator<Item = Span>) {
        spans.into_iter().for_each(|span| self.span(span));
    }

    /// Places of comments.
    #[track_caller]
    pub fn comments(&self, comments: &[Comment]) {
        self.spans(comments.iter().map(|comment| comment.span));
    }

    /// Places of what is wrong.
    #[track_caller]
    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            self.span(diagnostic.span);
            self.spans(diagnostic.related.iter().map(|(span, _)| *span));
        }
    }

    /// Places of a node and of all below it.
    #[track_caller]
    pub fn node(&self, node: &Node) {
        self.span(node.span);
        self.spans(node.alias);
        self.spans(node.tag.as_ref().map(|tag| tag.span));
        // What an alias names is written elsewhere, and met there.
        if node.alias.is_some() {
            return;
        }
        match &node.kind {
            Kind::Scalar(_) => {}
            Kind::Mapping(entries) => entries.iter().for_each(|entry| {
                self.node(&entry.key);
                self.node(&entry.value);
            }),
            Kind::Sequence(items) => items.iter().for_each(|item| self.node(item)),
        }
    }

    /// Places of a record.
    #[track_caller]
    pub fn record(&self, record: &Record) {
        self.spans(record.span);
        self.fields(&record.fields);
        self.spans(record.related.iter().map(|(span, _)| *span));
    }

    fn fields(&self, fields: &Fields) {
        self.spans(fields.keys().filter_map(|name| fields.get(name)?.span));
    }

    fn origin(&self, origin: &Origin) {
        self.spans(origin.span);
        self.spans(origin.name_span);
    }

    /// Places of a setting.
    pub fn setting(&self, state: &SettingState) {
        if let SettingState::Known(setting) = state {
            self.origin(&setting.origin);
            setting.overrode.iter().for_each(|earlier| self.origin(&earlier.origin));
        }
    }

    /// Places of all that is known about a subject.
    pub fn subject(&self, subject: &Subject) {
        self.spans([subject.anchor, subject.setting_anchor, subject.configuration_end].into_iter().flatten());
        self.fields(&subject.facts);
        subject.settings.iter().for_each(|(_, state)| self.setting(state));
        let records = subject.records.values().flat_map(|records| &records.rows);
        records.map(Arc::as_ref).for_each(|record| self.record(record));
    }

    /// Places of a server.
    pub fn instance(&self, instance: &Instance) {
        self.spans(instance.reach.chain.iter().filter_map(|step| step.span));
        for view in &instance.views {
            self.subject(&view.subject);
            self.spans(view.who_can_connect.iter().filter_map(|decision| decision.span));
        }
    }

    /// Places of a finding, those of its edits included.
    #[track_caller]
    pub fn finding(&self, finding: &Finding) {
        self.spans(finding.primary.iter().chain(&finding.related).map(|label| label.span));
        self.spans(finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span));
    }

    /// Places of what was found.
    #[track_caller]
    pub fn outcomes(&self, outcomes: &[OutcomeOf]) {
        for outcome in outcomes {
            if let Outcome::Fail(findings) = &outcome.outcome {
                findings.iter().for_each(|finding| self.finding(finding));
            }
        }
    }
}

#[track_caller]
fn within(source: &Source, span: Span) {
    assert_eq!(span.source, source.id(), "a place of another text than {}", source.path());
    let range = span.range();
    assert!(range.start <= range.end, "{range:?} of {} ends before it begins", source.path());
    assert!(source.text().get(range.clone()).is_some(), "{range:?} lies outside {} or within a character", source.path());
}
