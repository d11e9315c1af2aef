//! The tables of keys: a section for each place of a compose file that has keys of its own.
//!
//! A key whose value has keys of its own, and no section here, is declared with all that is below it.

use super::form::Form;
use super::key::{Key, Use};
use crate::model::Aspect::{
    self, Dependencies, Environment, Health, Image, Lifecycle, Limits, Logging, Mounts, Networks, Ports, Privileges, Replicas, Restart,
    Start,
};

/// The keys of one place.
pub(super) struct Section {
    /// Where, with `*` for a name and `[]` for an item of a list.
    pub(super) path: &'static str,
    /// The same in words.
    pub(super) place: &'static str,
    pub(super) keys: &'static [Key],
}

const fn section(path: &'static str, place: &'static str, keys: &'static [Key]) -> Section {
    Section { path, place, keys }
}

const fn read(name: &'static str, aspects: &'static [Aspect]) -> Key {
    Key { name, used: Use::Read(aspects), form: None }
}

const fn kept(name: &'static str, aspects: &'static [Aspect]) -> Key {
    Key { name, used: Use::Kept(aspects), form: None }
}

const fn harmless(name: &'static str, why: &'static str) -> Key {
    Key { name, used: Use::Harmless(why), form: None }
}

const fn opaque(name: &'static str, aspects: &'static [Aspect]) -> Key {
    Key { name, used: Use::Opaque(aspects), form: None }
}

/// Docker Compose looks for one of them anywhere in the word.
const PULLS: &[&str] = &["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly", "every_"];
const CGROUP: &[&str] = &["host", "private"];
const ALL: &[&str] = &["all"];
const SWARM: &str = "Docker Compose passes it over; a swarm takes it";
const WINDOWS: &str = "containers of Windows alone have it";
const OF_BUILD: &str = "it is of the build alone; what the Dockerfile does is read there, in all its stages";
const LABELS: &str = "nothing reads labels here";
const ADDRESS: &str = "its address in the network, not who can come there";

pub(super) static SECTIONS: &[Section] = &[
    section("services.*", "in a service", SERVICE),
    section("services.*.deploy", "in `deploy`", DEPLOY),
    section(
        "services.*.deploy.resources",
        "in `resources`",
        &[
            read("limits", &[Limits]).of(Form::MAPPING),
            harmless("reservations", "what is kept free for it, not what it may take").of(Form::MAPPING),
        ],
    ),
    section(
        "services.*.deploy.resources.limits",
        "in `limits`",
        &[
            read("cpus", &[Limits]).of(Form::NUMBER),
            read("memory", &[Limits]).of(Form::SIZE),
            harmless("pids", "as pids_limit: it hardens").of(Form::WHOLE),
        ],
    ),
    section(
        "services.*.deploy.restart_policy",
        "in `restart_policy`",
        &[
            read("condition", &[Restart]).of(Form::TEXT),
            harmless("delay", SWARM).of(Form::TIME),
            harmless("max_attempts", "with the condition, how often it is tried").of(Form::COUNT),
            harmless("window", SWARM).of(Form::TIME),
        ],
    ),
    section(
        "services.*.healthcheck",
        "in `healthcheck`",
        &[
            read("disable", &[Health]).of(Form::TRUTH),
            read("interval", &[Health]).of(Form::TIME),
            harmless("retries", "how often it fails before it counts").of(Form::NUMBER),
            harmless("start_interval", "how often it is asked while it starts").of(Form::TIME),
            read("start_period", &[Health]).of(Form::TIME),
            read("test", &[Health]).of(Form::TEXT_OR_LIST),
            read("timeout", &[Health]).of(Form::TIME),
        ],
    ),
    section("services.*.build", "in `build`", BUILD),
    section(
        "services.*.networks.*",
        "in a network of a service",
        &[
            read("aliases", &[]),
            opaque("driver_opts", &[Networks]),
            harmless("gw_priority", ADDRESS),
            harmless("interface_name", ADDRESS),
            harmless("ipv4_address", ADDRESS),
            harmless("ipv6_address", ADDRESS),
            harmless("link_local_ips", ADDRESS),
            harmless("mac_address", ADDRESS),
            harmless("priority", ADDRESS),
        ],
    ),
    section(
        "services.*.ports.[]",
        "in a port",
        &[
            harmless("app_protocol", "a note for others"),
            read("host_ip", &[Ports]),
            harmless("mode", SWARM),
            harmless("name", "a note for others"),
            read("protocol", &[Ports]),
            read("published", &[Ports]),
            read("target", &[Ports]),
        ],
    ),
    section(
        "services.*.volumes.[]",
        "in a volume of a service",
        &[
            harmless("bind", "how it is mounted, not what"),
            harmless("consistency", "Docker Desktop alone reads it"),
            harmless("image", "the folder within an image, which is read-only"),
            read("read_only", &[Mounts]),
            read("source", &[Mounts]),
            read("target", &[Mounts]),
            harmless("tmpfs", "how large it is: its data goes with the container"),
            read("type", &[Mounts]),
            harmless("volume", "how it is filled, and the folder within it"),
        ],
    ),
    section("services.*.configs.[]", "in a config of a service", GRANT),
    section("services.*.secrets.[]", "in a secret of a service", GRANT),
    section(
        "services.*.env_file.[]",
        "in an `env_file`",
        &[read("format", &[Environment]), read("path", &[Environment]), read("required", &[Environment])],
    ),
    section(
        "services.*.depends_on.*",
        "in a dependency",
        &[
            read("condition", &[Dependencies]),
            read("required", &[Dependencies]),
            harmless("restart", "it is restarted with what it depends on"),
        ],
    ),
    section("services.*.extends", "in `extends`", &[read("file", Aspect::ALL), read("service", Aspect::ALL)]),
    section(
        "services.*.logging",
        "in `logging`",
        &[read("driver", &[Logging]).of(Form::TEXT), read("options", &[Logging]).of(Form::PLAIN_MAPPING)],
    ),
    section(
        "services.*.post_start.[]",
        "in a hook",
        &[
            read("command", &[Start]),
            harmless("environment", "a variable whose value is not known is not taken as understood"),
            harmless("privileged", "the command is read, whatever it may do"),
            harmless("user", "the command is read, whatever it may do"),
            harmless("working_dir", "the command is read, wherever it runs"),
        ],
    ),
    section(
        "",
        "at the top level",
        &[
            read("configs", &[]),
            read("include", &[]),
            harmless("models", "a service that takes one says so"),
            read("name", &[]),
            read("networks", &[]),
            read("secrets", &[]),
            read("services", &[]),
            read("version", &[]),
            read("volumes", &[]),
        ],
    ),
    section("include.[]", "in an `include`", &[read("env_file", &[]), read("path", &[]), read("project_directory", &[])]),
    section(
        "networks.*",
        "in a network",
        &[
            harmless("attachable", "a network that other containers may join is none of one host, and counts so"),
            read("driver", &[Networks]),
            read("driver_opts", &[Networks]),
            harmless("enable_ipv4", ADDRESS),
            harmless("enable_ipv6", ADDRESS),
            read("external", &[Networks]),
            read("internal", &[Networks]),
            read("ipam", &[Networks]),
            harmless("labels", LABELS),
            read("name", &[Networks]),
        ],
    ),
    section(
        "volumes.*",
        "in a volume",
        &[
            read("driver", &[Mounts]),
            read("driver_opts", &[Mounts]),
            read("external", &[Mounts]),
            harmless("labels", LABELS),
            read("name", &[Mounts]),
        ],
    ),
    section(
        "secrets.*",
        "in a secret",
        &[
            opaque("driver", &[Mounts]),
            opaque("driver_opts", &[Mounts]),
            read("environment", &[Mounts]),
            read("external", &[Mounts]),
            read("file", &[Mounts]),
            harmless("labels", LABELS),
            read("name", &[Mounts]),
            opaque("template_driver", &[Mounts]),
        ],
    ),
    section(
        "configs.*",
        "in a config",
        &[
            read("content", &[Mounts]),
            read("environment", &[Mounts]),
            read("external", &[Mounts]),
            read("file", &[Mounts]),
            harmless("labels", LABELS),
            read("name", &[Mounts]),
            opaque("template_driver", &[Mounts]),
        ],
    ),
];

const SERVICE: &[Key] = &[
    kept("annotations", &[]).of(Form::PAIRS),
    harmless("attach", "whether `docker compose up` shows its log").of(Form::TRUTH),
    read("blkio_config", &[Limits]).of(Form::MAPPING),
    read("build", &[Image]).of(Form::TEXT_OR_MAPPING),
    kept("cap_add", &[Privileges]).of(Form::TEXTS),
    kept("cap_drop", &[Privileges]).of(Form::TEXTS),
    kept("cgroup", &[Privileges]).of(Form::word(CGROUP)),
    kept("cgroup_parent", &[Limits]).of(Form::TEXT),
    read("command", &[Start]).of(Form::COMMAND),
    read("configs", &[Mounts]).of(Form::LIST),
    read("container_name", &[]).of(Form::TEXT),
    harmless("cpu_count", WINDOWS).of(Form::COUNT),
    harmless("cpu_percent", WINDOWS).of(Form::COUNT),
    read("cpu_period", &[Limits]).of(Form::NUMBER),
    read("cpu_quota", &[Limits]).of(Form::NUMBER),
    harmless("cpu_rt_period", "time for real-time work").of(Form::NUMBER),
    harmless("cpu_rt_runtime", "time for real-time work").of(Form::NUMBER),
    harmless("cpu_shares", "its share of busy processors").of(Form::NUMBER),
    read("cpus", &[Limits]).of(Form::NUMBER),
    harmless("cpuset", "which processors, not how much of them").of(Form::TEXT),
    harmless("credential_spec", WINDOWS).of(Form::MAPPING),
    read("depends_on", &[Dependencies]).of(Form::NAMES),
    read("deploy", &[Limits, Restart, Replicas]).of(Form::MAPPING_OR_NOTHING),
    harmless("develop", "`docker compose watch` alone reads it").of(Form::MAPPING_OR_NOTHING),
    kept("device_cgroup_rules", &[Privileges]).of(Form::TEXTS),
    kept("devices", &[Privileges]).of(Form::LIST),
    kept("dns", &[]).of(Form::TEXT_OR_TEXTS),
    harmless("dns_opt", "how names are looked up").of(Form::TEXTS),
    harmless("dns_search", "how names are looked up").of(Form::TEXT_OR_TEXTS),
    harmless("domainname", "its own name").of(Form::TEXT),
    read("entrypoint", &[Start]).of(Form::COMMAND),
    read("env_file", &[Environment]).of(Form::TEXT_OR_LIST),
    read("environment", &[Environment]).of(Form::PAIRS),
    kept("expose", &[]).of(Form::TEXTS_OR_NUMBERS),
    read("extends", Aspect::ALL).of(Form::TEXT_OR_MAPPING),
    kept("external_links", &[Networks]).of(Form::TEXTS),
    kept("extra_hosts", &[]).of(Form::PAIRS),
    harmless("gpus", "graphics processors, which no database uses for its data").of(Form::word_or_list(ALL)),
    opaque("group_add", &[Privileges]).of(Form::TEXTS_OR_NUMBERS),
    read("healthcheck", &[Health]).of(Form::MAPPING),
    kept("hostname", &[]).of(Form::TEXT),
    read("image", &[Image]).of(Form::TEXT),
    kept("init", &[]).of(Form::TRUTH),
    kept("ipc", &[Privileges]).of(Form::TEXT),
    harmless("isolation", WINDOWS).of(Form::TEXT),
    opaque("label_file", &[Networks]).of(Form::TEXT_OR_TEXTS),
    kept("labels", &[Networks]).of(Form::PAIRS),
    kept("links", &[Networks]).of(Form::TEXTS),
    read("logging", &[Logging]).of(Form::MAPPING),
    harmless("mac_address", ADDRESS).of(Form::TEXT),
    read("mem_limit", &[Limits]).of(Form::SIZE),
    kept("mem_reservation", &[]).of(Form::SIZE),
    kept("mem_swappiness", &[]).of(Form::SIZE),
    kept("memswap_limit", &[]).of(Form::SIZE),
    opaque("models", &[Environment]).of(Form::NAMES),
    read("network_mode", &[Networks]).of(Form::TEXT),
    read("networks", &[Networks]).of(Form::NAMES),
    kept("oom_kill_disable", &[]).of(Form::TRUTH),
    kept("oom_score_adj", &[]).of(Form::WHOLE),
    kept("pid", &[Privileges]).of(Form::TEXT),
    kept("pids_limit", &[]).of(Form::NUMBER),
    kept("platform", &[]).of(Form::TEXT),
    read("ports", &[Ports]).of(Form::LIST),
    read("post_start", &[Start]).of(Form::LIST),
    opaque("pre_start", &[Start, Mounts, Environment]).of(Form::LIST),
    opaque("pre_stop", &[Lifecycle]).of(Form::LIST),
    read("privileged", &[Privileges]).of(Form::TRUTH),
    read("profiles", &[Lifecycle]).of(Form::TEXTS),
    opaque("provider", Aspect::ALL).of(Form::MAPPING),
    kept("pull_policy", &[]).of(Form::holding(PULLS)),
    harmless("pull_refresh_after", "when an image is looked for again: as pull_policy says").of(Form::TEXT),
    kept("read_only", &[]).of(Form::TRUTH),
    read("restart", &[Restart]).of(Form::TEXT),
    harmless("runtime", "how a container is kept apart, not what runs in it").of(Form::TEXT),
    read("scale", &[Replicas]).of(Form::COUNT),
    read("secrets", &[Mounts]).of(Form::LIST),
    kept("security_opt", &[Privileges]).of(Form::TEXTS),
    read("shm_size", &[Limits]).of(Form::SIZE),
    harmless("stdin_open", "a terminal for it").of(Form::TRUTH),
    kept("stop_grace_period", &[Lifecycle]).of(Form::TIME),
    kept("stop_signal", &[Lifecycle]).of(Form::TEXT),
    harmless("storage_opt", "how large the container itself may be; data is on volumes").of(Form::MAPPING),
    kept("sysctls", &[]).of(Form::PAIRS),
    read("tmpfs", &[Mounts]).of(Form::TEXT_OR_TEXTS),
    harmless("tty", "a terminal for it").of(Form::TRUTH),
    kept("ulimits", &[]).of(Form::MAPPING),
    read("use_api_socket", &[Mounts, Privileges]).of(Form::TRUTH),
    read("user", &[]).of(Form::TEXT),
    kept("userns_mode", &[Privileges]).of(Form::TEXT),
    harmless("uts", "whose name it shows").of(Form::TEXT),
    read("volumes", &[Mounts]).of(Form::LIST),
    kept("volumes_from", &[Mounts]).of(Form::TEXTS),
    kept("working_dir", &[]).of(Form::TEXT),
];

const DEPLOY: &[Key] = &[
    harmless("endpoint_mode", SWARM).of(Form::TEXT),
    read("labels", &[Networks]).of(Form::PAIRS),
    read("mode", &[Replicas]).of(Form::TEXT),
    harmless("placement", SWARM).of(Form::MAPPING),
    read("replicas", &[Replicas]).of(Form::COUNT),
    read("resources", &[Limits]).of(Form::MAPPING),
    read("restart_policy", &[Restart]).of(Form::MAPPING),
    harmless("rollback_config", SWARM).of(Form::MAPPING),
    harmless("update_config", SWARM).of(Form::MAPPING),
];

const BUILD: &[Key] = &[
    harmless("additional_contexts", OF_BUILD).of(Form::PAIRS),
    harmless("args", OF_BUILD).of(Form::PAIRS),
    harmless("cache_from", OF_BUILD).of(Form::TEXTS),
    harmless("cache_to", OF_BUILD).of(Form::TEXTS),
    read("context", &[Image]).of(Form::TEXT),
    read("dockerfile", &[Image]).of(Form::TEXT),
    read("dockerfile_inline", &[Image]).of(Form::TEXT),
    harmless("entitlements", OF_BUILD).of(Form::TEXTS),
    harmless("extra_hosts", OF_BUILD).of(Form::PAIRS),
    harmless("isolation", WINDOWS).of(Form::TEXT),
    harmless("labels", OF_BUILD).of(Form::PAIRS),
    harmless("network", OF_BUILD).of(Form::TEXT),
    harmless("no_cache", OF_BUILD).of(Form::TRUTH),
    harmless("no_cache_filter", OF_BUILD).of(Form::TEXT_OR_TEXTS),
    harmless("platforms", OF_BUILD).of(Form::TEXTS),
    harmless("privileged", OF_BUILD).of(Form::TRUTH),
    harmless("provenance", OF_BUILD),
    harmless("pull", OF_BUILD).of(Form::TRUTH),
    harmless("sbom", OF_BUILD),
    harmless("secrets", OF_BUILD).of(Form::LIST),
    harmless("shm_size", OF_BUILD).of(Form::SIZE),
    harmless("ssh", OF_BUILD).of(Form::PAIRS),
    harmless("tags", OF_BUILD).of(Form::TEXTS),
    harmless("target", OF_BUILD).of(Form::TEXT),
    harmless("ulimits", OF_BUILD).of(Form::PLAIN_MAPPING),
];

const GRANT: &[Key] = &[
    harmless("gid", "who may read it in the container"),
    harmless("mode", "who may read it in the container"),
    read("source", &[Mounts]),
    read("target", &[Mounts]),
    harmless("uid", "who may read it in the container"),
];
