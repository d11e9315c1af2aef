//! Quotes and escapes in the values of variables.

/// The text up to the closing quote, and how many bytes it takes in the file; `None` when nothing closes it.
pub(super) fn unquote(body: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if c == quote && !escaped {
            return Some((text, at));
        }
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        // The backslash goes only where it protects the quote; other escapes come later.
        if escaped && c != quote {
            text.push('\\');
        }
        escaped = false;
        let line_end_follows = c == '\r' && body.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
        if !line_end_follows {
            text.push(c);
        }
    }
    None
}

/// Escapes of double quotes: `\n`, `\t`, `\\`, `\$` (a dollar that begins no variable), `\0` with up to three octal digits.
pub(super) fn resolve_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let (replacement, taken) = escape(after);
        match replacement {
            Some(replacement) => out.push_str(&replacement),
            None => out.push('\\'),
        }
        rest = after.get(taken..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// What follows a backslash: its meaning, when it has one, and how many bytes it takes.
fn escape(after: &str) -> (Option<String>, usize) {
    let simple = |text: &str| (Some(text.to_owned()), 1);
    match after.chars().next() {
        Some('a') => simple("\u{7}"),
        Some('b') => simple("\u{8}"),
        Some('f') => simple("\u{c}"),
        Some('n') => simple("\n"),
        Some('r') => simple("\r"),
        Some('t') => simple("\t"),
        Some('v') => simple("\u{b}"),
        Some('"') => simple("\""),
        Some('\\') => simple("\\"),
        Some('$') => simple("$$"),
        Some('0') => {
            let digits: String = after.chars().skip(1).take(3).take_while(char::is_ascii_digit).collect();
            let code = u8::from_str_radix(&digits, 8).ok().filter(|_| digits.len() == 3);
            (Some(code.map_or_else(|| format!("\\{digits}"), |code| char::from(code).to_string())), 1 + digits.len())
        }
        _ => (None, 0),
    }
}
