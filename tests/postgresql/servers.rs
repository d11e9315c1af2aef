//! Real servers, where the environment names them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Majors and programs of `GONOGO_POSTGRES`; none when it is not set.
pub(crate) fn servers() -> Vec<(u32, String)> {
    let servers = std::env::var("GONOGO_POSTGRES").unwrap_or_default();
    let pairs = servers.split(',').filter_map(|server| server.split_once('='));
    pairs.map(|(major, program)| (major.parse().unwrap(), program.to_owned())).collect()
}

/// Whether the tests run as root, which servers refuse.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// A server program in a directory, with nothing of this environment.
///
/// Servers refuse to run as root: root asks as the user 65534.
pub(crate) fn command(program: &str, directory: &Path) -> Command {
    std::fs::set_permissions(directory, PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").current_dir(directory);
    if is_root() {
        command.uid(65534).gid(65534);
    }
    command
}

/// Runs a server program in a directory and answers its output, its complaints, and whether it succeeded.
pub(crate) fn run(program: &str, directory: &Path, arguments: &[&str]) -> (String, String, bool) {
    let output = command(program, directory).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.success())
}
