//! Facts: what is known of a subject as a whole.

use super::FactSpec;
use super::FieldType::{self, Bool, Bytes, Duration, Integer, List, Real, Text, Words};
use crate::model::SubjectKind::{File, Instance, Service};
use crate::model::{Deployment, Engine, Environment, Purpose, Reach, Storage, SubjectKind, TagKind, Workload};

const fn fact_of(name: &'static str, of: FieldType, subjects: &'static [SubjectKind], help: &'static str) -> FactSpec {
    FactSpec { name, of, subjects, help }
}

const BOTH: &[SubjectKind] = &[Instance, Service];

/// Words of the `role` of a service.
pub const ROLES: &[&str] = &["database", "application", "backup", "exporter", "admin-ui", "pooler", "proxy", "monitoring", "other"];

/// Words of where clients of an access rule may come from, ordered from near to far.
pub const CLIENTS: &[&str] = &["socket", "loopback", "own-networks", "private", "public", "anywhere", "by-name"];

/// Every fact.
pub const FACTS: &[FactSpec] = &[
    fact_of("engine", Words(Engine::WORDS), BOTH, "engine of the server"),
    fact_of("major", Integer, BOTH, "first number of the version"),
    fact_of("release", Text, &[Instance], "the version as far as it is known: 17, 17.4, 9.6"),
    fact_of(
        "locales",
        Words(&["official-image"]),
        &[Instance],
        "which locales the server finds, where that is known: those of the Debian variant of the official image; absent elsewhere",
    ),
    fact_of(
        "minors_behind",
        Integer,
        &[Instance],
        "minor releases of its major that are newer, as far as they are known; absent where its own is not",
    ),
    fact_of("newest_minor", Text, &[Instance], "the newest of them, with the date of that knowledge"),
    fact_of("released", Text, &[Instance], "month in which its minor release came out"),
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
        Words(&["any", "trust", "plain", "md5", "scram-sha-256", "cert", "pam", "ldap", "peer", "nobody"]),
        &[Instance],
        "how clients of a pooler show who they are; unknown where a file of access rules says it that was not read",
    ),
    fact_of("pool_connections", Integer, &[Instance], "connections that the pools of a pooler open at most, all together"),
    fact_of("largest_pool", Integer, &[Instance], "connections that the largest pool of a pooler opens at most"),
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
    fact_of(
        "access_file_alone",
        Bool,
        &[Instance],
        "whether nothing but access rules was given of the server: neither its settings nor what runs it; absent for engines without such files",
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
    fact_of(
        "own_check",
        Text,
        &[Service],
        "health check that the official image of its engine brings as a program; absent in other images",
    ),
    fact_of("healthcheck_test", Text, &[Service], "the command of the health check"),
    fact_of(
        "healthcheck_flaws",
        List,
        &[Service],
        "what the health check does not prove: always-passes, ignores-reply (succeeds on an error), init-race (the temporary server of the first start answers too), removes (it takes data away), unauthenticated, writes",
    ),
    fact_of("awaited_healthy", Bool, &[Service], "whether another service waits for it with service_healthy"),
    fact_of("job_name", Text, &[Service], "what makes the backup, in words: service backup, the cron job backup.sh"),
    fact_of("makes_backups", Bool, &[Service], "whether it makes backups of a database, or is meant to by its name"),
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
        Words(&["bind", "volume", "network", "object-store", "anonymous", "tmpfs", "none"]),
        BOTH,
        "what the data directory is on; tmpfs also for /tmp, /run and the like of the host",
    ),
    fact_of("data_volume", Text, &[Service], "directory in the container that a volume for the data is mounted at"),
    fact_of(
        "data_risk",
        Text,
        &[Service],
        "why a database loses data on the file system that its data directory is on, where it is known to",
    ),
    fact_of("stop_grace", Duration, &[Service], "how long a stop waits before it kills, where that is written"),
    fact_of("stop_signal", Text, &[Service], "signal that a stop sends, where one is written"),
    fact_of("kind", Words(&["compose", "dotenv"]), &[File], "kind of file"),
    fact_of("path", Text, &[File], "path of the file"),
    fact_of("mode", Integer, &[File], "permission bits of the file; absent where they say nothing of the machine that it is meant for"),
    fact_of("world_readable", Bool, &[File], "whether every user of the machine may read the file; absent likewise"),
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
