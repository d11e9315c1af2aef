//! The keys that a service may have, so that a slip of the pen is told with what was meant.

use super::reader::Reader;
use crate::formats::yaml::Node;

/// Every key of a service in the Compose Specification of mid-2026, and those of older files that Compose still takes.
const KNOWN: [&str; 102] = [
    "annotations",
    "attach",
    "blkio_config",
    "build",
    "cap_add",
    "cap_drop",
    "cgroup",
    "cgroup_parent",
    "command",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpus",
    "cpuset",
    "credential_spec",
    "depends_on",
    "deploy",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "ipc",
    "isolation",
    "label_file",
    "labels",
    "links",
    "logging",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "post_start",
    "pre_start",
    "pre_stop",
    "privileged",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
    "log_driver",
    "log_opt",
    "net",
    "volume_driver",
    "dockerfile",
    "cpuset_cpus",
    "name",
    "sig_proxy",
    "uts_mode",
];

/// Every key of the top level.
const TOP_LEVEL: [&str; 9] = ["configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes"];

/// Reports keys of a service that Docker Compose does not know, and refuses.
pub(super) fn check(reader: &mut Reader<'_>, service: &Node) {
    check_against(reader, service, &KNOWN, "in a service");
}

/// Reports keys of the top level that Docker Compose does not know, and refuses.
pub(super) fn check_top_level(reader: &mut Reader<'_>, document: &Node) {
    check_against(reader, document, &TOP_LEVEL, "at the top level");
}

fn check_against(reader: &mut Reader<'_>, node: &Node, known: &[&str], place: &str) {
    for entry in node.entries() {
        let Some(key) = entry.key.text() else {
            continue;
        };
        if known.contains(&key) || key.starts_with("x-") || key.len() > 60 {
            continue;
        }
        if reader.is_full("compose-unknown-key") {
            return;
        }
        let near = |known: &&&str| strsim::damerau_levenshtein(key, known) <= 1 + known.len() / 5;
        let meant = known.iter().filter(near).min_by_key(|known| strsim::damerau_levenshtein(key, known));
        let expected = match meant {
            Some(meant) => format!("`{meant}`, which was probably meant"),
            None => "a key of the Compose Specification; a name for own use begins with `x-`".to_owned(),
        };
        reader.remark("compose-unknown-key", entry.key.span, &format!("Docker Compose knows no key `{key}` {place}"), &expected);
    }
}
