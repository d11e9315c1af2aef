//! The table of attacks: what somebody who writes every file of a pull request could try, and what must come of it.
//!
//! A row makes a tree (`ground.write`, `ground.link`, …) beside one honest file, `good/postgresql.conf` with `fsync = off`,
//! and says what differs from the usual outcome. Each row is a test, `cargo test --test attacks NAME`:
//!
//! ```ignore
//! attack("rules-name-a-file-outside", |ground| {
//!     ground.write("gonogo.toml", format!("rules = [\"{}\"]\n", ground.outside("secret.txt").display()));
//! })
//! .exits(&[2])                    // `lint` and `audit`; without it 1, for the honest file's finding
//! .says(&["outside the project"]) // all in what `lint` prints
//! .shell("$GONOGO init", 2, &["exists"]) // a further run in the tree, with its exit code and words
//! .leaves(|ground| …)             // looks at the ground at the end
//! .as_process()                   // also as a process of an optimised build: exit code, 2 s, 300 MB
//! .traced()                       // also under strace: nothing opened outside the tree
//! ```
//!
//! What holds for every row and need not be said: no panic; a documented exit code; [`frame::CANARY`], which a row
//! writes wherever a secret can be, and [`frame::OUTSIDE`], which is in every file outside the tree, are in no
//! output; nothing in an output is executed by a terminal or by a CI service; the honest file's finding is still
//! reported (unless the exit code is 2); nothing is written, in the tree or beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, reason = "tests")]

mod frame;
mod oracle;
mod process;
mod statements;
mod trace;

mod explosions;
mod output;
mod paths;
mod secrets;
mod writes;

use std::collections::BTreeSet;
use std::process::ExitCode;

use frame::Attack;
use libtest_mimic::{Arguments, Trial};

/// Rows of every kind of attack; a new kind is one file and one line.
fn rows() -> Vec<Attack> {
    [explosions::rows(), output::rows(), paths::rows(), secrets::rows(), writes::rows()].into_iter().flatten().collect()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let rows: &'static [Attack] = Vec::leak(rows());
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len(), "two rows have one name");
    let mut trials = vec![
        Trial::test("the-table-is-large-enough", || frame::counts(rows)),
        Trial::test("the-program-names-no-path-of-its-builder", process::names_no_builder),
        Trial::test("each-statement-of-security-md-has-a-test", || statements::each_has_a_test(rows)),
    ];
    for row in rows {
        trials.push(Trial::test(row.name, || frame::in_process(row)));
        if row.as_process {
            trials.push(Trial::test(format!("{} (process)", row.name), || process::run(row)));
        }
        if row.traced {
            trials.push(Trial::test(format!("{} (strace)", row.name), || trace::run(row)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
