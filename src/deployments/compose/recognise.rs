//! Telling a compose file by its name and the first of its lines.

use crate::formats::Claim;
use crate::text::lines;
use crate::text::path::name_of;

/// Names that Docker Compose looks for, the preferred one first.
pub(super) const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// Top-level keys of a compose file.
const SECTIONS: [&str; 9] = ["version", "name", "services", "volumes", "networks", "secrets", "configs", "include", "models"];

/// Keys by which a service is known.
const SERVICE_KEYS: [&str; 15] = [
    "image",
    "build",
    "command",
    "entrypoint",
    "environment",
    "env_file",
    "ports",
    "volumes",
    "depends_on",
    "extends",
    "container_name",
    "restart",
    "networks",
    "healthcheck",
    "deploy",
];

/// Whether a file is a compose file.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let whole = name_of(name).to_ascii_lowercase();
    let Some(lower) = without_stage(&whole) else { return Claim::No };
    let named = named_like_compose(lower);
    let outline = Outline::of(head);
    if outline.foreign(named) {
        return Claim::No;
    }
    match (named, outline.services()) {
        (true, _) => Claim::Yes,
        // Nothing but compose sections, and services that look like some: that is no other kind of file.
        (false, true) if outline.only_sections() => Claim::Yes,
        _ => Claim::No,
    }
}

/// Last parts of names that say that a file is not in use.
const NOT_IN_USE: [&str; 18] = [
    "example", "sample", "dist", "template", "tmpl", "tpl", "j2", "jinja", "jinja2", "erb", "bak", "backup", "old", "orig", "save",
    "disabled", "off", "md",
];

/// A name that ends in `.yml` or `.yaml`, or that did before somebody added a stage to it: `docker-compose.yaml.prod`.
fn without_stage(name: &str) -> Option<&str> {
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    if is_yaml(name) {
        return Some(name);
    }
    let (stem, stage) = name.rsplit_once('.')?;
    let is_stage = stage.len() > 1 && stage.bytes().all(|byte| byte.is_ascii_alphabetic()) && !NOT_IN_USE.contains(&stage);
    (is_yaml(stem) && stem.contains("compose") && is_stage).then_some(stem)
}

/// `compose.yaml`, `docker-compose.prod.yml`, `prod.compose.yml`, `012-owner-docker-compose.yml`.
fn named_like_compose(lower: &str) -> bool {
    let stem = lower.rsplit_once('.').map_or(lower, |(stem, _)| stem);
    let mut parts = stem.split(['.', '_', ' ']);
    parts.any(|part| part == "compose" || part.contains("docker-compose") || part.ends_with("-compose") || part.starts_with("compose-"))
}

/// Keys of the first two levels, as far as the head of the file shows them, with the keys of the third.
#[derive(Default)]
struct Outline<'h> {
    top: Vec<&'h str>,
    /// Keys two levels below `services`.
    below_services: Vec<&'h str>,
    list: bool,
}

impl<'h> Outline<'h> {
    fn of(head: &'h str) -> Self {
        let mut outline = Self::default();
        let mut in_services = false;
        // A whole file may be indented.
        let mut top_indent = None;
        let mut name_indent = None;
        let mut key_indent = None;
        for line in lines(head.strip_prefix('\u{feff}').unwrap_or(head)) {
            let code = line.trim_start();
            if code.is_empty() || code.starts_with('#') || line.starts_with("---") || line.starts_with('%') {
                continue;
            }
            let indent = line.len() - code.len();
            if indent <= *top_indent.get_or_insert(indent) {
                outline.list |= code.starts_with("- ");
                let Some(key) = key_of(code) else {
                    continue;
                };
                in_services = key == "services";
                (name_indent, key_indent) = (None, None);
                outline.top.push(key);
                continue;
            }
            if in_services {
                let names = *name_indent.get_or_insert(indent);
                if indent > names && indent <= *key_indent.get_or_insert(indent) {
                    outline.below_services.extend(key_of(code));
                }
            }
        }
        outline
    }

    /// Whether the top level shows another kind of file.
    fn foreign(&self, named: bool) -> bool {
        let has = |key: &str| self.top.contains(&key);
        // A list, a Kubernetes object, a workflow, a pipeline, Prometheus.
        self.list || (has("apiVersion") && has("kind")) || has("jobs") || has("stages") || has("scrape_configs") || (!named && has("kind"))
    }

    fn services(&self) -> bool {
        let is_service_key = |key: &&str| SERVICE_KEYS.contains(key);
        self.top.contains(&"services") && self.below_services.iter().any(is_service_key)
    }

    fn only_sections(&self) -> bool {
        self.top.iter().all(|key| SECTIONS.contains(key) || key.starts_with("x-"))
    }
}

/// The key of a line `key: …`, its quotes taken away.
fn key_of(code: &str) -> Option<&str> {
    let colon = code.find(": ").or_else(|| code.trim_end().strip_suffix(':').map(str::len))?;
    let key = code.get(..colon)?.trim().trim_matches(['"', '\'']);
    (!key.is_empty() && !key.contains([' ', '{', '['])).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICES: &str = "services:\n  db:\n    image: postgres\n";

    #[test]
    fn by_name() {
        for name in [
            "compose.yaml",
            "docker-compose.yml",
            "docker-compose.prod.yml",
            "docker-compose-db.yaml",
            "app/compose.override.yml",
            "012-owner-repo-docker-compose.yml",
            "504-jetsung-awesome-compose-compose.yaml",
            "prod.compose.yml",
            "compose-dev.yaml",
        ] {
            assert_eq!(claims(name, ""), Claim::Yes, "{name}");
        }
        for name in ["compose.json", "decompose.yml", "composer.yml", "values.yaml", "compose.yaml.j2"] {
            assert_eq!(claims(name, ""), Claim::No, "{name}");
        }
    }

    #[test]
    fn by_content() {
        assert_eq!(claims("stack.yml", SERVICES), Claim::Yes);
        assert_eq!(claims("stack.yml", "  services:\n    db:\n      image: postgres\n"), Claim::Yes);
        assert_eq!(
            claims("stack.yml", "\u{feff}# c\r\nversion: '3'\r\n\r\nx-a: &a\r\n  b: c\r\nservices:\r\n    db:\r\n        image: x\r\n"),
            Claim::Yes
        );
    }

    #[test]
    fn others_stay_theirs() {
        for (name, head) in [
            ("deploy.yml", "apiVersion: v1\nkind: Service\nservices:\n  db:\n    image: x\n"),
            ("ci.yml", "on: push\njobs:\n  a:\n    services:\n      db:\n        image: x\n"),
            (".gitlab-ci.yml", "services:\n  - postgres\nstages: [a]\n"),
            ("docker-compose-prometheus.yml", "global:\n  scrape_interval: 15s\nscrape_configs:\n"),
            (".gitlab-ci.yml", "image: x\nservices:\n  - postgres\n"),
            ("values.yaml", "services:\n  db:\n    image: x\nreplicaCount: 1\n"),
            ("play.yml", "- hosts: all\n  services:\n    a:\n      image: x\n"),
            ("services.yaml", "services:\n  App\\Foo:\n    class: x\n"),
            ("prometheus.yml", "global:\n  scrape_interval: 15s\n"),
            ("drone.yml", "kind: pipeline\nservices:\n  db:\n    image: x\n"),
            ("docker-compose.yml", "apiVersion: apps/v1\nkind: Deployment\n"),
        ] {
            assert_eq!(claims(name, head), Claim::No, "{name}: {head}");
        }
    }
}
