//! What takes the walls between the container of a database and its host away.

use super::problem_record::problem;
use crate::model::{MountKind, Placement, Record};
use crate::text::Span;

/// Capabilities with which a container is as good as its host.
const GRAVE_CAPABILITIES: [&str; 8] = ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "NET_ADMIN", "BPF"];

/// Devices that are the memory or the disks of the host.
const RAW_DEVICES: [&str; 12] = [
    "/dev/mem",
    "/dev/kmsg",
    "/dev/kmem",
    "/dev/port",
    "/dev/sd",
    "/dev/nvme",
    "/dev/vd",
    "/dev/xvd",
    "/dev/hd",
    "/dev/dm-",
    "/dev/mapper",
    "/dev/disk",
];

/// Folders of the host that hold everything, its accounts, or what the kernel shows of it.
const HOST_FOLDERS: [&str; 12] =
    ["/", "/boot", "/dev", "/etc", "/home", "/proc", "/root", "/sys", "/usr", "/var", "/var/lib/containerd", "/var/lib/docker"];

/// Every such thing.
pub(super) fn problems(placement: &Placement) -> Vec<Record> {
    let name = &placement.name;
    let values = |key: &str| placement.other.get(key).map(Vec::as_slice).unwrap_or_default();
    let capability = |text: &str| text.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
    let mut found = Vec::new();
    let mut say = |part: &str, span: Span, what: String| {
        let message = format!("{name} {what}: anyone who takes it over is close to the host");
        found.push(problem(placement, "isolation-weakened", part, span, message));
    };
    for (text, span) in values("cap_add").iter().filter(|(text, _)| GRAVE_CAPABILITIES.contains(&capability(text).as_str())) {
        say("cap_add", *span, format!("has the capability {}", capability(text)));
    }
    for (_, span) in values("pid").iter().filter(|(mode, _)| mode == "host") {
        say("pid", *span, "shares the processes of the host".to_owned());
    }
    for (_, span) in values("userns_mode").iter().filter(|(mode, _)| mode == "host") {
        say("userns_mode", *span, "shares the users of the host".to_owned());
    }
    for (device, span) in values("devices") {
        let source = device.split([':', '=']).next().unwrap_or(device);
        if RAW_DEVICES.iter().any(|start| source.starts_with(start)) {
            say("devices", *span, format!("has the device {source} of the host"));
        }
    }
    for (_, span) in values("device_cgroup_rules").iter().filter(|(rule, _)| rule.starts_with("a ") || rule.starts_with("b ")) {
        say("device_cgroup_rules", *span, "may use the disks of the host".to_owned());
    }
    for (_, span) in values("use_api_socket").iter().filter(|(text, _)| text == "true") {
        say("use_api_socket", *span, "gets the socket of Docker".to_owned());
    }
    for mount in placement.mounts.iter().filter(|mount| mount.kind == MountKind::Bind && !mount.read_only) {
        let source = mount.source.as_deref().unwrap_or_default();
        let folder = if source == "/" { source } else { source.trim_end_matches('/') };
        if HOST_FOLDERS.contains(&folder) || folder.ends_with("/.ssh") {
            say("volumes", mount.span, format!("writes into {folder} of the host"));
        }
    }
    for (_, span) in values("security_opt").iter().filter(|(option, _)| is_off(option, "systempaths")) {
        say("security_opt", *span, "sees the folders of the kernel unmasked".to_owned());
    }
    found.extend(unconfined(placement));
    found
}

/// Whether an option of security switches this off.
fn is_off(option: &str, what: &str) -> bool {
    option.replace(['=', ' '], ":").strip_prefix(what).is_some_and(|rest| rest.ends_with(":unconfined"))
}

/// Profiles that are switched off: one wall less, while capabilities and namespaces still stand.
fn unconfined(placement: &Placement) -> impl Iterator<Item = Record> {
    let options = placement.other.get("security_opt").map(Vec::as_slice).unwrap_or_default();
    let profiles = |option: &str| ["seccomp", "apparmor"].into_iter().find(|profile| is_off(option, profile));
    let off = options.iter().filter_map(move |(option, span)| Some((profiles(option)?, span)));
    off.map(|(profile, span)| {
        let what = "code that gets into it may use more of the kernel of the host, and of its flaws";
        let message = format!("{} runs without its {profile} profile: {what}", placement.name);
        problem(placement, "profile-unconfined", "security_opt", *span, message)
    })
}
