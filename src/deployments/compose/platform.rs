//! Docker Compose as a platform: its files → projects, each with the variables that `docker compose` would take.

use std::sync::Arc;

use rayon::prelude::*;

use super::problems::{is_whole_project, problems};
use super::project::{ComposeProject, read};
use super::{KIND, Variables};
use crate::deployments::{Described, Describes, Given, Missing, Project, VariableFile};
use crate::formats::{FileKind, dotenv};
use crate::model::{Cuts, Platform};
use crate::text::{Files, Source};

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
        let project = |source: &Arc<Source>| project(read(source, given.files, &variables, given.env_files.is_some()), given.files);
        Described { projects: sources.par_iter().map(project).collect(), cuts }
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
