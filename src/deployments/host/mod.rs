//! The machine as a platform: what its cron tables run, and backup scripts that lie beside the rest.
//!
//! A job is a workload with one command. Scripts that it names are those of the tree that have the same name; all other paths are
//! paths of the machine, which stay.

mod comments;
mod crontab;
mod job;
mod script;

use std::collections::BTreeSet;

use self::job::Scripts;
use super::{Described, Describes, Given, Project};
use crate::formats::FileKind;
use crate::model::{Cuts, Placement, Platform};

pub use script::KIND as SCRIPT;

/// Its kinds of file.
static KINDS: [&FileKind; 2] = [&crontab::KIND, &script::KIND];

/// The machine.
pub struct Host;

impl Describes for Host {
    fn platform(&self) -> Platform {
        Platform::Host
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &KINDS
    }

    fn describe(&self, given: &Given<'_>) -> Described {
        let scripts = given.recognised.of(&script::KIND);
        let by_name = Scripts::of(scripts);
        let mut projects: Vec<Project> = Vec::new();
        for source in given.recognised.of(&crontab::KIND) {
            let (placements, cut_at) = crontab::jobs(source, &by_name);
            projects.push(Project { cut_at, ..project(&crontab::KIND, source.path(), placements) });
        }
        for source in scripts {
            projects.push(project(&script::KIND, source.path(), vec![script::alone(source)]));
        }
        Described { projects, ..Described::default() }
    }
}

fn project(kind: &'static FileKind, path: &str, placements: Vec<Placement>) -> Project {
    Project {
        platform: Platform::Host,
        kind,
        path: path.to_owned(),
        placements,
        fragment: true,
        template: false,
        broken_at: None,
        cut_at: None,
        cuts: Cuts::default(),
        notes: Vec::new(),
        missing: Vec::new(),
        layers: Vec::new(),
        dotenvs: Vec::new(),
        problems: Vec::new(),
    }
}

/// Drops what stands for a script alone where a workload or a cron table runs that script: it is judged there.
pub fn without_run_elsewhere(projects: &mut Vec<Project>) {
    let is_alone = |project: &Project| project.kind == &script::KIND;
    let mounts = projects.iter().filter(|project| !is_alone(project)).flat_map(|project| &project.placements).flat_map(|of| &of.mounts);
    let run: BTreeSet<String> = mounts.filter_map(|mount| mount.source_path.clone()).collect();
    let is_run =
        |path: &str| run.contains(path) || path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|folder| run.contains(folder)));
    projects.retain(|project| !is_alone(project) || !is_run(&project.path));
}
