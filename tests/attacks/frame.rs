//! What a row of the table is, the ground that it is played on, and what holds for every row.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use gonogo::text::path::on_disk;
use libtest_mimic::Failed;

use crate::oracle;

/// Written by rows wherever a secret can be; it must be in no output.
pub const CANARY: &str = "Kanarie9vogel";

/// In every file outside the tree; it must be in no output.
pub const OUTSIDE: &str = "Aussen7tuer";

/// The date of every run.
pub const NOW: &str = "2026-11-20";

/// Longest time that all commands of a row may take together in an unoptimised build.
const LONGEST: Duration = Duration::from_secs(120);

/// One row of the table.
pub struct Attack {
    pub name: &'static str,
    prepare: Box<dyn Fn(&Ground) + Send + Sync>,
    /// Exit codes that `lint` and `audit` may have.
    pub codes: Vec<u8>,
    /// Words that `lint` must print.
    pub says: Vec<&'static str>,
    /// Words that no command may print.
    pub never: Vec<&'static str>,
    /// Options of `lint` and `audit`; `{tree}` and `{outside}` stand for the two folders.
    pub options: Vec<&'static str>,
    /// What is audited, from the tree; the tree itself without it. A byte that is not UTF-8 is written `\xE9`.
    pub paths: Vec<&'static str>,
    /// Paths that a run may write, from the tree.
    pub writes: Vec<&'static str>,
    pub as_process: bool,
    pub traced: bool,
    /// Whether the honest file's finding need not be reported.
    pub alone: bool,
    /// Further runs, by a shell.
    shell: Vec<Script>,
    /// What must be so at the end.
    leaves: Vec<Box<dyn Fn(&Ground) + Send + Sync>>,
}

/// What a shell runs, its exit code and words that it prints.
struct Script {
    text: &'static str,
    code: u8,
    says: &'static [&'static str],
}

/// Exit code of a script that cannot be run on this machine.
const SKIPPED: u8 = 77;

/// An attack with the usual outcome.
pub fn attack(name: &'static str, prepare: impl Fn(&Ground) + Send + Sync + 'static) -> Attack {
    Attack {
        name,
        prepare: Box::new(prepare),
        codes: vec![1],
        says: Vec::new(),
        never: Vec::new(),
        options: Vec::new(),
        paths: Vec::new(),
        writes: Vec::new(),
        as_process: false,
        traced: false,
        alone: false,
        shell: Vec::new(),
        leaves: Vec::new(),
    }
}

impl Attack {
    /// Exit codes that `lint` and `audit` may have, instead of 1.
    pub fn exits(mut self, codes: &[u8]) -> Self {
        self.codes = codes.to_vec();
        self
    }

    /// Words that `lint` must print, on either stream.
    pub fn says(mut self, words: &[&'static str]) -> Self {
        self.says.extend(words);
        self
    }

    /// Words that no command may print.
    pub fn never(mut self, words: &[&'static str]) -> Self {
        self.never.extend(words);
        self
    }

    /// Options of `lint` and `audit`.
    pub fn options(mut self, options: &[&'static str]) -> Self {
        self.options.extend(options);
        self
    }

    /// What is audited, instead of the whole tree.
    pub fn paths(mut self, paths: &[&'static str]) -> Self {
        self.paths.extend(paths);
        self
    }

    /// Paths that a run may write.
    pub fn writes(mut self, paths: &[&'static str]) -> Self {
        self.writes.extend(paths);
        self
    }

    /// The honest file is not audited, or not reported for a reason that the row is about.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Also runs this in the tree, by bash; `$GONOGO` is the program, `$OUTSIDE` the other folder, exit 77 a skip.
    pub fn shell(mut self, text: &'static str, code: u8, says: &'static [&'static str]) -> Self {
        self.shell.push(Script { text, code, says });
        self
    }

    /// Looks at the ground after all runs; panics where something is wrong.
    pub fn leaves(mut self, look: impl Fn(&Ground) + Send + Sync + 'static) -> Self {
        self.leaves.push(Box::new(look));
        self
    }

    /// Runs as a process of an optimised build as well.
    pub fn as_process(mut self) -> Self {
        self.as_process = true;
        self
    }

    /// Runs under strace as well.
    pub fn traced(mut self) -> Self {
        self.traced = true;
        self
    }
}

/// Two folders: the tree that is audited, and what lies outside it.
pub struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    /// The ground of a row, made anew.
    pub fn of(row: &Attack) -> Self {
        let ground = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(ground.tree(".git")).unwrap();
        ground.write("good/postgresql.conf", "fsync = off\n");
        ground.write_outside("secret.txt", format!("{OUTSIDE}\npassword = {OUTSIDE}\n"));
        ground.write_outside("postgresql.conf", format!("full_page_writes = off # {OUTSIDE}\nwork_mem = '{OUTSIDE}'\n"));
        (row.prepare)(&ground);
        ground
    }

    /// A path in the tree.
    pub fn tree(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("tree").join(path)
    }

    /// A path outside the tree.
    pub fn outside(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("outside").join(path)
    }

    /// Where reports of a run go.
    pub fn reports(&self) -> PathBuf {
        let folder = self.folder.path().join("reports");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        write(&self.tree(path), bytes.as_ref());
    }

    pub fn write_outside(&self, path: &str, bytes: impl AsRef<[u8]>) {
        write(&self.outside(path), bytes.as_ref());
    }

    /// A link in the tree; `target` is relative to its folder, or absolute.
    pub fn link(&self, path: impl AsRef<Path>, target: impl AsRef<Path>) {
        let path = self.tree(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// A named pipe in the tree, which hangs whoever opens it.
    pub fn fifo(&self, path: &str) {
        let path = self.tree(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    /// A file of a size that takes no room.
    pub fn sparse(&self, path: &str, size: u64) {
        self.write(path, "");
        fs::OpenOptions::new().write(true).open(self.tree(path)).unwrap().set_len(size).unwrap();
    }

    /// Options of a row, with its folders put in.
    pub fn options(&self, row: &Attack) -> Vec<String> {
        let put_in = |option: &&str| {
            option.replace("{tree}", &self.tree("").to_string_lossy()).replace("{outside}", &self.outside("").to_string_lossy())
        };
        row.options.iter().map(put_in).collect()
    }

    /// What is below the two folders: kind, mode, length and content of each entry.
    pub fn picture(&self) -> BTreeMap<Vec<u8>, String> {
        let mut picture = BTreeMap::new();
        for folder in [self.tree(""), self.outside("")] {
            draw(&folder, &mut picture);
        }
        picture
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn draw(path: &Path, picture: &mut BTreeMap<Vec<u8>, String>) {
    // A path may be longer than the system opens.
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let kind = metadata.file_type();
    let content = if kind.is_symlink() {
        fs::read_link(path).unwrap().display().to_string()
    } else if kind.is_file() && metadata.blocks() < 4096 && metadata.len() < 1 << 22 {
        format!(
            "{:?}",
            fs::read(path).map(|bytes| bytes.iter().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))))
        )
    } else {
        format!("fifo {}", kind.is_fifo())
    };
    // A folder that gets an entry is as it was but for its length.
    let size = if kind.is_dir() { 0 } else { metadata.len() };
    picture.insert(path.as_os_str().as_bytes().to_vec(), format!("{kind:?} {:o} {size} {content}", metadata.mode()));
    if kind.is_dir() {
        fs::read_dir(path).into_iter().flatten().for_each(|entry| draw(&entry.unwrap().path(), picture));
    }
}

/// What a command printed.
#[derive(Debug)]
pub struct Printed {
    pub command: String,
    pub code: u8,
    /// What each stream and each file holds, with the format that it is in.
    pub outputs: Vec<(&'static str, String)>,
}

/// Formats that write to a file in the run of `audit`; the terminal's goes to standard output.
const FORMATS: [&str; 6] = ["json", "sarif", "markdown", "junit", "gitlab", "github"];

/// Plays a row with every command, in this process.
pub fn in_process(row: &'static Attack) -> Result<(), Failed> {
    let (done, wait) = mpsc::channel();
    let player = std::thread::Builder::new().name(row.name.to_owned()).stack_size(16 << 20);
    let playing = player.spawn(move || {
        let outcome = play(row);
        let _ = done.send(());
        outcome
    });
    match wait.recv_timeout(LONGEST) {
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("still running after {LONGEST:?}").into()),
        _ => playing?.join().map_err(|_| Failed::from("a panic"))?,
    }
}

fn play(row: &Attack) -> Result<(), Failed> {
    let ground = Ground::of(row);
    let before = ground.picture();
    let options = ground.options(row);
    let paths: Vec<OsString> = if row.paths.is_empty() {
        vec![ground.tree("").into()]
    } else {
        row.paths.iter().map(|path| ground.tree(on_disk(path)).into()).collect()
    };
    let run = |command: &str, more: &[&str], shared: &[String]| {
        let mut words: Vec<OsString> = vec!["gonogo".into(), command.into()];
        words.extend(paths.iter().cloned());
        words.extend(["--now", NOW].iter().chain(more).map(OsString::from));
        words.extend(shared.iter().map(OsString::from));
        run_here(&words)
    };
    let lint = run("lint", &["--format", "json"], &options);
    expect(row, &lint)?;
    let reports = ground.reports();
    let files: Vec<String> = FORMATS.iter().map(|format| format!("{format}={}", reports.join(format).display())).collect();
    let formats: Vec<&str> = files.iter().flat_map(|file| ["--format", file.as_str()]).collect();
    let mut audit = run("audit", &[&["--format", "terminal"], formats.as_slice()].concat(), &options);
    for format in FORMATS {
        if let Ok(text) = fs::read_to_string(reports.join(format)) {
            audit.outputs.push((format, text));
        }
    }
    if !row.codes.contains(&audit.code) && !(row.codes == [0] && audit.code <= 3) {
        return Err(format!("audit exits {}, expected {:?}\n{:.4000}", audit.code, row.codes, text_of(&audit)).into());
    }
    let shared: Vec<String> = input_options(&options);
    let others = [
        run("show", &["--all"], &shared),
        run("show", &["--format", "json"], &shared),
        run("show", &["--who-can-connect"], &shared),
        run("fix", &["--unsafe"], &shared),
        run("init", &["--output", "-"], &shared),
    ];
    for printed in [&lint, &audit].into_iter().chain(&others) {
        check(row, printed)?;
    }
    for script in &row.shell {
        run_script(row, &ground, script)?;
    }
    row.leaves.iter().for_each(|look| look(&ground));
    let mut after = ground.picture();
    let mut before = before;
    for path in &row.writes {
        let path = ground.tree(path).as_os_str().as_bytes().to_vec();
        (after.remove(&path), before.remove(&path));
    }
    if before != after {
        let changed: Vec<String> = after
            .iter()
            .filter(|(path, picture)| before.get(*path) != Some(picture))
            .map(|(path, picture)| format!("{}: {:?} -> {picture}", String::from_utf8_lossy(path), before.get(path)))
            .collect();
        return Err(format!("written though nothing was named: {changed:#?}").into());
    }
    Ok(())
}

/// Runs a script of a row in its tree.
fn run_script(row: &Attack, ground: &Ground, script: &Script) -> Result<(), Failed> {
    let mut command = std::process::Command::new("bash");
    command.arg("-c").arg(script.text).current_dir(ground.tree("")).stdin(std::process::Stdio::null());
    command.env("GONOGO", env!("CARGO_BIN_EXE_gonogo")).env("OUTSIDE", ground.outside(""));
    let output = command.output()?;
    let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| format!("NOT UTF-8: {error}"));
    let outputs = vec![("terminal", text(output.stdout)), ("terminal", text(output.stderr))];
    let code = output.status.code().and_then(|code| u8::try_from(code).ok()).ok_or("ended by a signal")?;
    let printed = Printed { command: script.text.to_owned(), code, outputs };
    let all = text_of(&printed);
    if code == SKIPPED {
        eprintln!("skipped: {} ({all})", script.text);
        return Ok(());
    }
    if code != script.code {
        return Err(format!("`{}` exits {code}, expected {}\n{all}", script.text, script.code).into());
    }
    if let Some(word) = script.says.iter().find(|word| !all.contains(**word)) {
        return Err(format!("`{}` does not say `{word}`\n{all}", script.text).into());
    }
    check(row, &printed)
}

/// The options that every command takes.
fn input_options(options: &[String]) -> Vec<String> {
    const TAKING_ONE: [&str; 7] = ["--config", "--rules", "--env-file", "--as", "--engine-version", "--use-env", "--memory"];
    let mut shared = Vec::new();
    let mut words = options.iter();
    while let Some(word) = words.next() {
        let name = word.split('=').next().unwrap_or(word);
        if TAKING_ONE.contains(&name) {
            shared.push(word.clone());
            if !word.contains('=') {
                shared.extend(words.next().cloned());
            }
        }
    }
    shared
}

/// Runs a command line in this process.
pub fn run_here(words: &[OsString]) -> Printed {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = gonogo::cli::run(words, &mut out, &mut err);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| format!("NOT UTF-8: {error}"));
    let json = words.iter().any(|word| word == "json");
    let command = words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let format = match words.get(1).and_then(|word| word.to_str()) {
        _ if json => "json",
        Some("fix") if !words.iter().any(|word| word == "--apply") => "diff",
        Some("init") => "toml",
        _ => "terminal",
    };
    Printed { command, code, outputs: vec![(format, text(out)), ("terminal", text(err))] }
}

/// What a row expects of `lint`.
pub fn expect(row: &Attack, lint: &Printed) -> Result<(), Failed> {
    let all = text_of(lint);
    if !row.codes.contains(&lint.code) {
        return Err(format!("lint exits {}, expected {:?}\n{all:.4000}", lint.code, row.codes).into());
    }
    for word in &row.says {
        if !all.contains(word) {
            return Err(format!("lint does not say `{word}`\n{all:.4000}").into());
        }
    }
    if lint.code != 2 && !row.alone && !all.contains("postgresql-fsync-off") {
        return Err(format!("the honest file is not reported\n{all:.4000}").into());
    }
    Ok(())
}

/// What holds for everything that is printed.
pub fn check(row: &Attack, printed: &Printed) -> Result<(), Failed> {
    if printed.code > 4 {
        return Err(format!("{} exits {}\n{:.4000}", printed.command, printed.code, text_of(printed)).into());
    }
    for (format, text) in &printed.outputs {
        for word in [CANARY, OUTSIDE].iter().chain(&row.never) {
            if let Some(line) = text.lines().find(|line| line.contains(word)) {
                return Err(format!("{} prints `{word}` ({format}): {line:.400}", printed.command).into());
            }
        }
        if let Err(why) = oracle::is_harmless(text, format) {
            return Err(format!("{} ({format}): {why}", printed.command).into());
        }
    }
    Ok(())
}

fn text_of(printed: &Printed) -> String {
    printed.outputs.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
}

/// How many rows there must be of each sort.
pub fn counts(rows: &[Attack]) -> Result<(), Failed> {
    let number = |of: fn(&&Attack) -> bool| rows.iter().filter(of).count();
    let (all, processes, traced) = (rows.len(), number(|row| row.as_process), number(|row| row.traced));
    if all >= 200 && processes >= 40 && traced >= 15 {
        return Ok(());
    }
    Err(format!("{all} rows, {processes} as processes, {traced} under strace; expected 200, 40, 15").into())
}
