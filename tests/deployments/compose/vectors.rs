//! Compose files against the answers of Docker Compose itself, kept under `tests/vectors/compose`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gonogo::deployments::compose::{self, ComposeProject, Variables};
use gonogo::model::{Command, MountKind, Placement, Port};
use gonogo::text::{Files, ReadLimits, Source};
use serde_json::{Map, Value, json};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/compose")
}

fn read(folder: &Path, name: &str) -> (std::sync::Arc<Source>, ComposeProject) {
    let mut files = Files::new(ReadLimits::default());
    files.add_root(folder).unwrap();
    let disk = folder.join(name);
    let source = files.read(&files.display_path(&disk).unwrap()).unwrap();
    let variables = Variables::passed_on(&BTreeMap::from([("COMPOSE_PROFILES".to_owned(), "*".to_owned())]));
    let over = compose::layers(&source, &files);
    let project = compose::read_layers(&source, &over, &files, &variables, false);
    (source, project)
}

#[test]
fn services_are_what_docker_compose_makes_of_them() {
    let mut folders: Vec<PathBuf> = fs::read_dir(vectors()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("config.json").is_file());
    folders.sort();
    assert!(folders.len() >= 12);
    for folder in folders {
        let config: Map<String, Value> = serde_json::from_str(&fs::read_to_string(folder.join("config.json")).unwrap()).unwrap();
        let (_, project) = read(&folder, "compose.yaml");
        let fatal: Vec<_> = project.diagnostics.iter().filter(|diagnostic| diagnostic.fatal).collect();
        assert!(fatal.is_empty(), "{}: {fatal:?}", folder.display());
        let names: BTreeSet<&str> = project.placements.iter().map(|placement| placement.name.as_str()).collect();
        assert_eq!(names, config.keys().map(String::as_str).collect(), "{}", folder.display());
        for placement in &project.placements {
            let ours = normal_form(placement);
            let theirs = docker_form(&config[&placement.name]);
            assert_eq!(ours, theirs, "{} {}", folder.display(), placement.name);
        }
    }
}

#[test]
fn what_docker_compose_refuses_is_one_problem_on_its_line() {
    let table = fs::read_to_string(vectors().join("refused.txt")).unwrap();
    let mut seen = BTreeSet::new();
    for row in table.lines() {
        let mut words = row.split('#').next().unwrap().split_whitespace();
        let (name, line, code) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let (source, project) = read(&vectors().join("refused"), &format!("{name}.yaml"));
        let fatal = project.diagnostics.iter().filter(|diagnostic| diagnostic.fatal);
        let found: Vec<_> = fatal.map(|problem| (source.location(problem.span.start).line.to_string(), problem.code)).collect();
        assert_eq!(found, [(line.to_owned(), code)], "{name}: {:?}", project.diagnostics);
        seen.insert(format!("{name}.yaml"));
    }
    let present: BTreeSet<String> =
        fs::read_dir(vectors().join("refused")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(seen, present);
}

/// A placement in the words of `docker compose config`, as far as both say the same.
fn normal_form(placement: &Placement) -> Value {
    let environment: BTreeMap<&str, &Option<String>> =
        placement.environment.iter().map(|entry| (entry.name.as_str(), &entry.value.value)).collect();
    let files = |mount: &&gonogo::model::Mount| matches!(mount.kind, MountKind::Config | MountKind::Secret);
    let volumes: BTreeSet<String> = placement
        .mounts
        .iter()
        .filter(|mount| !files(mount))
        .map(|mount| {
            let kind = if mount.kind == MountKind::Anonymous { "volume" } else { mount.kind.word() };
            show_mount(kind, mount.source.as_deref(), &mount.target, mount.read_only)
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
        "networks": placement.networks.iter().map(|network| network.0.clone()).collect::<BTreeSet<String>>(),
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

fn docker_form(service: &Value) -> Value {
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
    let opens_shell = list("entrypoint").last().is_some_and(|last| last == "-ec");
    let depends_on = service.get("depends_on").and_then(Value::as_object).cloned().unwrap_or_default();
    json!({
        "image": text("image"),
        "build": service.get("build").is_some(),
        "command": service.get("command").filter(|command| !command.is_null()).map(|command| if opens_shell {
            format!("shell {}", squeeze(command[0].as_str().unwrap()))
        } else {
            show_words(command)
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
    let time = |key: &str| {
        check.get(key).and_then(Value::as_str).map(|text| match text {
            "5s" => 5_000_000,
            "10s" => 10_000_000,
            "30s" => 30_000_000,
            "1m30s" => 90_000_000,
            "500ms" => 500_000,
            other => panic!("{other}"),
        })
    };
    let disabled = kind == "NONE" || check.get("disable").is_some_and(|value| value == true);
    json!({ "disabled": disabled, "test": shown, "times": [time("interval"), time("timeout"), time("start_period")] })
}

fn show_mount(kind: &str, source: Option<&str>, target: &str, read_only: bool) -> String {
    format!("{kind} {} {target} {read_only}", source.unwrap_or("-"))
}

/// The words of a command, or what its script says without blanks and quotes, which a shell takes away.
fn show_command(command: &Command) -> String {
    let words: Vec<&str> = command.words.iter().map(|word| word.value.as_deref().unwrap()).collect();
    if command.shell { format!("shell {}", squeeze(&words.join(" "))) } else { format!("{words:?}") }
}

fn show_words(words: &Value) -> String {
    let words: Vec<&str> = words.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let script = words.iter().position(|word| word.starts_with('-') && word.ends_with('c') && word.len() <= 3);
    match script.and_then(|at| words.get(at + 1)) {
        Some(script) if words[0].ends_with("sh") => format!("shell {}", squeeze(script)),
        _ => format!("{words:?}"),
    }
}

fn squeeze(script: &str) -> String {
    script.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | ';')).collect()
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
