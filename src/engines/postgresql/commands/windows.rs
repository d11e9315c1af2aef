//! Commands for Windows, where `cmd` reads them and not a shell.

use crate::text::path::name_of;

/// Programs that only Windows has.
const PROGRAMS: &[&str] = &["copy", "xcopy", "robocopy", "move", "cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh", "rem"];

/// Whether a command is for Windows: by its program, or by a path with a drive.
pub(super) fn is_for_windows(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or("").trim_matches('"').to_ascii_lowercase();
    let program = name_of(&first).rsplit('\\').next().unwrap_or("").to_owned();
    let drive = command.as_bytes().windows(3).enumerate().any(|(at, found)| match found {
        [letter, b':', b'\\' | b'/'] => {
            let before = at.checked_sub(1).and_then(|before| command.as_bytes().get(before));
            letter.is_ascii_alphabetic() && before.is_none_or(|before| !before.is_ascii_alphanumeric())
        }
        _ => false,
    });
    PROGRAMS.contains(&program.as_str()) || program.ends_with(".exe") || program.ends_with(".bat") || program.ends_with(".cmd") || drive
}

/// Whether it does nothing and succeeds: a remark.
pub(super) fn does_nothing(command: &str) -> bool {
    let command = command.trim().to_ascii_lowercase();
    command == "rem" || command.starts_with("rem ")
}

/// What makes it succeed whatever happened before: `|| exit 0`, `& exit /b 0`.
pub(super) fn hides_failure(command: &str) -> Option<String> {
    const LAST: &[&str] = &["exit 0", "exit /b 0", "rem", "ver", "cd .", "echo."];
    let (before, last) = command.rsplit_once('&').or_else(|| command.rsplit_once("||"))?;
    let last = last.trim();
    let hides = LAST.contains(&last.to_ascii_lowercase().as_str()) && !before.ends_with('&');
    hides.then(|| last.to_owned())
}
