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

/// Runs a server program in a directory and answers its output, its complaints, and whether it succeeded.
pub(crate) fn run(program: &str, directory: &Path, arguments: &[&str]) -> (String, String, bool) {
    std::fs::set_permissions(directory, PermissionsExt::from_mode(0o755)).unwrap();
    let output = as_nobody(program, directory).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.success())
}

/// A server program that works in a directory, and in no locale. Servers refuse to run as root: root runs them as the
/// user 65534.
pub(crate) fn as_nobody(program: &str, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").current_dir(directory);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// A directory in which such a program may write.
pub(crate) fn directory_of_nobody() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
    if is_root() {
        std::os::unix::fs::chown(directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    directory
}

/// The folder of the samples that a release comes with; Debian's are elsewhere.
pub(crate) fn share(program: &str) -> std::path::PathBuf {
    let root = Path::new(program).parent().unwrap().parent().unwrap();
    let major = root.file_name().unwrap().to_string_lossy().into_owned();
    let places = [root.join("share/postgresql"), root.join("share"), Path::new("/usr/share/postgresql").join(major)];
    places.into_iter().find(|share| share.join("postgresql.conf.sample").exists()).unwrap()
}

const NOBODY: u32 = 65_534;

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
