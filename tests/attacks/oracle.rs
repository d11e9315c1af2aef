//! Whether an output is harmless: nothing in it is executed by a terminal or by a CI service that reads the log.

/// Checks one output.
///
/// # Errors
/// What would be executed, with its line.
pub fn is_harmless(text: &str, format: &str) -> Result<(), String> {
    let text = if format == "terminal" { without_colours(text) } else { text.to_owned() };
    for line in text.lines() {
        if let Some(sign) = line.chars().find(|sign| sign.is_control() && *sign != '\t') {
            return Err(format!("the control character {sign:?} in {line:.200?}"));
        }
        let begins = line.trim_start();
        if format != "github" && begins.starts_with("::") || begins.starts_with("##[") || begins.starts_with("##vso[") {
            return Err(format!("a workflow command in {line:.200?}"));
        }
    }
    Ok(())
}

/// Without the colours that a report for a terminal has: `ESC [ digits m`, and nothing else of the kind.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        match part.get(digits..).and_then(|rest| rest.strip_prefix('m')) {
            Some(rest) => plain.push_str(rest),
            None => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}
