//! One service in the words that gonogo and `docker compose config` share.

use std::collections::{BTreeMap, BTreeSet};

use gonogo::model::{Command, MountKind, Placement, Port};
use serde_json::{Value, json};

/// A placement in the words of `docker compose config`, as far as both say the same. `path` is that of its project.
pub(super) fn normal_form(placement: &Placement, path: &str) -> Value {
    let environment: BTreeMap<&str, &Option<String>> =
        placement.environment.iter().map(|entry| (entry.name.as_str(), &entry.value.value)).collect();
    let files = |mount: &&gonogo::model::Mount| matches!(mount.kind, MountKind::Config | MountKind::Secret);
    let volumes: BTreeSet<String> = placement
        .mounts
        .iter()
        .filter(|mount| !files(mount))
        .map(|mount| {
            let kind = if mount.kind == MountKind::Anonymous { "volume" } else { mount.kind.word() };
            // Docker Compose shows paths as the project folder sees them; what lies above it stays as it is written.
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let below = |source: &str| {
                let below = if folder.is_empty() { source } else { source.strip_prefix(folder)?.trim_start_matches('/') };
                Some(if below.is_empty() { "." } else { below }.to_owned())
            };
            let written = mount.source.clone().filter(|source| !source.starts_with('.'));
            let source = written.or_else(|| below(mount.source_path.as_deref()?)).or_else(|| mount.source.clone());
            show_mount(kind, source.as_deref(), &mount.target, mount.read_only)
        })
        .collect();
    json!({
        "image": placement.image.as_ref().map(|image| image.text.clone()),
        "build": placement.build.is_some(),
        "command": placement.command.as_ref().map(show_command),
        "entrypoint": placement.entrypoint.as_ref().map(show_command),
        "environment": environment,
        "ports": placement.ports.iter().flat_map(each_port).collect::<BTreeSet<String>>(),
        "volumes": volumes,
        "files": placement.mounts.iter().filter(files).map(|mount| mount.target.clone()).collect::<BTreeSet<String>>(),
        "restart": placement.restart.as_ref().map_or("no", |restart| restart.0.as_str()),
        "memory": placement.memory.map(|memory| memory.0),
        "cpus": placement.cpus.map(|cpus| cpus.0),
        "shm_size": placement.shm_size.map(|size| size.0),
        "replicas": placement.replicas.as_ref().map(|replicas| replicas.0),
        "user": placement.user.as_ref().map(|user| user.0.clone()),
        "container_name": placement.container_name.as_ref().map(|name| name.0.clone()),
        "privileged": placement.privileged.is_some(),
        "network_mode": placement.network_mode.as_ref().map(|mode| mode.0.clone()),
        "networks": placement.networks.iter().map(|network| network.0.clone()).filter(|name| name != "default").collect::<BTreeSet<String>>(),
        "logging": placement.logging.as_ref().map(|logging| json!([logging.driver, logging.options])),
        "depends_on": placement.depends_on.iter().map(|dependency| {
            let condition = dependency.condition.as_deref().unwrap_or("service_started");
            format!("{} {condition} {}", dependency.service, !dependency.optional)
        }).collect::<BTreeSet<String>>(),
        "healthcheck": placement.healthcheck.as_ref().map(|check| json!({
            "disabled": check.disabled,
            "test": check.test.as_ref().map(show_command),
            "times": [check.interval, check.timeout, check.start_period],
        })),
    })
}

pub(super) fn docker_form(service: &Value) -> Value {
    let service = unescape(service);
    let text = |key: &str| service.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |value: Option<&Value>| value.and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
    let list = |key: &str| service.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let deploy = service.get("deploy").cloned().unwrap_or(Value::Null);
    let limit = |key: &str| deploy.pointer(&format!("/resources/limits/{key}"));
    let policy = deploy.pointer("/restart_policy/condition").and_then(Value::as_str);
    let restart = policy.map(|policy| if policy == "any" { "always" } else { policy }.to_owned()).or_else(|| text("restart"));
    let whole = |number: Option<f64>| number.map(|number| number as i64);
    let mut volumes: BTreeSet<String> = list("volumes")
        .iter()
        .map(|volume| {
            let read_only = volume.get("read_only").and_then(Value::as_bool).unwrap_or(false);
            show_mount(
                volume["type"].as_str().unwrap(),
                volume.get("source").and_then(Value::as_str),
                volume["target"].as_str().unwrap(),
                read_only,
            )
        })
        .collect();
    volumes.extend(list("tmpfs").iter().map(|path| show_mount("tmpfs", None, path.as_str().unwrap().split(':').next().unwrap(), false)));
    let secret = |file: &Value| format!("/run/secrets/{}", file["target"].as_str().unwrap()).replace("/run/secrets//", "/");
    let config = |file: &Value| {
        let target = file.get("target").and_then(Value::as_str).map(str::to_owned);
        target.unwrap_or_else(|| format!("/{}", file["source"].as_str().unwrap()))
    };
    let files: BTreeSet<String> = list("secrets").iter().map(secret).chain(list("configs").iter().map(config)).collect();
    let opens_shell = list("entrypoint").last().and_then(Value::as_str).is_some_and(|last| last.starts_with('-') && last.ends_with('c'));
    let depends_on = service.get("depends_on").and_then(Value::as_object).cloned().unwrap_or_default();
    json!({
        "image": text("image"),
        "build": service.get("build").is_some(),
        "command": service.get("command").filter(|command| !command.is_null()).map(|command| match command[0].as_str() {
            Some(script) if opens_shell => format!("shell {}", squeeze(script)),
            _ => show_words(command),
        }),
        "entrypoint": service.get("entrypoint").filter(|command| !command.is_null()).map(show_words),
        "environment": service.get("environment").cloned().unwrap_or_else(|| json!({})),
        "ports": list("ports").iter().map(|port| {
            let field = |key: &str| port.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
            format!("{} {} {} {}", field("host_ip"), field("published"), port["target"], field("protocol"))
        }).collect::<BTreeSet<String>>(),
        "volumes": volumes,
        "files": files,
        "restart": restart.unwrap_or_else(|| "no".to_owned()),
        "memory": whole(number(limit("memory").or_else(|| service.get("mem_limit")))),
        "cpus": number(limit("cpus").or_else(|| service.get("cpus"))),
        "shm_size": whole(number(service.get("shm_size"))),
        "replicas": deploy.get("replicas").cloned(),
        "user": text("user"),
        "container_name": text("container_name"),
        "privileged": service.get("privileged").is_some_and(|value| value == true),
        "network_mode": text("network_mode"),
        "networks": service.get("networks").and_then(Value::as_object).map(|networks| networks.keys().filter(|name| *name != "default").cloned().collect::<BTreeSet<String>>()).unwrap_or_default(),
        "logging": service.get("logging").map(|logging| json!([logging.get("driver"), logging.get("options").cloned().unwrap_or_else(|| json!({}))])),
        "depends_on": depends_on.iter().map(|(name, dependency)| {
            format!("{name} {} {}", dependency["condition"].as_str().unwrap(), dependency["required"])
        }).collect::<BTreeSet<String>>(),
        "healthcheck": service.get("healthcheck").map(docker_healthcheck),
    })
}

fn docker_healthcheck(check: &Value) -> Value {
    let test: Vec<Value> = check.get("test").and_then(Value::as_array).cloned().unwrap_or_default();
    let kind = test.first().and_then(Value::as_str).unwrap_or("");
    let rest = Value::Array(test.get(1..).unwrap_or_default().to_vec());
    let shown = match kind {
        "CMD" => Some(show_words(&rest)),
        "CMD-SHELL" => Some(format!("shell {}", squeeze(rest[0].as_str().unwrap()))),
        _ => None,
    };
    let time = |key: &str| check.get(key).and_then(Value::as_str).map(microseconds);
    let disabled = kind == "NONE" || check.get("disable").is_some_and(|value| value == true);
    json!({ "disabled": disabled, "test": shown, "times": [time("interval"), time("timeout"), time("start_period")] })
}

/// A length of time as Go writes it, for example 1m30s or 1.5s.
fn microseconds(text: &str) -> i64 {
    let (mut total, mut rest) = (0.0, text);
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic() || c == 'µ').unwrap();
        let end = rest[unit..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |digit| unit + digit);
        let factor = match &rest[unit..end] {
            "h" => 3.6e9,
            "m" => 6e7,
            "s" => 1e6,
            "ms" => 1e3,
            "µs" => 1.0,
            "ns" => 1e-3,
            other => panic!("{other}"),
        };
        total += rest[..unit].parse::<f64>().unwrap() * factor;
        rest = &rest[end..];
    }
    total.round() as i64
}

fn show_mount(kind: &str, source: Option<&str>, target: &str, read_only: bool) -> String {
    let here = |source: &str| ["./", "$PWD/", "${PWD}/"].iter().find_map(|start| source.strip_prefix(start)).unwrap_or(source).to_owned();
    let source = source.map(here);
    let source = source.as_deref().map(|source| source.trim_end_matches('/'));
    let kind = if matches!(kind, "image" | "cluster" | "npipe") { "other" } else { kind };
    format!("{kind} {} {target} {read_only}", source.unwrap_or("-"))
}

/// The words of a command, or what its script says without blanks and quotes, which a shell takes away.
fn show_command(command: &Command) -> String {
    let words: Vec<&str> = command.words.iter().map(|word| word.value.as_deref().unwrap()).collect();
    if command.shell { format!("shell {}", squeeze(&words.join(" "))) } else { format!("{words:?}") }
}

fn show_words(words: &Value) -> String {
    let words: Vec<&str> = words.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let script = words.iter().position(|word| word.starts_with('-') && word.ends_with('c') && word.len() <= 5);
    let has_options = words.get(1).is_some_and(|word| word.starts_with('-'));
    match script.filter(|_| has_options).and_then(|at| words.get(at + 1)) {
        Some(script) if words[0].ends_with("sh") => format!("shell {}", squeeze(script)),
        _ => format!("{words:?}"),
    }
}

/// A script without comments, blanks and quotes.
fn squeeze(script: &str) -> String {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.collect::<String>().chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | ';')).collect()
}

/// A range of container ports is one record here and one port each in Docker's answer.
fn each_port(port: &Port) -> Vec<String> {
    let (first, last) = (port.target.unwrap(), port.target_end.or(port.target).unwrap());
    let published = |index: u16| match port.published.as_deref().map(|text| text.split_once('-').unwrap_or((text, text))) {
        Some((from, _)) if first != last => (from.parse::<u16>().unwrap() + index).to_string(),
        Some(_) => port.published.clone().unwrap(),
        None => "-".to_owned(),
    };
    let address = port.host_address.as_deref().unwrap_or("-");
    (first..=last).map(|target| format!("{address} {} {target} {}", published(target - first), port.protocol)).collect()
}

fn unescape(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("$$", "$")),
        Value::Array(items) => Value::Array(items.iter().map(unescape).collect()),
        Value::Object(fields) => Value::Object(fields.iter().map(|(key, value)| (key.clone(), unescape(value))).collect()),
        other => other.clone(),
    }
}
