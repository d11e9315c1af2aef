//! Settings that a file has behind a comment sign, as the stock file lists every one: `#ssl = off`.
//! A default is reported there rather than at the end of the file.

use std::collections::BTreeMap;

use super::catalogue::is_known;
use super::secrets::mask;
use crate::formats::Comment;
use crate::formats::pg_conf::{self, Directive};
use crate::text::{Source, Span};

/// Lines that would set a setting if they were no comments, from the comment sign to the end of the value, by lower-case
/// name; of several for one setting the first. Passwords in them are marked.
pub(super) fn commented_out(source: &Source, comments: &[Comment]) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    for comment in comments.iter().filter(|comment| !comment.trailing) {
        if let Some((name, span)) = assignment(source, comment.span) {
            found.entry(name).or_insert(span);
        }
    }
    found
}

/// The name and the place of an assignment that is all that a comment says: prose about a setting is none.
fn assignment(source: &Source, comment: Span) -> Option<(String, Span)> {
    let text = source.text().get(comment.range())?.strip_prefix('#')?;
    let (before, _) = text.split_once('=')?;
    if !is_known(before.trim()) {
        return None;
    }
    let conf = pg_conf::parse(&Source::detached("", text));
    let [statement] = conf.statements.as_slice() else { return None };
    if statement.directive != Directive::Set || !conf.diagnostics.is_empty() {
        return None;
    }
    let start = comment.range().start;
    let value = statement.value_span.range();
    // One byte for the comment sign.
    let (value_start, end) = (start + 1 + value.start, start + 1 + value.end);
    if mask(&statement.name, &statement.value).is_some() {
        source.redact(source.span(value_start, end));
    }
    Some((statement.name.to_ascii_lowercase(), source.span(start, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_behind_a_comment_sign_are_found_and_prose_is_not() {
        let text = "# ssl = off turns encryption off\n\
                    port = 5433 # work_mem = 4MB\n\
                    #ssl = off\t\t# (change requires restart)\n\
                    # ssl = on\n\
                    #Log_Line_Prefix = '%m # %p '  # special values:\n\
                    #port number\n\
                    # name = value\n\
                    ## fsync = on\n\
                    #primary_conninfo = 'host=db password=hunter2'\n";
        let source = Source::detached("postgresql.conf", text);
        let found = commented_out(&source, &pg_conf::parse(&source).comments);
        let texts: Vec<_> = found.iter().map(|(name, span)| (name.as_str(), source.slice(*span))).collect();
        let conninfo = "#primary_conninfo = 'host=db password=hunter2'";
        assert_eq!(texts, [("log_line_prefix", "#Log_Line_Prefix = '%m # %p '"), ("primary_conninfo", conninfo), ("ssl", "#ssl = off")]);
        let excerpt = source.excerpt_of_line(9, found["primary_conninfo"]);
        assert!(!excerpt.text.contains("hunter2"), "{}", excerpt.text);
    }
}
