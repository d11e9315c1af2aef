//! Records of a workload: what its deployment says of it.

use super::FieldType::{Bool, Integer, Record, Secret, Text, Words};
use super::facts::ROLES;
use super::{RecordSpec, field};

pub(super) const WORKLOADS: &[RecordSpec] = &[
    RecordSpec {
        name: "service",
        help: "one workload of a deployment",
        fields: &[
            field("name", Text, "name of the service"),
            field("role", Words(ROLES), "what it is in its project"),
            field("engine", Text, "its engine, when it is a database"),
            field("healthcheck", Words(&["enabled", "disabled"]), "whether a health check is written; absent when none is"),
            field("active", Bool, "whether it runs without a profile being selected"),
            field("ends", Bool, "whether it says `restart: \"no\"`, as what is to end does"),
        ],
    },
    RecordSpec {
        name: "port",
        help: "one published port",
        fields: &[
            field("host_address", Text, "address of the host that it is bound to; absent for all of them"),
            field("published", Text, "port of the host"),
            field("target", Integer, "port of the container"),
            field("scope", Words(&["all", "loopback", "specific"]), "which addresses of the host it is bound to"),
            field("engine_port", Bool, "whether it is the port of the service's database engine"),
        ],
    },
    RecordSpec {
        name: "mount",
        help: "one mount of a service",
        fields: &[
            field("kind", Words(&["bind", "volume", "anonymous", "tmpfs", "config", "secret", "other"]), "kind of mount"),
            field("source", Text, "path of the host, or name of the volume"),
            field("target", Text, "path in the container"),
            field("read_only", Bool, "whether it is mounted read-only"),
            field("holds_data", Bool, "whether the data directory of this service's database is on it"),
            field("committed", Bool, "for a secret: whether its file is in the given tree and no .gitignore keeps it out"),
            field("data_of", Record("service"), "the database service, other than this one, whose data is on the same volume"),
        ],
    },
    RecordSpec {
        name: "environment",
        help: "one variable of a container's environment, or of a dotenv file",
        fields: &[
            field("name", Text, "name of the variable"),
            field("value", Secret, "its value"),
            field("text", Text, "its value, when neither name nor shape make it a secret"),
            field("secret", Bool, "whether its name says that it holds a secret"),
            field("image_password", Bool, "whether the image takes it as a database password"),
            field(
                "provenance",
                Words(&["literal", "default", "env-file", "process-environment", "unresolved", "pass-through", "secret-file"]),
                "how the value came to be",
            ),
            field("weak", Bool, "whether the value is on the list of weak passwords, or repeats a name of the project"),
            field("placeholder", Bool, "whether the value is a placeholder such as changeme"),
            field(
                "url_password",
                Words(&["none", "literal", "default", "variable"]),
                "whether it is a database URL with a password in it; default: that of a variable which falls back to one",
            ),
            field("url_weak", Bool, "whether the password of that URL is a weak one"),
            field("database_user", Bool, "whether it names the account with which a database is reached, in a URL or as DB_USER"),
            field("superuser", Bool, "whether it makes an application connect as the superuser of a database of the project"),
            field(
                "database_password",
                Bool,
                "whether it is the password of a database: the image takes it as one, or its name says so (DB_PASSWORD, PGPASSWORD)",
            ),
            field("both_set", Bool, "whether the variable and its _FILE form are both set, which the entrypoint of the image refuses"),
            field(
                "file_form",
                Words(&["no", "read", "ignored"]),
                "whether the name is the _FILE form of an image's variable, and whether the image reads it",
            ),
            field("file_variable", Text, "variable of the image that names a file with the value instead; absent where it reads none"),
            field("duplicate", Bool, "whether a later line of the same dotenv file sets it again"),
            field("dollar", Bool, "whether part of a secret in a dotenv file is taken for a variable that nothing defines"),
            field("used", Bool, "whether something uses the variable (dotenv)"),
        ],
    },
    RecordSpec {
        name: "argument",
        help: "one credential, setting or flag on a command line of a service",
        fields: &[
            field("where", Words(&["command", "entrypoint", "healthcheck"]), "which command line"),
            field("name", Text, "flag or setting"),
            field("value", Text, "its value, unless it carries a credential"),
            field(
                "credential",
                Words(&["none", "literal", "default", "variable"]),
                "whether it carries a credential; default: that of a variable which falls back to one",
            ),
            field("weak", Bool, "whether that credential is literal and weak"),
        ],
    },
    RecordSpec {
        name: "dependency",
        help: "one dependency on another service",
        fields: &[
            field("service", Text, "name of the other service"),
            field("condition", Text, "what is waited for; absent in the list form"),
            field("optional", Bool, "whether the project starts without it"),
            field("target", Record("service"), "the other service; absent when the project has none of that name"),
        ],
    },
];
