//! What is said of archive commands: a wide table, each with what it can do.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::archive::{faults, faults_of_restore};
use super::placeholders;

/// The codes of a command, in the order in which they are said.
fn codes(command: &str) -> String {
    match faults(command) {
        Ok(faults) => faults.iter().map(|fault| fault.code).collect::<Vec<_>>().join(" "),
        Err(why) => format!("? {why}"),
    }
}

/// A command, and what is said of it, one a line; `\n` stands for a line end.
const TABLE: &str = include_str!("../../../../tests/vectors/archive-commands.tsv");

#[test]
fn every_command_of_the_table_is_what_it_is() {
    let rows = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows: Vec<(&str, &str)> = rows.map(|line| line.split_once('\t').unwrap()).collect();
    assert!(rows.len() > 100, "{}", rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .map(|(expected, command)| (expected, command, codes(&command.replace("\\n", "\n"))))
        .filter(|(expected, _, found)| expected.trim_matches('-') != found)
        .map(|(expected, command, found)| format!("{command}\n    expected {expected}, found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn the_reason_is_in_words() {
    for (command, expected) in [
        ("cp %p /a/%f || true", "`|| true` makes it succeed when cp fails"),
        ("cp %p /a/%f; exit 0", "`exit 0` comes last and makes it succeed when cp fails"),
        ("cp %p /a/%f &", "`&` makes it succeed before cp has done its work"),
        ("! cp %p /a/%f", "`!` makes it succeed when cp fails"),
        ("gzip -c %p | ssh b 'cat > /a/%f'", "the status of a pipe is that of its last command, ssh, so that it succeeds when gzip fails"),
        ("if cp %p /a/%f; then echo ok; fi", "an `if` without `else` succeeds when its condition fails, here cp"),
        ("test -f /tmp/off || cp %p /a/%f", "it succeeds and does nothing when `test -f /tmp/off` succeeds"),
        ("[ -d /a ] || exit 0; cp %p /a/%f", "it succeeds and does nothing when `[ -d /a ]` fails"),
        ("PGPASSWORD=hunter2hunter2 /x/push %p || true", "`|| true` makes it succeed when push fails"),
    ] {
        assert_eq!(faults(command).unwrap()[0].explained, expected, "{command}");
    }
}

#[test]
fn a_restore_command_names_both() {
    for (command, expected) in [
        ("cp /a/%f %p", ""),
        ("pgbackrest --stanza=main archive-get %f \"%p\"", ""),
        ("cp /a/%f /tmp/x", "names-no-segment"),
        ("wal-g wal-fetch", "names-no-segment"),
        ("false", ""),
        ("exit 1", ""),
    ] {
        let found: Vec<&str> = faults_of_restore(command).iter().map(|fault| fault.code).collect();
        assert_eq!(found.join(" "), expected, "{command}");
    }
}

#[test]
fn placeholders_are_those_of_the_server() {
    for (command, expected) in [
        ("cp %p /a/%f", false),
        ("cp %p /a/%%f/%f", false),
        ("cp %p /a/$(date +%Y)", true),
        ("cp %p /a/%r", true),
        ("cp %p /a/%", true),
        ("date +%%Y-%%m", false),
    ] {
        assert_eq!(placeholders::unknown(command, "archive_command").is_some(), expected, "{command}");
    }
    assert!(placeholders::unknown("fetch %f %p %r", "restore_command").is_none());
    assert!(placeholders::unknown("pg_archivecleanup /archive %r", "archive_cleanup_command").is_none());
    assert!(placeholders::unknown("pg_archivecleanup /archive %f", "archive_cleanup_command").is_some());
}
