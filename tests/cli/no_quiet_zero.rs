//! No quiet zero: whatever a CI could contain by mistake, the exit code or a word tells it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::common::{Project, Ran};

/// A mistake: what is typed, the exit code, and words that must be there.
type Mistake<'m> = (&'m [&'m str], i32, &'m [&'m str]);

/// A tree in which `lint postgresql.conf --fail-on never` has nothing to complain of.
fn tree() -> Project {
    let project = Project::with(&[
        ("postgresql.conf", "fsync = on\n"),
        ("papers/readme.txt", "hello\n"),
        ("zero.txt", ""),
        ("utf16/pg_hba.conf", "local all all peer\n"),
        ("binary/pg_hba.conf", "local all all peer\n"),
        ("dangling/pg_hba.conf", "local all all peer\n"),
        ("broken.json", "{\n"),
        ("broken.toml", "[objectives\n"),
        ("no-rules/readme.txt", "none here\n"),
        ("wrong-rules/postgresql-mine.toml", "id = \"postgresql-mine\"\n"),
    ]);
    std::fs::create_dir(project.path("empty")).unwrap();
    project.write("utf16/postgresql.conf", b"\xff\xfef\0s\0y\0n\0c\0=\0o\0f\0f\0\n\0");
    project.write("binary/postgresql.conf", b"\x7fELF\x02\x01\0\0\xff\xfe\xc0\x80fsync");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/nowhere/postgresql.conf", project.path("dangling/postgresql.conf")).unwrap();
    project
}

#[track_caller]
fn holds(ran: &Ran, typed: &[&str], code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{typed:?}: {}", ran.all());
    // Sentences are broken at the end of lines.
    let said = ran.all().split_whitespace().collect::<Vec<_>>().join(" ");
    let missing: Vec<_> = words.iter().filter(|word| !said.contains(**word)).collect();
    assert!(missing.is_empty(), "{typed:?} does not say {missing:?}:\n{}", ran.all());
}

#[test]
fn the_tree_itself_is_in_order() {
    holds(&tree().run(&["lint", "postgresql.conf", "--fail-on", "never"]), &[], 0, &["postgresql.conf"]);
}

/// What is named and is not there, holds nothing, or cannot be read.
const PATHS: &[Mistake<'_>] = &[
    (&["lint", "mistyped.conf"], 4, &["mistyped.conf", "no such file"]),
    (&["audit", "mistyped.conf"], 4, &["mistyped.conf", "no such file"]),
    (&["lint", "conf/*.cnf"], 4, &["conf/*.cnf", "no file matches the pattern"]),
    (&["lint", "postgresql.conf", "mistyped", "--fail-on", "never"], 4, &["mistyped", "no such file"]),
    (&["lint", "empty"], 3, &["nothing to audit in empty", "next:"]),
    (&["audit", "empty"], 3, &["nothing to audit in empty", "next:"]),
    (&["lint", "papers"], 3, &["nothing to audit in papers", "next:"]),
    (&["lint", "zero.txt"], 4, &["zero.txt", "--as"]),
    (&["lint", "papers/readme.txt"], 4, &["papers/readme.txt", "--as"]),
    (&["lint", "binary/postgresql.conf"], 1, &["binary/postgresql.conf", "UTF-8"]),
    (&["lint", "utf16/postgresql.conf"], 4, &["utf16/postgresql.conf", "UTF-"]),
    (&["lint", "binary", "--fail-on", "never"], 0, &["binary/postgresql.conf", "UTF-8", "critical"]),
    (&["audit", "binary"], 1, &["binary/postgresql.conf"]),
    (&["lint", "utf16", "--fail-on", "never"], 4, &["utf16/postgresql.conf"]),
    (&["lint", ""], 2, &["PATH"]),
    (&["show", "mistyped.conf"], 4, &["mistyped.conf", "no such file"]),
    (&["show", "papers"], 3, &["no database server", "next:"]),
    (&["fix", "mistyped.conf"], 4, &["mistyped.conf", "no such file"]),
    (&["fix", "papers"], 3, &["nothing to fix"]),
    (&["init", "mistyped.conf", "--output", "-"], 4, &["mistyped.conf", "no such file"]),
];

#[test]
fn what_was_named_and_not_read_is_told() {
    let project = tree();
    for (typed, code, words) in PATHS {
        holds(&project.run(typed), typed, *code, words);
    }
}

#[cfg(unix)]
#[test]
fn what_a_link_or_a_mode_hides_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let project = tree();
    let typed = ["lint", "dangling/postgresql.conf"];
    holds(&project.run(&typed), &typed, 4, &["dangling/postgresql.conf"]);
    let typed = ["lint", "dangling", "--fail-on", "never"];
    holds(&project.run(&typed), &typed, 0, &["dangling/postgresql.conf: could not be read", "a link that leads nowhere"]);
    let locked = project.path("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is closed to the superuser.
    if std::fs::read_dir(&locked).is_err() {
        let typed = ["lint", "locked"];
        holds(&project.run(&typed), &typed, 4, &["locked", "permission"]);
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o700)).unwrap();
}

/// A first word that is nearly a command, and is no path.
const COMMANDS: &[Mistake<'_>] = &[
    (&["lnit", "postgresql.conf"], 2, &["`lnit` is neither a command nor a path", "did you mean `gonogo lint`?"]),
    (&["lnit"], 2, &["did you mean `gonogo lint`?"]),
    (&["Lint", "."], 2, &["did you mean `gonogo lint`?"]),
    (&["lints", "."], 2, &["did you mean `gonogo lint`?"]),
    (&["audti"], 2, &["did you mean `gonogo audit`?"]),
    (&["exlpain", "security/tls"], 2, &["did you mean `gonogo explain`?"]),
    (&["complitions", "bash"], 2, &["did you mean `gonogo completions`?"]),
    (&["completions", "bsh"], 2, &["bash"]),
    (&["check", "postgresql.conf"], 4, &["check", "no such file"]),
    (&["explain", "postgresql-fsync-of"], 2, &["did you mean `postgresql-fsync-off`?"]),
    (&["explain", "nothing-of-the-kind"], 2, &["no rule and no checklist item"]),
    (&["rules", "--engine", "postgers"], 2, &["postgers", "postgresql"]),
    (&["rules", "--framework", "pci-dss"], 2, &["pci-dss-4"]),
    (&["show", "postgresql.conf", "--setting", "fsnyc"], 2, &["did you mean `fsync`?"]),
    (&["fix", "postgresql.conf", "--select", "postgres"], 2, &["did you mean `postgresql`?"]),
];

#[test]
fn a_mistyped_command_is_not_a_path() {
    let project = tree();
    for (typed, code, words) in COMMANDS {
        let ran = project.run(typed);
        if *code == 4 {
            assert_ne!(ran.code, 0, "{typed:?}");
        } else {
            holds(&ran, typed, *code, words);
        }
    }
}

/// Options of `lint postgresql.conf --fail-on never`, each with its mistake.
const OPTIONS: &[Mistake<'_>] = &[
    (&["--select", "postgres"], 2, &["--select `postgres`", "did you mean `postgresql`?"]),
    (&["--select", "postgresql-fsync-of"], 2, &["did you mean `postgresql-fsync-off`?"]),
    (&["--select", "postgresql-fsync-off,pci-dss"], 2, &["--select `pci-dss`", "did you mean `pci-dss-4`?"]),
    (&["--select", "nothing-of-the-kind"], 2, &["no rule, prefix, pillar or framework", "a pillar (", "a framework ("]),
    (&["--select", ""], 2, &["--select"]),
    (&["--ignore", "securty"], 2, &["--ignore `securty`", "did you mean `security`?"]),
    (&["--engine-version", "99"], 2, &["--engine-version 99", "PostgreSQL 10 to"]),
    (&["--engine-version", "9.6"], 2, &["--engine-version 9.6", "PostgreSQL 10 to"]),
    (&["--engine-version", "latest"], 2, &["not a valid version"]),
    (&["--engine-version", "postgres=16"], 2, &["did you mean `postgresql`?"]),
    (&["--engine-version", "postgresql=99"], 2, &["postgresql=99", "PostgreSQL 10 to"]),
    (&["--target-version", "9.6"], 2, &["--target-version 9.6", "PostgreSQL 10 to"]),
    (&["--memory", "16"], 2, &["no unit", "did you mean 16GB?"]),
    (&["--memory", "16X"], 2, &["not a valid amount of memory", "for example 16GB"]),
    (&["--memory", "0GB"], 2, &["not a valid amount of memory"]),
    (&["--cpus", "0"], 2, &["for example 4"]),
    (&["--cpus", "four"], 2, &["for example 4"]),
    (&["--format", "jsno"], 2, &["did you mean `json`?"]),
    (&["--format", "json", "--format", "sarif"], 2, &["both write to standard output"]),
    (&["--format", "json="], 2, &["names no file"]),
    (&["--format", "json=a.out", "--format", "sarif=a.out"], 2, &["both write to the same file"]),
    (&["--config", "none.toml"], 2, &["none.toml", "no such file"]),
    (&["--config", "broken.toml"], 2, &["broken.toml:1"]),
    (&["--config", "none.toml", "--no-local-config"], 2, &["--no-local-config"]),
    (&["--baseline", "none.json"], 2, &["none.json", "no such file", "--write-baseline"]),
    (&["--baseline", "broken.json"], 2, &["broken.json", "--write-baseline"]),
    (&["--baseline", "empty"], 2, &["--baseline empty"]),
    (&["--rules", "none"], 2, &["none", "no such file"]),
    (&["--rules", "no-rules"], 2, &["no-rules", "no rule file"]),
    (&["--rules", "wrong-rules"], 2, &["postgresql-mine.toml:1", "title"]),
    (&["--now", "tomorrow"], 2, &["not a valid date", "for example 2026-11-20"]),
    (&["--now", "2026-02-30"], 2, &["not a valid date"]),
    (&["--env-file", "none.env"], 2, &["none.env", "no such file"]),
    (&["--env-file", "empty"], 2, &["--env-file empty", "a directory"]),
    (&["--use-env", "NOT_SET"], 0, &["warning: --use-env NOT_SET", "stays unknown"]),
    (&["--min-severity", "hihg"], 2, &["a similar value exists: 'high'"]),
    (&["--deployment", "contaner"], 2, &["a similar value exists: 'container'"]),
    (&["--storage", "sdd"], 2, &["a similar value exists"]),
    (&["--workload", "oltpp"], 2, &["a similar value exists: 'oltp'"]),
    (&["--as", "postgres.conf"], 2, &["a similar value exists: 'postgresql.conf'"]),
    (&["--stdin-path", "x.conf"], 2, &["standard input is not read"]),
    (&["--frobnicate"], 2, &["--frobnicate"]),
    (&["--write-baseline", "nowhere/at/all.json"], 2, &["nowhere/at/all.json"]),
];

#[test]
fn a_mistyped_option_is_not_passed_over() {
    let project = tree();
    for (options, code, words) in OPTIONS {
        let typed: Vec<&str> = ["lint", "postgresql.conf", "--fail-on", "never"].iter().chain(*options).copied().collect();
        holds(&project.run(&typed), &typed, *code, words);
    }
    let others: &[Mistake<'_>] = &[
        (&["lint", "postgresql.conf", "--fail-on", "hihg"], 2, &["a similar value exists: 'high'"]),
        (&["lint", "empty", "--as", "postgresql.conf"], 2, &["no file was named"]),
        (&["audit", "postgresql.conf", "--criticality", "hihg"], 2, &["a similar value exists: 'high'"]),
        (&["audit", "postgresql.conf", "--size", "startupp"], 2, &["a similar value exists: 'startup'"]),
        (&["audit", "postgresql.conf", "--min-maturity", "9"], 2, &["0..=4"]),
        (&["audit", "postgresql.conf", "--select", "postgres"], 2, &["did you mean `postgresql`?"]),
    ];
    for (typed, code, words) in others {
        holds(&project.run(typed), typed, *code, words);
    }
}

/// Runs `gonogo` with a text on standard input.
fn piped(project: &Project, typed: &[&str], text: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    command.args(typed).current_dir(project.path("")).env_clear();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end before it has read anything.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn an_empty_pipe_is_told() {
    let project = tree();
    let mistakes: &[(&[&str], &str, i32, &[&str])] = &[
        (&["lint", "-", "--as", "postgresql.conf"], "", 3, &["standard input is empty", "next:"]),
        (&["audit", "-", "--as", "compose"], "", 3, &["standard input is empty", "next:"]),
        (&["lint", "-"], "fsync = off\n", 2, &["--as", "--stdin-path"]),
        (&["fix", "-", "--as", "postgresql.conf"], "fsync = off\n", 2, &["standard input"]),
        (&["lint", "-", "--as", "postgresql.conf"], "fsync = off\n", 1, &["postgresql-fsync-off"]),
    ];
    for (typed, text, code, words) in mistakes {
        holds(&piped(&project, typed, text), typed, *code, words);
    }
}

/// `gonogo lint . | head -1` ends as `gonogo lint .` does.
#[cfg(unix)]
#[test]
fn a_closed_pipe_keeps_the_exit_code() {
    let project = Project::with(&[("postgresql.conf", "fsync = off\n"), ("clean/pg_hba.conf", "local all all peer\n")]);
    let code = |typed: &[&str], both: bool| {
        let closed = || {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            writer
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(typed).current_dir(project.path("")).env_clear().stdout(closed());
        command.stderr(if both { Stdio::from(closed()) } else { Stdio::null() }).status().unwrap().code()
    };
    for typed in [
        &["lint", "postgresql.conf"][..],
        &["lint", "postgresql.conf", "--format", "json", "--timing"],
        &["lint", "postgresql.conf", "--fail-on", "never"],
        &["audit", "postgresql.conf"],
        &["fix", "postgresql.conf"],
        &["show", "postgresql.conf"],
        &["lint", "mistyped.conf"],
        &["lint", "postgresql.conf", "--select", "nothing-of-the-kind"],
        &["rules"],
    ] {
        let whole = Some(project.run(typed).code);
        assert_eq!((code(typed, false), code(typed, true)), (whole, whole), "{typed:?}");
    }
}

/// A proof that is not there shows nothing, and ends no command.
#[test]
fn a_missing_proof_is_the_matter_of_its_item() {
    let evidence = "[[evidence]]\nitem = \"backup/restore-tested\"\non = 2026-11-01\nby = \"DBA\"\nproof = \"docs/gone.log\"\n";
    let project = Project::with(&[("gonogo.toml", evidence), ("postgresql.conf", "fsync = on\n")]);
    let typed = ["lint", "postgresql.conf", "--fail-on", "never", "--now", "2026-11-20"];
    holds(&project.run(&typed), &typed, 0, &[]);
    let typed = ["audit", "postgresql.conf", "--format", "json", "--now", "2026-11-20"];
    holds(&project.run(&typed), &typed, 1, &["proof missing: docs/gone.log (no such file)"]);
}

/// Shells complete the words of options.
#[test]
fn words_of_options_are_completed() {
    let ran = tree().run(&["completions", "bash"]);
    holds(
        &ran,
        &["completions", "bash"],
        0,
        &["ssd hdd", "terminal json sarif", "low medium high critical", "postgresql.conf pg_hba.conf"],
    );
}
