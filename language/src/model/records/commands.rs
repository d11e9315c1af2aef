//! Records of commands that a server gives to a shell.

use super::FieldType::{Text, Words};
use super::{RecordSpec, field};

pub(super) const COMMANDS: &[RecordSpec] = &[RecordSpec {
    name: "command_fault",
    help: "one thing that is wrong with a command that PostgreSQL gives to a shell (archive_command, restore_command, archive_cleanup_command, recovery_end_command)",
    fields: &[
        field("setting", Text, "the setting that holds the command"),
        field(
            "code",
            Words(&[
                "discards",
                "hides-failure",
                "skips",
                "fails",
                "names-no-segment",
                "takes-away",
                "volatile",
                "overwrites",
                "keeps-existing",
                "removes-all",
                "removes-by-age",
            ]),
            "discards: it archives nothing, and succeeds; hides-failure: it can succeed although archiving failed; skips: a condition makes it succeed without archiving; fails: it never succeeds; names-no-segment: %p, or %f to restore, is missing; takes-away: it removes or overwrites the server's own WAL; volatile: it archives to a folder that a restart empties; overwrites: it replaces segments that are there; keeps-existing: it can succeed because a file is there, whatever is in it; removes-all: it removes every segment of the archive; removes-by-age: it removes old segments, needed or not",
        ),
        field("explained", Text, "the same in words, as a clause"),
    ],
}];
