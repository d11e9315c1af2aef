//! Dump programs that cannot dump the databases of the project, and dumps that are moved where nobody finds them.

use super::dumps::OF_ONE_DATABASE;
use super::faults::{Fault, Setting, folder, is_database};
use super::programs;
use super::reading::{Seen, scripts};
use crate::formats::shell::is_shell;
use crate::model::{Engine, MountKind, Placement, nearest};
use crate::workloads::commands::{CommandLine, covers};
use crate::workloads::footprints;

impl Setting<'_, '_> {
    /// A program that is mistyped, of another engine, older than the server, or that asks another port.
    pub(super) fn unfit(&self, seen: &Seen) -> Option<Fault> {
        self.mistyped(seen).or_else(|| self.other_engine(seen)).or_else(|| self.older_than_server(seen)).or_else(|| self.other_port(seen))
    }

    /// A program that nobody knows, with the name of a dump program but for a letter.
    fn mistyped(&self, seen: &Seen) -> Option<Fault> {
        let known: Vec<&str> =
            footprints::ALL.iter().flat_map(|footprint| footprint.backups).flat_map(|known| known.programs).copied().collect();
        let meant = |program: &&String| nearest(program, known.iter().copied()).filter(|meant| meant.len() > 5);
        let (program, meant) = seen.unknown.iter().find_map(|program| Some((program, meant(&program)?)))?;
        Some(self.fault("never-runs", program, format!("{program} is not a program that is known, {meant} was probably meant"), None))
    }

    /// A dump by a program of an engine of which the project has no database, while it has one of another.
    fn other_engine(&self, seen: &Seen) -> Option<Fault> {
        let kept: Vec<Engine> = self.context.databases().filter_map(|(_, engine)| engine).collect();
        let fits = |tool: &str| {
            let engines = programs::engines(tool);
            engines.is_empty() || engines.iter().any(|engine| kept.contains(engine))
        };
        let dumps = || seen.dumps.iter().filter(|dump| is_database(dump));
        if kept.is_empty() || self.context.fragment || dumps().any(|dump| fits(&dump.tool)) {
            return None;
        }
        let dump = dumps().find(|dump| dump.host.is_none())?;
        Some(self.fault(
            "never-runs",
            &dump.tool,
            format!("{} dumps no database of this project: it has none of that engine", dump.tool),
            None,
        ))
    }

    /// A program of an older major than the server, which refuses to dump it.
    fn older_than_server(&self, seen: &Seen) -> Option<Fault> {
        let dump = seen.dumps.iter().find(|dump| is_database(dump) && dump.tool.starts_with(OF_ONE_DATABASE))?;
        let (own, named) = self.own_major(&dump.tool)?;
        let (server, major) = self.only_server(&dump.tool)?;
        let explained = format!("{named} is of release {own}, and refuses to dump {} of release {major}", server.name);
        (own < major).then(|| self.fault("never-runs", &dump.tool, explained, None))
    }

    /// The major of a program: by its folder, or by the official image that it is of.
    fn own_major(&self, tool: &str) -> Option<(u32, String)> {
        let word = self.lines.iter().filter_map(|line| line.words.first()).find(|word| word.program() == tool)?;
        // Packages keep each release in a folder of its number.
        if let Some(release) = word.text.rsplit_once("/bin/").and_then(|(folder, _)| folder.rsplit('/').next()) {
            return Some((release.split('.').next()?.parse().ok()?, word.text.clone()));
        }
        if word.text.contains('/') || self.placement.build.is_some() {
            return None;
        }
        let identity = self.context.identity(self.placement);
        let image = identity.image.as_ref().filter(|image| image.distribution == Some("official"))?;
        let fits = programs::engines(tool).into_iter().any(|engine| Some(engine) == image.engine);
        let major = image.version.as_ref().filter(|_| fits)?.major();
        Some((major, format!("{tool} of {}", self.placement.image.as_ref()?.text)))
    }

    /// The one database of the project that a program can dump, with its major.
    fn only_server(&self, tool: &str) -> Option<(&Placement, u32)> {
        let engines = programs::engines(tool);
        let mut servers = self.context.databases().filter(|(_, engine)| engine.is_some_and(|engine| engines.contains(&engine)));
        let (server, _) = servers.next().filter(|_| servers.next().is_none())?;
        let version = self.context.identity(server).image?.version?;
        Some((server, version.major()))
    }

    /// A port that nothing moves the server to.
    fn other_port(&self, seen: &Seen) -> Option<Fault> {
        let dump = seen.dumps.iter().find(|dump| is_database(dump) && dump.port.is_some())?;
        let port: u16 = dump.port.as_ref()?.parse().ok()?;
        let (server, _) = self.only_server(&dump.tool)?;
        let engine = self.context.identity(server).engine.and_then(footprints::of)?;
        let host = dump.host.clone().or_else(|| engine.environment.hosts.iter().find_map(|name| self.values.get(*name).cloned()))?;
        if self.context.service_at(&host).is_none_or(|known| known.name != server.name) || engine.server.port == Some(port) {
            return None;
        }
        let says = |text: &str| text.contains(&port.to_string());
        let words = server.entrypoint.iter().chain(&server.command).flat_map(|command| &command.words);
        let moved = words.into_iter().any(|word| word.value.as_deref().is_none_or(says))
            || server.environment.iter().any(|entry| Some(entry.name.as_str()) == engine.server.port_variable)
            || server
                .mounts
                .iter()
                .filter(|mount| mount.target.ends_with(".conf"))
                .any(|mount| self.file_says(mount.source_path.as_deref(), &says));
        let explained = format!("{} asks port {port} of {host}, and nothing moves the server there", dump.tool);
        (!moved).then(|| self.fault("other-host", &dump.tool, explained, None))
    }

    /// Whether a file of the project says something, or cannot be read.
    fn file_says(&self, path: Option<&str>, says: &dyn Fn(&str) -> bool) -> bool {
        path.and_then(|path| self.context.files.read(path).ok()).is_none_or(|source| says(source.text()))
    }

    /// A dump that is moved into the container itself, a file that is moved and that nothing writes, and one that is emptied.
    pub(super) fn moved_wrong(&self, seen: &Seen) -> Option<Fault> {
        let written: Vec<&str> =
            seen.dumps.iter().filter_map(|dump| dump.file.as_deref()).chain(seen.outputs.iter().map(String::as_str)).collect();
        let places: Vec<String> = written.iter().filter_map(|file| folder(file)).collect();
        for (at, call) in seen.calls.iter().enumerate() {
            let [program, from, to] = call.as_slice() else { continue };
            if program != "mv" || from.contains(['*', '?', '[']) {
                continue;
            }
            if written.contains(&from.as_str()) && self.is_lost(to) {
                let explained = format!("mv takes the dump to {to}, where no volume is mounted: a new container begins without it");
                return Some(self.fault("volatile", program, explained, None));
            }
            let near = folder(from).is_some_and(|place| places.contains(&place));
            let made = written.contains(&from.as_str()) || seen.calls.iter().take(at).flatten().any(|word| word.contains(from.as_str()));
            if near && !made && self.is_read_whole(seen) {
                return Some(self.fault("never-runs", program, format!("mv takes {from}, which nothing writes, and fails"), None));
            }
        }
        let empties = |file: &&&str| self.texts().iter().flat_map(|text| text.lines()).any(|line| is_emptying(line, file));
        let file = written.iter().find(empties)?;
        Some(self.fault("never-runs", "", format!("a redirection without a command empties {file}"), None))
    }

    /// A dump under a name that never changes: each one takes the place of the one before.
    pub(super) fn replaced(&self, seen: &Seen) -> Option<Fault> {
        let keeps = ["restic", "borg", "borgmatic", "kopia", "duplicity", "rustic", "savelog", "logrotate", "rdiff-backup", "rotate"];
        let texts = self.texts();
        if !seen.unknown.is_empty() || texts.iter().any(|text| keeps.iter().any(|tool| text.contains(tool)) || text.contains("backup-dir"))
        {
            return None;
        }
        let dump = seen.dumps.iter().find(|dump| is_database(dump) && dump.file.is_some())?;
        let file = dump.file.as_deref()?;
        let last = seen
            .calls
            .iter()
            .rev()
            .find(|call| call.first().is_some_and(|program| program == "mv") && call.iter().any(|word| word == file));
        let name = last.and_then(|call| call.last()).map_or(file, String::as_str);
        let fixed = |variable: &str| {
            let set = |line: &str| line.trim().strip_prefix(variable).and_then(|rest| rest.strip_prefix('=')).map(str::to_owned);
            let mut values = texts.iter().flat_map(|text| text.lines()).filter_map(set).peekable();
            values.peek().is_some() && values.all(|value| !value.contains(['$', '`']))
        };
        let mut variables = name.split('$').skip(1).map(|rest| {
            let rest = rest.trim_start_matches('{');
            rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()
        });
        let stays = !name.contains('`') && variables.all(fixed);
        let explained = format!("each dump is written to {name}, in the place of the one before");
        stays.then(|| self.fault("replaced", &dump.tool, explained, None))
    }

    /// A script of the network that is run as it comes.
    pub(super) fn runs_unseen_code(&self, seen: &Seen) -> Option<Fault> {
        let fetches = |call: &Vec<String>| call.first().is_some_and(|program| matches!(program.as_str(), "curl" | "wget"));
        let runs = |call: &Vec<String>| call.first().is_some_and(|program| is_shell(program));
        let is_such = |pipe: &&Vec<Vec<String>>| pipe.first().is_some_and(fetches) && pipe.last().is_some_and(runs);
        let pipe = seen.pipes.iter().find(is_such)?;
        let program = pipe.first()?.first()?;
        let explained = format!("it runs what {program} fetches from the network, with the password of the database at hand");
        Some(self.fault("unseen-code", program, explained, None))
    }

    fn texts(&self) -> Vec<String> {
        scripts(self.placement, self.context.files)
    }

    /// Whether nothing ran that may have written files of its own.
    fn is_read_whole(&self, seen: &Seen) -> bool {
        let makes = |line: &CommandLine| matches!(line.program(), "tee" | "cp" | "touch" | "eval" | "source" | ".");
        seen.unknown.is_empty() && !self.lines.iter().any(makes)
    }

    /// Backups on a volume that a service with a published port has as well.
    pub(super) fn on_display(&self, tool: &str, folder: &str) -> Option<Fault> {
        let above = self.placement.mounts.iter().filter(|mount| covers(&mount.target, folder) && mount.kind == MountKind::Volume);
        let volume = above.max_by_key(|mount| mount.target.len())?.source.as_deref()?;
        let serves = |other: &&Placement| {
            let identity = self.context.identity(other);
            let is_reached = !other.ports.is_empty() || matches!(identity.role, "application" | "proxy");
            other.name != self.placement.name && other.active && is_reached && !matches!(identity.role, "database" | "backup")
        };
        let has =
            |other: &Placement| other.mounts.iter().any(|mount| mount.kind == MountKind::Volume && mount.source.as_deref() == Some(volume));
        let other = self.context.placements.iter().filter(serves).find(|other| has(other))?;
        let explained = format!("service {}, which serves others, has the volume {volume} with the dumps as well", other.name);
        Some(self.fault("on-display", tool, explained, Some(folder)))
    }

    /// Whether a path is in the container itself.
    pub(super) fn is_lost(&self, target: &str) -> bool {
        let outside = |kind: MountKind| matches!(kind, MountKind::Volume | MountKind::Bind);
        let mounted = self.placement.mounts.iter().any(|mount| outside(mount.kind) && covers(&mount.target, target));
        target.starts_with('/') && !target.contains('$') && self.placement.incomplete.is_empty() && !mounted
    }
}

/// `> "/backups/x.dump"`: a line that only empties a file.
fn is_emptying(line: &str, file: &str) -> bool {
    let rest = line.trim().strip_prefix(':').unwrap_or(line.trim()).trim_start();
    rest.strip_prefix('>').filter(|rest| !rest.starts_with('>')).is_some_and(|rest| rest.trim().trim_matches(['"', '\'']) == file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirection_alone_empties_a_file() {
        for line in ["> \"/b/x\"", ">/b/x", ": > /b/x"] {
            assert!(is_emptying(line, "/b/x"), "{line}");
        }
        for line in [">> /b/x", "date > /b/x", "> /b/y"] {
            assert!(!is_emptying(line, "/b/x"), "{line}");
        }
    }
}
