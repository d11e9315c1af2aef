//! Records of what is run around a server: copies of its data.

use super::FieldType::{Bool, Text, Words};
use super::{RecordSpec, field};

pub(super) const OPERATIONS: &[RecordSpec] = &[RecordSpec {
    name: "job",
    help: "one step that copies a database, as found in a command or a script",
    fields: &[
        field("tool", Text, "pg_dump, pg_basebackup, tar, cp, …"),
        field("kind", Words(&["dump", "physical", "archive", "raw-copy"]), "what kind of copy it makes"),
        field("scheduled", Bool, "whether something runs it again and again"),
        field("schedule", Text, "how often, as written"),
        field("target", Text, "database service that it copies"),
    ],
}];
