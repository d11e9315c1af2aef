//! What a program is to archiving: whether it takes the segment away, looks at it, or has nothing to do with it.

use crate::formats::shell::status::{Call, Role};

/// The path of the segment.
pub(super) const SEGMENT: &str = "%p";
/// Its name.
pub(super) const NAME: &str = "%f";

/// Programs that look, say or prepare, and archive nothing whatever they are given.
const ASIDE: &[&str] = &[
    "[",
    "[[",
    "awk",
    "b2sum",
    "basename",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "cksum",
    "date",
    "df",
    "dirname",
    "du",
    "echo",
    "file",
    "find",
    "grep",
    "head",
    "hostname",
    "id",
    "logger",
    "ls",
    "mail",
    "mailx",
    "md5sum",
    "mkdir",
    "mountpoint",
    "pg_controldata",
    "pg_isready",
    "pg_waldump",
    "printf",
    "ps",
    "psql",
    "readlink",
    "realpath",
    "rm",
    "rmdir",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "sleep",
    "stat",
    "sync",
    "systemd-cat",
    "tail",
    "test",
    "touch",
    "tr",
    "wc",
];

/// Programs that write what they read, to their output unless an option says otherwise.
const FILTERS: &[&str] = &[
    "base64", "bzip2", "cat", "gpg", "gpg2", "gzip", "lz4", "lzma", "lzop", "openssl", "pbzip2", "pigz", "pixz", "pv", "pxz", "xz", "zstd",
];

/// Those of them that put the result in the place of a file that they are given.
const IN_PLACE: &[&str] = &["bzip2", "gzip", "lzma", "pbzip2", "pigz", "pixz", "pxz", "xz"];

/// Programs that copy to their last argument.
const COPIES: &[&str] = &["cp", "dd", "install", "ln", "mv", "rsync", "scp", "tar"];

const NOWHERE: &str = "/dev/null";

/// What a call is to archiving, where the command names the segment.
pub(super) fn of_call(call: &Call<'_>) -> Role {
    let program = call.program;
    let mentions = mentions(call);
    if !(mentions || call.fed) {
        let may_know = names(call) && !ASIDE.contains(&program) && !FILTERS.contains(&program) && !COPIES.contains(&program);
        return if may_know && program != "ssh" { Role::Work } else { Role::Aside };
    }
    if matches!(program, "cmp" | "diff") {
        return Role::Check;
    }
    if ASIDE.contains(&program) {
        return if call.piped { Role::Carries } else { Role::Aside };
    }
    if discards(call) { Role::Discards } else { Role::Work }
}

/// The same for a command that does not name it: anything that may know it by itself.
pub(super) fn of_call_without_segment(call: &Call<'_>) -> Role {
    if ASIDE.contains(&call.program) { Role::Aside } else { Role::Work }
}

/// Whether a call is given the path of the segment.
pub(super) fn mentions(call: &Call<'_>) -> bool {
    call.arguments.iter().chain(call.inputs).any(|word| word.contains(SEGMENT))
}

fn names(call: &Call<'_>) -> bool {
    call.arguments.iter().any(|word| word.contains(NAME))
}

/// Whether what it is given ends nowhere, or in the server's log.
fn discards(call: &Call<'_>) -> bool {
    let has = |word: &str| call.arguments.iter().any(|argument| argument == word);
    let goes_on = call.piped || call.output.is_some_and(|output| output != NOWHERE);
    match call.program {
        // A link names a file that the server writes over when it recycles it.
        "ln" => true,
        "dd" => {
            let to = call.arguments.iter().find_map(|argument| argument.strip_prefix("of="));
            to.map_or(!goes_on, |to| to == NOWHERE)
        }
        // With one operand it lists.
        "rsync" if call.arguments.iter().filter(|argument| !argument.starts_with('-')).count() < 2 => true,
        "tee" => !goes_on && call.arguments.iter().all(|argument| argument == NOWHERE || argument.starts_with('-')),
        program if COPIES.contains(&program) => has(NOWHERE),
        program if FILTERS.contains(&program) => !goes_on && !writes_file(call),
        _ => false,
    }
}

/// Whether a filter writes a file by itself.
fn writes_file(call: &Call<'_>) -> bool {
    let option = |argument: &String| {
        argument.starts_with("-o")
            || argument.starts_with("--output")
            || argument == "-out"
            || argument.starts_with("-e")
            || argument == "-c"
    };
    match call.program {
        "cat" | "base64" | "pv" => false,
        "gpg" | "gpg2" | "openssl" | "lz4" => call.arguments.iter().any(|argument| option(argument) || argument.contains(NAME)),
        "zstd" | "lzop" => !to_output(call),
        _ => in_place(call),
    }
}

fn to_output(call: &Call<'_>) -> bool {
    let short = |argument: &String| argument.starts_with('-') && !argument.starts_with("--") && argument.contains('c');
    call.arguments.iter().any(|argument| short(argument) || matches!(argument.as_str(), "--stdout" | "--to-stdout"))
        || !call.arguments.iter().any(|argument| argument.contains(SEGMENT))
}

/// Whether a compressor puts its result in the place of the segment.
pub(super) fn in_place(call: &Call<'_>) -> bool {
    IN_PLACE.contains(&call.program) && !to_output(call)
}

/// Whether it keeps the file that it compresses.
pub(super) fn keeps(call: &Call<'_>) -> bool {
    let short = |argument: &String| argument.starts_with('-') && !argument.starts_with("--") && argument.contains('k');
    call.arguments.iter().any(|argument| short(argument) || argument == "--keep")
}
