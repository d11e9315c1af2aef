//! Cron tables: each line that runs something is a job.
//!
//! <https://man7.org/linux/man-pages/man5/crontab.5.html>

use super::comments;
use super::job::{Scripts, bind, job};
use crate::formats::{Claim, FileKind};
use crate::model::Placement;
use crate::model::bounds::MOST_WORDS;
use crate::text::path::name_of;
use crate::text::{Source, Span, lines};

/// The kind of file.
pub(super) static KIND: FileKind = FileKind {
    name: "crontab",
    claims,
    comments: Some(comments::lines_of),
    has_copies: true,
    may_be_template: true,
    open: None,
    describes: false,
};

/// Jobs that are read of one table.
const MOST_JOBS: usize = 200;

fn claims(path: &str, head: &str) -> Claim {
    let name = name_of(path).to_ascii_lowercase();
    let named =
        name.ends_with("crontab") || name.ends_with(".cron") || name == "cron" || path.contains("cron.d/") || path.contains("crontabs/");
    if named && lines(head).any(|line| line_of(line, Table::of(path)).is_some()) { Claim::Yes } else { Claim::No }
}

/// Whose table it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    /// Of the system: an account stands before each command.
    System,
    /// Of a user, or of either.
    Any,
}

impl Table {
    fn of(path: &str) -> Self {
        if path.contains("cron.d/") || path.ends_with("etc/crontab") { Self::System } else { Self::Any }
    }
}

/// One line that runs something.
struct Line<'t> {
    /// When, as it is written: `5 0 * * *`, `@daily`.
    when: &'t str,
    /// What a shell runs.
    command: &'t str,
}

/// Words that begin a command, and are no accounts.
const PROGRAMS: [&str; 14] =
    ["bash", "sh", "docker", "docker-compose", "podman", "env", "nice", "ionice", "flock", "sudo", "cd", "test", "find", "python"];

/// The schedule and the command of a line; `None` for comments, variables and what is no line of a cron table.
fn line_of(line: &str, table: Table) -> Option<Line<'_>> {
    let text = line.trim();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let fields = if text.starts_with('@') { 1 } else { 5 };
    let mut rest = text;
    for at in 0..fields {
        let (field, after) = rest.split_once(char::is_whitespace)?;
        let is_time = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-' | '?' | '#');
        // Months and days of the week have names; all before are numbers.
        let is_number = field.contains(|c: char| c == '*' || c.is_ascii_digit());
        if !(fields == 1 && field.len() > 3 || fields == 5 && field.chars().all(is_time) && (is_number || at > 2)) {
            return None;
        }
        rest = after.trim_start();
    }
    let when = text.get(..text.len() - rest.len())?.trim_end();
    (!rest.is_empty()).then(|| Line { when, command: without_account(rest, table) })
}

/// The command without the account that tables of the system name before it.
fn without_account(text: &str, table: Table) -> &str {
    let Some((first, after)) = text.split_once(char::is_whitespace) else { return text };
    let is_name = first.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    let rest = after.trim_start();
    let next = rest.split_whitespace().next().unwrap_or_default();
    let is_program = |word: &str| PROGRAMS.contains(&word) || word.contains("dump");
    let begins = table == Table::System || next.starts_with(['/', '.', '[', '(']) || is_program(next) || next.contains('=');
    if is_name && begins && !is_program(first) { rest } else { text }
}

/// The jobs of a table, and the place from which on they are left out.
pub(super) fn jobs(source: &Source, scripts: &Scripts<'_>) -> (Vec<Placement>, Option<Span>) {
    let table = Table::of(source.path());
    let mut jobs = Vec::new();
    let mut at = 0;
    let mut mail = None;
    for (number, line) in source.text().split_inclusive('\n').enumerate() {
        let (start, end) = (at, at + line.trim_end().len());
        at += line.len();
        if let Some((name, value)) = line.trim().split_once('=').filter(|(name, _)| name.trim() == "MAILTO") {
            let span = source.span(start, end);
            mail = Some((format!("{}={}", name.trim(), value.trim().trim_matches(['"', '\''])), span));
        }
        let Some(parsed) = line_of(line, table) else { continue };
        if jobs.len() >= MOST_JOBS {
            return (jobs, Some(source.span(start, end)));
        }
        let offset = line.find(parsed.command).unwrap_or(0);
        let span = source.span(start + offset, end);
        jobs.push(of_line(source, number + 1, &parsed, span, mail.clone(), scripts));
    }
    (jobs, None)
}

fn of_line(source: &Source, number: usize, line: &Line<'_>, span: Span, mail: Option<(String, Span)>, scripts: &Scripts<'_>) -> Placement {
    let words = || line.command.split_whitespace().take(MOST_WORDS).map(|word| word.trim_matches(['"', '\'', ';']));
    let named = words().find_map(|word| Some((word, scripts.at(word)?)));
    let first = words().find(|word| !word.contains('=')).unwrap_or(line.command);
    let name = named.map_or_else(|| name_of(first), |(word, _)| name_of(word));
    // A percent sign ends the command of a cron table unless a backslash stands before it.
    let command = line.command.replace("\\%", "%");
    let mut placement = job(name, format!("line {number}"), source, &command, span);
    if let Some((word, script)) = named {
        let target = if word.starts_with('/') { word.to_owned() } else { format!("/{word}") };
        placement.mounts.push(bind(&target, Some(script.path()), span));
    }
    placement.other.insert("schedule".to_owned(), vec![(line.when.to_owned(), span)]);
    placement.other.extend(mail.map(|mail| ("mail".to_owned(), vec![mail])));
    placement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        for (line, expected) in [
            ("5 0 * * * root /opt/shop/backup.sh >/dev/null 2>&1", Some(("5 0 * * *", "/opt/shop/backup.sh >/dev/null 2>&1"))),
            ("30 4 * * * python -m src.jobs.daily", Some(("30 4 * * *", "python -m src.jobs.daily"))),
            ("@daily pg_dumpall > /backup/all.sql", Some(("@daily", "pg_dumpall > /backup/all.sql"))),
            (
                "0 3 * * * root PATH=$PATH:/usr/local/bin /usr/local/bin/atticmatic",
                Some(("0 3 * * *", "PATH=$PATH:/usr/local/bin /usr/local/bin/atticmatic")),
            ),
            ("15 2 * * mon-fri postgres bash -c 'pg_dump shop'", Some(("15 2 * * mon-fri", "bash -c 'pg_dump shop'"))),
            ("@weekly backup pg_dumpall -f /b/x", Some(("@weekly", "pg_dumpall -f /b/x"))),
            ("0 1 * * * pg_dump shop > /b/x", Some(("0 1 * * *", "pg_dump shop > /b/x"))),
            ("MAILTO=ops@example.org", None),
            ("# 5 0 * * * /opt/x", None),
            ("SHELL=/bin/sh", None),
            ("every day at noon run it", None),
            ("", None),
        ] {
            let read = line_of(line, Table::Any).map(|line| (line.when, line.command));
            assert_eq!(read, expected, "{line}");
        }
    }

    #[test]
    fn a_table_of_the_system_names_an_account_before_every_command() {
        assert!(Table::of("etc/cron.d/backup") == Table::System && Table::of("etc/crontab") == Table::System);
        assert!(Table::of("ops/crontab") == Table::Any);
        let command = |line, table| line_of(line, table).map(|line| line.command);
        let line = "30 6 * * * dba pgbackrest --stanza=main check";
        assert_eq!(command(line, Table::System), Some("pgbackrest --stanza=main check"));
        assert_eq!(command(line, Table::Any), Some("dba pgbackrest --stanza=main check"));
        // Where the account was forgotten, the command is still one.
        assert_eq!(command("0 3 * * * bash /opt/backup.sh", Table::System), Some("bash /opt/backup.sh"));
    }
}
