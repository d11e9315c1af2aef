//! Words that mean something to a shell wherever they are: assignments, keywords, shells, programs that run another one.

use crate::text::path::name_of;

/// The variable that `NAME=value` or `NAME+=value` sets.
pub(super) fn assigned_name(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name).then_some(name)
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a word is `NAME=value`.
#[must_use]
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Whether a word is a program that only runs the one named after it.
#[must_use]
pub fn is_wrapper(word: &str) -> bool {
    matches!(word, "exec" | "sudo" | "nice" | "ionice" | "nohup" | "time" | "env" | "command" | "chronic")
}

/// Whether a word at the head of a command is a keyword of the shell's control structures.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a word names a shell.
#[must_use]
pub fn is_shell(word: &str) -> bool {
    matches!(name_of(word), "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
}

const KEYWORDS: &[&str] = &["while", "until", "do", "done", "if", "then", "elif", "else", "fi", "!", "{", "}", "case", "esac"];
