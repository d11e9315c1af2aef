//! Instructions of the optimised program, where valgrind is installed to count them.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// The program that `GONOGO_OPTIMISED` names, if it is there and valgrind to run it with.
pub fn optimised() -> Option<PathBuf> {
    let valgrind = Command::new("valgrind").arg("--version").output().is_ok_and(|ran| ran.status.success());
    std::env::var_os("GONOGO_OPTIMISED").map(PathBuf::from).filter(|program| valgrind && program.is_file())
}

/// How many instructions it executes in one thread.
pub fn instructions(program: &PathBuf, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> u64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(words).env("RAYON_NUM_THREADS", "1");
    let said = valgrind.output().unwrap().stderr;
    let said = String::from_utf8_lossy(&said);
    let counted = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    counted.unwrap_or_else(|| panic!("valgrind counted nothing: {said}"))
}
