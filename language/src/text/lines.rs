//! The lines of a text, of which a large tree has a million, each asked by every grammar whether it is one of its own.

/// The lines of a text, each with its line feed; the last may have none.
pub fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain(std::iter::once(text.len()));
    let cut = move |end: usize| {
        let line = text.get(from..end);
        from = end;
        line.filter(|line| !line.is_empty())
    };
    ends.filter_map(cut)
}

/// The same as `str::lines`: without line feeds, and without the carriage return before one.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    whole_lines(text).map(|line| {
        let Some(line) = line.strip_suffix('\n') else { return line };
        line.strip_suffix('\r').unwrap_or(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "\n", "a", "a\n", "a\r\nb\r", "\n\na\n\n", "\r\n\r\n", "é\n\u{feff}\n"] {
            assert_eq!(lines(text).collect::<Vec<_>>(), text.lines().collect::<Vec<_>>(), "{text:?}");
            assert_eq!(whole_lines(text).collect::<Vec<_>>(), text.split_inclusive('\n').collect::<Vec<_>>(), "{text:?}");
        }
    }
}
