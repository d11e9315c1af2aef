//! How an option file is edited: an option belongs into a group of the server.

use std::sync::Arc;

use crate::formats::my_cnf::{self, Name, Statement};
use crate::formats::{Editable, aligned};
use crate::model::Edit;
use crate::text::{Source, Span};

/// Opens an option file.
pub(super) fn open(source: &Arc<Source>) -> Box<dyn Editable> {
    let groups = my_cnf::parse(source).statements.into_iter().filter_map(|statement| match statement {
        Statement::Group(name) => Some(name),
        _ => None,
    });
    Box::new(Options { groups: groups.collect(), source: Arc::clone(source) })
}

struct Options {
    groups: Vec<Name>,
    source: Arc<Source>,
}

impl Options {
    /// Whether a place is in a group that the server reads whatever its release.
    fn is_in_server_group(&self, place: Span) -> bool {
        let before = self.groups.iter().rev().find(|group| group.span.start < place.start);
        before.is_some_and(|group| my_cnf::is_server_group(&group.text) && !group.text.contains('-'))
    }
}

/// How a value is written: in quotes where a sign of it would end it.
fn written(value: &str) -> Option<String> {
    if value.contains(['\n', '\r', '\0', '"', '\\']) {
        return None;
    }
    let quoted = value.is_empty() || value.trim() != value || value.contains(['#', '\'']);
    Some(if quoted { format!("\"{value}\"") } else { value.to_owned() })
}

impl Editable for Options {
    fn set(&self, value_span: Span, value: &str) -> Option<Edit> {
        // A bare name has no value: what stands at its place is the name.
        let before = self.source.text().get(..value_span.start as usize)?;
        let line = before.rsplit('\n').next()?;
        line.contains('=').then_some(Edit { span: value_span, replacement: written(value)? })
    }

    fn uncomment(&self, line: Span, name: &str, value: &str) -> Option<Edit> {
        let replacement = format!("{name} = {}", written(value)?);
        self.is_in_server_group(line).then_some(Edit { span: line, replacement })
    }

    fn append(&self, end: Span, name: &str, value: &str) -> Option<Edit> {
        let possible = self.is_in_server_group(end);
        let line = aligned::line_of(end, &self.source)?;
        let replacement = format!("{}{name} = {}", aligned::line_end(self.source.text(), line.end as usize), written(value)?);
        possible.then_some(Edit { span: Span { start: line.end, ..line }, replacement })
    }
}
