//! Programs that dump or copy databases, as the sections of their engines list them.

use crate::model::Engine;
use crate::model::footprint::{BackupProgram, Footprint};
use crate::workloads::footprints;

fn known(program: &str) -> impl Iterator<Item = &'static BackupProgram> {
    footprints::ALL.iter().flat_map(|footprint| footprint.backups).filter(move |known| known.programs.contains(&program))
}

/// The engines whose databases a program dumps.
pub(super) fn engines(program: &str) -> Vec<Engine> {
    let of = |footprint: &&Footprint| footprint.backups.iter().any(|known| known.programs.contains(&program));
    footprints::ALL.iter().filter(of).map(|footprint| footprint.engine).collect()
}

/// Whether a program dumps or copies databases.
pub(super) fn is_dump_program(program: &str) -> bool {
    known(program).next().is_some()
}

/// Whether a call of a backup program makes a copy of a whole server.
pub(super) fn is_whole(program: &str, arguments: &[String]) -> bool {
    let has = |word: &&str| arguments.iter().any(|argument| argument == word);
    let copies =
        |known: &BackupProgram| (known.commands.is_empty() || known.commands.iter().any(has)) && known.option.as_ref().is_none_or(has);
    known(program).any(copies) && !has(&"--version") && !has(&"--help")
}
