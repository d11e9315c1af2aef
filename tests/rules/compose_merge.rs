//! Plants services of a small compose file into the webshop's, as an override file of compose would.
//!
//! It works on lines, with the indents of two blanks that the examples of rules and the webshop have.

use std::fmt::Write as _;

/// A key with the lines below it, comments and blank lines in between included.
#[derive(Clone, Debug)]
struct Block {
    key: String,
    /// What stands behind the colon.
    value: String,
    lines: Vec<String>,
}

impl Block {
    fn text(&self, indent: usize) -> String {
        let mut text = format!("{:indent$}{}:", "", self.key);
        if !self.value.is_empty() {
            write!(text, " {}", self.value).unwrap();
        }
        text.push('\n');
        for line in &self.lines {
            text += line;
            text.push('\n');
        }
        text
    }
}

/// The keys that stand at an indent; what precedes the first is dropped.
fn blocks<'l>(lines: impl IntoIterator<Item = &'l str>, indent: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        let here =
            line.len() - line.trim_start().len() == indent && !line.trim_start().is_empty() && !line.trim_start().starts_with(['#', '-']);
        match (here.then(|| line.trim_start().split_once(':')).flatten(), blocks.last_mut()) {
            (Some((key, value)), _) => blocks.push(Block { key: key.to_owned(), value: value.trim().to_owned(), lines: Vec::new() }),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

fn below(block: &Block, indent: usize) -> Vec<Block> {
    blocks(block.lines.iter().map(String::as_str), indent)
}

fn find<'b>(blocks: &'b [Block], key: &str) -> Option<&'b Block> {
    blocks.iter().find(|block| block.key == key)
}

/// The webshop's compose file with the example's services planted. Its PostgreSQL service becomes part of `db`;
/// every other one is added under a name of its own, unless it is part of what `db` needs.
pub fn plant(shop: &str, example: &str) -> String {
    let mut shop = blocks(shop.lines(), 0);
    let example = blocks(example.lines(), 0);
    let services = find(&example, "services").map(|block| below(block, 2)).unwrap_or_default();
    for service in &services {
        let keys = below(service, 4);
        let is_database = find(&keys, "image").is_some_and(|image| image.value.starts_with("postgres:"));
        change(&mut shop, "services", |shop| {
            if is_database {
                let db = shop.iter_mut().find(|block| block.key == "db").unwrap();
                merge_service(db, &keys);
            } else {
                let taken = shop.iter().any(|known| known.key == service.key);
                let key = if taken { format!("planted-{}", service.key) } else { service.key.clone() };
                shop.push(Block { key, ..service.clone() });
            }
        });
        declare_volumes(&mut shop, &example, &keys);
    }
    for section in ["volumes", "secrets", "networks"] {
        let planted = find(&example, section).map(|block| below(block, 2)).unwrap_or_default();
        change(&mut shop, section, |known| {
            known.retain(|one| planted.iter().all(|other| other.key != one.key));
            known.extend(planted);
        });
    }
    shop.iter().map(|block| block.text(0)).collect()
}

fn change(file: &mut [Block], section: &str, edit: impl FnOnce(&mut Vec<Block>)) {
    let Some(block) = file.iter_mut().find(|block| block.key == section) else { return };
    let mut inner = below(block, 2);
    edit(&mut inner);
    set_below(block, &inner, 2);
}

fn set_below(block: &mut Block, inner: &[Block], indent: usize) {
    let text: String = inner.iter().map(|one| one.text(indent)).collect();
    block.lines = text.lines().map(str::to_owned).collect();
}

/// A volume that an example uses without declaring any is declared, so that nothing else is wrong with it.
fn declare_volumes(shop: &mut [Block], example: &[Block], keys: &[Block]) {
    if find(example, "volumes").is_some() {
        return;
    }
    let mounts = find(keys, "volumes").map(items).unwrap_or_default();
    for name in mounts.iter().filter_map(|mount| mount.split_once(':')).map(|(name, _)| name).filter(|name| !name.starts_with(['.', '/'])) {
        change(shop, "volumes", |known| {
            if find(known, name).is_none() {
                known.push(Block { key: name.to_owned(), value: String::new(), lines: Vec::new() });
            }
        });
    }
}

/// The elements of a list in block style.
fn items(block: &Block) -> Vec<String> {
    block.lines.iter().filter_map(|line| line.trim_start().strip_prefix("- ")).map(str::to_owned).collect()
}

fn merge_service(db: &mut Block, planted: &[Block]) {
    let mut keys = below(db, 4);
    for key in planted {
        match key.key.as_str() {
            // The rules that look at the tag give another one than the plain major.
            "image" if key.value == "postgres:17" => {}
            "environment" => merge_environment(&mut keys, key),
            "volumes" | "tmpfs" => merge_mounts(&mut keys, key),
            "network_mode" => {
                keys.retain(|known| known.key != "networks");
                put(&mut keys, key.clone());
            }
            _ => put(&mut keys, key.clone()),
        }
    }
    set_below(db, &keys, 4);
}

fn put(keys: &mut Vec<Block>, key: Block) {
    keys.retain(|known| known.key != key.key);
    keys.push(key);
}

fn merge_environment(keys: &mut Vec<Block>, planted: &Block) {
    let as_mapping = |line: &String| {
        let line = line.trim_start();
        let listed = line.strip_prefix("- ").and_then(|entry| entry.split_once('='));
        listed.map_or_else(|| line.to_owned(), |(name, value)| format!("{name}: {value}"))
    };
    let added: Vec<String> = planted.lines.iter().map(as_mapping).collect();
    let name = |line: &str| line.trim_start().split(':').next().unwrap_or_default().to_owned();
    let names: Vec<String> = added.iter().map(|line| name(line)).collect();
    let mut merged = keys.iter().find(|key| key.key == "environment").unwrap().clone();
    merged.lines.retain(|line| {
        let known = name(line);
        // The image refuses a value and a file for one variable: the one that is planted replaces the other.
        let other = known.strip_suffix("_FILE").is_some_and(|value| names.iter().any(|name| name == value));
        !names.contains(&known) && !other
    });
    merged.lines.extend(added.iter().map(|line| format!("      {line}")));
    put(keys, merged);
}

fn merge_mounts(keys: &mut Vec<Block>, planted: &Block) {
    let target = |mount: &str| mount.split(':').find(|part| part.starts_with("/var") || part.starts_with("/etc")).map(str::to_owned);
    let targets: Vec<String> = items(planted).iter().filter_map(|mount| target(mount)).collect();
    let is_data = |path: &String| path.starts_with("/var/lib/postgresql");
    if let Some(volumes) = keys.iter_mut().find(|key| key.key == "volumes") {
        volumes.lines.retain(|line| {
            let known = target(line.trim_start().trim_start_matches("- "));
            // One place for the data: a planted mount of it, wherever, replaces the webshop's.
            known.is_none_or(|known| !(targets.contains(&known) || is_data(&known) && targets.iter().any(is_data)))
        });
    }
    match keys.iter_mut().find(|key| key.key == planted.key) {
        Some(known) => known.lines.extend(planted.lines.iter().cloned()),
        None => keys.push(planted.clone()),
    }
}
