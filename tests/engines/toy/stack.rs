//! A platform that exists in tests only: one workload to a `run` line, and what it has on the lines below it.

use gonogo::deployments::{Described, Describes, Given, Missing, Note, Platforms, Project};
use gonogo::formats::{Claim, FileKind};
use gonogo::model::{Cuts, Gap, ImageReference, Mount, MountKind, Placement, Platform, Port, Problem};
use gonogo::text::path::folder_of;
use gonogo::text::{Source, Span};

use super::grammar::commented;

/// The platform; it takes the place of one that no room reads yet.
pub struct Stack;

/// All that a run with it knows.
pub static PLATFORMS: Platforms = Platforms(&[&Stack]);

static KINDS: [&FileKind; 1] = [&STACK];

/// Its kind of file.
pub static STACK: FileKind = FileKind {
    name: "toy stack",
    claims: |path, _| if path.ends_with(".stack") { Claim::Yes } else { Claim::No },
    comments: Some(commented),
    has_copies: false,
    may_be_template: true,
    open: None,
    describes: true,
};

impl Describes for Stack {
    fn platform(&self) -> Platform {
        Platform::Kubernetes
    }

    fn kinds(&self) -> &'static [&'static FileKind] {
        &KINDS
    }

    fn describe(&self, given: &Given<'_>) -> Described {
        let projects = given.recognised.of(&STACK).iter().map(|source| project(source, given)).collect();
        Described { projects, cuts: Cuts::default(), left_out: Vec::new() }
    }
}

fn project(source: &Source, given: &Given<'_>) -> Project {
    let mut project = Project {
        platform: Platform::Kubernetes,
        kind: &STACK,
        path: source.path().to_owned(),
        placements: Vec::new(),
        fragment: false,
        template: false,
        broken_at: None,
        cut_at: None,
        cuts: Cuts::default(),
        notes: Vec::new(),
        missing: Vec::new(),
        layers: Vec::new(),
        dotenvs: Vec::new(),
        problems: Vec::new(),
    };
    for (line, span) in lines(source) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let placement = project.placements.last_mut();
        match (word, placement) {
            ("run", _) => project.placements.push(placement_of(rest, span, source)),
            ("include", _) if given.files.read(rest).is_err() => project.missing.push(Missing { path: rest.to_owned(), span }),
            ("image", Some(placement)) => placement.image = Some(image(rest, span)),
            ("publish", Some(placement)) => placement.ports.push(port(rest, span)),
            ("mount", Some(placement)) => placement.mounts.extend(mount(rest, span, source)),
            ("inherits", Some(placement)) => {
                placement.incomplete.push(Gap::of_all("inherits", span));
                project.notes.push(Note { message: format!("what {} inherits was not read", placement.name), span });
            }
            _ => project.problems.push(
                Problem { code: "syntax-error", key: word.to_owned(), span: Some(span), fatal: true, ..Problem::default() }.record().into(),
            ),
        }
    }
    project
}

/// Lines that say something, without what is around them.
fn lines(source: &Source) -> Vec<(&str, Span)> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in source.text().split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        let text = line.split('#').next().unwrap().trim();
        if !text.is_empty() {
            lines.push((text, source.span(start, start + text.len())));
        }
        at += line.len();
    }
    lines
}

fn placement_of(name: &str, span: Span, source: &Source) -> Placement {
    let mut placement = Placement::named(Platform::Kubernetes, format!("run/{name}"), name, span, span, source.path());
    folder_of(source.path()).clone_into(&mut placement.directory);
    placement
}

fn image(text: &str, span: Span) -> ImageReference {
    let (repository, tag) = text.split_once(':').map_or((text, None), |(repository, tag)| (repository, Some(tag.to_owned())));
    ImageReference { text: text.to_owned(), registry: None, repository: repository.to_owned(), tag, digest: None, span }
}

fn port(text: &str, span: Span) -> Port {
    Port {
        host_address: None,
        published: Some(text.to_owned()),
        target: text.parse().ok(),
        target_end: None,
        protocol: "tcp".to_owned(),
        unresolved: None,
        span,
    }
}

fn mount(text: &str, span: Span, source: &Source) -> Option<Mount> {
    let (from, target) = text.split_once(' ')?;
    let folder = folder_of(source.path());
    let path = if folder.is_empty() { from.to_owned() } else { format!("{folder}/{from}") };
    Some(Mount {
        value: None,
        storage: None,
        kind: MountKind::Bind,
        source: Some(from.to_owned()),
        source_path: Some(path),
        target: target.to_owned(),
        read_only: true,
        content: None,
        span,
    })
}
