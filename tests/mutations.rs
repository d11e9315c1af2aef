//! Damaged files: whatever the bytes, a grammar neither panics nor hangs.
//!
//! The seeds are the sample projects and the examples of the rules. `GONOGO_FULL` asks for 100,000 damaged texts of each
//! grammar instead of some thousands, `GONOGO_SEED` for others.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests")]

#[path = "common/random.rs"]
mod random;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo::config::Config;
use gonogo::deployments::compose;
use gonogo::engines::postgresql::ServerFile;
use gonogo::engines::postgresql::effective::{Defaults, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::{hba, ident};
use gonogo::formats::{dotenv, pg_conf, shell_words};
use gonogo::model::{Version, Why, parse_date};
use gonogo::rules::catalogue::Catalogues;
use gonogo::rules::{Loader, RuleSet};
use gonogo::text::{Files, Source};
use random::{Random, inputs};

/// No input of a few kilobytes takes longer, even unoptimised and on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// An input that takes this long never ends.
const HANGING: Duration = Duration::from_secs(60);

/// Seeds longer than this are cut: what is long is mostly comment.
const LONGEST_SEED: usize = 6_000;

/// Damages texts of one kind and hands each to a reader.
fn damage(kind: &str, seeds: &[String], pieces: &[&str], read: impl Fn(&str)) {
    assert!(seeds.len() > 1, "no seeds of {kind}");
    let mut random = Random::of(kind);
    let current: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
    watch(kind, &current);
    let count = inputs(3_000, 100_000);
    let mut slowest = Duration::ZERO;
    let start = Instant::now();
    for _ in 0..count {
        let text = damaged(&mut random, seeds, pieces);
        let since = Instant::now();
        *current.lock().unwrap() = Some((since, text.clone()));
        if catch_unwind(AssertUnwindSafe(|| read(&text))).is_err() {
            panic!("{kind} panics at {text:?}");
        }
        assert!(since.elapsed() < LONGEST, "{kind} takes {:?} for {text:?}", since.elapsed());
        slowest = slowest.max(since.elapsed());
    }
    *current.lock().unwrap() = None;
    println!("{kind}: {count} damaged texts in {:?}, the slowest in {slowest:?}", start.elapsed());
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
    let pieces =
        ["work_mem", "=", "'", "''", "\\'", "#", "include 'a'", "include_dir 'd'\n", "a.b", "1MB", "0x", "e9", ".", "-", "\\777", "\n"];
    damage("postgresql.conf", &seeds(|name| name == "postgresql.conf"), &pieces, |text| {
        let files = Files::in_memory([("postgresql.conf", text), ("a", text), ("d/1.conf", "include '../a'")]);
        let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
        let nowhere = |path: &str| Err(Why::new(format!("{path} was not given")));
        let inputs = ServerInputs { files: &files, main: Some(&main), auto: None, to_display: &nowhere, words: &[], environment: &[] };
        let configuration = ServerConfiguration::read(&inputs);
        for major in [13, 18] {
            let _ = configuration.evaluate(&Version(vec![major]), &Defaults::default());
        }
        let _ = pg_conf::claims("x", text);
    });
}

const HBA_PIECES: [&str; 22] = [
    "local",
    "host ",
    "hostssl",
    " all",
    ",",
    "\"",
    "\\\n",
    "#",
    "@users",
    "+",
    "/^a",
    "/(",
    "[",
    "{1,",
    "10.0.0.0/8",
    "::1/128",
    ".example.com",
    " md5",
    " map=m",
    "include a\n",
    "include_dir d\n",
    "\n",
];

#[test]
fn access_rules() {
    damage("pg_hba.conf", &seeds(|name| name == "pg_hba.conf"), &HBA_PIECES, |text| {
        let files = Files::in_memory([("pg_hba.conf", text), ("users", text), ("a", "include pg_hba.conf\n"), ("d/1.conf", text)]);
        for (major, ssl) in [(13, None), (18, Some(true))] {
            let input = hba::HbaInput {
                files: &files,
                path: Some("pg_hba.conf"),
                major,
                ssl,
                resolve: &|_| None,
                ident_maps: None,
                image_rules: &[],
            };
            let _ = hba::assemble(&input);
        }
    });
}

#[test]
fn user_name_maps() {
    damage("pg_ident.conf", &seeds(|name| name == "pg_ident.conf"), &HBA_PIECES, |text| {
        let files = Files::in_memory([("pg_ident.conf", text), ("users", text), ("a", "include pg_ident.conf\n")]);
        for major in [13, 18] {
            let _ = ident::records(&mut ident::read(&files, "pg_ident.conf", major, &|_| None), None);
        }
    });
}

#[test]
fn compose_files() {
    let pieces = [
        "services:",
        "\n",
        "  ",
        "- ",
        ": ",
        "&a ",
        "*a",
        "<<: *a",
        "!reset ",
        "${X:-",
        "}",
        "$$",
        "[",
        "]",
        "{",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "image: postgres:16\n",
        "\"5432:5432\"",
        "---\n",
        "? ",
        "command: ",
        "extends:\n",
        "include: [a.yaml]\n",
        "env_file: .env\n",
        "\t",
    ];
    damage("compose.yaml", &seeds(|name| name.ends_with(".yaml") || name.ends_with(".yml")), &pieces, |text| {
        let files = Files::in_memory([("compose.yaml", text), ("a.yaml", text), (".env", "X=1\n")]);
        let source = files.read("compose.yaml").unwrap();
        let _ = compose::read(&source, &files, &compose::Variables::default(), false);
        let _ = compose::claims("x.yaml", text);
    });
}

#[test]
fn dotenv_files() {
    let pieces = ["NAME", "=", "'", "\"", "${", "}", "$", "\\", "#", "export ", "\n", "${A:-${B}}", "`", ": "];
    damage(".env", &seeds(|name| name == ".env"), &pieces, |text| {
        let source = Source::detached(".env", text);
        let _ = (dotenv::parse(&source), dotenv::parse_raw(&source), dotenv::claims(".env", text));
    });
}

#[test]
fn configurations() {
    let pieces = [
        "[[",
        "]]",
        "[targets]",
        "=",
        "\"",
        "'''",
        "{",
        "}",
        ",",
        "true",
        "2026-13-40",
        "1e9",
        "5GB",
        "30d",
        "\n",
        "rules = [\"x\"]\n",
        "#",
    ];
    damage("gonogo.toml", &seeds(|name| name == "gonogo.toml" || name == "stated.toml"), &pieces, |text| {
        let files = Files::in_memory([("gonogo.toml", text)]);
        let source = files.read("gonogo.toml").unwrap();
        let _ = Config::read(&source, &files, parse_date("2026-11-20").unwrap());
    });
}

#[test]
fn rule_files() {
    let pieces = [
        "[require]\n",
        "[[bad]]\n",
        "any = [",
        "all = [",
        "none = \"hba\"\n",
        "where = {",
        "}",
        "]",
        "=",
        "\"",
        "'''",
        "native = \"x\"\n",
        "field = ",
        "is = ",
        "{name}",
        "{{",
        "17+",
        "<14",
        "\n",
        "severity = \"high\"\n",
        "params = {",
        ",",
    ];
    let mut texts = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &mut |path| texts.extend(std::fs::read_to_string(path)));
    damage("rule files", &texts, &pieces, |text| {
        let source = Source::detached("rule.toml", text);
        let _ = Loader::new(&Catalogues, &["settings-reviewed"]).add(&mut RuleSet::default(), &[&source]);
    });
}

#[test]
fn shell_commands() {
    let pieces = [
        "'", "\"", "\\", "$(", "`", ")", "|", "&&", ";", "<<EOF\n", "EOF\n", "#", "if ", "fi", "{ ", "}", "${A:-", "pg_dump ", "-c x=1 ",
        "\n", "2>&1",
    ];
    damage("shell commands", &seeds(|name| name.ends_with(".sh") || name.ends_with(".yaml") || name.ends_with(".yml")), &pieces, |text| {
        let _ = shell_words::commands(text);
    });
}
