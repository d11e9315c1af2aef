//! The vocabulary of rules: every fact, every kind of record, every field, with its type.
//!
//! One table, read by whoever fills it, by the loader that checks the rules against it, and by
//! `gonogo rules --vocabulary`.

use super::codes::CODES;
use super::{Deployment, Engine, Environment, Field, Purpose, Reach, Storage, SubjectKind, TagKind, Value, Workload};

/// The type of a fact or field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// A size.
    Bytes,
    /// A length of time.
    Duration,
    /// Free text.
    Text,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of texts.
    List,
    /// Something that may be asked about and never shown.
    Secret,
    /// Another record, of this kind.
    Record(&'static str),
}

/// A fact of a subject.
#[derive(Clone, Copy, Debug)]
pub struct FactSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub of: FieldType,
    /// Kinds of subject that have it.
    pub subjects: &'static [SubjectKind],
    /// What it means.
    pub help: &'static str,
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub of: FieldType,
    /// What it means.
    pub help: &'static str,
}

/// A kind of record.
#[derive(Clone, Copy, Debug)]
pub struct RecordSpec {
    /// Name.
    pub name: &'static str,
    /// What one record is.
    pub help: &'static str,
    /// Its fields.
    pub fields: &'static [FieldSpec],
}

/// The fact of a name.
#[must_use]
pub fn fact(name: &str) -> Option<&'static FactSpec> {
    FACTS.iter().find(|fact| fact.name == name)
}

/// The kind of record of a name.
#[must_use]
pub fn record(name: &str) -> Option<&'static RecordSpec> {
    RECORDS.iter().find(|record| record.name == name)
}

/// Whether the vocabulary has such a field of such a record, and the word that it holds, if it holds one.
pub(super) fn admits(kind: &str, name: &str, field: &Field) -> bool {
    let Some(spec) = record(kind).and_then(|record| record.field(name)) else { return false };
    match (spec.of, field.datum.known()) {
        (FieldType::Words(words), Some(Value::Text(text))) => words.contains(&text.as_ref()),
        _ => true,
    }
}

impl RecordSpec {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }
}

use FieldType::{Bool, Bytes, Duration, Integer, List, Real, Record, Secret, Text, Words};
use SubjectKind::{File, Instance, Service};

const fn fact_of(name: &'static str, of: FieldType, subjects: &'static [SubjectKind], help: &'static str) -> FactSpec {
    FactSpec { name, of, subjects, help }
}

const fn field(name: &'static str, of: FieldType, help: &'static str) -> FieldSpec {
    FieldSpec { name, of, help }
}

const BOTH: &[SubjectKind] = &[Instance, Service];

/// Words of the `role` of a service.
pub const ROLES: &[&str] = &["database", "application", "backup", "exporter", "admin-ui", "pooler", "proxy", "monitoring", "other"];

/// Words of where clients of an access rule may come from, ordered from near to far.
pub const CLIENTS: &[&str] = &["socket", "loopback", "own-networks", "private", "public", "anywhere", "by-name"];

/// Kinds of record that are whole lines of a file, and can be removed.
pub const WITH_LINES: [&str; 3] = ["hba", "ident", "assignment"];

/// Every fact.
pub const FACTS: &[FactSpec] = &[
    fact_of("engine", Words(Engine::WORDS), BOTH, "engine of the server"),
    fact_of("major", Integer, BOTH, "first number of the version"),
    fact_of("target_major", Integer, &[Instance], "major that the server is to be upgraded to; absent where none is stated"),
    fact_of("distribution", Text, BOTH, "who built the server or its image: official, bitnami, timescale, postgis, …"),
    fact_of("deployment", Words(Deployment::WORDS), &[Instance], "who runs the server, and on what"),
    fact_of("managed", Bool, &[Instance], "whether a cloud provider runs it"),
    fact_of("memory", Bytes, BOTH, "memory of the machine, or the limit of the container"),
    fact_of("cpus", Real, BOTH, "processors of the machine, or the limit of the container"),
    fact_of("storage", Words(Storage::WORDS), &[Instance], "kind of disk"),
    fact_of("workload", Words(Workload::WORDS), &[Instance], "kind of work"),
    fact_of("reach", Words(Reach::WORDS), &[Instance], "from how far away a client can open a session"),
    fact_of(
        "listens",
        Words(Reach::WORDS),
        &[Instance],
        "how far the addresses that the server listens on carry, whatever its access rules admit",
    ),
    fact_of("purpose", Words(Purpose::WORDS), &[Instance], "what the instance is for"),
    fact_of("environment", Words(Environment::WORDS), &[Instance], "environment that the instance serves"),
    fact_of("days_to_end_of_life", Integer, BOTH, "days until the version is no longer maintained; negative when it has ended"),
    fact_of("run_by", Words(&["patroni"]), &[Instance], "what starts the server and writes its configuration; absent where nothing does"),
    fact_of(
        "authentication",
        Words(&["any", "trust", "plain", "md5", "scram-sha-256", "cert", "pam", "ldap"]),
        &[Instance],
        "how clients of a pooler show who they are; unknown where a file of access rules says it that was not read",
    ),
    fact_of("pool_connections", Integer, &[Instance], "connections that the pools of a pooler open at most, all together"),
    fact_of("client_connections", Integer, &[Instance], "connections that a server has for clients, without those that are reserved"),
    fact_of(
        "server_connections",
        Integer,
        &[Instance],
        "connections that the servers behind a pooler take from it at most; of several servers the least",
    ),
    fact_of(
        "pooled_sessions",
        Integer,
        &[Instance],
        "sessions that poolers open at most, where the access rules of a server admit them alone; absent elsewhere",
    ),
    fact_of("client_hosts", List, &[Instance], "hosts that gonogo.toml says the server is reached at; absent when it says none"),
    fact_of("rpo", Duration, &[Instance], "recovery point objective that gonogo.toml states; absent when it states none"),
    fact_of("replicated", Bool, &[Instance], "whether the server has replicas, or is one"),
    fact_of("client_limit", Integer, &[Instance], "how many clients the server admits at a time"),
    fact_of("peak_clients", Integer, &[Instance], "clients at peak that gonogo.toml states; absent when it states none"),
    fact_of("end_of_life", Text, BOTH, "date on which the version is no longer maintained"),
    fact_of("service_name", Text, &[Service], "name of the service"),
    fact_of("role", Words(ROLES), &[Service], "what the service is in its project"),
    fact_of("with_database", Bool, &[Service], "whether a service of its project, itself included, is a database"),
    fact_of("image", Text, &[Service], "image as written, after interpolation"),
    fact_of("tag", Text, &[Service], "tag of the image"),
    fact_of("tag_kind", Words(TagKind::WORDS), BOTH, "how firmly the tag names one image"),
    fact_of("active", Bool, &[Service], "whether it runs without a profile being selected"),
    fact_of("built_here", Bool, &[Service], "whether its image is built from this project"),
    fact_of("restart", Text, &[Service], "restart policy: no, always, unless-stopped, on-failure"),
    fact_of("one_shot", Bool, &[Service], "whether another service waits for it to complete, so that it is meant to end"),
    fact_of("ipc", Text, &[Service], "ipc mode as written"),
    fact_of("shm_size", Bytes, &[Service], "size of /dev/shm"),
    fact_of("healthcheck", Words(&["enabled", "disabled"]), &[Service], "whether a health check is written; absent when none is"),
    fact_of("healthcheck_test", Text, &[Service], "the command of the health check"),
    fact_of(
        "healthcheck_flaws",
        List,
        &[Service],
        "what the health check does not prove: always-passes, ignores-reply (succeeds on an error), init-race (the temporary server of the first start answers too), unauthenticated, writes",
    ),
    fact_of("awaited_healthy", Bool, &[Service], "whether another service waits for it with service_healthy"),
    fact_of("init_scripts", Bool, &[Service], "whether scripts of the first start are mounted into /docker-entrypoint-initdb.d"),
    fact_of("networks", List, &[Service], "networks that it joins; default for the implicit one"),
    fact_of(
        "network_strangers",
        List,
        &[Service],
        "services on a network of this database that publish a port to the outside, and neither name it nor depend on it",
    ),
    fact_of(
        "exposure",
        Words(Reach::WORDS),
        &[Service],
        "how far the published ports of a database carry, whatever the server inside listens on",
    ),
    fact_of("network_mode", Text, &[Service], "network_mode as written"),
    fact_of("privileged", Bool, &[Service], "whether it runs with all privileges of the host"),
    fact_of("logging_driver", Text, &[Service], "logging driver; json-file unless written"),
    fact_of("log_max_size", Text, &[Service], "max-size of the log, where one is written"),
    fact_of("data_directory", Text, BOTH, "directory in the container that holds the data"),
    fact_of(
        "data_mount",
        Words(&["bind", "volume", "anonymous", "tmpfs", "none"]),
        BOTH,
        "what the data directory is on; tmpfs also for /tmp, /run and the like of the host",
    ),
    fact_of("kind", Words(&["compose", "dotenv"]), &[File], "kind of file"),
    fact_of("path", Text, &[File], "path of the file"),
    fact_of("mode", Integer, &[File], "permission bits of the file, where the file system has them"),
    fact_of("world_readable", Bool, &[File], "whether every user of the machine may read the file"),
    fact_of(
        "ignored",
        Words(&["yes", "no"]),
        &[File],
        "whether a .gitignore of the given tree keeps the file out of git; unknown where nothing given says that there is a git",
    ),
    fact_of("secret_names", List, &[File], "variables of the file that hold a secret, placeholders aside (dotenv)"),
    fact_of("loaded", Bool, &[File], "whether a deployment loads the file (dotenv)"),
    fact_of("example", Bool, &[File], "whether its name says that it is an example (.example, .sample, .dist, .template)"),
];

/// Every kind of record.
pub const RECORDS: &[RecordSpec] = &[
    RecordSpec {
        name: "problem",
        help: "one diagnostic of a grammar, or of reading a file as its server would",
        fields: &[
            field("code", Words(CODES), "what kind of problem"),
            field("message", Text, "the problem in words"),
            field("name", Text, "the setting, key or token that it is about"),
            field("found", Text, "what is there"),
            field("expected", Text, "what was expected"),
            field("suggestion", Text, "a name that was probably meant"),
            field("fatal", Bool, "whether the server refuses to start, or ignores the whole file"),
        ],
    },
    RecordSpec {
        name: "upgrade",
        help: "one thing that breaks or changes its meaning with the upgrade to the stated target",
        fields: &[
            field(
                "code",
                Words(&[
                    "refused-setting",
                    "refused-access",
                    "renamed-setting",
                    "default-changed",
                    "meaning-changed",
                    "access-changed",
                    "old-path",
                    "md5",
                    "checksums",
                    "volume-path",
                ]),
                "what kind of change",
            ),
            field("name", Text, "the setting or line that it is about"),
            field("message", Text, "the change in words"),
            field("found", Text, "what holds today"),
            field("expected", Text, "what holds then, or is to be written before"),
        ],
    },
    RecordSpec {
        name: "assignment",
        help: "one place that sets a setting",
        fields: &[
            field("name", Text, "canonical name of the setting"),
            field("value", Text, "value as written"),
            field("origin", Words(&["file", "auto-file", "environment", "command-line", "image-default"]), "where it is set"),
            field("in_effect", Bool, "whether it is the one that counts"),
            field("overridden_by", Record("assignment"), "the place that counts instead"),
            field("same_file", Bool, "whether the place that counts instead is in the same file"),
        ],
    },
    RecordSpec {
        name: "hba",
        help: "one rule of pg_hba.conf that the server would load",
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
            field(
                "certificate",
                Words(&["none", "verify-ca", "verify-full"]),
                "what must hold of the client's certificate: nothing, that a known authority signed it, or also that it names the role",
            ),
            field("plain", Bool, "whether it can decide an unencrypted session: its type admits one, and earlier rules leave some to it"),
            field("dead", Bool, "whether earlier rules certainly leave nothing to it; false where that cannot be told"),
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
    RecordSpec {
        name: "certificate",
        help: "one certificate of a file that a setting names; none while TLS is off",
        fields: &[
            field("file", Text, "path of the file"),
            field("setting", Text, "setting that names the file: ssl_cert_file, ssl_ca_file"),
            field(
                "position",
                Words(&["server", "chain", "authority"]),
                "the server's own, one behind it in the same file, or of an authority",
            ),
            field("subject", Text, "common name of its subject"),
            field("not_before", Text, "first day of its validity"),
            field("not_after", Text, "last day of its validity"),
            field("days_left", Integer, "days until its last day; negative when it is past"),
            field("days_until_valid", Integer, "days until its first day; 0 when it has come"),
            field("lifetime_days", Integer, "days from its first day to its last"),
            field("validity", Text, "how far it is into its validity, in words"),
            field("names", List, "names that clients compare: alternative names, or the common name where there are none"),
            field("alternative_names", Bool, "whether it has alternative names"),
            field("hosts_not_covered", List, "hosts that gonogo.toml says the server is reached at, and that it does not name"),
            field("key_algorithm", Text, "rsa, ec, ed25519, ed448, dsa, or the number of another"),
            field("key_bits", Integer, "length of its key; absent where the algorithm has one length only"),
            field("signature_algorithm", Text, "algorithm of its signature, as OpenSSL names it"),
            field("self_signed", Bool, "whether its issuer is its own subject"),
            field("is_ca", Bool, "whether it may sign other certificates"),
            field("key_matches", Bool, "whether the key of ssl_key_file belongs to it (position server)"),
        ],
    },
    RecordSpec {
        name: "tls_file",
        help: "one file that a TLS setting names; none while TLS is off",
        fields: &[
            field("setting", Text, "setting that names the file"),
            field("file", Text, "the file as the setting says it"),
            field("state", Words(&["good", "missing", "invalid"]), "whether the server can load it"),
            field(
                "access",
                Words(&["private", "open", "foreign", "root-only"]),
                "of a key: whether the server accepts its mode and owner; open: group or world may use it; foreign: it belongs to another account; root-only: the server cannot read it",
            ),
            field("key_encrypted", Bool, "of a key: whether it needs a passphrase"),
            field("key_matches", Bool, "of a key: whether it belongs to the server's certificate"),
            field("due", Text, "of a revocation list: day by which the next one is due; absent where it does not say"),
            field("days_left", Integer, "of a revocation list: days until the next one is due; absent where it does not say"),
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
        name: "service",
        help: "one workload of a deployment",
        fields: &[
            field("name", Text, "name of the service"),
            field("role", Words(ROLES), "what it is in its project"),
            field("engine", Text, "its engine, when it is a database"),
            field("healthcheck", Words(&["enabled", "disabled"]), "whether a health check is written; absent when none is"),
            field("active", Bool, "whether it runs without a profile being selected"),
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
            field("url_password", Words(&["none", "literal", "variable"]), "whether it is a database URL with a password in it"),
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
            field("credential", Words(&["none", "literal", "variable"]), "whether it carries a credential"),
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
    RecordSpec {
        name: "advisory",
        help: "one known vulnerability that the release has, or may have, and that the configuration may be open to",
        fields: &[
            field("name", Text, "its number: CVE-2025-2291"),
            field("fixed", Text, "release that has the fix"),
            field("weight", Words(&["low", "medium", "high", "critical"]), "how grave it is where anyone can reach the port"),
            field("effect", Text, "what somebody can do with it"),
            field("applies", Bool, "whether the release has it and the configuration is open to it"),
        ],
    },
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
    RecordSpec {
        name: "job",
        help: "one step that copies a database, as found in a command or a script",
        fields: &[
            field("tool", Text, "pg_dump, pg_basebackup, tar, cp, …"),
            field("kind", Words(&["dump", "physical", "archive", "raw-copy"]), "what kind of copy it makes"),
            field("scheduled", Bool, "whether something runs it again and again"),
            field("schedule", Text, "how often, as written"),
            field("target", Text, "database service that it copies"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_records_exist() {
        let mut names: Vec<_> = FACTS.iter().map(|fact| fact.name).collect();
        names.sort_unstable();
        names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
        for spec in RECORDS {
            for field in spec.fields {
                if let FieldType::Record(kind) = field.of {
                    assert!(record(kind).is_some(), "{}.{} names no record", spec.name, field.name);
                }
            }
        }
    }
}
