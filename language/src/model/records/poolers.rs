//! Records of a pooler: its pools, and the users that it knows.

use super::FieldType::{Bool, Integer, List, Text, Words};
use super::{RecordSpec, field};

pub(super) const POOLERS: &[RecordSpec] = &[
    RecordSpec {
        name: "pool",
        help: "one database that a pooler knows, with the pool of connections behind it",
        fields: &[
            field("database", Text, "name under which clients ask for it; * for every other"),
            field("fallback", Bool, "whether it stands for every database that has no entry of its own"),
            field("hosts", List, "servers that connections go to; absent for a local socket"),
            field("port", Integer, "port of the server"),
            field(
                "server",
                Words(&["socket", "loopback", "host", "network"]),
                "how far away the farthest of the servers is; host: a service of the same host",
            ),
            field("target", Text, "name of the database on the server"),
            field("user", Text, "user that all connections log in as; absent where it is that of the client"),
            field("auth_user", Text, "user that looks up passwords of clients"),
            field("size", Integer, "most connections of one pool; absent where there is no limit"),
            field("reserve", Integer, "connections that are added when clients wait too long"),
            field("max_connections", Integer, "most connections of all pools of the database; absent where there is no limit"),
            field("mode", Words(&["session", "transaction", "statement"]), "when a connection goes to another client"),
            field("password", Bool, "whether the password of the server is written beside it"),
            field("exposed", Words(&["private", "everybody", "repository"]), "who can read the file that it is in"),
        ],
    },
    RecordSpec {
        name: "user",
        help: "one account that may log in, as a file lists it",
        fields: &[
            field("name", Text, "its name"),
            field(
                "password",
                Words(&["empty", "plain", "md5", "scram"]),
                "how its password is kept; md5: a hash that is itself enough to log in with",
            ),
            field("weak", Bool, "whether everybody would guess the password"),
            field("placeholder", Bool, "whether it only holds the place of one"),
            field("file", Text, "path of the file"),
            field("exposed", Words(&["private", "everybody", "repository"]), "who can read the file"),
            field("admin", Bool, "whether it may give orders"),
            field("statistics", Bool, "whether it may read statistics"),
        ],
    },
];
