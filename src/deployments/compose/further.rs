//! A file that a project is read from beside its first one: its documents, and what is wrong with it.

use std::sync::Arc;

use super::allowance::Allowance;
use super::project::ComposeProject;
use super::reader::Reader;
use super::survey::survey;
use crate::deployments::Note;
use crate::formats::Diagnostic;
use crate::formats::yaml::{Node, hide, parse};
use crate::model::bounds::MOST_COPIED;
use crate::text::Source;

/// The documents of a file that the reader knows already. Of a template nothing is read, and what it changes is not known.
pub(super) fn documents(reader: &mut Reader<'_>, source: &Arc<Source>, project: &mut ComposeProject) -> Vec<Node> {
    let yaml = parse(source);
    yaml.documents.iter().for_each(|document| hide(source, document));
    if let Some(span) = yaml.template {
        project.notes.push(Note { message: "this file is a template: what it changes is not known".to_owned(), span });
        project.broken_at.get_or_insert(span);
        return Vec::new();
    }
    // Docker Compose refuses a key that repeats, which YAML readers elsewhere let pass.
    reader.diagnostics.extend(yaml.diagnostics.into_iter().map(|diagnostic| Diagnostic { fatal: true, ..diagnostic }));
    project.broken_at = project.broken_at.or(yaml.broken_at);
    if let Some(span) = yaml.cut_at {
        let say = || format!("the aliases of this file copy more than {MOST_COPIED} values; this one and the next are left out");
        project.cuts.add("alias", span, say);
        project.cut_at.get_or_insert(span);
    }
    let allowance = Allowance::again(&reader.allowance);
    for document in &yaml.documents {
        survey(reader, document, &allowance, &mut project.variables);
    }
    yaml.documents
}
