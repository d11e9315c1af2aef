//! A unified diff of a file and what it is to become, in which secrets are cut as in every excerpt.

use std::fmt::Write as _;

use super::draft::Draft;
use crate::text::Source;
use crate::text::harmless::{Dialect, is_harmful, is_hidden, lines};
use crate::text::path::on_disk;

/// Lines that stay, shown around those that change.
const CONTEXT: usize = 3;

/// One line of the diff: of the old text, of the new one, or of both; numbers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same(usize, usize),
    Gone(usize),
    New(usize),
}

/// The diff of a draft; `after` is its text as it was read again, so that its secrets are known.
#[must_use]
pub fn unified(draft: &Draft, after: &Source) -> String {
    let before = draft.original.as_ref();
    let steps = steps(before.text().split_inclusive('\n').count(), draft.origins());
    let changes: Vec<usize> =
        steps.iter().enumerate().filter(|(_, step)| !matches!(step, Step::Same(..))).map(|(number, _)| number).collect();
    let mut out = String::new();
    if changes.is_empty() {
        return out;
    }
    _ = writeln!(out, "--- {path}\n+++ {path}", path = name(before.path()));
    let mut rest = changes.as_slice();
    while let Some((first, _)) = rest.split_first() {
        // Changes that share their context stand in one hunk.
        let together = rest.windows(2).take_while(|pair| matches!(pair, [one, next] if next - one <= 2 * CONTEXT)).count() + 1;
        let (group, after_group) = rest.split_at(together);
        let last = group.last().unwrap_or(first);
        let from = first.saturating_sub(CONTEXT);
        let to = (last + CONTEXT + 1).min(steps.len());
        hunk(&mut out, steps.get(from..to).unwrap_or_default(), steps.get(..from).unwrap_or_default(), before, after);
        rest = after_group;
    }
    out
}

fn steps(old_lines: usize, origins: impl Iterator<Item = Option<usize>>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut old = 0;
    let mut added: Vec<Step> = Vec::new();
    for (new, origin) in origins.enumerate() {
        match origin {
            Some(origin) => {
                steps.extend((old..origin).map(Step::Gone));
                steps.append(&mut added);
                steps.push(Step::Same(origin, new));
                old = origin + 1;
            }
            None => added.push(Step::New(new)),
        }
    }
    steps.extend((old..old_lines).map(Step::Gone));
    steps.append(&mut added);
    steps
}

fn hunk(out: &mut String, steps: &[Step], before_it: &[Step], before: &Source, after: &Source) {
    let count = |steps: &[Step]| {
        let old = steps.iter().filter(|step| !matches!(step, Step::New(_))).count();
        let new = steps.iter().filter(|step| !matches!(step, Step::Gone(_))).count();
        (old, new)
    };
    let ((old_start, new_start), (old, new)) = (count(before_it), count(steps));
    // An empty side is numbered by the line before it.
    let start = |start: usize, count: usize| if count == 0 { start } else { start + 1 };
    _ = writeln!(out, "@@ -{},{old} +{},{new} @@", start(old_start, old), start(new_start, new));
    for step in steps {
        let (sign, source, number) = match step {
            Step::Same(old, _) => (' ', before, *old),
            Step::Gone(old) => ('-', before, *old),
            Step::New(new) => ('+', after, *new),
        };
        line(out, sign, source, number);
    }
}

/// One line, with its carriage return if it has one; what is harmful in it is escaped, and then does not apply any more.
fn line(out: &mut String, sign: char, source: &Source, number: usize) {
    let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
    let range = source.line_range(number);
    let excerpt = source.excerpt_of_line(number, source.span(range.start, range.start));
    let end = source.text().get(range.end..).unwrap_or("");
    let carriage_return = if end.starts_with("\r\n") { "\r" } else { "" };
    let text = shown(sign, &excerpt.text);
    _ = writeln!(out, "{sign}{text}{carriage_return}");
    if end.is_empty() {
        out.push_str("\\ No newline at end of file\n");
    }
}

/// A line as it is, unless a terminal or a CI service would act on it where it stands.
fn shown(sign: char, text: &str) -> String {
    let line = format!("{sign}{text}");
    // A line that is taken away and begins with two dashes would read as the head of a file.
    let dialect = if sign == ' ' { Dialect::Diff } else { Dialect::Text };
    let harmless = lines(&line, dialect);
    match harmless.strip_prefix(sign) {
        Some(text) => text.to_owned(),
        // The sign itself made the command: the one after it is escaped instead, and the rest like any other text.
        None => {
            let mut rest = text.chars();
            let first = rest.next().map(|first| format!("\\u{{{:x}}}", u32::from(first))).unwrap_or_default();
            first + &lines(rest.as_str(), dialect)
        }
    }
}

/// The name of a file as git writes it, and as patch reads it: quoted as in C where it holds what would not be shown, and
/// with a tab after it where it holds a blank.
fn name(shown: &str) -> String {
    let path = on_disk(shown);
    let is_quoted = |path: &str| path.contains(['"', '\\', '\n', '\t']) || is_harmful(path);
    match path.to_str().filter(|path| !is_quoted(path)) {
        Some(path) if path.contains(' ') => format!("{path}\t"),
        Some(path) => path.to_owned(),
        None => format!("\"{}\"", quoted(path.as_os_str().as_encoded_bytes())),
    }
}

fn quoted(name: &[u8]) -> String {
    let mut out = String::new();
    let octal = |bytes: &[u8], out: &mut String| bytes.iter().for_each(|byte| _ = write!(out, "\\{byte:03o}"));
    for chunk in name.utf8_chunks() {
        for sign in chunk.valid().chars() {
            match sign {
                '"' | '\\' => out.extend(['\\', sign]),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                // One sign of a command is enough to take it apart.
                _ if is_hidden(sign) || matches!(sign, '#' | ':') => octal(sign.encode_utf8(&mut [0; 4]).as_bytes(), &mut out),
                _ => out.push(sign),
            }
        }
        octal(chunk.invalid(), &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Edit;

    fn diff(text: &str, edits: &[(usize, usize, &str)]) -> String {
        let source = Arc::new(Source::detached("db/postgresql.conf", text));
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(start, end, replacement)| Edit { span: source.span(*start, *end), replacement: (*replacement).to_owned() })
            .collect();
        let mut draft = Draft::of(source);
        draft.edit(&edits);
        let after = Source::detached("db/postgresql.conf", &draft.text());
        unified(&draft, &after)
    }

    #[test]
    fn a_diff_is_what_patch_takes() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\na\nb\nc\nd";
        let expected = "--- db/postgresql.conf\n+++ db/postgresql.conf\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -10,4 +10,5 @@\n a\n b\n c\n-d\n\\ No newline at end of file\n+d\n+e\n\\ No newline at end of file\n";
        assert_eq!(diff(text, &[(2, 3, "two"), (25, 25, "\ne")]), expected);
        assert_eq!(diff(text, &[]), "");
        assert!(diff("a\r\nb\r\n", &[(0, 1, "x")]).ends_with("-a\r\n+x\r\n b\r\n"));
    }

    #[test]
    fn names_are_quoted_as_git_does() {
        assert_eq!(name("db/réglages 😀.conf"), "db/réglages 😀.conf\t");
        assert_eq!(name("a\"\\b\nc\u{1b}\u{202e}"), r#""a\"\\b\nc\033\342\200\256""#);
        assert_eq!(name("caf\\xE9"), r#""caf\351""#);
        assert_eq!(name("a##[x]"), r#""a\043\043[x]""#);
    }

    #[test]
    fn what_follows_a_sign_that_makes_a_command_is_escaped_too() {
        let shown = diff("-- a\u{202e}\u{2028}##[b]\nx\n", &[(0, 1, "*")]);
        assert!(!shown.contains(['\u{202e}', '\u{2028}']) && !shown.contains("##["), "{shown}");
    }

    #[test]
    fn a_line_that_would_be_executed_does_not_apply() {
        let shown = diff("::add-mask::a\n::1\n-- x\n##[y]\u{202e}\u{9b}\na\tb\n", &[(18, 20, "*")]);
        assert!(shown.contains("\n \\u{3a}:add-mask::a\n ::1\n-\\u{2d}- x\n+* x\n #\\u{23}[y]\\u{202e}\\u{9b}\n a\tb\n"), "{shown}");
    }

    #[test]
    fn a_secret_beside_a_change_is_cut() {
        let shown = diff("primary_conninfo = 'password=hunter2'\nfsync = off\n\u{1b}[31m\n", &[(46, 49, "on")]);
        assert!(!shown.contains("hunter2") && shown.contains("<redacted>") && !shown.contains('\u{1b}'), "{shown}");
    }
}
