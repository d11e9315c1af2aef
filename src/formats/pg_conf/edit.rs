//! Lines of `postgresql.conf`: writing a value as the server reads it, in the layout that the line has.

use super::{Directive, Statement, parse};
use crate::formats::aligned::{self, line_of};
use crate::model::Edit;
use crate::text::{Source, Span};

/// A value as it stands in the file: in quotes where it must be, or where the one before it was.
#[must_use]
pub fn written(value: &str, quoted: bool) -> String {
    let bare = only_statement(&format!("x = {value}")).is_some_and(|statement| !statement.quoted && statement.value == value);
    if bare && !quoted { value.to_owned() } else { format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''")) }
}

/// The statement that a line is; `None` for a comment, for anything that the server cannot read, and for an include.
#[must_use]
pub fn only_statement(line: &str) -> Option<Statement> {
    let conf = parse(&Source::detached("", line));
    let unread = !conf.diagnostics.is_empty() || !conf.unreadable.is_empty();
    let mut statements = conf.statements.into_iter();
    let first = statements.next().filter(|statement| statement.directive == Directive::Set)?;
    (!unread && statements.next().is_none()).then_some(first)
}

/// Whether the server can read a line: a statement or an include, or a comment.
#[must_use]
pub fn reads(line: &str) -> bool {
    let conf = parse(&Source::detached("", line));
    conf.diagnostics.is_empty() && conf.unreadable.is_empty() && conf.statements.len() <= 1
}

/// Gives the value that stands at a place another one.
#[must_use]
pub fn set_value(span: Span, value: &str, source: &Source) -> Option<Edit> {
    let line = line_of(span, source)?;
    let before = only_statement(source.slice(line))?;
    let at = Span { start: span.start - line.start, end: span.end - line.start, ..span };
    if before.value_span.range() != at.range() {
        return None;
    }
    let edit = aligned::replace(span, &written(value, before.quoted), source)?;
    let after = only_statement(&line_after(line, &edit, source)?)?;
    (after.name == before.name && after.value == value).then_some(edit)
}

/// Takes the comment sign from a line, and gives the setting on it a value.
#[must_use]
pub fn uncomment(span: Span, name: &str, value: &str, source: &Source) -> Option<Edit> {
    let line = line_of(span, source)?;
    let statement_text = source.slice(span).strip_prefix('#')?.trim_start_matches([' ', '\t']);
    let statement = only_statement(statement_text)?;
    let head = statement_text.get(..statement.value_span.start as usize)?;
    let edit = aligned::replace(span, &format!("{head}{}", written(value, statement.quoted)), source)?;
    let after = only_statement(&line_after(line, &edit, source)?)?;
    (after.name.eq_ignore_ascii_case(name) && after.value == value).then_some(edit)
}

/// Adds a line behind the last one that says something.
#[must_use]
pub fn append(end: Span, name: &str, value: &str, source: &Source) -> Option<Edit> {
    let statement = format!("{name} = {}", written(value, false));
    only_statement(&statement).filter(|read| read.value == value)?;
    let text = source.text();
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        return Some(Edit { span: source.span(start, start), replacement: format!("{statement}\n") });
    }
    let line = line_of(end, source)?;
    let replacement = format!("{}{statement}", aligned::line_end(text, line.end as usize));
    Some(Edit { span: Span { start: line.end, ..line }, replacement })
}

/// Takes out the line of a statement. What a comment behind it says goes with it.
#[must_use]
pub fn remove_line(span: Span, source: &Source) -> Option<Edit> {
    only_statement(source.slice(line_of(span, source)?))?;
    aligned::remove_lines(span, source)
}

/// What a line is after an edit within it.
fn line_after(line: Span, edit: &Edit, source: &Source) -> Option<String> {
    let text = source.text();
    let before = text.get(line.start as usize..edit.span.start as usize)?;
    let after = text.get(edit.span.end as usize..line.end as usize)?;
    Some(format!("{before}{}{after}", edit.replacement))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str, edit: Edit) -> String {
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.replacement);
        text
    }

    fn set(text: &str, old: &str, value: &str) -> String {
        let source = Source::detached("postgresql.conf", text);
        let start = text.rfind(old).unwrap();
        applied(text, set_value(source.span(start, start + old.len()), value, &source).unwrap())
    }

    #[test]
    fn a_value_changes_and_the_layout_stays() {
        assert_eq!(set("\tfsync=off # no\r\nport = 1\r\n", "off", "on"), "\tfsync=on # no\r\nport = 1\r\n");
        assert_eq!(set("fsync 'off'", "'off'", "on"), "fsync 'on'");
        assert_eq!(set("log_line_prefix = x\n", "x", "%m '\\"), "log_line_prefix = '%m ''\\\\'\n");
        assert_eq!(set("ssl_min_protocol_version = TLSv1\t# min\n", "TLSv1", "TLSv1.2"), "ssl_min_protocol_version = TLSv1.2\t# min\n");
    }

    #[test]
    fn a_setting_is_written_where_the_file_has_it_behind_a_comment_sign() {
        let text = "#log_lock_waits = off\t\t\t# log lock waits\n#wal_level = replica\t\t\t# minimal\n";
        let source = Source::detached("postgresql.conf", text);
        let end = text.find("\t\t\t# log").unwrap();
        let edit = uncomment(source.span(0, end), "log_lock_waits", "on", &source).unwrap();
        assert!(applied(text, edit).starts_with("log_lock_waits = on\t\t\t# log lock waits\n#wal"));
    }

    #[test]
    fn a_line_is_added_at_the_end_in_the_way_of_the_file() {
        let add = |text: &str| {
            let source = Source::detached("postgresql.conf", text);
            let end = text.trim_end().len();
            applied(text, append(source.span(end, end), "ssl", "on", &source).unwrap())
        };
        assert_eq!(add("a = 1\r\nb = 2"), "a = 1\r\nb = 2\r\nssl = on");
        assert_eq!(add("a = 1  \n\n"), "a = 1  \nssl = on\n\n");
        assert_eq!(add(""), "ssl = on\n");
        assert_eq!(add("\u{feff}"), "\u{feff}ssl = on\n");
    }
}
