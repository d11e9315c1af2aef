//! Ignore comments of every text that was read.

use std::sync::Arc;

use super::discover::{Kind, Recognised};
use crate::deployments::compose::ComposeProject;
use crate::exceptions::{CommentedText, Suppressions};
use crate::formats::yaml::{self, Node};
use crate::formats::{Comment, dotenv, pg_conf, pg_hba, pgbouncer_ini};
use crate::text::{Files, Source, Span};

/// The words that an ignore comment begins with.
const MARK: &str = "gonogo:";

/// How the comments of one kind of file are found.
type Grammar = fn(&Source) -> Vec<Comment>;

/// One text with an ignore comment, and what such a comment can hold for.
struct Text {
    source: Arc<Source>,
    comments: Vec<Comment>,
    blocks: Vec<Span>,
    backslash_joins_lines: bool,
}

/// The ignore comments of every text that was read.
pub(super) fn suppressions(projects: &[ComposeProject], recognised: &Recognised, files: &Files) -> Suppressions {
    let mut texts: Vec<Text> = Vec::new();
    for project in projects {
        if let Ok(source) = files.read(&project.path)
            && source.text().contains(MARK)
        {
            let blocks = blocks(&source);
            texts.push(Text { source, comments: project.comments.clone(), blocks, backslash_joins_lines: false });
        }
    }
    for source in recognised.of(Kind::Patroni).iter().filter(|source| source.text().contains(MARK)) {
        let comments = yaml::parse(source).comments;
        texts.push(Text { source: Arc::clone(source), comments, blocks: blocks(source), backslash_joins_lines: false });
    }
    let grammars: [(Kind, Grammar, bool); 6] = [
        (Kind::PgConf, |source| pg_conf::parse(source).comments, false),
        (Kind::PgAutoConf, |source| pg_conf::parse(source).comments, false),
        (Kind::PgHba, hba_comments, true),
        (Kind::PgIdent, hba_comments, true),
        (Kind::PgbouncerIni, |source| pgbouncer_ini::parse(source).comments, false),
        (Kind::Dotenv, |source| dotenv::parse(source).comments, false),
    ];
    for (kind, comments, joins) in grammars {
        for source in recognised.of(kind).iter().filter(|source| source.text().contains(MARK)) {
            texts.push(Text { source: Arc::clone(source), comments: comments(source), blocks: Vec::new(), backslash_joins_lines: joins });
        }
    }
    Suppressions::collect(texts.iter().map(|text| CommentedText {
        source: &text.source,
        comments: &text.comments,
        blocks: &text.blocks,
        backslash_joins_lines: text.backslash_joins_lines,
    }))
}

fn hba_comments(source: &Source) -> Vec<Comment> {
    let document = pg_hba::parse(source);
    pg_hba::records(&document, true).into_iter().filter_map(|line| line.comment).collect()
}

/// The mappings of a YAML text, each from its key to its end: an ignore comment before one holds for all of it.
fn blocks(source: &Source) -> Vec<Span> {
    let mut found = Vec::new();
    for document in &yaml::parse(source).documents {
        collect_blocks(document, &mut found);
    }
    found
}

fn collect_blocks(node: &Node, found: &mut Vec<Span>) {
    for entry in node.written_entries().unwrap_or_default().iter().filter(|entry| entry.value.alias.is_none()) {
        if entry.value.is_mapping() || entry.value.items().is_some() {
            found.push(entry.key.span.to(entry.value.span));
        }
        collect_blocks(&entry.value, found);
    }
    for item in node.items().unwrap_or_default().iter().filter(|item| item.alias.is_none()) {
        collect_blocks(item, found);
    }
}
