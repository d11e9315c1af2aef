//! The tables of keys: a section for each place of a compose file that has keys of its own.
//!
//! A key whose value has keys of its own, and no section here, is declared with all that is below it.

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
    Key { name, used: Use::Read(aspects) }
}

const fn kept(name: &'static str, aspects: &'static [Aspect]) -> Key {
    Key { name, used: Use::Kept(aspects) }
}

const fn harmless(name: &'static str, why: &'static str) -> Key {
    Key { name, used: Use::Harmless(why) }
}

const fn opaque(name: &'static str, aspects: &'static [Aspect]) -> Key {
    Key { name, used: Use::Opaque(aspects) }
}

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
        &[read("limits", &[Limits]), harmless("reservations", "what is kept free for it, not what it may take")],
    ),
    section(
        "services.*.deploy.resources.limits",
        "in `limits`",
        &[read("cpus", &[Limits]), read("memory", &[Limits]), harmless("pids", "as pids_limit: it hardens")],
    ),
    section(
        "services.*.deploy.restart_policy",
        "in `restart_policy`",
        &[
            read("condition", &[Restart]),
            harmless("delay", SWARM),
            harmless("max_attempts", "with the condition, how often it is tried"),
            harmless("window", SWARM),
        ],
    ),
    section(
        "services.*.healthcheck",
        "in `healthcheck`",
        &[
            read("disable", &[Health]),
            read("interval", &[Health]),
            harmless("retries", "how often it fails before it counts"),
            harmless("start_interval", "how often it is asked while it starts"),
            read("start_period", &[Health]),
            read("test", &[Health]),
            read("timeout", &[Health]),
        ],
    ),
    section("services.*.build", "in `build`", BUILD),
    section(
        "services.*.networks.*",
        "in a network of a service",
        &[
            harmless("aliases", "another name for it, and no other way to it"),
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
    section("services.*.logging", "in `logging`", &[read("driver", &[Logging]), read("options", &[Logging])]),
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
    kept("annotations", &[]),
    harmless("attach", "whether `docker compose up` shows its log"),
    harmless("blkio_config", "its share of a busy disk"),
    read("build", &[Image]),
    kept("cap_add", &[Privileges]),
    kept("cap_drop", &[Privileges]),
    kept("cgroup", &[Privileges]),
    kept("cgroup_parent", &[Limits]),
    read("command", &[Start]),
    read("configs", &[Mounts]),
    read("container_name", &[]),
    harmless("cpu_count", WINDOWS),
    harmless("cpu_percent", WINDOWS),
    read("cpu_period", &[Limits]),
    read("cpu_quota", &[Limits]),
    harmless("cpu_rt_period", "time for real-time work"),
    harmless("cpu_rt_runtime", "time for real-time work"),
    harmless("cpu_shares", "its share of busy processors"),
    read("cpus", &[Limits]),
    harmless("cpuset", "which processors, not how much of them"),
    harmless("credential_spec", WINDOWS),
    read("depends_on", &[Dependencies]),
    read("deploy", &[Limits, Restart, Replicas]),
    harmless("develop", "`docker compose watch` alone reads it"),
    opaque("device_cgroup_rules", &[Privileges]),
    kept("devices", &[Privileges]),
    kept("dns", &[]),
    harmless("dns_opt", "how names are looked up"),
    harmless("dns_search", "how names are looked up"),
    harmless("domainname", "its own name"),
    read("entrypoint", &[Start]),
    read("env_file", &[Environment]),
    read("environment", &[Environment]),
    kept("expose", &[]),
    read("extends", Aspect::ALL),
    kept("external_links", &[Networks]),
    kept("extra_hosts", &[]),
    harmless("gpus", "graphics processors, which no database uses for its data"),
    opaque("group_add", &[Privileges]),
    read("healthcheck", &[Health]),
    kept("hostname", &[]),
    read("image", &[Image]),
    kept("init", &[]),
    kept("ipc", &[Privileges]),
    harmless("isolation", WINDOWS),
    opaque("label_file", &[Networks]),
    kept("labels", &[Networks]),
    kept("links", &[Networks]),
    read("logging", &[Logging]),
    harmless("mac_address", ADDRESS),
    read("mem_limit", &[Limits]),
    kept("mem_reservation", &[]),
    kept("mem_swappiness", &[]),
    kept("memswap_limit", &[]),
    opaque("models", &[Environment]),
    read("network_mode", &[Networks]),
    read("networks", &[Networks]),
    kept("oom_kill_disable", &[]),
    kept("oom_score_adj", &[]),
    kept("pid", &[Privileges]),
    kept("pids_limit", &[]),
    kept("platform", &[]),
    read("ports", &[Ports]),
    read("post_start", &[Start]),
    opaque("pre_start", &[Start, Mounts, Environment]),
    opaque("pre_stop", &[Lifecycle]),
    read("privileged", &[Privileges]),
    read("profiles", &[Lifecycle]),
    opaque("provider", Aspect::ALL),
    kept("pull_policy", &[]),
    harmless("pull_refresh_after", "when an image is looked for again: as pull_policy says"),
    kept("read_only", &[]),
    read("restart", &[Restart]),
    harmless("runtime", "how a container is kept apart, not what runs in it"),
    read("scale", &[Replicas]),
    read("secrets", &[Mounts]),
    kept("security_opt", &[Privileges]),
    read("shm_size", &[Limits]),
    harmless("stdin_open", "a terminal for it"),
    kept("stop_grace_period", &[Lifecycle]),
    kept("stop_signal", &[Lifecycle]),
    harmless("storage_opt", "how large the container itself may be; data is on volumes"),
    kept("sysctls", &[]),
    read("tmpfs", &[Mounts]),
    harmless("tty", "a terminal for it"),
    kept("ulimits", &[]),
    read("use_api_socket", &[Mounts, Privileges]),
    read("user", &[]),
    kept("userns_mode", &[Privileges]),
    harmless("uts", "whose name it shows"),
    read("volumes", &[Mounts]),
    kept("volumes_from", &[Mounts]),
    kept("working_dir", &[]),
];

const DEPLOY: &[Key] = &[
    harmless("endpoint_mode", SWARM),
    read("labels", &[Networks]),
    read("mode", &[Replicas]),
    harmless("placement", SWARM),
    read("replicas", &[Replicas]),
    read("resources", &[Limits]),
    read("restart_policy", &[Restart]),
    harmless("rollback_config", SWARM),
    harmless("update_config", SWARM),
];

const BUILD: &[Key] = &[
    harmless("additional_contexts", OF_BUILD),
    harmless("args", OF_BUILD),
    harmless("cache_from", OF_BUILD),
    harmless("cache_to", OF_BUILD),
    read("context", &[Image]),
    read("dockerfile", &[Image]),
    read("dockerfile_inline", &[Image]),
    harmless("entitlements", OF_BUILD),
    harmless("extra_hosts", OF_BUILD),
    harmless("isolation", WINDOWS),
    harmless("labels", OF_BUILD),
    harmless("network", OF_BUILD),
    harmless("no_cache", OF_BUILD),
    harmless("no_cache_filter", OF_BUILD),
    harmless("platforms", OF_BUILD),
    harmless("privileged", OF_BUILD),
    harmless("provenance", OF_BUILD),
    harmless("pull", OF_BUILD),
    harmless("sbom", OF_BUILD),
    harmless("secrets", OF_BUILD),
    harmless("shm_size", OF_BUILD),
    harmless("ssh", OF_BUILD),
    harmless("tags", OF_BUILD),
    harmless("target", OF_BUILD),
    harmless("ulimits", OF_BUILD),
];

const GRANT: &[Key] = &[
    harmless("gid", "who may read it in the container"),
    harmless("mode", "who may read it in the container"),
    read("source", &[Mounts]),
    read("target", &[Mounts]),
    harmless("uid", "who may read it in the container"),
];
