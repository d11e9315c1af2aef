//! Services that take a database of their project away, or its backups, each time they start.

use super::dumps::{CLIENTS, DROPS, EMPTIES};
use super::programs;
use crate::formats::shell;
use crate::model::{Field, Mount, MountKind, Placement, Record};
use crate::text::Span;
use crate::workloads::ProjectContext;
use crate::workloads::commands::{CommandLine, covers};

/// What is taken away by a service that runs, in its command or in a hook of it.
pub(in crate::operations) fn destroyed(
    placement: &Placement,
    context: &ProjectContext<'_>,
    lines: &[CommandLine],
    makes_backups: bool,
) -> Vec<Record> {
    let own = lines.iter().map(|line| (line.words.iter().map(|word| word.text.clone()).collect::<Vec<_>>(), line.span()));
    let hooks = placement.other.get("post_start").into_iter().flatten();
    let hooks = hooks.flat_map(|(text, span)| {
        let of_line = |command: shell::ShellCommand| command.program_words().iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        inner(&shell::commands(text).into_iter().map(of_line).collect::<Vec<_>>()).into_iter().map(|words| (words, Some(*span)))
    });
    // A scheduler that reads labels runs these in the container.
    let labels = placement.other.get("labels").into_iter().flatten().filter_map(|(label, span)| {
        let (_, command) = label.split_once('=').filter(|(name, _)| name.contains("job-exec") && name.ends_with(".command"))?;
        Some((command.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), Some(*span)))
    });
    // A replica that is made from its primary empties its folder first.
    if lines.iter().any(|line| programs::is_dump_program(line.program())) {
        return Vec::new();
    }
    let calls: Vec<(Vec<String>, Option<Span>)> = own.chain(hooks).chain(labels).collect();
    let found =
        calls.iter().find_map(|(words, span)| Some((what(placement, context, words, makes_backups)?, span.unwrap_or(placement.name_span))));
    found.map(|(message, span)| record(placement, &message, span)).into_iter().collect()
}

/// The commands with those that `sh -c` runs in them.
fn inner(commands: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut all = commands.to_vec();
    for words in commands {
        let [first, option, script, ..] = words.as_slice() else { continue };
        if shell::is_shell(crate::text::path::name_of(first)) && option.starts_with('-') && option.ends_with('c') {
            let of_line = |command: shell::ShellCommand| command.program_words().iter().map(|word| word.text.clone()).collect::<Vec<_>>();
            all.extend(shell::commands(script).into_iter().map(of_line));
        }
    }
    all
}

fn record(placement: &Placement, message: &str, span: Span) -> Record {
    Record::new("problem", format!("{}.command", placement.key), Some(span))
        .with("code", Field::text("destroys-data", Some(span)))
        .with("message", Field::text(message, Some(span)))
}

/// What a call takes away, in words.
fn what(placement: &Placement, context: &ProjectContext<'_>, words: &[String], makes_backups: bool) -> Option<String> {
    let (first, arguments) = words.split_first()?;
    let program = crate::text::path::name_of(first);
    let name = &placement.name;
    if takes_database(program, arguments) {
        let server = server_of(placement, context, arguments).filter(|server| is_used(arguments, server, context))?;
        return Some(format!("{name} runs {program} against {} by itself: the data of the project is gone", server.name));
    }
    if let Some(path) = opens(program, arguments)
        && placement.mounts.iter().any(|mount| covers(&mount.target, path))
        && context.identity(placement).role == "database"
    {
        return Some(format!(
            "{name} opens {path} to every account of its container: its server refuses such a data directory at its next start"
        ));
    }
    let mount = deletes_below(program, arguments).and_then(|path| mount_at(placement, path))?;
    let owner = keeper(placement, context, mount).or_else(|| Some(placement).filter(|_| makes_backups))?;
    Some(format!("{name} deletes what is in {} by itself, where {} keeps its files", mount.target, owner.name))
}

/// The path that a call of `chmod` opens to everybody.
fn opens<'w>(program: &str, arguments: &'w [String]) -> Option<&'w str> {
    let open = |word: &String| {
        let octal = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit()) && !word.ends_with('0');
        octal || word.starts_with("a+") || word.starts_with("o+")
    };
    let path = arguments.iter().rfind(|word| word.starts_with('/'))?;
    (program == "chmod" && arguments.iter().any(open)).then_some(path.as_str())
}

fn takes_database(program: &str, arguments: &[String]) -> bool {
    let has = |options: &[&str]| arguments.iter().any(|word| options.contains(&word.as_str()));
    let lower: Vec<String> = arguments.iter().map(|word| word.to_ascii_lowercase()).collect();
    let says = |part: &str| lower.iter().any(|word| word.split_whitespace().collect::<Vec<_>>().join(" ").contains(part));
    DROPS.contains(&program)
        || EMPTIES.iter().any(|(known, options)| *known == program && has(options))
        || CLIENTS.contains(&program) && (says("drop database") || says("drop schema public") || says("drop schema if exists public"))
}

/// Whether the database that a call names is one of the project's, rather than a scratch database of a test; one that is not named is.
fn is_used(arguments: &[String], server: &Placement, context: &ProjectContext<'_>) -> bool {
    let value = |short: &str, long: &str| {
        let at = arguments.iter().position(|word| word == short || word == long);
        let next = at.and_then(|at| arguments.get(at + 1)).map(String::as_str);
        next.or_else(|| arguments.iter().find_map(|word| word.strip_prefix(long)?.strip_prefix('=')))
    };
    let in_statement = arguments.iter().find_map(|word| {
        let words: Vec<&str> = word.split(|c: char| c.is_whitespace() || c == ';' || c == '"').filter(|word| !word.is_empty()).collect();
        let at = words.windows(2).position(|pair| {
            pair.first().is_some_and(|one| one.eq_ignore_ascii_case("drop"))
                && pair.get(1).is_some_and(|two| two.eq_ignore_ascii_case("database"))
        })?;
        words.get(at + 2..)?.iter().copied().find(|word| !word.eq_ignore_ascii_case("if") && !word.eq_ignore_ascii_case("exists"))
    });
    let operand = || {
        let valued = ["-h", "--host", "-U", "--username", "-p", "--port"];
        let is_value =
            |at: usize| at.checked_sub(1).and_then(|before| arguments.get(before)).is_some_and(|word| valued.contains(&word.as_str()));
        let words =
            arguments.iter().enumerate().filter(|(at, word)| !word.starts_with('-') && !is_value(*at) && !word.contains(['/', ' ']));
        words.map(|(_, word)| word.as_str()).next_back()
    };
    let Some(name) = in_statement.or_else(|| value("-d", "--dbname")).or_else(operand) else { return true };
    let names = |placement: &Placement| {
        placement.environment.iter().any(|entry| entry.value.raw.test(|raw| raw == name || raw.contains(&format!("/{name}"))))
    };
    names(server) || context.placements.iter().any(names)
}

/// The database of the project that a call is for: at the host that it names, or that its variables do, or in its own container.
fn server_of<'c>(placement: &'c Placement, context: &'c ProjectContext<'_>, arguments: &[String]) -> Option<&'c Placement> {
    let mut hosts: Vec<&str> = Vec::new();
    let mut words = arguments.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        if matches!(word, "-h" | "--host") {
            hosts.extend(words.peek());
        }
        hosts.extend(word.strip_prefix("--host=").or_else(|| word.strip_prefix("-h").filter(|host| !host.is_empty())));
        if let Some((_, rest)) = word.split_once("://") {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            hosts.extend(authority.rsplit('@').next().and_then(|host| host.split(':').next()));
        }
    }
    let engines = crate::workloads::footprints::ALL.iter().flat_map(|known| known.environment.hosts);
    let variables = engines.filter_map(|name| placement.environment.iter().find(|entry| entry.name == *name)?.value.value.as_deref());
    let is_database = |server: &&Placement| context.identity(server).role == "database";
    let named = hosts.into_iter().chain(variables).find_map(|host| context.service_at(host)).filter(is_database);
    named.or_else(|| Some(placement).filter(is_database))
}

/// The path below which a call deletes everything.
fn deletes_below<'w>(program: &str, arguments: &'w [String]) -> Option<&'w str> {
    let paths = || arguments.iter().map(String::as_str).filter(|word| word.starts_with('/') && !word.contains('$'));
    match program {
        "rm" if arguments.iter().any(|word| word.starts_with('-') && word.contains('r')) || paths().any(|path| path.ends_with("/*")) => {
            paths().next().map(|path| path.trim_end_matches('*'))
        }
        "find" => {
            let chooses =
                ["-mtime", "-mmin", "-ctime", "-cmin", "-atime", "-amin", "-name", "-iname", "-empty", "-newer", "!", "-not", "-size"];
            let all = arguments.iter().any(|word| word == "-delete") && !arguments.iter().any(|word| chooses.contains(&word.as_str()));
            paths().next().filter(|_| all)
        }
        _ => None,
    }
}

/// The volume of a service whose top a path is.
fn mount_at<'p>(placement: &'p Placement, path: &str) -> Option<&'p Mount> {
    let mounts = placement.mounts.iter().filter(|mount| matches!(mount.kind, MountKind::Volume | MountKind::Bind) && !mount.read_only);
    mounts.into_iter().find(|mount| covers(path.trim_end_matches('/'), &mount.target))
}

/// The database or backup of the project whose volume it is as well.
fn keeper<'c>(placement: &'c Placement, context: &'c ProjectContext<'_>, mount: &Mount) -> Option<&'c Placement> {
    let same = |other: &Mount| other.kind == mount.kind && other.source.is_some() && other.source == mount.source;
    let others = context.placements.iter().filter(|other| other.name != placement.name && other.active);
    let mut keeps = others.filter(|other| matches!(context.identity(other).role, "database" | "backup") && other.mounts.iter().any(same));
    keeps.next().or_else(|| Some(placement).filter(|own| matches!(context.identity(own).role, "database" | "backup")))
}
