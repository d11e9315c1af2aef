//! How `pgbouncer.ini` is edited: a setting belongs into its section, and nothing may follow its value.

use std::sync::Arc;

use super::connection::Section;
use crate::formats::Editable;
use crate::formats::pgbouncer_ini::{self, Name, Statement};
use crate::model::Edit;
use crate::text::{Source, Span};

/// Opens a `pgbouncer.ini`.
pub(super) fn open_ini(source: &Arc<Source>) -> Box<dyn Editable> {
    let sections = pgbouncer_ini::parse(source).statements.into_iter().filter_map(|statement| match statement {
        Statement::Section(name) => Some(name),
        _ => None,
    });
    Box::new(Ini { sections: sections.collect() })
}

struct Ini {
    sections: Vec<Name>,
}

impl Ini {
    /// Whether a place is in the section of settings.
    fn is_in_main(&self, place: Span) -> bool {
        let before = self.sections.iter().rev().find(|section| section.span.start < place.start);
        before.is_some_and(|section| Section::named(&section.text) == Some(Section::Main))
    }
}

/// A value of one line.
fn is_plain(value: &str) -> bool {
    !value.contains(['\n', '\r', '\0']) && value.trim() == value
}

impl Editable for Ini {
    fn set(&self, value_span: Span, value: &str) -> Option<Edit> {
        is_plain(value).then(|| Edit { span: value_span, replacement: value.to_owned() })
    }

    fn uncomment(&self, line: Span, name: &str, value: &str) -> Option<Edit> {
        let possible = is_plain(value) && self.is_in_main(line);
        possible.then(|| Edit { span: line, replacement: format!("{name} = {value}") })
    }

    fn append(&self, end: Span, name: &str, value: &str) -> Option<Edit> {
        let possible = is_plain(value) && self.is_in_main(end);
        possible.then(|| Edit { span: end, replacement: format!("\n{name} = {value}") })
    }
}
