//! How long a run takes beside `cat` of the same files: `cargo bench --bench startup [FOLDER]`.
//!
//! Without a folder, one of generated files is used. Numbers are the best of several runs, with the
//! files in the cache of the system. The report is the default one, for a terminal: JSON lists every
//! outcome, and would measure the writing of tens of megabytes rather than the looking.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made ends the run")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GONOGO: &str = env!("CARGO_BIN_EXE_gonogo");

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let made = tempfile::tempdir().expect("a temporary folder");
    small_file(made.path());
    let folder = folder.unwrap_or_else(|| generate(&made.path().join("many")));
    whole_folder(&folder);
    growing_files(made.path());
}

fn small_file(folder: &Path) {
    let file = folder.join("postgresql.conf");
    fs::write(&file, "listen_addresses = 'localhost'\nfsync = on\n").expect("a file");
    let cat = best(20, || run("cat", &[&file]));
    let gonogo = best(20, || run(GONOGO, &[Path::new("lint"), Path::new("--no-local-config"), &file]));
    let bound = cat * 3 + Duration::from_millis(10);
    report("one small file", cat, gonogo, bound);
}

fn whole_folder(folder: &Path) {
    let mut files = Vec::new();
    list(folder, &mut files);
    let cat = best(5, || {
        for chunk in files.chunks(500) {
            run("cat", &chunk.iter().map(PathBuf::as_path).collect::<Vec<_>>());
        }
    });
    let gonogo = best(5, || run(GONOGO, &[Path::new("lint"), Path::new("--no-local-config"), folder]));
    report(&format!("{} files", files.len()), cat, gonogo, cat * 6);
}

/// The line of a number.
type Line<'l> = &'l dyn Fn(usize) -> String;

/// Time per byte, from 10 kB to 10 MB, for each grammar.
///
/// The first two are as long files are: different settings or rules, and comments between them. Every line of the next two
/// repeats or shadows the first, so that each is a finding under each of six major versions: no real file is as slow per byte.
fn growing_files(folder: &Path) {
    let setting = |number| format!("# of application {number}\napplication_{number}.limit = '{number} kB'\n");
    let rule = |number: usize| {
        let [a, b, c] = [number >> 16, number >> 8, number].map(|byte| byte % 256);
        format!("# of application {number}\nhostssl app{number} app{number} 10.{a}.{b}.{c}/32 scram-sha-256\n")
    };
    let always = |line: &'static str| move |_| line.to_owned();
    let kinds: [(&str, &str, Line<'_>, &str); 6] = [
        ("settings", "postgresql.conf", &setting, ""),
        ("rules", "pg_hba.conf", &rule, ""),
        ("one setting", "postgresql.conf", &always("work_mem = 4MB # one of many\n"), ""),
        ("one rule", "pg_hba.conf", &always("host db user 10.0.0.1/32 scram-sha-256\n"), ""),
        (
            "comments",
            "compose.yaml",
            &always("  # a comment in a compose file, one of many\n"),
            "services:\n  db:\n    image: postgres:16\n",
        ),
        ("one variable", ".env", &always("NAME=value # one of many\n"), ""),
    ];
    for (kind, name, line, head) in kinds {
        for size in [10_000, 100_000, 1_000_000, 10_000_000] {
            let sub = folder.join(format!("grow-{size}-{}", kind.replace(' ', "-")));
            fs::create_dir_all(&sub).expect("a folder");
            let file = sub.join(name);
            let mut text = head.to_owned();
            for number in 0.. {
                text += &line(number);
                if text.len() >= size {
                    break;
                }
            }
            fs::write(&file, &text).expect("written");
            // The largest take long enough to be measured once.
            let took =
                best(if size < 10_000_000 { 3 } else { 1 }, || run(GONOGO, &[Path::new("lint"), Path::new("--no-local-config"), &file]));
            #[expect(clippy::cast_precision_loss, reason = "for display")]
            let per_byte = took.as_nanos() as f64 / text.len() as f64;
            println!("{kind:<14} {name:<18} {size:>9} bytes  {took:>12.2?}  {per_byte:>8.1} ns/byte");
        }
    }
}

fn generate(folder: &Path) -> PathBuf {
    for number in 0..600 {
        let sub = folder.join(format!("project-{number}"));
        fs::create_dir_all(&sub).expect("a folder");
        let compose = format!(
            "services:\n  db:\n    image: postgres:{}\n    environment:\n      POSTGRES_PASSWORD: ${{DB_PASSWORD}}\n    volumes:\n      - data:/var/lib/postgresql/data\n  api:\n    image: api:1\n    depends_on: [db]\nvolumes:\n  data:\n",
            13 + number % 6
        );
        fs::write(sub.join("compose.yaml"), compose).expect("a file");
        fs::write(sub.join(".env"), "DB_PASSWORD=x\n").expect("a file");
        fs::write(sub.join("pg_hba.conf"), "local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n").expect("a file");
    }
    folder.to_owned()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

fn run(program: &str, arguments: &[&Path]) {
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok(), "{program} could not be started");
}

fn best(times: usize, mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..times).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn report(what: &str, cat: Duration, gonogo: Duration, bound: Duration) {
    let verdict = if gonogo <= bound { "within" } else { "ABOVE" };
    println!("{what:<18} cat {cat:>10.2?}   gonogo {gonogo:>10.2?}   {verdict} the bound of {bound:.2?}");
}
