//! Which sides of a service a key may change.

use crate::model::Aspect;

/// The aspects of a workload that a key which could not be read may change. A key that no fact rests on changes none.
pub(super) fn aspects_of(key: &str) -> &'static [Aspect] {
    match key {
        "image" | "build" => &[Aspect::Image],
        "command" | "entrypoint" => &[Aspect::Start],
        "environment" | "env_file" => &[Aspect::Environment],
        "ports" => &[Aspect::Ports],
        "volumes" | "tmpfs" | "secrets" | "configs" => &[Aspect::Mounts],
        "networks" | "network_mode" => &[Aspect::Networks],
        "healthcheck" => &[Aspect::Health],
        "mem_limit" | "memory" | "cpus" | "shm_size" => &[Aspect::Limits],
        "logging" => &[Aspect::Logging],
        "restart" => &[Aspect::Restart],
        "replicas" | "scale" => &[Aspect::Replicas],
        "deploy" => &[Aspect::Limits, Aspect::Restart, Aspect::Replicas],
        "depends_on" => &[Aspect::Dependencies],
        "privileged" | "ipc" => &[Aspect::Privileges],
        "profiles" | "stop_grace_period" | "stop_signal" => &[Aspect::Lifecycle],
        "extends" => Aspect::ALL,
        _ => &[],
    }
}
