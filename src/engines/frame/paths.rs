//! From the path that a server would open to the file of the project that stands for it.

use crate::model::{MountKind, Placement, Why};
use crate::text::path::{name_of, shown_text};
use crate::text::{Files, Span, Surroundings};

/// What stands at a path of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A file of the project, by its display path.
    Here(String),
    /// A file of a `configs:` entry whose text stands in the compose file.
    Inline(String, Span),
    /// Nothing is mounted there: it is the image's own, or lies on a volume.
    Inside,
    /// It is mounted or named, and cannot be seen.
    Unseen(Why),
}

/// Maps paths of one server.
#[derive(Clone, Copy, Debug)]
pub enum Paths<'a> {
    /// A container, by its mounts; of its data directory, what is not among the given files is written
    /// by the image when it starts for the first time, as on a volume.
    Container(&'a Placement, Option<&'a str>, &'a Files),
    /// A machine whose root directory is kept below this folder.
    Root(&'a str, &'a Files),
    /// A machine of which some files were given: an absolute path is looked for among the given paths, and
    /// then, by its last name, beside the main file in this folder.
    Machine(&'a str, &'a Files),
    /// A container whose files are left out.
    LeftOut(&'a Why),
}

impl Paths<'_> {
    /// What stands at an absolute path.
    #[must_use]
    pub fn find(&self, absolute: &str) -> Standing {
        match self {
            Self::Container(placement, data, files) => in_container(placement, *data, files, absolute),
            Self::Root(root, files) => {
                let path = format!("{root}{}", shown_text(absolute));
                match files.exists(&path) {
                    Ok(true) => Standing::Here(path),
                    Ok(false) => Standing::Unseen(Why::needing(format!("{absolute} was not given"), format!("add it as {path}"))),
                    Err(_) => Standing::Unseen(not_given(absolute)),
                }
            }
            Self::Machine(folder, files) => on_machine(folder, files, absolute),
            Self::LeftOut(why) => Standing::Unseen((*why).clone()),
        }
    }
}

fn not_given(path: &str) -> Why {
    Why::needing(format!("{path} was not given"), format!("name {path} on the command line too"))
}

fn on_machine(folder: &str, files: &Files, absolute: &str) -> Standing {
    if let Some(path) = files.display_of_absolute(absolute) {
        let is_there = files.exists(&path) == Ok(true);
        // On the server's own machine what is not there is missing, whatever lies elsewhere under its name.
        if is_there || files.surroundings(&path) == Surroundings::Machine {
            return Standing::Here(path);
        }
    }
    // A tree that is kept as on the machine has its `etc` or `var` where the main file is.
    if let Some(root) = root_of(folder) {
        let path = format!("{root}{}", shown_text(absolute).trim_start_matches('/'));
        if files.exists(&path) == Ok(true) {
            return Standing::Here(path);
        }
    }
    // A copy of a server's files is usually kept side by side, whatever their folders were.
    let name = &*shown_text(name_of(absolute));
    let beside = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    if !name.is_empty() && files.exists(&beside).unwrap_or(false) { Standing::Here(beside) } else { Standing::Unseen(not_given(absolute)) }
}

/// What stands before the folder of the machine that a path begins with: `hosts/db1/` of `hosts/db1/etc/postgresql/17/main`.
fn root_of(folder: &str) -> Option<&str> {
    let mut at = 0;
    for name in folder.split('/') {
        if matches!(name, "etc" | "var") {
            return folder.get(..at);
        }
        at += name.len() + 1;
    }
    None
}

/// What is left of a path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// `rest`, which begins with a slash unless it is empty, beneath a folder; the top folder's path is empty.
fn beneath(folder: &str, rest: &str) -> String {
    if folder.is_empty() { rest.trim_start_matches('/').to_owned() } else { format!("{folder}{rest}") }
}

fn in_container(placement: &Placement, data: Option<&str>, files: &Files, absolute: &str) -> Standing {
    let mounts = placement.mounts.iter().filter_map(|mount| Some((mount, below(absolute, &mount.target)?)));
    let deepest = mounts.min_by_key(|(_, rest)| rest.len());
    let Some((mount, rest)) = deepest else { return Standing::Inside };
    let rest = &*shown_text(rest);
    if let Some((text, span)) = &mount.content {
        return Standing::Inline(text.clone(), *span);
    }
    match (mount.kind, &mount.source_path) {
        (MountKind::Bind, Some(path)) if !rest.is_empty() && files.exists(&beneath(path, rest)) == Ok(false) => {
            let holds_data = data.is_some_and(|data| below(data, &mount.target).is_some() && below(absolute, data).is_some());
            if holds_data { Standing::Inside } else { Standing::Here(beneath(path, rest)) }
        }
        (MountKind::Bind | MountKind::Config | MountKind::Secret, Some(path)) => Standing::Here(beneath(path, rest)),
        (MountKind::Bind, None) => {
            let source = mount.source.as_deref().unwrap_or("a path of the host");
            Standing::Unseen(Why::needing(
                format!("{absolute} is mounted from {source}, which was not given"),
                "name it on the command line too",
            ))
        }
        (MountKind::Config | MountKind::Secret | MountKind::Other, _) => {
            Standing::Unseen(Why::new(format!("{absolute} is mounted from outside the project")))
        }
        (MountKind::Volume | MountKind::Anonymous | MountKind::Tmpfs, _) => Standing::Inside,
    }
}
