//! Which files are run at the first start.

use std::ops::Range;
use std::sync::Arc;

use super::FirstStart;
use super::script::Shell;
use super::sql::Sql;
use crate::model::{Mount, MountKind, Placement, Touch, Why};
use crate::text::path::name_of;
use crate::text::{Files, Source, Span};
use crate::workloads::commands::{covers, mounted_source};
use crate::workloads::{how_to_answer, is_answered};

/// Where the official image looks for them.
const FOLDER: &str = "/docker-entrypoint-initdb.d";

/// The script that starts the server in the official image; another one in its place may start it with anything.
const ENTRYPOINTS: [&str; 4] = [
    "/usr/local/bin/docker-entrypoint.sh",
    "/docker-entrypoint.sh",
    "/usr/local/bin/docker-ensure-initdb.sh",
    "/usr/local/bin/docker-enforce-initdb.sh",
];

/// Most files that are read.
const MOST_FILES: usize = 200;

/// What the scripts of the first start of a server do; `data` is its data directory.
#[must_use]
pub fn read(placement: &Placement, data: &str, files: &Files) -> FirstStart {
    let mut start = FirstStart::default();
    let mut found: Vec<(String, Result<Text, Lost>)> = Vec::new();
    for mount in placement.mounts.iter().filter(|mount| covers(FOLDER, &mount.target)) {
        of_mount(mount, files, &mut found);
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    if found.len() > MOST_FILES {
        start.lose(placement, files, &format!("more than {MOST_FILES} scripts").into());
    }
    let file_of = |path: &str| mounted_source(placement, path, files);
    for (name, text) in found.into_iter().take(MOST_FILES) {
        match text {
            Ok(text) => start.run((placement, files), &name, &text, data, &file_of),
            Err(lost) => start.lose(placement, files, &lost),
        }
    }
    for (text, span) in placement.other.get("post_start").into_iter().flatten() {
        match files.source(span.source) {
            Some(source) => start.run((placement, files), "post_start.sh", &Text::Inline(source, text.clone(), *span), data, &file_of),
            None => start.lose(placement, files, &"its post_start".into()),
        }
    }
    if let Some(mount) = placement.mounts.iter().find(|mount| ENTRYPOINTS.contains(&mount.target.as_str())) {
        match mounted_source(placement, &mount.target, files) {
            Some(source) => {
                start.run((placement, files), "docker-entrypoint.sh", &Text::File(Arc::clone(&source)), data, &file_of);
                let why = format!("another entrypoint is mounted at {}", mount.target);
                start.lose(placement, files, &Lost { why, path: Some(source.path().to_owned()) });
            }
            None => start.lose(placement, files, &format!("another entrypoint is mounted at {}", mount.target).into()),
        }
    }
    start
}

/// The text of a script.
enum Text {
    /// A file.
    File(Arc<Source>),
    /// Part of the compose file.
    Inline(Arc<Source>, String, Span),
}

/// Something that was not understood.
struct Lost {
    /// Why, as the rest of a sentence.
    why: String,
    /// The file, where a person can read it.
    path: Option<String>,
}

impl<T: Into<String>> From<T> for Lost {
    fn from(why: T) -> Self {
        Self { why: why.into(), path: None }
    }
}

/// The scripts that a mount brings, by name.
fn of_mount(mount: &Mount, files: &Files, found: &mut Vec<(String, Result<Text, Lost>)>) {
    let is_folder = mount.target.trim_end_matches('/') == FOLDER;
    let name = name_of(mount.target.trim_end_matches('/')).to_owned();
    if let Some((text, span)) = &mount.content {
        let text = files.source(span.source).map(|source| Text::Inline(source, text.clone(), *span));
        return found.push((name, text.ok_or_else(|| "its text cannot be found again".into())));
    }
    let Some(path) = mount.source_path.as_deref() else {
        if !matches!(mount.kind, MountKind::Tmpfs | MountKind::Anonymous) {
            let what = mount.source.as_deref().unwrap_or("a volume");
            found.push((name, Err(format!("{what}, which is mounted at {}, was not given", mount.target).into())));
        }
        return;
    };
    let path = path.trim_end_matches('/');
    match files.list(path) {
        Ok(entries) => {
            for entry in entries.iter().filter(|entry| !entry.directory && runs(&entry.name)) {
                found.push((entry.name.clone(), read_file(files, &entry.path)));
            }
        }
        Err(_) if runs(&name) => found.push((name, read_file(files, path))),
        Err(_) if is_folder => found.push((name, Err(format!("{path} was not given").into()))),
        Err(_) => {}
    }
}

/// Whether the image runs a file of this name; it ignores all others.
fn runs(name: &str) -> bool {
    [".sh", ".sql", ".sql.gz", ".sql.xz", ".sql.zst"].iter().any(|end| name.ends_with(end))
}

fn read_file(files: &Files, path: &str) -> Result<Text, Lost> {
    let lost = |why| Lost { why, path: Some(path.to_owned()) };
    if !(path.ends_with(".sh") || path.ends_with(".sql")) {
        return Err(lost(format!("{path} is compressed, and is not read")));
    }
    files.read(path).map(Text::File).map_err(|error| lost(format!("{path} could not be read: {error}")))
}

impl FirstStart {
    /// Notes what may be changed and was not understood, but for what a person answers for.
    fn lose(&mut self, placement: &Placement, files: &Files, lost: &Lost) {
        const GIVE: &str = "give the script, or write what it does as SQL for psql; or look at the running server";
        let path = lost.path.as_deref();
        let why = || {
            let answer = path.and_then(|path| how_to_answer(placement, path, files));
            let needs = answer.map_or_else(|| GIVE.to_owned(), |answer| format!("write what it does as SQL for psql; or {answer}"));
            Why::needing(format!("what the first start of service {} changes cannot be told: {}", placement.name, lost.why), needs)
        };
        let unread = &mut self.unread;
        let sides = [(Touch::Settings, &mut unread.settings), (Touch::Roles, &mut unread.roles), (Touch::Access, &mut unread.access)];
        for (touch, side) in sides {
            if !path.is_some_and(|path| is_answered(placement, path, &[touch])) {
                side.get_or_insert_with(why);
            }
        }
    }

    fn run(
        &mut self,
        (placement, files): (&Placement, &Files),
        name: &str,
        text: &Text,
        data: &str,
        file_of: &dyn Fn(&str) -> Option<Arc<Source>>,
    ) {
        let (source, text, whole) = match text {
            Text::File(source) => (source, source.text(), None),
            Text::Inline(source, text, span) => (source, text.as_str(), Some(*span)),
        };
        let place = |range: Range<usize>| whole.unwrap_or_else(|| source.span(range.start, range.end));
        let (effects, unread) = if name.ends_with(".sh") {
            Shell::new((source, text), &place, data, file_of).read()
        } else {
            let mut sql = Sql::new(source);
            sql.text(text, &place);
            (sql.effects, sql.unread)
        };
        self.effects.extend(effects);
        if let Some(why) = unread {
            let path = whole.is_none().then(|| source.path().to_owned());
            self.lose(placement, files, &Lost { why: format!("of {name}, {why}"), path });
        }
    }
}
