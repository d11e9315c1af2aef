//! Ignore comments of every text that was read.

use std::sync::Arc;

use super::discover::{Kind, Recognised};
use crate::deployments::compose::ComposeProject;
use crate::exceptions::{CommentedText, Suppressions};
use crate::formats::{Comment, dotenv, pg_conf, pg_hba};
use crate::text::{Files, Source, Span};

/// The words that an ignore comment begins with.
const MARK: &str = "gonogo:";

/// The ignore comments of every text that was read.
pub(super) fn suppressions(projects: &[ComposeProject], recognised: &Recognised, files: &Files) -> Suppressions {
    let mut texts: Vec<(Arc<Source>, Vec<Comment>, Vec<Span>, bool)> = Vec::new();
    for project in projects {
        if let Ok(source) = files.read(&project.path)
            && source.text().contains(MARK)
        {
            texts.push((source, project.comments.clone(), project.blocks.clone(), false));
        }
    }
    let grammars: [(Kind, fn(&Source) -> Vec<Comment>, bool); 5] = [
        (Kind::PgConf, |source| pg_conf::parse(source).comments, false),
        (Kind::PgAutoConf, |source| pg_conf::parse(source).comments, false),
        (Kind::PgHba, |source| pg_hba::parse(source).comments, true),
        (Kind::PgIdent, |source| pg_hba::parse(source).comments, true),
        (Kind::Dotenv, |source| dotenv::parse(source).comments, false),
    ];
    for (kind, comments, joins) in grammars {
        for source in recognised.of(kind).iter().filter(|source| source.text().contains(MARK)) {
            texts.push((Arc::clone(source), comments(source), Vec::new(), joins));
        }
    }
    Suppressions::collect(texts.iter().map(|(source, comments, blocks, joins)| CommentedText {
        source,
        comments,
        blocks,
        backslash_joins_lines: *joins,
    }))
}
