//! A row as a process of an optimised build: exit code, time, memory.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gonogo::text::path::on_disk;
use libtest_mimic::Failed;
use wait4::Wait4;

use crate::frame::{Attack, Ground, NOW, Printed, check, expect};

/// Names an optimised build of gonogo; `tests/run` makes one.
const PROGRAM: &str = "GONOGO_OPTIMISED";

/// Longest time of one run.
const LONGEST: Duration = Duration::from_secs(2);

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
    let mut command = Command::new(program);
    command.args(&words).current_dir(ground.tree("")).env_clear().stdin(Stdio::null());
    command.stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?);
    let start = Instant::now();
    let mut child = command.spawn()?;
    let used = child.wait4()?;
    let elapsed = start.elapsed();
    let Some(code) = used.status.code().and_then(|code| u8::try_from(code).ok()) else {
        return Err(format!("ended by a signal: {}", used.status).into());
    };
    let text = |path| std::fs::read_to_string(path).map_err(|error| Failed::from(error.to_string()));
    let printed = Printed { command: format!("{words:?}"), code, outputs: vec![("json", text(out)?), ("terminal", text(err)?)] };
    expect(row, &printed)?;
    check(row, &printed)?;
    if elapsed > LONGEST {
        return Err(format!("took {elapsed:?}, at most {LONGEST:?} are allowed").into());
    }
    if used.rusage.maxrss > MOST_MEMORY {
        return Err(format!("took {} MB, at most {} are allowed", used.rusage.maxrss >> 20, MOST_MEMORY >> 20).into());
    }
    Ok(())
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
