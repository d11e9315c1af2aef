//! A text on its way to being fixed: what it says now, and which of its lines are still those of the file.

use std::sync::Arc;

use crate::model::Edit;
use crate::text::Source;

/// A file, and what it is to become.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The file as it was read.
    pub original: Arc<Source>,
    lines: Vec<Line>,
}

/// One line with its line end.
#[derive(Clone)]
struct Line {
    text: String,
    /// Which line of the file it is, from 0; `None` for one that is new.
    origin: Option<usize>,
}

/// Without the text, which may hold a password.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Draft {
    /// A file as it is.
    #[must_use]
    pub fn of(original: Arc<Source>) -> Self {
        let line = |(number, text): (usize, &str)| Line { text: text.to_owned(), origin: Some(number) };
        let lines = original.text().split_inclusive('\n').enumerate().map(line).collect();
        Self { original, lines }
    }

    /// What it says now.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// Whether it says something else than the file.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.lines.iter().any(|line| line.origin.is_none()) || self.text() != self.original.text()
    }

    /// For each line of what it says now, the line of the file that it is.
    pub(super) fn origins(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.lines.iter().map(|line| line.origin)
    }

    /// Makes edits of what it says now; they are in order and do not overlap.
    pub fn edit(&mut self, edits: &[Edit]) {
        let mut edits = edits.iter().peekable();
        let mut made: Vec<Line> = Vec::with_capacity(self.lines.len());
        let mut offset = 0;
        let mut lines = std::mem::take(&mut self.lines).into_iter().peekable();
        while let Some(line) = lines.next() {
            let start = offset;
            offset += line.text.len();
            // At the end of a line an insertion belongs to the next one, unless there is none.
            let here = |edit: &&&Edit, end: usize, last: bool| (edit.span.start as usize) < end || last;
            let mut group = vec![line];
            let mut cut: Vec<&Edit> = Vec::new();
            while let Some(edit) = edits.next_if(|edit| here(&edit, offset, lines.peek().is_none())) {
                while offset < edit.span.end as usize {
                    let Some(next) = lines.next() else { break };
                    offset += next.text.len();
                    group.push(next);
                }
                cut.push(edit);
            }
            if cut.is_empty() {
                made.append(&mut group);
            } else {
                made.extend(rewritten(group, start, &cut));
            }
        }
        // A file without a line has no group.
        made.extend(edits.map(|edit| Line { text: edit.replacement.clone(), origin: None }));
        self.lines = made;
    }
}

/// Lines with edits made in them; those at the head and at the end that stay the same keep their origin.
fn rewritten(group: Vec<Line>, start: usize, edits: &[&Edit]) -> Vec<Line> {
    let old: String = group.iter().map(|line| line.text.as_str()).collect();
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for edit in edits {
        let (from, to) = ((edit.span.start as usize).saturating_sub(start), (edit.span.end as usize).saturating_sub(start));
        text.push_str(old.get(at..from).unwrap_or(""));
        text.push_str(&edit.replacement);
        at = to.max(at);
    }
    text.push_str(old.get(at..).unwrap_or(""));
    let mut new: Vec<Line> = text.split_inclusive('\n').map(|line| Line { text: line.to_owned(), origin: None }).collect();
    let same_head = new.iter().zip(&group).take_while(|(new, old)| new.text == old.text).count();
    let room = new.len().min(group.len()) - same_head;
    let same_end = new.iter().rev().zip(group.iter().rev()).take(room).take_while(|(new, old)| new.text == old.text).count();
    let length = group.len();
    let kept = group.into_iter().enumerate().filter(|(number, _)| *number < same_head || *number >= length - same_end);
    let origins: Vec<Option<usize>> = kept.map(|(_, line)| line.origin).collect();
    let (head, end) = origins.split_at(same_head.min(origins.len()));
    let count = new.len();
    for (line, origin) in new.iter_mut().zip(head) {
        line.origin = *origin;
    }
    for (line, origin) in new.iter_mut().skip(count - same_end).zip(end) {
        line.origin = *origin;
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edits: &[(usize, usize, &str)]) -> (String, Vec<Option<usize>>) {
        let source = Arc::new(Source::detached("a", text));
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(start, end, replacement)| Edit { span: source.span(*start, *end), replacement: (*replacement).to_owned() })
            .collect();
        let mut draft = Draft::of(Arc::clone(&source));
        draft.edit(&edits);
        (draft.text(), draft.origins().collect())
    }

    #[test]
    fn edits_are_made_and_lines_that_stay_are_known() {
        assert_eq!(edited("a\nb\nc\n", &[(2, 3, "x")]), ("a\nx\nc\n".to_owned(), vec![Some(0), None, Some(2)]));
        assert_eq!(edited("a\nb\nc\n", &[(2, 4, "")]), ("a\nc\n".to_owned(), vec![Some(0), Some(2)]));
        assert_eq!(edited("a\nb", &[(3, 3, "\nc")]), ("a\nb\nc".to_owned(), vec![Some(0), None, None]));
        assert_eq!(edited("a\nb\n", &[(3, 3, "\nc"), (3, 3, "\nd")]).0, "a\nb\nc\nd\n");
        assert_eq!(edited("", &[(0, 0, "c\n")]), ("c\n".to_owned(), vec![None]));
        assert_eq!(edited("a\nb\nc\n", &[(1, 1, "1"), (2, 4, ""), (4, 5, "2")]).0, "a1\n2\n");
        assert_eq!(edited("a\nb", &[(1, 3, "")]), ("a".to_owned(), vec![None]));
    }
}
