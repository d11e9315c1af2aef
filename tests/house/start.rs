//! What the start costs: a rule that concerns nothing must not be read.

use std::path::PathBuf;
use std::process::Command;

/// Most instructions of `lint` on a `pg_hba.conf` of two lines.
const MOST: u64 = 25_000_000;

/// Those of the program that `GONOGO_OPTIMISED` names, counted by valgrind where it is installed.
#[test]
fn the_start_is_cheap() {
    let installed = Command::new("valgrind").arg("--version").output().is_ok_and(|ran| ran.status.success());
    let Some(program) = std::env::var_os("GONOGO_OPTIMISED").map(PathBuf::from).filter(|_| installed) else {
        eprintln!("skipped: needs valgrind, and GONOGO_OPTIMISED to name an optimised build");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pg_hba.conf");
    std::fs::write(&file, "local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n").unwrap();
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["lint", "--no-local-config"])
        .arg(&file)
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    let counted = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<u64>().ok());
    let counted = counted.unwrap_or_else(|| panic!("valgrind counted nothing: {said}"));
    assert!(counted <= MOST, "{counted} instructions, at most {MOST} are admitted");
}
