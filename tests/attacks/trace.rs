//! A row under strace: what the process really opens.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

use crate::frame::{Attack, Ground};
use crate::process::{program, words};

/// What every program of this system opens: libraries, and what the machine is.
const OF_THE_SYSTEM: [&str; 10] = [
    "/lib",
    "/usr/lib",
    "/etc/ld.so",
    "/proc/self/maps",
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/sys/vm",
    "/proc/meminfo",
    "/sys/",
    "/dev/urandom",
];

/// Runs `lint` of a row, and looks at every path that it opens, makes or removes.
pub fn run(row: &Attack) -> Result<(), Failed> {
    if Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        if std::env::var_os("CI").is_some() {
            return Err("strace is not installed; tests/run installs it".into());
        }
        eprintln!("skipped: strace is not installed");
        return Ok(());
    }
    let Some(program) = program()? else { return Ok(()) };
    let ground = Ground::of(row);
    let log = ground.reports().join("strace");
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-qq", "-e", "signal=none", "-e", "trace=%file,openat2,socket,connect", "-s", "4096", "-o"])
        .arg(&log)
        .arg(program);
    command.args(words(row, &ground)).current_dir(ground.tree("")).env_clear().stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status()?;
    let tree = ground.tree("").canonicalize()?;
    let log = std::fs::read(&log)?;
    for line in String::from_utf8_lossy(&log).lines() {
        if line.contains(" socket(") || line.contains(" connect(") {
            return Err(format!("a socket: {line}").into());
        }
        let Some(call) = Call::read(line) else { continue };
        let place = resolved(&tree, &call.path);
        let of_the_system = OF_THE_SYSTEM.iter().any(|known| place.starts_with(known) || call.path.starts_with(known));
        let is_ours = place.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".gonogo-"));
        let beside = |path: &&str| is_ours && place.parent() == tree.join(path).parent();
        let named = row.writes.iter().any(beside)
            || row.writes.iter().any(|path| place == tree.join(path))
            || ground.options(row).iter().any(|option| option.ends_with(&call.path));
        if call.writes && !named {
            return Err(format!("written: {line}").into());
        }
        if call.opens && !place.starts_with(&tree) && !of_the_system && !named {
            return Err(format!("opened outside the tree: {line}").into());
        }
    }
    Ok(())
}

/// A call that succeeded, and its path.
struct Call {
    path: String,
    opens: bool,
    writes: bool,
}

impl Call {
    /// `PID name(arguments) = result`; `None` for a call that failed, that names no path, or that only passes through a folder.
    fn read(line: &str) -> Option<Self> {
        let (call, result) = line.rsplit_once(" = ")?;
        if result.starts_with('-') || call.contains("O_PATH") {
            return None;
        }
        let name = call.split('(').next()?.rsplit(' ').next()?;
        let (before, path) = (call.split('"').next()?, call.split('"').nth(1)?);
        // `openat(5</folder>, "name"`: the name is one of that folder.
        let folder = before.rsplit_once('<').and_then(|(_, folder)| folder.split_once('>'));
        let path = folder.map_or_else(|| path.to_owned(), |(folder, _)| Path::new(folder).join(path).to_string_lossy().into_owned());
        let opens = name.starts_with("open") || name == "creat";
        let changes = ["unlink", "rename", "mkdir", "rmdir", "link", "symlink", "mknod", "chmod", "chown", "truncate", "utime", "setxattr"];
        let writes = name == "creat"
            || opens && ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag))
            || changes.iter().any(|change| name.contains(change) && !name.contains("read"));
        Some(Self { path, opens, writes })
    }
}

/// Where a path leads: from the tree, links followed as the system followed them.
fn resolved(tree: &Path, path: &str) -> PathBuf {
    let whole = if path.starts_with('/') { PathBuf::from(path) } else { tree.join(path) };
    if let Ok(real) = whole.canonicalize() {
        return real;
    }
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}
