//! Damaged files: whatever the bytes, a reader neither panics nor hangs, and what it says can be believed (`fuzz/harness/`).
//!
//! Two sources of such files: what coverage-guided fuzzing left (`fuzz/seeds/`, `fuzz/regressions/`) is read again, and
//! the sample projects and examples of rules are damaged here. `GONOGO_FULL` asks for 100,000 damaged texts of each grammar
//! instead of some thousands, `GONOGO_SEED` for others.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::harness;
use crate::random::{Random, inputs};

/// No input of a few kilobytes takes longer, even unoptimised and on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// An input that takes this long never ends.
const HANGING: Duration = Duration::from_secs(60);

/// Seeds longer than this are cut: what is long is mostly comment.
const LONGEST_SEED: usize = 6_000;

/// Damages texts of one kind and hands each to a reader.
fn damage(kind: &str, seeds: &[String]) {
    let pieces = dictionary(kind);
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    assert!(seeds.len() > 1, "no seeds of {kind}");
    let mut random = Random::of(kind);
    let current: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
    watch(kind, &current);
    let count = inputs(3_000, 100_000);
    let mut slowest = Duration::ZERO;
    let start = Instant::now();
    for _ in 0..count {
        let text = damaged(&mut random, seeds, &pieces);
        slowest = slowest.max(read(kind, text.as_bytes(), &text, &current));
    }
    *current.lock().unwrap() = None;
    println!("{kind}: {count} damaged texts in {:?}, the slowest in {slowest:?}", start.elapsed());
}

/// Hands bytes to a reader, and tells how long it took.
fn read(kind: &str, data: &[u8], shown: &str, current: &Mutex<Option<(Instant, String)>>) -> Duration {
    let since = Instant::now();
    *current.lock().unwrap() = Some((since, shown.to_owned()));
    if catch_unwind(AssertUnwindSafe(|| harness::run(kind, data))).is_err() {
        panic!("{kind} panics at {shown:?}");
    }
    let taken = since.elapsed();
    assert!(taken < LONGEST, "{kind} takes {taken:?} for {shown:?}");
    *current.lock().unwrap() = None;
    taken
}

/// The pieces of a grammar, which libFuzzer is given too.
fn dictionary(kind: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/dictionaries/{kind}.dict"));
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap());
    lines.map(unescaped).collect()
}

/// A piece without its escapes: two backslashes, `\"`, `\x0A`.
fn unescaped(line: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = line.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            Some(b'x') => {
                u8::from_str_radix(&format!("{}{}", char::from(rest.next().unwrap()), char::from(rest.next().unwrap())), 16).unwrap()
            }
            Some(other) => other,
            None => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Ends the process when one text takes too long: a hanging thread cannot be stopped otherwise.
fn watch(kind: &str, current: &Arc<Mutex<Option<(Instant, String)>>>) {
    let (kind, current) = (kind.to_owned(), Arc::downgrade(current));
    std::thread::spawn(move || {
        while let Some(current) = current.upgrade() {
            if let Some((since, text)) = &*current.lock().unwrap()
                && since.elapsed() > HANGING
            {
                println!("{kind} hangs at {text:?}");
                std::process::abort();
            }
            drop(current);
            std::thread::sleep(Duration::from_secs(1));
        }
    });
}

/// A seed with up to eight changes, of bytes or of the grammar's pieces.
fn damaged(random: &mut Random, seeds: &[String], pieces: &[&str]) -> String {
    let mut bytes = seeds[random.below(seeds.len())].clone().into_bytes();
    for _ in 0..=random.below(8) {
        change(random, &mut bytes, seeds, pieces);
    }
    // A file that is no UTF-8 is not read at all.
    String::from_utf8_lossy(&bytes).into_owned()
}

fn change(random: &mut Random, bytes: &mut Vec<u8>, seeds: &[String], pieces: &[&str]) {
    let at = random.below(bytes.len() + 1);
    let length = random.below(12).min(bytes.len() - at);
    match random.below(10) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 => bytes.insert(at.min(bytes.len()), u8::try_from(random.below(256)).unwrap()),
        2 => drop(bytes.drain(at..at + length)),
        3 => bytes.truncate(at),
        4 => {
            let copied = bytes[at..at + length].to_vec();
            let times = 1 + random.below(40);
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, copied.repeat(times));
        }
        5 => {
            // The rest of another seed.
            let other = seeds[random.below(seeds.len())].as_bytes();
            let from = random.below(other.len() + 1);
            bytes.splice(at.., other[from..].iter().copied());
        }
        6 => {
            // A line, somewhere else once more.
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let line = if lines.is_empty() { Vec::new() } else { lines[random.below(lines.len())].to_vec() };
            bytes.splice(at..at, line);
        }
        7 => {
            let piece = random.one(&["\0", "\r\n", "\u{feff}", "\u{2028}", "\u{85}", "\u{1f600}", "é", "\u{c}", "\t", "\u{301}", "\\\n"]);
            bytes.splice(at..at, piece.bytes());
        }
        _ => {
            let times = if random.once_in(12) { 1 + random.below(300) } else { 1 };
            bytes.splice(at..at + length, random.one(pieces).repeat(times).bytes());
        }
    }
}

/// Files of the sample projects whose name passes, and examples of rules with such a name.
fn seeds(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    collect(&root.join("fixtures"), &mut |path| {
        if wanted(&path.file_name().unwrap().to_string_lossy()) {
            found.extend(std::fs::read_to_string(path).ok());
        }
    });
    collect(&root.join("rules"), &mut |path| {
        let Ok(table) = std::fs::read_to_string(path).unwrap_or_default().parse::<toml::Table>() else { return };
        for example in ["bad", "good", "unknown"].iter().filter_map(|kind| table.get(*kind)?.as_array()).flatten() {
            let files = example.as_table().into_iter().flatten();
            let named = files.filter(|(name, _)| wanted(name.rsplit('/').next().unwrap_or(name)));
            found.extend(named.filter_map(|(_, text)| text.as_str().map(str::to_owned)));
        }
    });
    found.into_iter().map(|text| text.chars().take(LONGEST_SEED).collect()).collect()
}

fn collect(folder: &Path, take: &mut dyn FnMut(&Path)) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { collect(&path, take) } else { take(&path) }
    }
}

#[test]
fn settings() {
    damage("postgresql_conf", &seeds(|name| name == "postgresql.conf"));
}

#[test]
fn access_rules() {
    damage("pg_hba", &seeds(|name| name == "pg_hba.conf"));
}

#[test]
fn user_name_maps() {
    damage("pg_ident", &seeds(|name| name == "pg_ident.conf"));
}

#[test]
fn option_files() {
    damage("my_cnf", &seeds(|name| name.ends_with(".cnf")));
}

#[test]
fn compose_files() {
    damage("compose", &seeds(|name| name.ends_with(".yaml") || name.ends_with(".yml")));
}

#[test]
fn dotenv_files() {
    damage("dotenv", &seeds(|name| name == ".env"));
}

#[test]
fn configurations() {
    damage("gonogo_toml", &seeds(|name| name == "gonogo.toml" || name == "stated.toml"));
}

#[test]
fn rule_files() {
    let mut texts = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &mut |path| texts.extend(std::fs::read_to_string(path)));
    damage("rules", &texts);
}

#[test]
fn shell_commands() {
    damage("shell_words", &seeds(|name| name.ends_with(".sh") || name.ends_with(".yaml") || name.ends_with(".yml")));
}

/// What fuzzing left: every seed, and every input that a fault was once found with.
#[test]
fn what_fuzzing_found() {
    let current: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
    watch("replay", &current);
    let start = Instant::now();
    for target in &harness::TARGETS {
        let mut inputs = Vec::new();
        for kind in ["seeds", "regressions"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(kind).join(target.name);
            if folder.is_dir() {
                collect(&folder, &mut |path| inputs.push(path.to_owned()));
            }
        }
        assert!(!inputs.is_empty(), "{} has no seeds", target.name);
        for path in inputs {
            read(target.name, &std::fs::read(&path).unwrap(), &path.display().to_string(), &current);
        }
    }
    println!("replayed in {:?}", start.elapsed());
}
