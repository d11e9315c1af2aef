//! Paths that a tree names: nothing outside it is read, nothing hangs, nothing disappears in silence.

use crate::frame::{Attack, attack};

pub fn rows() -> Vec<Attack> {
    vec![
        attack("a-quiet-tree", |_| {}).as_process().traced(),
        attack("an-include-leads-out-of-the-tree", |ground| {
            ground.write("db/postgresql.conf", format!("include '{}'\nwork_mem = 4MB\n", ground.outside("postgresql.conf").display()));
        })
        .as_process()
        .traced(),
    ]
}
