//! Docker Compose as a platform: its files → projects, each with the variables that `docker compose` would take.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::layers::{Stack, stacks, stated};
use super::problems::{is_whole_project, problems};
use super::project::ComposeProject;
use super::read::read_layers;
use super::{KIND, Variables};
use crate::deployments::{Described, Describes, Given, Missing, Project, VariableFile};
use crate::formats::{FileKind, dotenv};
use crate::model::{Cuts, Platform};
use crate::text::redact_text;

/// Its kinds of file.
static KINDS: [&FileKind; 1] = [&KIND];

/// Why a file is left out where others are said to be the project.
const NOT_OF_THE_PROJECT: &str = "the files of the project are named, and it is none of them (--compose-file, compose_files)";

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
        let mut others = sources.to_vec();
        let (named, left_out) = stated(given.compose_files, &mut others, given.files).unzip();
        let stacks: Vec<Stack> = named.into_iter().chain(stacks(&others, given.files)).collect();
        let read_one = |stack: &Stack| {
            let mut file = read_layers(&stack.base, &stack.over, given.files, &variables, own_env_file);
            file.missing.extend(stack.absent.iter().map(|(name, span)| Missing { path: redact_text(name), span: *span }));
            if stack.stated { file.stated() } else { file }
        };
        let files: Vec<ComposeProject> = stacks.par_iter().map(read_one).collect();
        let files = without_included(files);
        let left_out = left_out.unwrap_or_default().into_iter().map(|path| (path, NOT_OF_THE_PROJECT)).collect();
        Described { projects: files.into_iter().map(project).collect(), cuts, left_out }
    }
}

/// The projects without those whose file another one includes. Files that include one another all stay.
fn without_included(files: Vec<ComposeProject>) -> Vec<ComposeProject> {
    let mut by_included: BTreeMap<&str, Vec<&ComposeProject>> = BTreeMap::new();
    for file in &files {
        file.included.iter().for_each(|path| by_included.entry(path).or_default().push(file));
    }
    let is_taken_in = |file: &ComposeProject| {
        let by = by_included.get(file.path.as_str()).into_iter().flatten();
        by.into_iter().any(|other| other.path != file.path && !file.included.contains(&other.path))
    };
    let taken_in: Vec<bool> = files.iter().map(is_taken_in).collect();
    files.into_iter().zip(taken_in).filter(|(_, taken_in)| !taken_in).map(|(file, _)| file).collect()
}

/// What every platform says of a project.
fn project(file: ComposeProject) -> Project {
    let problems = problems(&file).into_iter().map(Arc::new).collect();
    let dotenv = file.dotenv.map(|path| VariableFile { path, raw: false }).into_iter();
    Project {
        platform: Platform::Compose,
        kind: &KIND,
        problems,
        // A layer lacks what the file below it has.
        fragment: file.fragment || !(file.stated || is_whole_project(&file.path)),
        template: file.template.is_some(),
        missing: file.missing,
        layers: file.layers,
        dotenvs: dotenv.chain(file.env_files).collect(),
        path: file.path,
        placements: file.placements,
        broken_at: file.broken_at,
        cut_at: file.cut_at,
        cuts: file.cuts,
        notes: file.notes,
    }
}
