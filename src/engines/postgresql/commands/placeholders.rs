//! `%p`, `%f`, `%r`, `%%`: from PostgreSQL 16 on any other letter is an error each time the command is run
//! (`replace_percent_placeholders`); before, it stayed as it was.

use super::fault::Fault;

/// What the server complains about in a command.
pub(super) fn unknown(command: &str, name: &str) -> Option<Fault> {
    let known = match name {
        "archive_command" => "pf%",
        "restore_command" => "pfr%",
        _ => "r%",
    };
    let mut characters = command.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            continue;
        }
        match characters.next() {
            Some(letter) if known.contains(letter) => {}
            Some(letter) => {
                let explained = format!("%{letter} is not a placeholder, and PostgreSQL 16 and later refuse it; write %%{letter}");
                return Some(Fault::new("fails", explained));
            }
            None => return Some(Fault::new("fails", "it ends with a single %, and PostgreSQL 16 and later refuse that; write %%")),
        }
    }
    None
}
