//! Lists within one value: the server has three ways to split them (`varlena.c`).

/// How a list is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListSyntax {
    /// Identifiers: unquoted ones are lowered, blanks end them.
    Identifiers,
    /// The same, as written.
    Words,
    /// Directories: unquoted ones may hold blanks.
    Directories,
}

/// The items of a list, or `None` where the server says "list syntax is invalid".
pub(super) fn split(text: &str, syntax: ListSyntax) -> Option<Vec<String>> {
    let mut items = Vec::new();
    let mut rest = trim(text);
    if rest.is_empty() {
        return Some(items);
    }
    loop {
        let (item, after) = if rest.starts_with('"') { quoted(rest)? } else { unquoted(rest, syntax)? };
        items.push(item);
        let after = trim(after);
        if after.is_empty() {
            return Some(items);
        }
        rest = trim(after.strip_prefix(',')?);
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(super::number::is_space)
}

/// A text in double quotes, in which `""` is one quote.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut rest = text.get(1..)?;
    loop {
        let end = rest.find('"')?;
        item.push_str(rest.get(..end)?);
        rest = rest.get(end + 1..)?;
        match rest.strip_prefix('"') {
            Some(after) => {
                item.push('"');
                rest = after;
            }
            None => return Some((item, rest)),
        }
    }
}

fn unquoted(text: &str, syntax: ListSyntax) -> Option<(String, &str)> {
    let ends = |c: char| c == ',' || syntax != ListSyntax::Directories && super::number::is_space(c);
    let end = text.find(ends).unwrap_or(text.len());
    let (item, rest) = text.split_at_checked(end)?;
    let item = trim(item);
    if item.is_empty() {
        return None;
    }
    Some((if syntax == ListSyntax::Identifiers { item.to_lowercase() } else { item.to_owned() }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_split_as_in_the_server() {
        let of = |text, syntax| split(text, syntax).map(|items| items.join("|"));
        assert_eq!(of(" A, \"B c\" ,d", ListSyntax::Identifiers), Some("a|B c|d".to_owned()));
        assert_eq!(of("/a b, /c", ListSyntax::Directories), Some("/a b|/c".to_owned()));
        assert_eq!(of("", ListSyntax::Words), Some(String::new()));
        assert_eq!(of("a\"\"b", ListSyntax::Words), Some("a\"\"b".to_owned()));
        for bad in ["a,,b", "a,", ",a", "a b", "\"a", "\"a\"b"] {
            assert_eq!(of(bad, ListSyntax::Words), None, "{bad}");
        }
    }
}
