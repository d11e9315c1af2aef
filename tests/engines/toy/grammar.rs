//! Option files with groups: `[server]`, `name = value`, `# comment`. Only as much of a grammar as the seam needs.

use std::sync::Arc;

use gonogo::formats::{Claim, Comment, Commented, Editable, FileKind, aligned};
use gonogo::model::Edit;
use gonogo::text::{Source, Span};

/// The kind of file that the family reads.
pub static OPTIONS: FileKind = FileKind {
    name: "toy option file",
    claims: |path, head| match path.ends_with(".toy") {
        true if head.contains('[') => Claim::Yes,
        true => Claim::Maybe,
        false => Claim::No,
    },
    comments: Some(commented),
    has_copies: true,
    may_be_template: true,
    open: Some(|source| Box::new(Options(Arc::clone(source)))),
    describes: true,
};

/// One line of a group.
#[derive(Clone, Debug)]
pub struct Line {
    pub group: String,
    pub name: String,
    pub value: String,
    pub name_span: Span,
    pub value_span: Span,
}

/// Every line of every group.
pub fn lines(source: &Source) -> Vec<Line> {
    let mut group = String::new();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim();
        if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut group);
        } else if let Some((name, value)) = line.split_once('=').filter(|_| !text.starts_with('#')) {
            let start = |part: &str, from: usize| at + from + part.len() - part.trim_start().len();
            let name_start = start(name, 0);
            let value_start = start(value, name.len() + 1);
            let (name, value) = (name.trim(), value.trim());
            lines.push(Line {
                group: group.clone(),
                name: name.replace('-', "_").to_ascii_lowercase(),
                value: value.to_owned(),
                name_span: source.span(name_start, name_start + name.len()),
                value_span: source.span(value_start, value_start + value.len()),
            });
        }
        at += line.len();
    }
    lines
}

/// Comments from `#` to the end of the line.
pub fn commented(source: &Source) -> Commented {
    let mut at = 0;
    let mut commented = Commented::default();
    for line in source.text().split_inclusive('\n') {
        if let Some(sign) = line.find('#') {
            let span = source.span(at + sign, at + line.trim_end().len());
            commented.comments.push(Comment { span, trailing: !line[..sign].trim().is_empty() });
        }
        at += line.len();
    }
    commented
}

struct Options(Arc<Source>);

impl Editable for Options {
    fn set(&self, value_span: Span, value: &str) -> Option<Edit> {
        aligned::replace(value_span, value, &self.0)
    }

    /// Behind the last line of the group, which is what `end` is the end of.
    fn append(&self, end: Span, name: &str, value: &str) -> Option<Edit> {
        let line = aligned::line_of(end, &self.0)?;
        let replacement = format!("{}{name} = {value}", aligned::line_end(self.0.text(), line.end as usize));
        Some(Edit { span: Span { start: line.end, ..line }, replacement })
    }
}
