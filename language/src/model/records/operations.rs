//! Records of what is run around a server: copies of its data.

use super::FieldType::{Bool, Text, Words};
use super::{RecordSpec, field};

pub(super) const OPERATIONS: &[RecordSpec] = &[JOB, JOB_FAULT, FIRST_START];

const JOB: RecordSpec = RecordSpec {
    name: "job",
    help: "one step that copies a database, as found in a command or a script",
    fields: &[
        field("tool", Text, "pg_dump, pg_basebackup, tar, cp, …"),
        field("kind", Words(&["dump", "physical", "archive", "raw-copy"]), "what kind of copy it makes"),
        field("scheduled", Bool, "whether something runs it again and again"),
        field("schedule", Text, "how often, as written"),
        field("target", Text, "database service that it copies"),
    ],
};

const JOB_FAULT: RecordSpec = RecordSpec {
    name: "job_fault",
    help: "one thing that is wrong with the backup that a service makes, as its script shows it",
    fields: &[
        field(
            "code",
            Words(&[
                "no-dump",
                "never-runs",
                "no-data",
                "partial",
                "limited",
                "hides-failure",
                "unnoticed",
                "too-rare",
                "not-started",
                "other-host",
                "other-database",
                "volatile",
                "on-data",
                "on-display",
                "deletes-all",
                "copy-not-made",
                "copy-of-nothing",
                "no-next",
                "replaced",
                "unseen-code",
                "without-roles",
            ]),
            "no-dump: no command dumps a database; never-runs: no way through the script reaches the dump; no-data: it holds no rows; partial: it holds a part only; limited: an option leaves something out; hides-failure: a failed dump is reported as a success, or older backups go all the same; unnoticed: nothing comes of a failed dump; too-rare: less often than rpo; not-started: a profile or replicas: 0; other-host, other-database: it dumps another one than the applications use; volatile: the dump goes with the container; on-data: it is on the volume of the data; on-display: a service that publishes a port has it as well; deletes-all: older backups are deleted; copy-not-made: the copy to another place is only shown, or its failure is hidden; copy-of-nothing: the dumps stay on this machine; no-next: the loop ends in its first turn, or has no pause; replaced: each dump takes the place of the one before; unseen-code: it runs what it fetches from the network; without-roles: the roles of the server are in no dump",
        ),
        field("tool", Text, "the program that it is about"),
        field("explained", Text, "the same in words, as a clause"),
    ],
};

const FIRST_START: RecordSpec = RecordSpec {
    name: "first_start",
    help: "what a script of the first start of a database container does to roles and access",
    fields: &[
        field(
            "code",
            Words(&["superuser", "power", "weak-password", "risky-setting", "weaker-setting", "opens-access"]),
            "superuser: a role becomes one, or a member of one; power: it gets an attribute that no application needs; weak-password: it gets a password that is easily guessed; risky-setting, weaker-setting: its sessions get a setting that stops its work, or gives something up; opens-access: a line without authentication is added to an access file",
        ),
        field("role", Text, "the role"),
        field("explained", Text, "the same in words, as a clause"),
        field("used_by", Text, "a service that connects as this role"),
    ],
};
