//! A row as a process of an optimised build: exit code, time, memory.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gonogo::text::path::on_disk;
use libtest_mimic::Failed;

use crate::frame::{Attack, Ground, NOW, Printed, check, expect};

/// Names an optimised build of gonogo; `tests/run` makes one.
const PROGRAM: &str = "GONOGO_OPTIMISED";

/// Most time of the processor that one run may take. Time on the wall says more of what else the machine does.
const LONGEST: Duration = Duration::from_secs(2);

/// A run that hangs without working is ended after so many seconds.
const HANGS: &str = "20";

/// Runs a program with these words, and writes its exit code, seconds and kilobytes. The memory that the system tells of
/// a process is at least that of the process that began it, so this one must be small.
const MEASURE: &str = "
import resource, subprocess, sys
code = subprocess.run(sys.argv[3:], timeout=float(sys.argv[2])).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], 'w').write(f'{code} {used.ru_utime + used.ru_stime} {used.ru_maxrss}')
";

/// Most memory of one run, in bytes.
const MOST_MEMORY: u64 = 300 << 20;

/// The optimised build, or `None` with a word about the skip where it is not CI that asks.
pub fn program() -> Result<Option<String>, Failed> {
    match std::env::var(PROGRAM) {
        Ok(program) => Ok(Some(program)),
        Err(_) if std::env::var_os("CI").is_some() => Err(format!("{PROGRAM} is not set; tests/run sets it").into()),
        Err(_) => {
            eprintln!("skipped: {PROGRAM} names no optimised build; tests/run makes one");
            Ok(None)
        }
    }
}

/// The words of `lint` for a row, from within its tree.
pub fn words(row: &Attack, ground: &Ground) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["lint".into()];
    if row.paths.is_empty() {
        words.push(".".into());
    }
    words.extend(row.paths.iter().map(|path| on_disk(path).into_owned().into()));
    words.extend(["--now", NOW, "--format", "json"].map(OsString::from));
    words.extend(ground.options(row).into_iter().map(OsString::from));
    words
}

/// Runs `lint` of a row.
pub fn run(row: &Attack) -> Result<(), Failed> {
    let Some(program) = program()? else { return Ok(()) };
    let ground = Ground::of(row);
    let words = words(row, &ground);
    let (out, err) = (ground.reports().join("out"), ground.reports().join("err"));
    let measured = ground.reports().join("measured");
    let mut command = Command::new("python3");
    command.args(["-c", MEASURE]).arg(&measured).arg(HANGS).arg(program).args(&words);
    command.current_dir(ground.tree("")).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path))).stdin(Stdio::null());
    command.stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?).status()?;
    let used = Used::read(&measured).ok_or("it hung, or could not be measured with python3")?;
    let Ok(code) = u8::try_from(used.code) else {
        return Err(format!("ended by signal {}", -used.code).into());
    };
    let text = |path| std::fs::read_to_string(path).map_err(|error| Failed::from(error.to_string()));
    let printed = Printed { command: format!("{words:?}"), code, outputs: vec![("json", text(out)?), ("terminal", text(err)?)] };
    expect(row, &printed)?;
    check(row, &printed)?;
    if used.time > LONGEST {
        return Err(format!("took {:?} of the processor, at most {LONGEST:?} are allowed", used.time).into());
    }
    if used.memory > MOST_MEMORY {
        return Err(format!("took {} MB, at most {} are allowed", used.memory >> 20, MOST_MEMORY >> 20).into());
    }
    Ok(())
}

/// What a run used.
struct Used {
    /// The exit code, or a signal below zero.
    code: i32,
    time: Duration,
    /// In bytes.
    memory: u64,
}

impl Used {
    fn read(measured: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(measured).ok()?;
        let mut words = text.split(' ');
        let code = words.next()?.parse().ok()?;
        let time = Duration::from_secs_f64(words.next()?.parse().ok()?);
        Some(Self { code, time, memory: words.next()?.parse::<u64>().ok()? << 10 })
    }
}

/// Looks for the folders of the machine that built the program in the program.
pub fn names_no_builder() -> Result<(), Failed> {
    let Some(program) = program()? else { return Ok(()) };
    let bytes = std::fs::read(program)?;
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    for folder in [format!("{cargo}/"), format!("{home}/.cargo"), concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned()] {
        if bytes.windows(folder.len()).any(|window| window == folder.as_bytes()) {
            return Err(format!("the program names {folder}").into());
        }
    }
    Ok(())
}
