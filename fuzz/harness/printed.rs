//! What must hold of everything that is printed.

/// A password that stands in files of its own and at the head of every file that can hold one.
pub const CANARY: &str = "Kanarie9vogel";

/// The form of what was printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people, or for a service that reads lines.
    Text,
    /// JSON.
    Json,
    /// Lines of files, with the line ends that they have there.
    Diff,
    /// Annotations of a GitHub workflow, which are commands.
    Annotations,
}

/// Neither the planted password nor a sign that a terminal obeys; JSON can be read.
#[track_caller]
pub fn check(what: &str, text: &str, form: Form) {
    assert!(!text.contains(CANARY), "{what} shows the password");
    let lines = if form == Form::Diff { text.replace("\r\n", "\n") } else { text.to_owned() };
    if let Some(sign) = lines.chars().find(|sign| is_obeyed(*sign)) {
        panic!("{what} holds the raw sign {sign:?}");
    }
    if let Some(line) = lines.lines().find(|line| is_command(line, form)) {
        panic!("{what} holds a line that a CI service executes: {line:?}");
    }
    if form == Form::Json {
        serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{what} is no JSON: {error}"));
    }
}

/// Signs that move the cursor, begin a sequence, end a line elsewhere, or turn the order of the text round.
fn is_obeyed(sign: char) -> bool {
    (sign.is_control() && !matches!(sign, '\n' | '\t'))
        || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a line that a log shows is a command of a workflow there. An IPv6 address begins so too, and has no second pair.
fn is_command(line: &str, form: Form) -> bool {
    let begins = line.trim_start().strip_prefix("::").is_some_and(|rest| !rest.starts_with(':') && rest.contains("::"));
    line.contains("##[") || line.contains("##vso[") || (begins && form != Form::Annotations)
}
