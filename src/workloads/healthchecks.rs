//! What a health check proves, and what it does not.

use super::arguments::{Argument, wants_password};
use super::commands::{CommandLine, CommandWord, command_lines, mounted_source};
use super::footprints;
use crate::formats::shell::is_shell;
use crate::model::footprint::{Footprint, HealthCheck};
use crate::model::{Healthcheck, Mount, Placement};
use crate::text::{Files, Span};

/// What is wrong with a health check; the words of the fact `healthcheck_flaws`.
pub(super) const FLAWS: &[&str] = &["always-passes", "ignores-reply", "init-race", "removes", "unauthenticated", "writes"];

/// The flaws of a health check, in the order of [`FLAWS`].
///
/// * `always-passes`: it succeeds whatever the server does (`true`, `|| exit 0`).
/// * `ignores-reply`: it succeeds when the server answers with an error, such as a refused login.
/// * `init-race`: the temporary server that initialises a fresh data directory answers it too.
/// * `removes`: it takes data away.
/// * `unauthenticated`: the server wants a password and the check gives none.
/// * `writes`: it changes data.
#[must_use]
pub(super) fn flaws(placement: &Placement, check: &Healthcheck, arguments: &[Argument], files: &Files) -> Vec<&'static str> {
    let Some(test) = &check.test else {
        return Vec::new();
    };
    let lines = command_lines(test, files);
    let text: String = lines.iter().flat_map(|line| &line.words).map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut replies = footprints::ALL.iter().flat_map(|footprint| footprint.health_checks).flat_map(|known| known.replies);
    let compared = text.contains("grep") || replies.any(|reply| text.contains(reply));
    let mut found: Vec<&'static str> = Vec::new();
    let inner = lines.iter().filter(|line| !line.words.is_empty());
    for line in inner {
        for flaw in of_line(placement, line, arguments) {
            let answered = flaw == "ignores-reply" && compared;
            if !answered && !found.contains(&flaw) {
                found.push(flaw);
            }
        }
    }
    if always_passes(&lines) {
        found.push("always-passes");
    }
    FLAWS.iter().copied().filter(|flaw| found.contains(flaw)).collect()
}

/// `true`, `exit 0`, or either after `||` at the end.
fn always_passes(lines: &[CommandLine]) -> bool {
    let last = lines.iter().rfind(|line| !line.words.is_empty());
    last.is_some_and(|line| match line.program() {
        "true" | ":" => true,
        "exit" => line.arguments().first().is_none_or(|code| code.text == "0"),
        _ => false,
    })
}

/// Why a health check fails whatever the server does, and where that is written; `None` where it may succeed.
pub(super) fn never_passes(placement: &Placement, check: &Healthcheck, files: &Files) -> Option<(Span, String)> {
    let test = check.test.as_ref()?;
    let lines = command_lines(test, files);
    let lines: Vec<&CommandLine> = lines.iter().filter(|line| !line.words.is_empty() && !is_shell(line.program())).collect();
    let [only] = lines.as_slice() else { return None };
    let whole = (test.span, String::new());
    let fails = match only.program() {
        // As a word of a list it switches the check off, as a text it is a command.
        "false" | "NONE" => true,
        "exit" => only.arguments().first().is_some_and(|code| code.text.parse::<u8>().is_ok_and(|code| code != 0)),
        _ => false,
    };
    if fails {
        return Some((whole.0, format!("it ends with `{}`", if only.program() == "exit" { "exit 1" } else { only.program() })));
    }
    if let Some(why) = never_answers(check) {
        return Some((whole.0, why));
    }
    let (engine, _) = footprints::ALL
        .iter()
        .flat_map(|engine| engine.health_checks.iter().map(move |known| (engine, known)))
        .find(|(_, known)| known.programs.contains(&only.program()))?;
    let value = |short: &str, long: &str| option(only.arguments(), short, long);
    let port = value("-p", "--port").filter(|_| engine.server.port_variable.is_some());
    let own = |host: &str| {
        matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0")
            || host.starts_with(['/', '$'])
            || host == placement.name
            || host.parse::<std::net::IpAddr>().is_ok()
            || placement.container_name.as_ref().is_some_and(|(name, _)| name == host)
            || placement.other.get("aliases").into_iter().flatten().any(|(name, _)| name == host)
            || placement.other.get("hostname").into_iter().flatten().any(|(name, _)| name == host)
    };
    if let Some(host) = value("-h", "--host").filter(|host| !own(host) && !host.contains('$')) {
        return Some((whole.0, format!("it asks the host {host}, and not the server of this container")));
    }
    let number = port?.parse::<u16>().ok()?;
    let moved = engine.server.port_variable.is_some_and(|name| placement.environment.iter().any(|entry| entry.name == name));
    let named = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words);
    let is_named = named.into_iter().any(|word| word.value.as_deref().is_none_or(|text| text.contains(&number.to_string())));
    let text = number.to_string();
    let says_otherwise = |mount: &Mount| {
        is_configuration(&mount.target)
            && mounted_source(placement, &mount.target, files).is_none_or(|source| source.text().contains(&text))
    };
    (engine.server.port != Some(number) && !moved && !is_named && !placement.mounts.iter().any(says_otherwise))
        .then(|| (whole.0, format!("it asks port {number}, and nothing moves the server there")))
}

/// A check that is ended before any program can answer, or that asks for the first time when nobody waits any more.
fn never_answers(check: &Healthcheck) -> Option<String> {
    let shortest = check.timeout.filter(|timeout| (1..SHORTEST_ANSWER).contains(timeout));
    if let Some(timeout) = shortest {
        return Some(format!("it has {} ms to answer, and its program takes longer to start", timeout / 1000));
    }
    // Within a start period it asks every few seconds.
    let first = check.interval.filter(|interval| *interval > LONGEST_WAIT && check.start_period.unwrap_or(0) == 0)?;
    Some(format!("it asks for the first time after {} minutes", first / 60_000_000))
}

/// The shortest time in which a program can start and answer, in microseconds.
const SHORTEST_ANSWER: i64 = 20_000;

/// The longest that anybody waits for the first answer, likewise.
const LONGEST_WAIT: i64 = 30 * 60 * 1_000_000;

/// Whether a file of this name may hold the port of a server.
fn is_configuration(target: &str) -> bool {
    [".conf", ".cnf", ".yml", ".yaml"].iter().any(|end| target.ends_with(end)) || target.starts_with("/etc")
}

/// The value of an option in any of its forms.
fn option(arguments: &[CommandWord], short: &str, long: &str) -> Option<String> {
    let mut words = arguments.iter().map(|word| word.text.as_str()).peekable();
    while let Some(word) = words.next() {
        if word == short || word == long {
            return words.next().map(str::to_owned);
        }
        let joined = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
        if let Some(value) = joined.or_else(|| word.strip_prefix(short).filter(|rest| !rest.is_empty() && !word.starts_with("--"))) {
            return Some(value.to_owned());
        }
    }
    None
}

fn of_line(placement: &Placement, line: &CommandLine, arguments: &[Argument]) -> Vec<&'static str> {
    let of_program = |known: &&HealthCheck| known.programs.contains(&line.program());
    let known = footprints::ALL.iter().flat_map(|engine| engine.health_checks.iter().filter(of_program).map(move |known| (engine, known)));
    known.flat_map(|(engine, known)| of_command(placement, line, engine, known, arguments)).collect()
}

/// The flaws that a command line has as one of the commands that are known of an engine.
fn of_command(
    placement: &Placement,
    line: &CommandLine,
    engine: &Footprint,
    known: &HealthCheck,
    arguments: &[Argument],
) -> Vec<&'static str> {
    let lower: Vec<String> = line.arguments().iter().map(|word| word.text.to_ascii_lowercase()).collect();
    // A statement is one word of the command line.
    let says = |commands: &[&str]| {
        let statements = lower.iter().filter(|word| word.contains(char::is_whitespace)).flat_map(|word| word.split(';'));
        statements.filter_map(|statement| statement.split_whitespace().next()).any(|first| commands.contains(&first))
    };
    let asks = |commands: &[&str]| lower.iter().any(|word| commands.contains(&word.as_str()));
    let has = |flags: &[&str]| line.arguments().iter().any(|word| flags.contains(&word.text.as_str()));
    if !known.commands.is_empty() && !asks(known.commands) {
        return Vec::new();
    }
    let logs_in = || has(known.logs_in) || passes_by_environment(placement, line, engine);
    let unauthenticated = !known.logs_in.is_empty() && wants_password(arguments, placement, engine) && !logs_in();
    let flaws = [
        ("ignores-reply", known.passes_on_error && !has(known.unless)),
        ("init-race", known.passes_while_initialising && socket_only(line.arguments(), known.socket_hosts)),
        ("unauthenticated", unauthenticated),
        ("removes", says(known.removes)),
        ("writes", asks(known.writes) || says(known.writes)),
    ];
    flaws.into_iter().filter(|(_, found)| *found).map(|(flaw, _)| flaw).collect()
}

/// Whether a variable gives a client its password, before the program or in the container.
fn passes_by_environment(placement: &Placement, line: &CommandLine, engine: &Footprint) -> bool {
    let is_password = |name: &str| engine.clients.iter().any(|client| client.password_variable == Some(name));
    line.assignments.iter().any(|word| word.text.split_once('=').is_some_and(|(name, _)| is_password(name)))
        || placement.environment.iter().any(|entry| is_password(&entry.name))
}

/// Whether a client uses the local socket: no host, a path, or a name that stands for it.
fn socket_only(arguments: &[CommandWord], socket_hosts: &[&str]) -> bool {
    let mut host = None;
    let mut words = arguments.iter().map(|word| word.text.as_str()).peekable();
    while let Some(word) = words.next() {
        if matches!(word, "-h" | "--host") {
            host = words.peek().copied();
        } else if let Some(value) = word.strip_prefix("--host=").or_else(|| word.strip_prefix("-h").filter(|rest| !rest.is_empty())) {
            host = Some(value);
        } else if word == "--protocol=tcp" || word == "--protocol=TCP" {
            return false;
        }
    }
    host.is_none_or(|host| host.starts_with('/') || socket_hosts.contains(&host))
}

/// The health check's command as it may be shown: without what looks like a credential.
#[must_use]
pub(super) fn shown(check: &Healthcheck) -> Option<String> {
    let test = check.test.as_ref()?;
    let words: Option<Vec<String>> = test.words.iter().map(|word| word.value.clone()).collect();
    Some(crate::text::redact_text(&words?.join(" ")))
}
