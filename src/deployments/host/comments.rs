//! Comments of scripts and cron tables: lines that begin with a number sign.

use crate::formats::{Comment, Commented};
use crate::text::Source;

pub(super) fn lines_of(source: &Source) -> Commented {
    let mut comments = Vec::new();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with('#') {
            comments.push(Comment { span: source.span(at + indent, at + line.trim_end().len()), trailing: false });
        }
        at += line.len();
    }
    Commented { comments, ..Commented::default() }
}
