//! Whether the dumps come to another place, from which server they are, and whether the next one follows.

use super::copies;
use super::faults::{Fault, Setting, folder, is_database, of_line};
use super::programs;
use super::reading::{Seen, outcomes_of, scripts};
use crate::formats::shell::status::{Call, LapseKind, Outcomes, Role};
use crate::model::{Mount, MountKind};
use crate::text::Span;
use crate::workloads::commands::{CommandLine, covers};
use crate::workloads::footprints;

/// Programs that may carry files to another place, in ways that are not read.
const MAY_CARRY: [&str; 20] = [
    "curl",
    "wget",
    "restic",
    "borg",
    "borgmatic",
    "kopia",
    "duplicity",
    "rustic",
    "nc",
    "ftp",
    "lftp",
    "sftp",
    "smbclient",
    "mount",
    "mail",
    "ssh",
    "docker",
    "kubectl",
    "python3",
    "python",
];

/// Commands that make a success of a failure and tell nobody.
const SILENT: [&str; 3] = ["true", ":", "exit 0"];

impl Setting<'_, '_> {
    /// A copy to another place that is not made, where no other is.
    pub(super) fn copy_not_made(&self) -> Option<Fault> {
        if let Some(fault) = self.kept_by_variable() {
            return Some(fault);
        }
        let carried: Vec<(copies::Carried, &CommandLine)> = self.lines.iter().filter_map(|line| Some((of_line(line)?, line))).collect();
        if carried.iter().any(|(carried, _)| carried.not_made.is_none()) {
            return None;
        }
        let (carried, line) = carried.into_iter().next()?;
        let span = line.span();
        Some(Fault { code: "copy-not-made", tool: carried.tool, explained: carried.not_made?, span, related: None })
    }

    /// A variable that makes a dry run of every copy, or a folder of this machine of the other place.
    fn kept_by_variable(&self) -> Option<Fault> {
        let line = self.lines.iter().find(|line| line.program() == "rclone" && of_line(line).is_some())?;
        let remotes: Vec<String> = line
            .arguments()
            .iter()
            .filter_map(|word| word.text.split_once(':'))
            .map(|(remote, _)| format!("RCLONE_CONFIG_{}_TYPE", remote.to_ascii_uppercase().replace('-', "_")))
            .collect();
        let says = |name: &str, value: &str| match name {
            "RCLONE_DRY_RUN" => matches!(value, "true" | "1"),
            _ => value == "local" && remotes.iter().any(|remote| remote == name),
        };
        let entry =
            self.placement.environment.iter().find(|entry| entry.value.value.as_deref().is_some_and(|value| says(&entry.name, value)))?;
        let explained = match entry.name.as_str() {
            "RCLONE_DRY_RUN" => "RCLONE_DRY_RUN shows what would be copied, and copies nothing".to_owned(),
            name => format!("{name} makes the other place a folder of this container"),
        };
        Some(Fault { code: "copy-not-made", tool: "rclone".to_owned(), explained, span: Some(entry.value.span), related: None })
    }

    /// A copy to another place that no way through the script makes, that takes other files, or whose failure nobody is told of.
    pub(super) fn copy_never_made(&self, seen: &Seen) -> Option<Fault> {
        let made = |line: &CommandLine| of_line(line).filter(|carried| carried.not_made.is_none());
        let Some(carried) = self.lines.iter().find_map(made) else { return self.copy_of_nothing(seen) };
        let tool = carried.tool.as_str();
        let role = |call: &Call<'_>| match copies::carried(call.program, call.arguments) {
            Some(carried) if carried.not_made.is_none() && !matches!(call.program, "echo" | "printf") => Role::Work,
            _ => Role::Aside,
        };
        let outcomes = outcomes_of(self.placement, self.context.files, &role)?;
        if !outcomes.does {
            return Some(self.fault("copy-not-made", tool, format!("no way through the script reaches {tool}"), None));
        }
        let lapse = outcomes.lapses.iter().find(|lapse| match lapse.kind {
            LapseKind::Or => SILENT.contains(&lapse.by.as_str()),
            LapseKind::Last => SILENT.contains(&lapse.by.as_str()) && !lapse.step.is_empty(),
            _ => false,
        });
        if let Some(lapse) = lapse {
            return Some(self.fault("copy-not-made", tool, lapse.explained(), None));
        }
        self.copy_of_others(&carried, seen)
    }

    /// A copy of folders in which no dump is.
    fn copy_of_others(&self, carried: &copies::Carried, seen: &Seen) -> Option<Fault> {
        let all: Vec<copies::Carried> = self.lines.iter().filter_map(of_line).collect();
        let from: Vec<&String> = all.iter().flat_map(|carried| &carried.from).collect();
        let known = !from.is_empty() && all.iter().all(|carried| !carried.from.is_empty()) && from.iter().all(|path| !path.contains('$'));
        let mut places: Vec<String> =
            seen.dumps.iter().filter(|dump| is_database(dump)).map(|dump| folder(dump.file.as_deref()?)).collect::<Option<_>>()?;
        places.extend(seen.moved.iter().filter_map(|(_, target)| folder(target)));
        places.extend(seen.outputs.iter().filter_map(|file| folder(file)));
        if let Some(explained) = self.leaves_dumps_out(&from, seen) {
            return Some(self.fault("copy-not-made", &carried.tool, explained, None));
        }
        if !known || places.is_empty() || from.iter().any(|path| places.iter().any(|place| covers(path, place) || covers(place, path))) {
            return None;
        }
        let explained = format!("it copies {}, and the dumps are in {}", from.first()?, places.first()?);
        Some(self.fault("copy-not-made", &carried.tool, explained, None))
    }

    /// A copy of one file, or of files with another ending, that no dump has.
    fn leaves_dumps_out(&self, from: &[&String], seen: &Seen) -> Option<String> {
        let ending = |path: &str| path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_owned());
        let written = seen.dumps.iter().filter(|dump| is_database(dump)).filter_map(|dump| dump.file.as_deref());
        let names: Vec<&str> =
            written.chain(seen.outputs.iter().map(String::as_str)).chain(seen.moved.iter().map(|(_, to)| to.as_str())).collect();
        let endings: Vec<String> = names.iter().filter_map(|name| ending(name)).collect();
        if endings.is_empty() || !self.lines.iter().filter_map(of_line).all(|carried| carried.not_made.is_none()) {
            return None;
        }
        let carries = self.lines.iter().filter(|line| of_line(line).is_some());
        let words = || carries.clone().flat_map(|line| line.arguments()).map(|word| word.text.as_str());
        let included: Vec<&str> =
            words().zip(words().skip(1)).filter(|(option, _)| *option == "--include").map(|(_, pattern)| pattern).collect();
        let pattern = included
            .first()
            .filter(|_| !included.iter().any(|pattern| ending(pattern).is_none_or(|own| own.contains('*') || endings.contains(&own))));
        if let Some(pattern) = pattern {
            return Some(format!("it copies {pattern} alone, and the dumps end in .{}", endings.first()?));
        }
        let file = from.iter().find(|path| ending(path).is_some() && !path.contains(['*', '$', '?']))?;
        let all_files = from.iter().all(|path| ending(path).is_some_and(|own| !endings.contains(&own)));
        let wanted = endings.first().filter(|_| all_files)?;
        Some(format!("it copies {file} alone, and the dumps end in .{wanted}"))
    }

    /// Dumps that nothing of the project carries off the machine, as far as what runs is understood.
    fn copy_of_nothing(&self, seen: &Seen) -> Option<Fault> {
        let runs = |wanted: &[&str]| seen.calls.iter().filter_map(|call| call.first()).any(|program| wanted.contains(&program.as_str()));
        if !seen.unknown.is_empty() || runs(&MAY_CARRY) || self.may_carry(seen) || !self.placement.incomplete.is_empty() {
            return None;
        }
        let dump = seen.dumps.iter().find(|dump| is_database(dump))?;
        let place = folder(dump.file.as_deref()?)?;
        let above = self.placement.mounts.iter().filter(|mount| covers(&mount.target, &place));
        let nearest = above.max_by_key(|mount| mount.target.len())?;
        let name = nearest.source.as_deref().filter(|_| nearest.kind == MountKind::Volume && nearest.storage.is_none())?;
        // A volume of another project, or one that others of this project read, may be carried off by them.
        let others = self.context.placements.iter().filter(|other| other.name != self.placement.name);
        if others.flat_map(|other| &other.mounts).any(|mount| mount.source.as_deref() == Some(name)) {
            return None;
        }
        let explained = format!("the dumps are on the volume {name} of this machine, and nothing of the project carries them away");
        Some(self.fault("copy-of-nothing", &dump.tool, explained, None))
    }

    /// Whether a program that carries files may carry some off, or to another mount, which may be another machine's.
    fn may_carry(&self, seen: &Seen) -> bool {
        seen.calls.iter().filter_map(|call| call.split_first()).any(|(program, arguments)| {
            let to_mount = || {
                let target = arguments.iter().rfind(|word| !word.starts_with('-'));
                let kept = |mount: &Mount, target: &str| covers(&mount.target, target) && mount.kind != MountKind::Volume;
                target.is_some_and(|target| self.placement.mounts.iter().any(|mount| kept(mount, target)))
            };
            match program.as_str() {
                "cp" | "mv" | "install" | "rsync" => to_mount() || copies::carried(program, arguments).is_some(),
                program if copies::CARRIES.contains(&program) => {
                    let is_open = arguments.iter().any(|word| word.contains('$'));
                    is_open || to_mount() || copies::carried(program, arguments).is_some_and(|carried| carried.not_made.is_none())
                }
                _ => false,
            }
        })
    }

    /// A loop that is meant to go on and ends in its first turn, or that dumps without a pause.
    pub(super) fn turns(&self, outcomes: &Outcomes, seen: &Seen) -> Option<Fault> {
        let endless = |line: &CommandLine| line.keywords.iter().any(|word| word == "while") && matches!(line.program(), "true" | ":");
        let line = self.lines.iter().find(|line| endless(line))?;
        let calls = || seen.calls.iter().filter_map(|call| call.split_first());
        let waits = |(program, arguments): (&String, &[String])| match program.as_str() {
            "sleep" => arguments.first().is_none_or(|pause| pause != "0"),
            "read" | "wait" | "inotifywait" | "nc" => true,
            _ => false,
        };
        let span = line.words.first().map(|word| word.span);
        let fault = |explained: &str| {
            Some(Fault { code: "no-next", tool: "while".to_owned(), explained: explained.to_owned(), span, related: None })
        };
        if let Some(at) = self.turn_without_pause() {
            let explained = "when a command before it fails, `continue` begins the next turn at once, past the pause of the loop, and so on for as long as it fails";
            return Some(Fault {
                code: "no-next",
                tool: "continue".to_owned(),
                explained: explained.to_owned(),
                span: Some(at),
                related: None,
            });
        }
        if !outcomes.endless {
            return fault("the loop ends in its first turn");
        }
        if self.pauses_in_background() {
            return fault("the pause runs in the background (&), so that the loop dumps without one");
        }
        if seen.unknown.is_empty() && !calls().any(waits) {
            return fault("the loop dumps without a pause, and its retention soon leaves none but the dumps of the last minutes");
        }
        None
    }

    /// `sleep 86400 &` without a `wait`.
    fn pauses_in_background(&self) -> bool {
        let texts = scripts(self.placement, self.context.files);
        let lines = || texts.iter().flat_map(|text| text.lines()).map(str::trim);
        let behind = |line: &str| line.starts_with("sleep ") && line.ends_with('&') && !line.ends_with("&&");
        let pauses = lines().filter(|line| line.starts_with("sleep "));
        pauses.clone().next().is_some() && pauses.clone().all(behind) && !lines().any(|line| line.contains("wait"))
    }

    /// A `continue` that the pause of an endless loop comes after, with none before it.
    fn turn_without_pause(&self) -> Option<Span> {
        let is_loop = |line: &CommandLine| line.keywords.iter().any(|word| word == "while") && matches!(line.program(), "true" | ":");
        let waits = |line: &CommandLine| matches!(line.program(), "sleep" | "read" | "wait" | "inotifywait");
        let body = self.lines.split_at_checked(self.lines.iter().position(is_loop)?)?.1;
        let at = body.iter().position(|line| line.program() == "continue")?;
        let (before, after) = body.split_at_checked(at)?;
        let line = body.get(at).filter(|_| !before.iter().any(waits) && after.iter().any(waits))?;
        line.span()
    }

    /// A variable that sends every client to an address of its own, whatever host is named: one of the public network.
    fn address_by_variable(&self) -> Option<Fault> {
        let names = || footprints::ALL.iter().flat_map(|footprint| footprint.environment.addresses);
        let entry = self.placement.environment.iter().find(|entry| names().any(|name| *name == entry.name))?;
        let address: std::net::IpAddr = entry.value.value.as_deref()?.parse().ok()?;
        let near = match address {
            std::net::IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
            std::net::IpAddr::V6(_) => true,
        };
        let explained = format!("{} sends it to {address}, whatever host is named", entry.name);
        (!near).then(|| Fault { code: "other-host", tool: entry.name.clone(), explained, span: Some(entry.value.span), related: None })
    }

    /// Dumps of a database that read a host which is no service of the project, or the container itself.
    pub(super) fn other_host_of_dump(&self) -> Option<Fault> {
        let placement = self.placement;
        let hosts_of = |tool: &str| {
            let known = programs::engines(tool).into_iter().filter_map(footprints::of);
            known.flat_map(|known| known.environment.hosts.iter().copied()).collect::<Vec<_>>()
        };
        let tunnels = self.lines.iter().any(|line| matches!(line.program(), "ssh" | "autossh" | "socat" | "kubectl"));
        if self.context.fragment || !placement.incomplete.is_empty() || placement.network_mode.is_some() || tunnels {
            return None;
        }
        let mut first = None;
        for line in self.lines.iter().filter(|line| programs::is_dump_program(line.program())) {
            let arguments: Vec<String> = line.arguments().iter().map(|word| word.text.clone()).collect();
            let Some(dump) = super::dumps::dump(line.program(), &arguments).filter(is_database) else { continue };
            let hosts = hosts_of(&dump.tool);
            let before = line.assignments.iter().filter_map(|word| word.text.split_once('='));
            let before = before.filter(|(name, _)| hosts.contains(name)).map(|(_, host)| host.to_owned()).next();
            let addressed = self.address_by_variable();
            if let Some(fault) = addressed.filter(|_| dump.host.is_none()) {
                return Some(fault);
            }
            let own = || {
                hosts
                    .iter()
                    .find_map(|name| self.values.get(*name))
                    .filter(|host| matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1"))
            };
            let host = dump.host.clone().or(before).or_else(|| own().cloned())?;
            let is_own = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
            let is_name = !host.contains(['/', '$', ',', ':', '`']) && host != "host.docker.internal";
            let elsewhere = is_own || is_name && host.parse::<std::net::IpAddr>().is_err() && self.context.service_at(&host).is_none();
            if !elsewhere {
                return None;
            }
            first.get_or_insert((dump.tool, host, is_own));
        }
        let (tool, host, is_own) = first?;
        let explained = if is_own {
            format!("{tool} reads {host}, which is the container of {} itself, and no server runs there", placement.name)
        } else {
            format!("{tool} reads the host {host}, and no service of this project has that name")
        };
        Some(self.fault("other-host", &tool, explained, Some(&host)))
    }
}
