//! What a health check proves, and what it does not.

use super::commands::{CommandLine, CommandWord, command_lines};
use crate::model::{Healthcheck, Placement};
use crate::text::Files;

/// What is wrong with a health check; the words of the fact `healthcheck_flaws`.
pub(super) const FLAWS: &[&str] = &["always-passes", "ignores-reply", "init-race", "unauthenticated", "writes"];

/// Clients of Redis and Valkey.
const KEY_CLIENTS: &[&str] = &["redis-cli", "valkey-cli", "keydb-cli"];

/// The flaws of a health check, in the order of [`FLAWS`].
///
/// * `always-passes`: it succeeds whatever the server does (`true`, `|| exit 0`).
/// * `ignores-reply`: it succeeds when the server answers with an error (`redis-cli ping` exits 0 on
///   NOAUTH, `mysqladmin ping` on a refused login).
/// * `init-race`: the temporary server that initialises a fresh data directory answers it too.
/// * `unauthenticated`: the server wants a password and the check gives none.
/// * `writes`: it changes data.
#[must_use]
pub(super) fn flaws(placement: &Placement, check: &Healthcheck, password_required: bool, files: &Files) -> Vec<&'static str> {
    let Some(test) = &check.test else {
        return Vec::new();
    };
    let lines = command_lines(test, files);
    let text: String = lines.iter().flat_map(|line| &line.words).map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let compared = text.contains("PONG") || text.contains("grep") || text.contains("mysqld is alive");
    let mut found: Vec<&'static str> = Vec::new();
    let inner = lines.iter().filter(|line| !line.words.is_empty());
    for line in inner {
        for flaw in of_line(placement, line, password_required) {
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

fn of_line(placement: &Placement, line: &CommandLine, password_required: bool) -> Vec<&'static str> {
    let program = line.program();
    let arguments = line.arguments();
    let has = |flags: &[&str]| arguments.iter().any(|word| flags.contains(&word.text.as_str()));
    let mut flaws = Vec::new();
    if program == "pg_isready" && socket_only(arguments) {
        flaws.push("init-race");
    }
    if matches!(program, "mysqladmin" | "mariadb-admin") && has(&["ping"]) {
        flaws.push("ignores-reply");
        if socket_only(arguments) {
            flaws.push("init-race");
        }
    }
    if KEY_CLIENTS.contains(&program) {
        let lower: Vec<String> = arguments.iter().map(|word| word.text.to_ascii_lowercase()).collect();
        let asks = |command: &str| lower.iter().any(|word| word == command);
        let authenticated = has(&["-a", "--pass", "--askpass", "-u"]) || passes_by_environment(placement, line);
        if ["incr", "set", "decr", "append", "lpush", "del", "setex"].iter().any(|command| asks(command)) {
            flaws.push("writes");
        }
        if !has(&["-e"]) && (asks("ping") || asks("incr")) {
            flaws.push("ignores-reply");
        }
        if password_required && !authenticated {
            flaws.push("unauthenticated");
        }
    }
    flaws
}

fn passes_by_environment(placement: &Placement, line: &CommandLine) -> bool {
    line.assignments.iter().any(|word| word.text.starts_with("REDISCLI_AUTH="))
        || placement.environment.iter().any(|entry| entry.name == "REDISCLI_AUTH")
}

/// Whether a client of PostgreSQL or MySQL uses the local socket: no host, `localhost` for MySQL, or a path.
fn socket_only(arguments: &[CommandWord]) -> bool {
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
    let is_mysql_socket = |host: &str| host == "localhost" && !arguments.iter().any(|word| word.text.starts_with("-U"));
    host.is_none_or(|host| host.starts_with('/') || is_mysql_socket(host) && arguments.iter().any(|word| word.text == "ping"))
}

/// The health check's command as it may be shown: without what looks like a credential.
#[must_use]
pub(super) fn shown(check: &Healthcheck) -> Option<String> {
    let test = check.test.as_ref()?;
    let words: Option<Vec<String>> = test.words.iter().map(|word| word.value.clone()).collect();
    Some(crate::text::redact_text(&words?.join(" ")))
}
