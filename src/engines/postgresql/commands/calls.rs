//! What the programs of an archive command do to files: overwrite them, keep them, take the segment away.

use super::fault::Fault;
use super::roles::{NAME, SEGMENT, in_place, keeps, mentions};
use crate::formats::shell;
use crate::formats::shell::status::Call;

/// Folders that a restart empties, or that are cleaned by age.
const VOLATILE: &[&str] = &["/tmp/", "/var/tmp/", "/dev/shm/", "/run/", "/var/run/"];

/// What is wrong with what one program does.
pub(super) fn fault(call: &Call<'_>, is_guarded: bool) -> Option<Fault> {
    if !mentions(call) {
        return None;
    }
    lacks_destination(call)
        .or_else(|| takes_away(call))
        .or_else(|| volatile(call))
        .or_else(|| if is_guarded { None } else { overwrites(call) })
}

/// `cp %p`, with its message sent to `/dev/null`.
fn lacks_destination(call: &Call<'_>) -> Option<Fault> {
    let program = call.program;
    let lacks = matches!(program, "cp" | "mv" | "install" | "scp") && operands(call).count() < 2 && target_folder(call).is_none();
    lacks.then(|| Fault::new("fails", format!("{program} is given no destination")))
}

fn takes_away(call: &Call<'_>) -> Option<Fault> {
    let program = call.program;
    let is_source = sources(call).any(|argument| argument.contains(SEGMENT));
    let has = |word: &str| call.arguments.iter().any(|argument| argument == word);
    let taken = match program {
        "mv" | "rm" | "shred" | "unlink" => is_source,
        "rsync" => has("--remove-source-files"),
        _ => in_place(call) && !keeps(call),
    };
    if taken {
        let explained = format!(
            "{program} takes the segment out of pg_wal, where recovery after a crash still needs it: \
             the server then loses commits, or does not start"
        );
        return Some(Fault::new("takes-away", explained));
    }
    let backwards = matches!(program, "cp" | "rsync" | "scp") && destination(call) == Some(SEGMENT);
    backwards.then(|| {
        let explained = format!("{program} copies to %p, which is the server's own WAL, and not from it");
        Fault::new("takes-away", explained)
    })
}

fn operands<'c>(call: &Call<'c>) -> impl Iterator<Item = &'c str> {
    call.arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with('-'))
}

/// The folder of `-t folder`, with which every operand is a source.
fn target_folder<'c>(call: &Call<'c>) -> Option<&'c str> {
    if !matches!(call.program, "cp" | "mv" | "install") {
        return None;
    }
    let mut words = call.arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if matches!(word, "-t" | "--target-directory") {
            return words.next();
        }
        if let Some(folder) = word.strip_prefix("--target-directory=") {
            return Some(folder);
        }
    }
    None
}

/// What is not the destination; of `rm`, all of them.
fn sources<'c>(call: &Call<'c>) -> impl Iterator<Item = &'c str> {
    let all = call.program != "mv" || target_folder(call).is_some();
    let last = operands(call).count().saturating_sub(usize::from(!all));
    operands(call).take(last)
}

/// Where it copies to.
fn destination<'c>(call: &Call<'c>) -> Option<&'c str> {
    match call.program {
        "cp" | "mv" | "rsync" | "scp" | "install" => target_folder(call).or_else(|| operands(call).skip(1).last()),
        "dd" => call.arguments.iter().find_map(|argument| argument.strip_prefix("of=")).or(call.output),
        // A program that is given a name writes its messages to the output.
        _ => call.output.filter(|output| output.contains(NAME)),
    }
}

fn volatile(call: &Call<'_>) -> Option<Fault> {
    let destination = destination(call)?;
    let folder = VOLATILE.iter().find(|folder| destination.starts_with(**folder))?;
    let folder = folder.trim_end_matches('/');
    Some(Fault::new("volatile", format!("{folder} is emptied by a restart, or cleaned by age")))
}

fn overwrites(call: &Call<'_>) -> Option<Fault> {
    let program = call.program;
    let destination = destination(call)?;
    let remote = destination.contains("://") || destination.split('/').next().is_some_and(|first| first.contains(':'));
    if call.output == Some(destination) {
        return Some(Fault::new("overwrites", format!("`> {destination}` overwrites a segment that is there already")));
    }
    let letter = |wanted: char| {
        call.arguments.iter().any(|argument| argument.starts_with('-') && !argument.starts_with("--") && argument.contains(wanted))
    };
    let has = |word: &str| call.arguments.iter().any(|argument| argument == word);
    match program {
        "cp" if letter('n') || letter('i') || has("--no-clobber") || has("--interactive") || has("--update=none") => {
            let option = if letter('i') || has("--interactive") { "-i" } else { "-n" };
            let explained = format!(
                "`cp {option}` leaves a file alone that is there already, also one that was copied in part, \
                 and with many versions of cp reports success"
            );
            Some(Fault::new("keeps-existing", explained))
        }
        "cp" if letter('b') || call.arguments.iter().any(|argument| argument.starts_with("--backup")) || has("--update=none-fail") => None,
        "rsync" if remote || has("--ignore-existing") => None,
        "cp" | "rsync" | "scp" | "install" | "dd" => {
            Some(Fault::new("overwrites", format!("{program} overwrites a segment that is there already")))
        }
        _ => None,
    }
}

/// Whether a command looks first whether the archive has the segment.
pub(super) fn is_guarded(command: &str) -> bool {
    shell::commands(command).iter().any(|found| {
        let looks = matches!(found.program(), Some("test" | "[" | "[[" | "cmp" | "diff" | "ls" | "stat"));
        looks && found.program_words().iter().any(|word| word.text.contains(NAME) || word.text.contains('$'))
    }) || noclobber(command)
}

/// `set -C`, with which `>` overwrites nothing.
fn noclobber(command: &str) -> bool {
    let on = |word: &shell::ShellWord| word.text.starts_with('-') && word.text.contains('C') || word.text == "noclobber";
    shell::commands(command).iter().any(|found| found.program() == Some("set") && found.program_words().iter().skip(1).any(on))
}
