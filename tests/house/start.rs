//! What the start costs: a rule that concerns nothing must not be read.

use std::ffi::OsStr;

use crate::callgrind;

/// Most instructions of `lint` on a `pg_hba.conf` of two lines.
const MOST: u64 = 25_000_000;

/// Those of the program that `GONOGO_OPTIMISED` names, counted by valgrind where it is installed.
#[test]
fn the_start_is_cheap() {
    let Some(program) = callgrind::optimised() else {
        eprintln!("skipped: needs valgrind, and GONOGO_OPTIMISED to name an optimised build");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pg_hba.conf");
    std::fs::write(&file, "local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n").unwrap();
    let words = [OsStr::new("lint"), OsStr::new("--no-local-config"), file.as_os_str()];
    let counted = callgrind::instructions(&program, words);
    assert!(counted <= MOST, "{counted} instructions, at most {MOST} are admitted");
}
