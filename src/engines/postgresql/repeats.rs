//! Files that many services mount: read for the first of them, and for more as long as it does not explode.
//!
//! Every service that mounts a file is a server of its own, with records of its own: a thousand services and a file of
//! ten thousand lines would be ten million lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::server::Server;
use super::servers::SeenFiles;
use crate::model::bounds::MOST_REPEATED_LINES;
use crate::model::{Cuts, Mount, MountKind, Why};
use crate::text::{Files, Source};

/// Marks the servers of which the files are left out, and says so at what they mount.
pub(super) fn leave_out(servers: &mut [Server<'_>], seen: &SeenFiles<'_>, files: &Files, cuts: &mut Cuts) {
    let lines = Lines::of(seen);
    let mut spent = 0usize;
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for server in servers {
        let Some(workload) = server.base.workload else { continue };
        let mounts = workload.placement.mounts.iter().filter(|mount| matches!(mount.kind, MountKind::Bind | MountKind::Config));
        for mount in mounts {
            let Some(path) = mount.source_path.as_deref() else { continue };
            match met.get(path) {
                None => _ = met.insert(path, lines.below(path) + if lines.knows(path) { 0 } else { unseen(server, mount, path, files) }),
                Some(again) => spent = spent.saturating_add(*again),
            }
            if spent > MOST_REPEATED_LINES && met.get(path).is_some_and(|lines| *lines > 0) {
                let why = format!("files that many services mount have more than {MOST_REPEATED_LINES} lines, counted for each service");
                cuts.add("mounts", mount.span, || format!("{why}; this one is not read for this service"));
                server.base.left_out = Some(Why::needing(why, "look at the service by itself"));
                server.patroni = None;
                break;
            }
        }
    }
}

/// Bytes of a short line, such as `work_mem = 4MB`.
const SHORT_LINE: u64 = 16;

/// How many lines a file may have that looks like nothing, and that the server reads: it is a `.conf`, or the command names it.
fn unseen(server: &Server<'_>, mount: &Mount, path: &str, files: &Files) -> usize {
    let named = || server.base.words().iter().any(|word| word.value.as_deref().is_some_and(|word| word.contains(&mount.target)));
    if files.list(path).is_ok() || !(mount.target.ends_with(".conf") || named()) {
        return 0;
    }
    usize::try_from(files.size(path).unwrap_or(0) / SHORT_LINE).unwrap_or(usize::MAX)
}

/// How many lines say something, by path.
struct Lines<'s>(BTreeMap<&'s str, usize>);

impl<'s> Lines<'s> {
    fn of(seen: &SeenFiles<'s>) -> Self {
        let all = [seen.confs, seen.auto_confs, seen.hbas, seen.idents, seen.patronis].into_iter().flatten();
        Self(all.map(|source: &Arc<Source>| (source.path(), says(source.text()))).collect())
    }

    fn knows(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Those of a file, or of all files of a folder.
    fn below(&self, path: &str) -> usize {
        let folder = if path.is_empty() { String::new() } else { format!("{}/", path.trim_end_matches('/')) };
        let within = self.0.range(folder.as_str()..).take_while(|(known, _)| known.starts_with(&folder));
        self.0.get(path).copied().unwrap_or(0) + within.map(|(_, lines)| lines).sum::<usize>()
    }
}

fn says(text: &str) -> usize {
    text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')).count()
}
