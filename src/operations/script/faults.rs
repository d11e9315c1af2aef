//! What is wrong with the backup that a service makes, each with its place and in words.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::copies::{self, Carried};
use super::deletes::{deletes_all, pipe_deletes_all};
use super::dumps::{self, DATABASE_VARIABLE, Dump, Extent, USER_VARIABLE};
use super::programs;
use super::reading::{Seen, Walked, purges, walk};
use crate::config::show_duration;
use crate::formats::shell::status::{Lapse, LapseKind, Outcomes};
use crate::model::{Engine, MountKind, Placement, Touch, Why};
use crate::text::Span;
use crate::workloads::commands::{CommandLine, covers};
use crate::workloads::{ProjectContext, how_to_answer, is_answered, is_fleeting};

/// One thing that is wrong with a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::operations) struct Fault {
    /// A word of the field `code` of `job_fault`.
    pub(in crate::operations) code: &'static str,
    /// The program that it is about.
    pub(in crate::operations) tool: String,
    /// In words, as a clause.
    pub(in crate::operations) explained: String,
    /// Where.
    pub(in crate::operations) span: Option<Span>,
    /// Another place that has to do with it, and what it has.
    pub(in crate::operations) related: Option<(Span, &'static str)>,
}

/// A service that makes backups, and what is known of it.
pub(in crate::operations) struct Setting<'s, 'c> {
    pub(in crate::operations) placement: &'s Placement,
    pub(in crate::operations) context: &'s ProjectContext<'c>,
    /// Its command lines.
    pub(in crate::operations) lines: &'s [CommandLine],
    /// How often it repeats itself.
    pub(in crate::operations) interval: Option<Duration>,
    /// How much may be lost.
    pub(in crate::operations) rpo: Duration,
    /// Databases that applications use, each with one of them.
    pub(in crate::operations) used: BTreeMap<(Engine, String), String>,
    /// Variables that are known.
    pub(in crate::operations) values: BTreeMap<String, String>,
}

/// What is wrong with the backup of a service, and why there may be more.
pub(in crate::operations) fn faults(setting: &Setting<'_, '_>) -> (Vec<Fault>, Option<Why>) {
    let mut faults: Vec<Fault> = setting.copy_not_made().into_iter().collect();
    faults.extend(setting.too_rare());
    faults.extend(setting.other_host_of_dump());
    let placement = setting.placement;
    let walked = match walk(placement, setting.context.files) {
        None => return (faults, None),
        Some(Err(why)) => return (faults, Some(setting.unread(why, None))),
        Some(Ok(walked)) => walked,
    };
    let Walked { outcomes, seen, files } = walked;
    faults.extend(setting.unset_variable());
    faults.extend(setting.destroyed(&seen));
    faults.extend(setting.unfit(&seen));
    faults.extend(setting.runs_unseen_code(&seen));
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(why) => {
            faults.extend(setting.refused(why));
            return (faults, setting.unanswered(why, &files));
        }
    };
    let doubt = if outcomes.does {
        faults.extend(setting.limited(&seen));
        let (fault, doubt) = setting.lapse(&outcomes, &seen);
        faults.extend(fault);
        doubt
    } else {
        match setting.nothing(&seen) {
            Some(fault) => {
                faults.push(fault);
                None
            }
            None => seen.unknown.first().map(|program| format!("it runs {program}, which is not read")),
        }
    };
    if outcomes.does {
        faults.extend(setting.targets(&seen));
        faults.extend(setting.other_database(&seen));
        faults.extend(setting.copy_never_made(&seen));
        faults.extend(setting.turns(&outcomes, &seen));
        faults.extend(setting.moved_wrong(&seen));
        faults.extend(setting.replaced(&seen));
        faults.extend(setting.without_roles(&seen));
    }
    let limited = faults.iter().find(|fault| fault.code == "limited").map(|fault| fault.explained.clone());
    let doubt = doubt.and_then(|why| setting.unanswered(&why, &files));
    (faults, doubt.or_else(|| limited.map(|why| setting.unread(&why, None))))
}

impl Setting<'_, '_> {
    /// Why it cannot be told what the backup does, where no person answers for every script of it.
    fn unanswered(&self, why: &str, files: &BTreeSet<String>) -> Option<Why> {
        let is_open = |path: &&String| !is_answered(self.placement, path, &[Touch::Backup]);
        let open = files.iter().find(is_open);
        (files.is_empty() || open.is_some()).then(|| self.unread(why, open.map(String::as_str)))
    }

    /// The same; `path` is a file that a person may read.
    fn unread(&self, why: &str, path: Option<&str>) -> Why {
        const MEND: &str = "let each way through the script end with a complete dump or with a failure, or state the evidence";
        let answer = path.and_then(|path| how_to_answer(self.placement, path, self.context.files));
        Why::needing(
            format!("what the backup of service {} does cannot be told: {why}", self.placement.name),
            answer.map_or_else(|| MEND.to_owned(), |answer| format!("{MEND}; or {answer}")),
        )
    }

    /// The place of a call: of the first line with the program and, where there is one, this word.
    fn place(&self, program: &str, word: Option<&str>) -> Option<Span> {
        let runs = |line: &&CommandLine| {
            line.words.iter().any(|known| known.program() == program)
                && word.is_none_or(|word| line.words.iter().any(|known| known.text.contains(word)))
        };
        let line = self.lines.iter().find(runs).or_else(|| self.lines.iter().find(|line| line.program() == program))?;
        line.span()
    }

    /// Where the script is named.
    fn command(&self) -> Option<Span> {
        let command = self.placement.command.as_ref().or(self.placement.entrypoint.as_ref());
        command.map(|command| command.span)
    }

    pub(super) fn fault(&self, code: &'static str, tool: &str, explained: String, word: Option<&str>) -> Fault {
        let span = self.place(tool, word).or_else(|| self.command()).or(Some(self.placement.name_span));
        Fault { code, tool: tool.to_owned(), explained, span, related: None }
    }

    /// Why a script that never makes a complete dump makes none; `None` where something in it may make one.
    fn nothing(&self, seen: &Seen) -> Option<Fault> {
        let of_dump = |dump: &Dump| {
            let (code, explained) = match &dump.extent {
                Extent::NoData(explained) => ("no-data", explained),
                Extent::Part(explained) => ("partial", explained),
                Extent::Whole | Extent::Limited(_) => return None,
            };
            let option = explained.split([' ', '=']).next();
            Some(self.fault(code, &dump.tool, explained.clone(), option))
        };
        if !seen.unknown.is_empty() {
            return None;
        }
        let dumps = || seen.dumps.iter().rev();
        let ends_without = dumps().find(|dump| matches!(dump.extent, Extent::Whole | Extent::Limited(_)));
        if let Some(dump) = ends_without {
            return Some(self.fault("never-runs", &dump.tool, format!("the script fails whenever {} has run", dump.tool), None));
        }
        // That of a database says more than that of the roles.
        if let Some(dump) = dumps().find(|dump| !dump.every_database).or_else(|| dumps().next()) {
            return of_dump(dump);
        }
        let written = self.lines.iter().find(|line| programs::is_dump_program(line.program()));
        Some(match written {
            Some(line) => {
                let tool = line.program();
                self.fault("never-runs", tool, format!("no way through the script reaches {tool}"), None)
            }
            None => Fault {
                code: "no-dump",
                tool: String::new(),
                explained: "no command in it dumps a database".to_owned(),
                span: self.command(),
                related: None,
            },
        })
    }

    /// A dump that leaves something out, where no other takes all.
    fn limited(&self, seen: &Seen) -> Option<Fault> {
        if seen.dumps.iter().any(|dump| dump.extent == Extent::Whole) {
            return None;
        }
        seen.dumps.iter().find_map(|dump| match &dump.extent {
            Extent::Limited(explained) => Some(self.fault("limited", &dump.tool, explained.clone(), explained.split(' ').next())),
            _ => None,
        })
    }

    /// How a success without a dump can come about: as a fault, as a doubt, or both.
    fn lapse(&self, outcomes: &Outcomes, seen: &Seen) -> (Option<Fault>, Option<String>) {
        let weight = |lapse: &&Lapse| (lapse.kind != LapseKind::Skipped, lapse.purges, lapse.kind == LapseKind::Pipe);
        let Some(lapse) = outcomes.lapses.iter().max_by_key(weight) else { return (None, None) };
        let dumping = seen.dumps.first().map_or("", |dump| dump.tool.as_str());
        let tool = if lapse.step.is_empty() || dumps::carries_another(&lapse.step) { dumping } else { &lapse.step };
        let lapse = &Lapse { step: tool.to_owned(), ..lapse.clone() };
        let fault = |code, explained| Some(self.fault(code, tool, explained, None));
        // A loop that goes on is no success that anybody is told of, unless it leaves what looks like a backup, or removes others.
        let goes_on = matches!(lapse.kind, LapseKind::Turn | LapseKind::Or | LapseKind::NoElse | LapseKind::Last | LapseKind::Negated);
        match lapse.kind {
            LapseKind::Skipped => (None, Some(lapse.explained())),
            _ if outcomes.endless && goes_on && !lapse.purges => (fault("unnoticed", lapse.explained()), Some(lapse.explained())),
            _ if lapse.purges => {
                let explained = format!("{}, and older backups are deleted all the same", lapse.explained());
                let deleted = self.deleting().map(|place| (place, "older backups are deleted here, good ones too"));
                (fault("hides-failure", explained).map(|fault| Fault { related: deleted, ..fault }), None)
            }
            _ => (fault("hides-failure", lapse.explained()), None),
        }
    }

    /// Where older backups are deleted.
    fn deleting(&self) -> Option<Span> {
        let deletes = |line: &&CommandLine| purges(line.program(), line.arguments().iter().map(|word| word.text.as_str()));
        self.lines.iter().rev().find(deletes)?.span()
    }

    fn too_rare(&self) -> Option<Fault> {
        let interval = self.interval.filter(|interval| *interval > self.rpo)?;
        let explained = format!("one backup every {}, and no more than {} may be lost", show_duration(interval), show_duration(self.rpo));
        Some(self.fault("too-rare", "sleep", explained, None))
    }

    /// A database that applications use and that this service, the only one that dumps, does not dump.
    fn other_database(&self, seen: &Seen) -> Option<Fault> {
        let dumps = || seen.dumps.iter().filter(|dump| is_database(dump));
        if dumps().any(|dump| dump.every_database) {
            return None;
        }
        let value = |name: &str| self.values.get(name).cloned();
        let name = |dump: &Dump| {
            dump.database.clone().or_else(|| value(DATABASE_VARIABLE)).or_else(|| dump.user.clone()).or_else(|| value(USER_VARIABLE))
        };
        let names: Vec<String> = dumps().map(name).collect::<Option<_>>()?;
        if names.iter().any(|name| name.contains(['$', '`'])) {
            return None;
        }
        let is_other = |placement: &&Placement| placement.name != self.placement.name && self.context.identity(placement).role == "backup";
        let alone = self.context.placements.iter().find(is_other).is_none();
        let tool = dumps().next().map_or("", |dump| dump.tool.as_str());
        let engines = programs::engines(tool);
        let used: Vec<(&String, &String)> =
            self.used.iter().filter(|((engine, _), _)| engines.contains(engine)).map(|((_, name), user)| (name, user)).collect();
        let is_used = used.iter().any(|(used, _)| names.contains(used));
        let (missing, user) = used.into_iter().find(|(used, _)| !names.contains(used)).filter(|_| alone || !is_used)?;
        let explained = format!("it dumps {}, and not {missing}, which service {user} uses", names.join(" and "));
        Some(self.fault("other-database", tool, explained, None))
    }

    /// Where dumps are written to, and what becomes of them there.
    fn targets(&self, seen: &Seen) -> Vec<Fault> {
        let mut faults = Vec::new();
        let files = seen.dumps.iter().filter(|dump| is_database(dump)).filter_map(|dump| Some((dump.tool.as_str(), dump.file.as_deref()?)));
        let first_tool = seen.dumps.iter().find(|dump| is_database(dump)).map_or("", |dump| dump.tool.as_str());
        let piped = seen.outputs.iter().map(|file| (first_tool, file.as_str()));
        for (tool, file) in files.chain(piped) {
            let Some(folder) = folder(file) else { continue };
            faults.extend(self.misplaced(tool, &folder, seen));
            faults.extend(self.on_display(tool, &folder));
            let deleting = seen.calls.iter().find_map(|call| Some((call.first()?, deletes_all(call, &folder)?)));
            faults.extend(deleting.map(|(program, explained)| self.fault("deletes-all", program, explained, Some(&folder))));
            let by_pipe = seen.pipes.iter().find_map(|pipe| pipe_deletes_all(pipe, &folder));
            faults.extend(by_pipe.map(|explained| self.fault("deletes-all", "xargs", explained, None)));
        }
        faults.dedup_by(|later, earlier| later.code == earlier.code);
        faults
    }

    /// A folder that goes with the container, or with the data.
    fn misplaced(&self, tool: &str, folder: &str, seen: &Seen) -> Option<Fault> {
        let placement = self.placement;
        if !placement.incomplete.is_empty() || placement.other.contains_key("volumes_from") {
            return None;
        }
        let above = |target: &str| covers(target, folder);
        let mounted = placement.mounts.iter().enumerate().filter(|(_, mount)| above(&mount.target));
        let nearest = mounted.max_by_key(|(_, mount)| mount.target.trim_end_matches('/').len());
        let lost = |why: &str| Some(self.fault("volatile", tool, format!("{folder} {why}"), Some(folder)));
        match nearest {
            Some((_, mount)) if mount.read_only && mount.kind != MountKind::Tmpfs => {
                let explained = format!("{folder} is mounted read-only, so that {tool} cannot write there");
                Some(self.fault("never-runs", tool, explained, Some(folder)))
            }
            Some((_, mount)) if is_fleeting(mount) => {
                lost(&format!("is on {} of the host, which the host empties when it starts", mount.source.as_deref().unwrap_or_default()))
            }
            Some((index, mount)) if matches!(mount.kind, MountKind::Volume | MountKind::Bind) => {
                let database = self.context.database_on(placement, index)?;
                Some(self.fault(
                    "on-data",
                    tool,
                    format!("{folder} is on the volume that holds the data of {}", database.name),
                    Some(folder),
                ))
            }
            _ if self.is_moved_away(folder, seen) => None,
            Some((_, mount)) if mount.kind == MountKind::Tmpfs => lost("is kept in memory"),
            Some((_, mount)) if mount.kind == MountKind::Anonymous => {
                lost("is on a volume without a name, which a new container does not get")
            }
            Some(_) => None,
            None => lost("is inside the container: no volume is mounted there, and a new container begins without it"),
        }
    }

    /// Whether the script moves what it writes to a folder that stays, or uses the folder as scratch space on the way elsewhere.
    fn is_moved_away(&self, folder: &str, seen: &Seen) -> bool {
        let stays = |target: &str| {
            self.placement
                .mounts
                .iter()
                .any(|mount| matches!(mount.kind, MountKind::Volume | MountKind::Bind) && covers(&mount.target, target))
        };
        let from_here = |path: &String| covers(folder, path);
        if seen.moved.iter().any(|(sources, target)| stays(target) && sources.iter().any(from_here)) {
            return true;
        }
        let carried = self.lines.iter().filter_map(of_line).any(|carried| carried.not_made.is_none() && carried.from.iter().any(from_here));
        let removed = seen.calls.iter().any(|call| call.first().is_some_and(|program| program == "rm") && call.iter().any(from_here));
        carried && removed && ["/tmp", "/var/tmp", "/dev/shm", "/scratch"].iter().any(|scratch| covers(scratch, folder))
    }
}

/// Whether a dump is one of databases, rather than of roles.
pub(super) fn is_database(dump: &Dump) -> bool {
    matches!(dump.extent, Extent::Whole | Extent::Limited(_))
}

pub(super) fn of_line(line: &CommandLine) -> Option<Carried> {
    let arguments: Vec<String> = line.arguments().iter().map(|word| word.text.clone()).collect();
    copies::carried(line.program(), &arguments)
}

/// The folder of a file, as far as it is known: `/backups/$day/shop.dump` → `/backups`.
pub(super) fn folder(file: &str) -> Option<String> {
    let default = |rest: &str| {
        let (inside, after) = rest.split_once('}')?;
        let (_, default) = inside.split_once(":-")?;
        Some(format!("{default}{after}"))
    };
    // Home folders are parts of the image.
    let home = ["$HOME", "${HOME}", "~"].iter().find_map(|home| file.strip_prefix(home).filter(|rest| rest.starts_with('/')));
    let file = home.map_or_else(|| file.to_owned(), |rest| format!("/root{rest}"));
    let file = match file.strip_prefix("${") {
        Some(rest) => default(rest)?,
        None => file.clone(),
    };
    let known = file.split(['$', '`', '*', '?']).next().unwrap_or("");
    let folder = known.rsplit_once('/').map(|(folder, _)| folder).filter(|folder| folder.starts_with('/') && folder.len() > 1)?;
    Some(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_as_far_as_they_are_written() {
        for (file, known) in [
            ("/backups/shop-$stamp.dump", Some("/backups")),
            ("/backups/$day/shop.dump", Some("/backups")),
            ("${DIR:-/backups}/shop.dump", Some("/backups")),
            ("$HOME/shop.dump", Some("/root")),
            ("${DIR}/shop.dump", None),
            ("$DIR/shop.dump", None),
            ("shop.dump", None),
            ("/$DIR/shop.dump", None),
        ] {
            assert_eq!(folder(file).as_deref(), known, "{file}");
        }
    }
}
