//! Records of who may log in to PostgreSQL: access rules, name maps, the credentials and the API of Patroni.

use super::FieldType::{Bool, Integer, List, Record, Text, Words};
use super::facts::CLIENTS;
use super::{RecordSpec, field};

pub(super) const ACCESS: &[RecordSpec] = &[
    RecordSpec {
        name: "hba",
        help: "one access rule that the server, or a pooler, would load",
        fields: &[
            field("type", Words(&["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"]), "type of connection"),
            field("databases", List, "databases as written"),
            field("users", List, "users as written"),
            field("address", Text, "address as written, with its mask"),
            field("clients", Words(CLIENTS), "where clients may come from"),
            field("prefix", Integer, "prefix length of the address"),
            field("family", Words(&["ipv4", "ipv6", "both"]), "address family"),
            field("method", Text, "authentication method"),
            field("options", List, "options of the method, names only"),
            field("tls", Words(&["required", "possible", "never"]), "whether the session is encrypted by TLS or GSSAPI"),
            field("replication", Bool, "whether the keyword replication is among the databases"),
            field("all_databases", Bool, "whether the keyword all is among the databases"),
            field("all_users", Bool, "whether the keyword all is among the users"),
            field("admits", Text, "of a rule with the method trust: whom a client can log in as, in words"),
            field(
                "certificate",
                Words(&["none", "verify-ca", "verify-full"]),
                "what must hold of the client's certificate: nothing, that a known authority signed it, or also that it names the role",
            ),
            field("plain", Bool, "whether it can decide an unencrypted session: its type admits one, and earlier rules leave some to it"),
            field("dead", Bool, "whether earlier rules certainly leave nothing to it; false where that cannot be told"),
            field("widened", Bool, "whether a later line admits its clients as well, with every other client, to everything"),
            field("can_match", Bool, "whether any connection can match it (false: hostssl with ssl off)"),
            field(
                "shadowed",
                Words(&["no", "duplicate", "by-same", "by-stronger", "by-reject", "by-weaker"]),
                "whether an earlier rule covers it, and how that rule compares",
            ),
            field("shadowed_by", Record("hba"), "the earlier rule that covers it"),
            field(
                "overlap",
                Words(&["no", "by-weaker", "by-reject"]),
                "whether an earlier rule that neither covers it nor is within it decides for part of it and asks for less, or rejects",
            ),
            field("overlapped_by", Record("hba"), "that earlier rule"),
            field(
                "asymmetry",
                Words(&["no", "weaker", "weaker-near", "missing"]),
                "how it treats IPv6 and IPv4: weaker (IPv6 clients need less by it than IPv4 clients elsewhere), weaker-near (the same for clients on the machine itself alone), missing (it is for IPv4 clients on the machine itself, and nothing admits them by IPv6)",
            ),
            field("ipv4_twin", Record("hba"), "the rule that decides for the same clients over IPv4"),
        ],
    },
    RecordSpec {
        name: "client",
        help: "one way in which a service of the project connects to the server, as its variables tell (DATABASE_URL, PGUSER)",
        fields: &[
            field("service", Text, "the service"),
            field("user", Text, "as whom it connects"),
            field("database", Text, "to which database"),
            field("admitted", Bool, "whether some access rule lets it in, or may"),
            field("refused", Text, "why none does, in words"),
            field(
                "by_chance",
                Text,
                "the range of the only rule that admits it, where the platform chooses the address and may choose another; absent otherwise",
            ),
            field("unreachable", Text, "why it reaches no server at all, in words; absent where it may"),
        ],
    },
    RecordSpec {
        name: "ident",
        help: "one line of pg_ident.conf",
        fields: &[
            field("map", Text, "name of the map"),
            field("system_user", Text, "name that the operating system or certificate gives"),
            field("database_user", Text, "role that it may become"),
            field("regex", Bool, "whether the system user is a regular expression"),
            field("anchored", Bool, "whether that expression is anchored at both ends"),
            field("used", Bool, "whether some hba rule names the map"),
        ],
    },
    RecordSpec {
        name: "credential",
        help: "one password or token in the configuration of Patroni",
        fields: &[
            field("name", Text, "its key, with those above it"),
            field(
                "account",
                Words(&["superuser", "replication", "rewind", "user", "rest-api", "dcs", "other"]),
                "whose it is; user: an account that is made at the first start; dcs: of the store that holds the state of the cluster",
            ),
            field("weak", Bool, "whether everybody would guess it"),
            field("placeholder", Bool, "whether it only holds the place of one"),
            field("exposed", Words(&["private", "everybody", "repository"]), "who can read the file that it is in"),
        ],
    },
    RecordSpec {
        name: "rest_api",
        help: "the REST API of Patroni, through which it takes orders",
        fields: &[
            field("listen", Text, "address and port as written"),
            field("scope", Words(&["loopback", "network"]), "how far the address carries"),
            field("authentication", Bool, "whether orders need a user name and a password"),
            field("client_certificates", Words(&["none", "optional", "required"]), "verify_client: optional asks for one with every order"),
            field("tls", Bool, "whether it has a certificate"),
            field("allowlist", Bool, "whether orders are taken from some addresses only"),
        ],
    },
];
