//! Docker Compose as a platform: its files → projects, each with the variables that `docker compose` would take.

use std::sync::Arc;

use rayon::prelude::*;

use super::layers::{Stack, included, stacks};
use super::problems::{is_whole_project, problems};
use super::project::{ComposeProject, read, read_layers};
use super::{KIND, Variables};
use crate::deployments::{Described, Describes, Given, Missing, Project, VariableFile};
use crate::formats::{FileKind, dotenv};
use crate::model::{Cuts, Platform};
use crate::text::Files;

/// Its kinds of file.
static KINDS: [&FileKind; 1] = [&KIND];

/// Docker Compose.
pub struct Compose;

impl Describes for Compose {
    fn platform(&self) -> Platform {
        Platform::Compose
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &KINDS
    }

    fn describe(&self, given: &Given<'_>) -> Described {
        let sources = given.recognised.of(&KIND);
        let mut variables = Variables::passed_on(given.environment);
        let mut cuts = Cuts::default();
        for source in given.env_files.unwrap_or_default() {
            cuts.extend(variables.add_file(&dotenv::parse(source)));
        }
        let variables = variables.shared_by(sources.len());
        let own_env_file = given.env_files.is_some();
        let stacks = stacks(sources, given.files);
        let read_one = |stack: &Stack| read_layers(&stack.base, &stack.over, given.files, &variables, own_env_file);
        let mut files: Vec<ComposeProject> = stacks.par_iter().map(read_one).collect();
        let included = included(&files, sources, given.files);
        files.extend(included.iter().map(|source| read(source, given.files, &variables, own_env_file)));
        Described { projects: files.into_iter().map(|file| project(file, given.files)).collect(), cuts }
    }
}

/// What every platform says of a project.
fn project(file: ComposeProject, files: &Files) -> Project {
    let missing = file.missing_includes(files).into_iter().map(|(path, span)| Missing { path, span }).collect();
    let problems = problems(&file).into_iter().map(Arc::new).collect();
    let dotenv = file.dotenv.map(|path| VariableFile { path, raw: false }).into_iter();
    Project {
        platform: Platform::Compose,
        kind: &KIND,
        problems,
        // A layer lacks what the file below it has.
        fragment: file.fragment || !is_whole_project(&file.path),
        template: file.template.is_some(),
        missing,
        dotenvs: dotenv.chain(file.env_files).collect(),
        path: file.path,
        placements: file.placements,
        broken_at: file.broken_at,
        cut_at: file.cut_at,
        cuts: file.cuts,
        notes: file.notes,
    }
}
