//! Text of files in Markdown: it means nothing there, links nowhere, and calls nobody.
//!
//! A page that shows Markdown also looks for addresses, names and numbers in the finished text, where a backslash is long
//! gone; it leaves alone what is code. A word in which it would find something is therefore written as code.

use crate::report::plain::plain;

/// Text on one line, fit for a cell of a table.
pub(super) fn escape(text: &str) -> String {
    let text = plain(text);
    // Between two of these signs, mathematics begins.
    let is_mathematics = text.matches('$').count() > 1;
    let mut out = String::with_capacity(text.len() + 16);
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if is_live(word) || is_mathematics && word.contains('$') {
            live(word, &mut out)
        } else {
            inert(word, &mut out)
        }
        out.push_str(part.get(word.len()..).unwrap_or_default());
    }
    out
}

/// The same where it begins a block: it must not begin a list there, nor a line or a heading.
pub(super) fn item(text: &str) -> String {
    let escaped = escape(text.trim_start());
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = escaped.split_at(digits);
    let at_start = if number.is_empty() { ['-', '+', '='].as_slice() } else { ['.', ')'].as_slice() };
    if rest.starts_with(at_start) { format!("{number}\\{rest}") } else { escaped }
}

/// A name as code.
pub(super) fn code(text: &str) -> String {
    span(&plain(text))
}

/// Text that is harmless already, as code. What would end the code, or the cell that it is in, is written by its code point.
pub(super) fn span(text: &str) -> String {
    let text = text.replace('`', "\\u{60}").replace('|', "\\u{7c}");
    match text.as_str() {
        "" => text,
        // One blank on each side is taken off again.
        padded if padded.starts_with(' ') && padded.ends_with(' ') => format!("` {padded} `"),
        _ => format!("`{text}`"),
    }
}

/// Lines to be copied, in a list, as a block of TOML that no line of them ends.
pub(super) fn block(lines: &[String]) -> String {
    let longest = lines.iter().flat_map(|line| line.split(|sign| sign != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let text: String = lines.iter().map(|line| format!("   {line}\n")).collect();
    format!("   {fence}toml\n{text}   {fence}")
}

/// A word as code, the punctuation around it left outside.
fn live(word: &str, out: &mut String) {
    let core =
        word.trim_start_matches(['(', '[', '"', '\'', '<', '`']).trim_end_matches([')', ']', '"', '\'', '>', '`', '.', ',', ';', '?']);
    let core = if is_live(core) { core } else { word };
    let (before, rest) = word.split_at(word.find(core).unwrap_or(0));
    inert(before, out);
    out.push_str(&span(core));
    inert(rest.get(core.len()..).unwrap_or_default(), out);
}

/// Text without a word that is looked for.
fn inert(text: &str, out: &mut String) {
    for sign in text.chars() {
        match sign {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(sign);
            }
            _ => out.push(sign),
        }
    }
}

/// Whether a page would make a link, a mention, a reference or an image of a word.
fn is_live(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_address = ["://", "www.", "@", "mailto:", "xmpp:"].iter().any(|mark| lower.contains(mark));
    is_address || is_reference(&lower) || is_emoji(&lower)
}

/// `#1`, `GH-1`, and what GitLab has beside them: `!1`, `$1`, `&1`.
fn is_reference(word: &str) -> bool {
    ["#", "!", "$", "&", "gh-"].into_iter().any(|mark| {
        let mut after = word.match_indices(mark).filter_map(|(at, _)| word.get(at + mark.len()..));
        after.any(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
    })
}

/// `:name:`; a group of an IPv6 address is none.
fn is_emoji(word: &str) -> bool {
    let is_name = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-');
        part.bytes().all(known) && !part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let mut parts = word.split(':').skip(1).peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_some() && is_name(part) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_is_shown_as_it_is() {
        assert_eq!(escape("a|b <script> *x* ![i](u) [^1] a & b"), "a\\|b &lt;script&gt; \\*x\\* !\\[i\\](u) \\[^1\\] a &amp; b");
        assert_eq!(escape("a\n# b"), "a\\\\u{a}\\# b");
        assert_eq!(code("a`|b"), "`a\\u{60}\\u{7c}b`");
        assert_eq!([code(""), code(" a "), code("\\")], ["", "`  a  `", "`\\`"]);
    }

    #[test]
    fn what_a_page_would_find_in_a_text_is_code() {
        for word in ["http://x.y", "ftp://x", "WWW.x.y", "@team", "a@b.c", "#1", "o/r#12", "gh-7", "!3", "$4", "&5", ":tada:", "mailto:x"] {
            assert_eq!(escape(&format!("a {word}, b")), format!("a `{word}`, b"));
        }
        assert_eq!(escape("(\"https://a|b`c\")."), "(\"`https://a\\u{7c}b\\u{60}c`\").");
        assert_eq!(escape("`a@b` x"), "\\``a@b`\\` x");
        assert_eq!(escape("$a$ and x"), "`$a$` and x");
        for plain in ["90 % of 3", "${A:-b} c", "a:b", "5432:5432:1", "why? no!", "x #", "~ a & b", "::1", "2001:db8::/48", "'%m [%p]'"] {
            assert!(!escape(plain).contains('`'), "{}", escape(plain));
        }
    }

    #[test]
    fn the_first_word_of_an_item_begins_no_block() {
        assert_eq!([item("- x"), item("1. x"), item("12) x"), item("    x"), item("= x")], ["\\- x", "1\\. x", "12\\) x", "x", "\\= x"]);
        assert_eq!([item("a - 1. x"), item("1 x")], ["a - 1. x", "1 x"]);
    }

    #[test]
    fn no_line_ends_the_block_that_it_is_in() {
        assert_eq!(block(&["a = \"````\"".to_owned()]), "   `````toml\n   a = \"````\"\n   `````");
        assert_eq!(block(&["a".to_owned()]), "   ```toml\n   a\n   ```");
    }
}
