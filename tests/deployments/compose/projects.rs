//! Compose projects by number: the same number is always the same project, of one to five files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Files of a project by their paths; `compose.yaml` is the first.
pub(super) type Tree = BTreeMap<String, String>;

/// What a project is drawn with.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        // xorshift64*: the same everywhere, and of no library that may change it.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40).unwrap() % bound
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Keys of a service, each with forms that it may have; what a layer lays over it is drawn from the same.
const KEYS: [(&str, &[&str]); 21] = [
    ("image", &[" postgres:17.2", " \"app:${TAG}\"", " redis:${NOPE:-7.4}", " \"${IMAGE-nginx}:1\"", " 'a/b:${TAG:-1}$$'"]),
    (
        "environment",
        &[
            "\n      A: one\n      B: \"${TAG}\"\n      N: 12\n",
            "\n      - A=two\n      - C=${NOPE:-none}\n      - OWN\n",
            " {A: three, D: 'yes', E: true}",
            "\n      <<: *env\n      A: four\n",
            "\n      - B=\n      - F=${TAG:+set}\n      - G=$$HOME\n",
            " {H: ~, A: !reset null}",
        ],
    ),
    (
        "ports",
        &[
            " [\"5432:5432\"]",
            " [\"127.0.0.1:5432:5432\", \"8080:80/udp\"]",
            " [\"${PORT}:6379\", 9090]",
            "\n      - {target: 80, published: 8080, host_ip: 127.0.0.1}\n      - \"3000-3002:3000-3002\"\n",
            " !override [\"127.0.0.1:6432:5432\"]",
            " !reset []",
        ],
    ),
    (
        "volumes",
        &[
            " [\"data:/var/lib/data\"]",
            " [\"./conf:/etc/conf:ro\", \"data:/var/lib/data\"]",
            "\n      - {type: volume, source: other, target: /var/lib/data}\n      - /anonymous\n",
            "\n      - {type: bind, source: ./x, target: /x, read_only: true}\n      - {type: tmpfs, target: /run}\n",
            " [\"../up:/up\", \"/srv/abs:/abs\"]",
            " !override [\"other:/only\"]",
        ],
    ),
    ("networks", &[" [front]", " [back, front]", "\n      back:\n        aliases: [x]\n", " {front: ~, default: ~}"]),
    (
        "depends_on",
        &[
            " [db]",
            "\n      db: {condition: service_healthy}\n",
            "\n      app: {condition: service_started, required: false}\n",
            " [app, db]",
        ],
    ),
    (
        "command",
        &[" [\"postgres\", \"-c\", \"fsync=${NOPE:-on}\"]", " redis-server --appendonly yes", " \"sh -c 'exec x \\\"a b\\\"'\"", " []"],
    ),
    ("entrypoint", &[" /run.sh", " [\"/bin/sh\", \"-c\"]", " [\"docker-entrypoint.sh\"]"]),
    ("restart", &[" always", " unless-stopped", " \"no\"", " \"on-failure:3\""]),
    (
        "logging",
        &[" {driver: json-file, options: {max-size: 10m}}", " {driver: local}", " {options: {max-file: \"3\"}}", " {driver: none}"],
    ),
    (
        "deploy",
        &[
            "\n      resources: {limits: {memory: 512m, cpus: '0.5'}}\n",
            " {replicas: 2}",
            " {resources: {limits: {memory: 1g}}, replicas: 1}",
        ],
    ),
    ("shm_size", &[" 256m", " 1gb"]),
    (
        "healthcheck",
        &[
            "\n      test: [\"CMD\", \"pg_isready\"]\n      interval: 5s\n",
            "\n      test: pg_isready -U ${USER_OF:-postgres}\n      timeout: 10s\n",
            " {disable: true}",
            " {interval: 30s}",
        ],
    ),
    ("user", &[" \"1000\"", " postgres", " \"1000:1000\""]),
    ("container_name", &[" one", " \"two-${TAG}\""]),
    ("env_file", &[" a.env", " [a.env, b.env]", "\n      - {path: b.env, required: true}\n"]),
    ("tmpfs", &[" /tmp", " [/tmp, /run]"]),
    ("secrets", &[" [pw]", "\n      - {source: pw, target: password}\n"]),
    ("configs", &[" [conf]", "\n      - {source: conf, target: /etc/conf.d/x}\n"]),
    ("privileged", &[" true", " false"]),
    ("profiles", &[" [tools]", " []"]),
];

/// What stands in place of a whole service now and then.
const WHOLE: [&str; 3] = [" {<<: *base}\n", " *base\n", "\n    <<: [*base, *more]\n    image: own:1\n"];

const ANCHORS: &str = "x-env: &env {A: anchored, Z: last}\nx-base: &base {image: base:1, restart: always}\n\
    x-more: &more {image: more:1, environment: {M: 1}}\n";
const SECTIONS: &str = "volumes: {data: {}, other: {}}\nnetworks: {front: {}, back: {}}\n\
    secrets: {pw: {file: ./pw}}\nconfigs: {conf: {file: ./conf}}\n";

/// The project of a number.
pub(super) fn project(number: u64) -> Tree {
    let mut draw = Draw(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        draw.below(2);
    }
    let mut tree = Tree::new();
    let mut base = ANCHORS.to_owned();
    let included = draw.chance(40);
    let (extended, chained) = (draw.chance(30), draw.chance(50));
    if included {
        base.push_str(draw.one(&[
            "include: [more/stack.yml]\n",
            "include:\n  - path: more/stack.yml\n    project_directory: .\n",
            "include:\n  - path: [more/stack.yml, more/over.yml]\n    env_file: more/own.env\n",
        ]));
        tree.insert("more/stack.yml".to_owned(), format!("{ANCHORS}services:\n{}", services(&mut draw, &["cache", "queue"], Layer::First)));
        tree.insert("more/over.yml".to_owned(), format!("{ANCHORS}services:\n{}", services(&mut draw, &["cache"], Layer::Over)));
        tree.insert("more/own.env".to_owned(), "TAG=of-more\nPORT=7001\nNOPE=found\n".to_owned());
        tree.insert("more/.env".to_owned(), "TAG=of-more\nNOPE=beside\n".to_owned());
    }
    base.push_str("services:\n");
    base.push_str(&services(&mut draw, &["db", "app", "backup"], Layer::First));
    if extended {
        let file = if chained { "lib/base.yml" } else { "compose.yaml" };
        let from = if chained { "shared" } else { "db" };
        let form = if chained { format!("{{file: {file}, service: {from}}}") } else { format!("{{service: {from}}}") };
        let _ = writeln!(base, "  heir:\n    extends: {form}");
        base.push_str(&keys(&mut draw, Layer::Over));
        tree.insert(
            "lib/base.yml".to_owned(),
            format!(
                "{ANCHORS}services:\n  shared:\n    extends: root\n{}  root:\n    image: root:1\n{}",
                keys(&mut draw, Layer::Over),
                keys(&mut draw, Layer::Over)
            ),
        );
    }
    base.push_str(SECTIONS);
    tree.insert("compose.yaml".to_owned(), base);
    if draw.chance(60) {
        let name = draw.one(&["compose.override.yaml", "docker-compose.override.yml"]);
        let over = services(&mut draw, &["db", "app"], Layer::Over);
        tree.insert(name.to_owned(), format!("{ANCHORS}services:\n{over}"));
    }
    for folder in ["", "more/", "lib/"] {
        tree.insert(format!("{folder}a.env"), "A=of a file\nX=\"quoted ${TAG}\"\n".to_owned());
        tree.insert(format!("{folder}b.env"), "export A=of b\nY='raw $TAG'\n".to_owned());
    }
    // Without it a variable that has no default is unknown here, where Docker Compose takes it for empty.
    tree.insert(".env".to_owned(), "TAG=9.1\nPORT=15432\nOWN=of .env\n".to_owned());
    tree
}

/// Whether a service stands alone, or over another one.
#[derive(Clone, Copy, PartialEq)]
enum Layer {
    First,
    Over,
}

fn services(draw: &mut Draw, names: &[&str], layer: Layer) -> String {
    let mut text = String::new();
    for name in names {
        if layer == Layer::First && *name != "db" && draw.chance(10) {
            let _ = write!(text, "  {name}:{}", draw.one(&WHOLE));
            continue;
        }
        let _ = writeln!(text, "  {name}:");
        if layer == Layer::First {
            let _ = writeln!(text, "    image:{}", draw.one(KEYS[0].1));
        }
        text.push_str(&keys(draw, layer));
    }
    text
}

/// Some keys of a service; one that stands alone has no tag that only means something over another one.
fn keys(draw: &mut Draw, layer: Layer) -> String {
    let mut text = String::new();
    for (key, forms) in &KEYS[1..] {
        let form = draw.one(forms);
        if draw.chance(22) && (layer == Layer::Over || !form.contains('!')) {
            let _ = writeln!(text, "    {key}:{}", form.trim_end_matches('\n'));
        }
    }
    if text.is_empty() { "    init: true\n".to_owned() } else { text }
}
