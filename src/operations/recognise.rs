//! Which command lines copy a database, and how.

use std::collections::BTreeMap;

use super::intervals::interval;
use crate::formats::shell::{is_assignment, is_shell};
use crate::model::Engine;
use crate::model::footprint::BackupProgram;
use crate::workloads::commands::{CommandLine, CommandWord};
use crate::workloads::footprints;

/// What a command line copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Copying {
    /// Program.
    pub tool: String,
    /// Engines that it copies; none where any may be meant.
    pub engines: Vec<Engine>,
    /// `dump`, `physical`, `archive` or `raw-copy`.
    pub kind: &'static str,
    /// Host of the database, where one is named.
    pub host: Option<String>,
    /// Paths that are copied as files; only for `raw-copy`.
    pub paths: Vec<CommandWord>,
}

impl Copying {
    /// The host of the database as it is written: that of the line, else that of the variables which its programs read.
    #[must_use]
    pub(super) fn named_host(&self, values: &BTreeMap<String, String>) -> Option<String> {
        let known = self.engines.iter().filter_map(|engine| footprints::of(*engine)).flat_map(|footprint| footprint.environment.hosts);
        let default = || known.chain(&["DB_HOST"]).find_map(|name| values.get(*name).cloned());
        self.host.clone().or_else(default)
    }
}

/// What a command line copies, if it copies anything.
#[must_use]
pub(super) fn copying(line: &CommandLine) -> Option<Copying> {
    let tool = line.program();
    let has = |word: &str| line.arguments().iter().any(|argument| argument.text == word);
    if matches!(tool, "tar" | "cp" | "rsync") {
        return raw_copy(line);
    }
    let copies = |known: &&BackupProgram| {
        let asked = known.commands.is_empty() || known.commands.iter().any(|command| has(command));
        known.programs.contains(&tool) && asked && known.option.is_none_or(has)
    };
    let known = || footprints::ALL.iter().flat_map(|engine| engine.backups.iter().filter(copies).map(|known| (engine.engine, known.makes)));
    let Some((_, kind)) = known().next() else { return carried(line) };
    if has("--version") || has("--help") {
        return None;
    }
    let engines = known().map(|(engine, _)| engine).collect();
    Some(Copying { tool: tool.to_owned(), engines, kind: kind.word(), host: host(line), paths: Vec::new() })
}

/// Programs that run what follows in a container, on another machine, or as another account.
const CARRIERS: [&str; 9] = ["docker", "docker-compose", "podman", "kubectl", "ssh", "runuser", "su", "sudo", "gosu"];

/// `docker exec db pg_dump …`: the dump, of the server in that container.
fn carried(line: &CommandLine) -> Option<Copying> {
    if !CARRIERS.contains(&line.program()) {
        return None;
    }
    let of_word = |word: &CommandWord| {
        let part = |text: &str| CommandWord { text: text.to_owned(), ..word.clone() };
        word.text.split_whitespace().map(part).collect::<Vec<_>>()
    };
    let words: Vec<CommandWord> = line.arguments().iter().flat_map(of_word).collect();
    let programs = || footprints::ALL.iter().flat_map(|engine| engine.backups).flat_map(|known| known.programs);
    let at = words.iter().position(|word| programs().any(|program| *program == word.program()))?;
    let inner = CommandLine { words: words.get(at..)?.to_vec(), ..CommandLine::default() };
    let copy = copying(&inner).filter(|copy| copy.kind != "raw-copy")?;
    // A container is named before the program; `sh -c` may stand between.
    let is_container = matches!(line.program(), "docker" | "docker-compose" | "podman");
    let container = words.get(..at)?.iter().rev().find(|word| !word.text.starts_with('-') && !is_shell(&word.text));
    let host = copy.host.clone().or_else(|| container.filter(|_| is_container).map(|word| word.text.clone()));
    Some(Copying { host, ..copy })
}

/// The paths that `tar` packs, or `cp -r` and `rsync` take.
fn raw_copy(line: &CommandLine) -> Option<Copying> {
    let words = line.arguments();
    let flags = |letters: &str| words.iter().any(|word| short_flags(word).is_some_and(|found| found.chars().any(|c| letters.contains(c))));
    let long = |flag: &str| words.iter().any(|word| word.text == flag);
    let bundled = words.first().map_or("", |word| word.text.as_str());
    let copies = match line.program() {
        // The letters of tar may stand without a dash: `tar czf`.
        "tar" => {
            let old_style = !bundled.starts_with('-') && bundled.chars().all(char::is_alphabetic);
            let letters = |c: char| flags(&c.to_string()) || old_style && bundled.contains(c);
            (letters('c') || long("--create")) && !letters('x')
        }
        "cp" => flags("raR") || long("--recursive") || long("--archive"),
        _ => true,
    };
    let is_path = |word: &&CommandWord| word.text.starts_with('/') && word.text.len() > 1;
    let mut paths: Vec<CommandWord> = words.iter().filter(is_path).cloned().collect();
    if line.program() == "tar" {
        // The archive is written, not read.
        let target = words
            .iter()
            .position(|word| short_flags(word).is_some_and(|found| found.ends_with('f')))
            .or_else(|| bundled.ends_with('f').then_some(0));
        let target = target.and_then(|at| words.get(at + 1)).map(|word| word.text.clone());
        paths.retain(|word| Some(&word.text) != target.as_ref());
    } else {
        paths.truncate(paths.len().saturating_sub(1).max(usize::from(paths.len() == 1)));
    }
    (copies && !paths.is_empty()).then(|| Copying {
        tool: line.program().to_owned(),
        engines: Vec::new(),
        kind: "raw-copy",
        host: None,
        paths,
    })
}

fn short_flags(word: &CommandWord) -> Option<&str> {
    word.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'))
}

/// The host after `-h` or `--host`, or in a URL.
fn host(line: &CommandLine) -> Option<String> {
    let mut words = line.arguments().iter().map(|word| word.text.as_str()).peekable();
    while let Some(word) = words.next() {
        if matches!(word, "-h" | "--host") {
            return words.next().map(str::to_owned);
        }
        if let Some(host) = word.strip_prefix("--host=").or_else(|| word.strip_prefix("-h").filter(|host| !host.is_empty())) {
            return Some(host.to_owned());
        }
        if let Some((_, rest)) = word.split_once("://") {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            let host = authority.rsplit('@').next().unwrap_or(authority);
            return Some(host.split([':', ',']).next().unwrap_or(host).to_owned());
        }
    }
    None
}

/// What runs a script again and again, in words; `None` when nothing does.
#[must_use]
pub(super) fn schedule(lines: &[CommandLine]) -> Option<String> {
    let loops = lines.iter().any(|line| line.keywords.iter().any(|word| word == "while" || word == "until"));
    let sleeps = lines.iter().filter(|line| line.program() == "sleep").filter_map(|line| line.arguments().first());
    let sleeps: Vec<&CommandWord> = sleeps.filter(|word| word.text != "infinity" && word.text != "inf").collect();
    // The longest says how far apart two turns are; where one cannot be told, the last.
    let length = |word: &&&CommandWord| interval(&format!("sleep {}", word.text));
    let known = sleeps.iter().all(|word| length(&word).is_some());
    let pause = if known { sleeps.iter().max_by_key(length) } else { sleeps.last() };
    if let Some(pause) = pause.filter(|_| loops) {
        return Some(format!("sleep {}", pause.text));
    }
    let cron = lines.iter().find(|line| matches!(line.program(), "crond" | "cron" | "supercronic" | "go-cron" | "dcron" | "anacron"))?;
    Some(cron.program().to_owned())
}

/// Whether something makes a raw copy safe: the server is stopped, told, or its disk is frozen.
#[must_use]
pub(super) fn is_quiesced(lines: &[CommandLine]) -> bool {
    lines.iter().any(|line| {
        let has = |word: &str| line.arguments().iter().any(|argument| argument.text == word);
        let says = |part: &str| line.arguments().iter().any(|argument| argument.text.to_ascii_lowercase().contains(part));
        match line.program() {
            "docker" | "docker-compose" | "podman" => has("stop") || has("pause") || has("down"),
            "lvcreate" | "fsfreeze" | "xfs_freeze" => true,
            "zfs" | "btrfs" => has("snapshot"),
            program => {
                let mut known = footprints::ALL.iter().flat_map(|footprint| footprint.quiesce);
                known.any(|known| known.program == program && known.says.iter().any(|part| says(part)))
            }
        }
    })
}

/// Variables that a script sets once, to their literal values.
#[must_use]
pub(super) fn assignments(lines: &[CommandLine]) -> BTreeMap<String, String> {
    let alone = lines.iter().filter(|line| line.words.is_empty()).flat_map(|line| &line.assignments);
    let exported =
        lines.iter().filter(|line| line.program() == "export").flat_map(CommandLine::arguments).filter(|word| is_assignment(&word.text));
    alone.chain(exported).filter_map(|word| word.text.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A text with a variable in front replaced by its value: `$DB_HOST`, `${DB_HOST}`, `${DB_HOST:-db}`.
#[must_use]
pub(super) fn resolve(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let Some(rest) = text.strip_prefix('$').map(|rest| rest.trim_start_matches('$')) else {
        return Some(text.to_owned());
    };
    let inner = rest.strip_prefix('{').map_or(rest, |inner| inner.strip_suffix('}').unwrap_or(inner));
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, modifier) = inner.split_at(end);
    let default = modifier.strip_prefix(":-").or_else(|| modifier.strip_prefix('-')).map(str::to_owned);
    values.get(name).cloned().or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::shell;
    use crate::text::{SourceId, Span};
    use crate::workloads::commands::WordOrigin;

    fn lines(script: &str) -> Vec<CommandLine> {
        let word = |word: &shell::ShellWord| CommandWord {
            text: word.text.clone(),
            span: Span::new(SourceId::detached(), word.range.start, word.range.end),
            origin: WordOrigin::Literal,
        };
        let line = |command: shell::ShellCommand| CommandLine {
            words: command.program_words().iter().map(word).collect(),
            assignments: command.words.iter().filter(|word| is_assignment(&word.text)).map(word).collect(),
            keywords: command.keywords,
        };
        shell::commands(script).into_iter().map(line).collect()
    }

    #[test]
    fn copies_of_databases_are_recognised() {
        for (script, expected) in [
            ("pg_dump -h db app | gzip > x", Some(("pg_dump", "dump"))),
            ("PGPASSWORD=x exec /usr/bin/pg_basebackup -D /b", Some(("pg_basebackup", "physical"))),
            ("wal-g backup-push /data", Some(("wal-g", "physical"))),
            ("wal-g wal-fetch %f %p", None),
            ("pgbackrest --stanza=main backup", Some(("pgbackrest", "physical"))),
            ("tar -czf /b/x.tar.gz /backup/db", Some(("tar", "raw-copy"))),
            ("tar czf /b/x.tar.gz -C /backup/db .", Some(("tar", "raw-copy"))),
            ("tar -xzf /b/x.tar.gz -C /data", None),
            ("cp -a /var/lib/postgresql/data /b", Some(("cp", "raw-copy"))),
            ("cp /etc/hosts /b", None),
            ("rsync -a /data/ /b/", Some(("rsync", "raw-copy"))),
            ("pg_dump --version", None),
        ] {
            let found = lines(script).iter().find_map(copying);
            assert_eq!(found.as_ref().map(|copy| (copy.tool.as_str(), copy.kind)), expected, "{script}");
        }
        let copy = lines("tar -czf /b/x.tar.gz /backup/db").iter().find_map(copying).unwrap();
        assert_eq!(copy.paths.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["/backup/db"]);
    }

    #[test]
    fn a_schedule_is_a_loop_with_a_pause_or_a_cron() {
        assert_eq!(schedule(&lines("while true; do pg_dump x; sleep 86400; done")).as_deref(), Some("sleep 86400"));
        assert_eq!(schedule(&lines("sleep 10; pg_dump x")), None);
        assert_eq!(schedule(&lines("crond -f")).as_deref(), Some("crond"));
    }

    #[test]
    fn hosts_are_found_behind_variables() {
        let script = lines("DB_HOST=\"db\"\npg_dump -h \"$DB_HOST\" app");
        let copy = script.iter().find_map(copying).unwrap();
        assert_eq!(resolve(&copy.host.unwrap(), &assignments(&script)).as_deref(), Some("db"));
        assert_eq!(resolve("${X:-pg}", &BTreeMap::new()).as_deref(), Some("pg"));
        assert_eq!(resolve("$X", &BTreeMap::new()), None);
    }
}
