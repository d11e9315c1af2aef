//! Every key of a service, and of what stands beside the services, set to something hurtful.
//!
//! `keys.txt` has the keys of a service, each in one line; `replaced.txt` what is written in place of what stands in compose.yaml.

use super::edit::{Edit, text};

const FILE: &str = "compose.yaml";

pub(super) fn edits() -> Vec<Edit> {
    let compose = text(FILE);
    let mut edits = Vec::new();
    let mut services: Vec<&str> = Vec::new();
    for line in include_str!("keys.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(named) = line.strip_prefix("on ") {
            services = named.split(' ').collect();
            continue;
        }
        for service in &services {
            edits.push(Edit::of(format!("key/{service}/{line}")).with(FILE, with_key(&compose, service, line)));
        }
    }
    for service in ["web", "api", "db", "backup"] {
        for key in keys_of(&compose, service) {
            edits.push(Edit::of(format!("key gone/{service}/{key}")).with(FILE, without_key(&compose, service, &key)));
        }
        edits.push(Edit::of(format!("service gone/{service}")).with(FILE, without_service(&compose, service)));
    }
    edits.extend(replacements().into_iter().map(|(id, from, to)| {
        assert!(compose.contains(&from), "{id}: {from}");
        Edit::of(format!("compose/{id}")).with(FILE, compose.replacen(&from, &to, 1))
    }));
    edits
}

/// Name, text, and what takes its place: `== name`, then the two texts with `--` between.
fn replacements() -> Vec<(String, String, String)> {
    let blocks = include_str!("replaced.txt").split("== ").skip(1);
    let read = |block: &str| {
        let (name, texts) = block.split_once('\n')?;
        let (from, to) = texts.split_once("--\n")?;
        Some((name.to_owned(), from.to_owned(), to.to_owned()))
    };
    blocks.map(|block| read(block).unwrap_or_else(|| panic!("{block}"))).collect()
}

/// Where the lines of a service begin and end.
fn lines_of(compose: &str, service: &str) -> (usize, usize) {
    let lines: Vec<&str> = compose.lines().collect();
    let first = lines.iter().position(|line| *line == format!("  {service}:")).unwrap();
    let ends = |line: &&str| !line.is_empty() && !line.starts_with("    ");
    let length = lines[first + 1..].iter().position(ends).unwrap();
    let blank = lines[first + 1..=first + length].iter().rev().take_while(|line| line.is_empty()).count();
    (first, first + 1 + length - blank)
}

fn keys_of(compose: &str, service: &str) -> Vec<String> {
    let (first, end) = lines_of(compose, service);
    let of_service = compose.lines().skip(first + 1).take(end - first - 1);
    let keys = of_service.filter(|line| line.starts_with("    ") && !line.starts_with("     ") && !line.trim_start().starts_with('#'));
    keys.filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned())).collect()
}

fn without_key(compose: &str, service: &str, key: &str) -> String {
    let (first, end) = lines_of(compose, service);
    let mut inside = false;
    let mut kept = String::new();
    for (number, line) in compose.lines().enumerate() {
        if number > first && number < end && !line.starts_with("     ") {
            inside = line.trim_start().starts_with(&format!("{key}:"));
        }
        if number >= end || !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    // What the anchor stood for is still asked for.
    kept.replacen("    logging: *logging\n", ANCHOR, usize::from(!kept.contains("&logging")))
}

const ANCHOR: &str = "    logging: &logging\n      driver: json-file\n      options:\n        max-size: 10m\n        max-file: \"5\"\n";

/// The service with a line in place of the key that it sets.
fn with_key(compose: &str, service: &str, line: &str) -> String {
    let key = line.split(':').next().unwrap_or(line);
    let without = without_key(compose, service, key);
    let (_, end) = lines_of(&without, service);
    let mut lines: Vec<String> = without.lines().map(str::to_owned).collect();
    lines.insert(end, format!("    {line}"));
    lines.join("\n") + "\n"
}

fn without_service(compose: &str, service: &str) -> String {
    let (first, end) = lines_of(compose, service);
    let kept: Vec<&str> =
        compose.lines().enumerate().filter(|(number, _)| *number < first || *number >= end).map(|(_, line)| line).collect();
    let kept = kept.join("\n") + "\n";
    kept.replacen("    logging: *logging\n", ANCHOR, usize::from(!kept.contains("&logging")))
}
