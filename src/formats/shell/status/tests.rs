//! The walk against the shell itself: each command is run with a step that fails, and one that succeeds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::{Call, Outcomes, Role, outcomes};

/// `STEP` is the work.
fn role_of(call: &Call<'_>) -> Role {
    match call.program {
        "STEP" => Role::Work,
        "tee" | "cat" if call.fed => Role::Work,
        _ => Role::Aside,
    }
}

fn told(script: &str) -> Outcomes {
    outcomes(script, &role_of).unwrap_or_else(|why| panic!("{script}: {why}"))
}

/// Scripts in which nothing but the step is left to chance, so that the shell gives one status for each of its ends.
const CERTAIN: &[&str] = &[
    "STEP",
    "! STEP",
    "STEP || true",
    "STEP || false",
    "STEP && true",
    "STEP && false",
    "STEP; true",
    "STEP; false",
    "STEP; :",
    "STEP; exit 0",
    "STEP; exit 3",
    "STEP; exit",
    "STEP; exit $?",
    "STEP || exit",
    "STEP || exit 0",
    "STEP || exit 1",
    "STEP || echo failed",
    "STEP && echo ok || echo failed",
    "STEP && echo ok || false",
    "STEP | cat",
    "cat /dev/null | STEP",
    "STEP | true",
    "STEP | false",
    "{ STEP; }",
    "{ STEP; true; }",
    "(STEP)",
    "(STEP; exit 0)",
    "(STEP) || true",
    "(STEP; exit 1) || (exit 0)",
    "(STEP || exit 1)",
    "(exit 0); STEP",
    "if STEP; then echo ok; fi",
    "if STEP; then echo ok; else echo failed; fi",
    "if STEP; then exit 0; else exit 1; fi",
    "if ! STEP; then exit 1; fi",
    "if ! STEP; then exit 0; fi",
    "if true; then STEP; fi",
    "if false; then true; elif STEP; then true; else false; fi",
    "if false; then STEP; else STEP; fi",
    "while STEP; do break; done",
    "until STEP; do break; done",
    "while STEP; do exit 1; done",
    "while true; do STEP && exit 0; exit 1; done",
    "for x in a b; do STEP; done",
    "for x in a b; do STEP || exit 1; done",
    "for x in a b; do STEP && break; done",
    "for x in a; do STEP || continue; true; done",
    "case x in x) STEP;; *) STEP;; esac",
    "case x in x) STEP; true;; *) STEP; true;; esac",
    "f() { STEP; }; f",
    "f() { STEP || return 0; }; f",
    "f() { STEP || return 1; true; }; f",
    "f() { STEP; return; }; f",
    "f() (STEP; exit 0); f",
    "set -e; STEP; true",
    "set -e; STEP || true; true",
    "set -e; if STEP; then true; fi; true",
    "set -e; ! STEP; true",
    "set -e; (STEP; true); true",
    "set -e; { STEP; true; } || false",
    "set -e; STEP && true; true",
    "set -e; true && STEP; true",
    "set -e; set +e; STEP; true",
    "set -e; f() { STEP; true; }; f; true",
    "set -e; f() { STEP; true; }; f || false",
    "rc=0; STEP || rc=1; exit $rc",
    "STEP; rc=$?; true; exit $rc",
    "STEP; rc=$?; exit \"$rc\"",
    "STEP; [ $? -eq 0 ]",
    "STEP; [ $? -ne 0 ]",
    "STEP; test $? = 0",
    "STEP; if [ $? -ne 0 ]; then exit 1; fi",
    "STEP; if [ $? -ne 0 ]; then exit 0; fi",
    "STEP; [ ! $? -eq 0 ] && exit 1; true",
    "STEP; [ $? -gt 0 ] && exit 4",
    "STEP & wait $!",
    "sh -c 'STEP'",
    "sh -c 'STEP; true'",
    "sh -c 'STEP || true'",
    "sh -ec 'STEP; true'",
    "sh -c 'exit 3'; STEP",
    "sh -c \"sh -c 'STEP; exit 0'\"",
    "sh -c 'sh -c \"$1\"' x STEP",
    "eval STEP",
    "eval 'STEP; true'",
    "exec STEP",
    "exec STEP; true",
    "env X=1 STEP",
    "X=1 STEP",
    "command STEP",
    "nice -n 1 STEP",
    "timeout 60 STEP || true",
    "nohup STEP > /dev/null 2>&1",
    "x=$(STEP)",
    "x=$(STEP) || exit 1",
    "x=$(STEP); exit $?",
    "x=$(STEP); true",
    "x=$(STEP; true)",
    "x=`STEP` && true",
    "echo $(STEP)",
    "if x=$(STEP); then exit 0; else exit 1; fi",
    "STEP > /dev/null 2>&1",
    "STEP 2> /dev/null || { true; }",
    "true; STEP",
    "false; STEP",
    "false || STEP",
    "true && STEP",
    "STEP # || true",
    "STEP '; true'",
    "STEP \"|| true\"",
    "STEP \\\n  || true",
    "STEP <<E\n; exit 0\nE",
    "cat <<E | STEP\n; exit 0\nE",
    "STEP\ntrue",
    "STEP\n\n# end\n",
    "{ STEP; } && exit 0; exit 1",
    "! (STEP) && exit 1; exit 0",
];

#[cfg(unix)]
#[test]
fn statuses_are_those_of_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let step = folder.path().join("STEP");
    let mut wrong = Vec::new();
    for succeeds in [true, false] {
        std::fs::write(&step, if succeeds { "#!/bin/sh\ncat > /dev/null\nexit 0\n" } else { "#!/bin/sh\ncat > /dev/null\nexit 7\n" })
            .unwrap();
        executable(&step);
        for script in CERTAIN {
            let found = told(script);
            let path = format!("{}:/usr/bin:/bin", folder.path().display());
            let mut shell = std::process::Command::new("/bin/sh");
            shell.arg("-c").arg(script).env("PATH", path).current_dir(&folder).stdin(std::process::Stdio::null());
            let status = shell.output().unwrap().status.success();
            let possible = if succeeds {
                if status { found.does } else { found.fails }
            } else if status {
                !found.lapses.is_empty()
            } else {
                found.fails
            };
            if !possible {
                wrong.push(format!("{script:?}: the step {}, sh {}; {found:?}", word(succeeds), word(status)));
            }
            // With nothing left to chance, a success without the work is what the shell shows when the step fails.
            if !succeeds && found.lapses.is_empty() == status {
                wrong.push(format!("{script:?}: the step fails, sh {}; {found:?}", word(status)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(unix)]
fn word(succeeds: bool) -> &'static str {
    if succeeds { "succeeds" } else { "fails" }
}

#[cfg(unix)]
fn executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_cannot_be_followed_has_no_answer() {
    for script in ["trap 'exit $code' EXIT; STEP", "STEP '", "STEP )"] {
        assert!(outcomes(script, &role_of).is_err(), "{script}");
    }
}

#[test]
fn a_walk_is_bounded() {
    for script in [
        "a || ".repeat(2_000) + "STEP",
        "if a; then ".repeat(40) + "STEP" + &"; fi".repeat(40),
        (0..40).map(|at| format!("a{at} && b{at}=1 || c{at}=2; ")).collect::<String>() + "STEP",
        "f() { f; f; }; f".to_owned(),
        "while a; do while b; do while c; do x=$x$x; d || e; done; done; done; STEP".to_owned(),
        "x=aaaaaaaa; ".to_owned() + &"x=$x$x$x$x$x$x$x$x; ".repeat(40) + "STEP",
    ] {
        let _ = outcomes(&script, &role_of);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(512))]
    #[test]
    fn any_text_is_walked(text in "(STEP|true|exit 0|exit \\$\\?|x=1|x=\\$\\(STEP\\)|if |then |else |fi;|while |do |done;|for x in a b;|f\\(\\) |f|\\{ |\\};|[;|&()!\n \\$'\"]){0,24}") {
        let _ = outcomes(&text, &role_of);
    }
}

/// What the first lapse of a script is; nothing where every end and every turn of it has done the work.
fn first_lapse(script: &str) -> Option<super::LapseKind> {
    told(script).lapses.first().map(|lapse| lapse.kind)
}

#[test]
fn every_turn_of_an_endless_loop_must_do_the_work() {
    use super::LapseKind::{Or, Pipe, Skipped, Turn};
    for (script, lapse) in [
        ("set -e; while true; do STEP; sleep 1; done", None),
        ("set -e; until false; do STEP; sleep 1; done", None),
        ("while :; do STEP || exit 1; sleep 1; done", None),
        ("while true; do STEP; sleep 1; done", Some(Turn)),
        ("set -e; while true; do STEP || true; sleep 1; done", Some(Or)),
        ("set -e; while true; do STEP | gzip > f; sleep 1; done", Some(Pipe)),
        ("set -eo pipefail; while true; do STEP | gzip > f; sleep 1; done", None),
        ("set -e; STEP; while true; do sleep 1; done", Some(Skipped)),
        ("set -e; while true; do if [ -e x ]; then STEP; fi; sleep 1; done", Some(Skipped)),
        ("set -e; while true; do if [ -e x ]; then continue; fi; STEP; done", Some(Skipped)),
        // It tries again until it is done.
        ("while true; do STEP && break; sleep 1; done", None),
        ("while true; do if STEP; then exit 0; fi; sleep 1; done", None),
    ] {
        assert_eq!(first_lapse(script), lapse, "{script}");
    }
    assert!(!told("while false; do STEP; sleep 1; done").does);
    assert!(told("set -e; while true; do STEP; sleep 1; done").endless);
    let explained = told("while true; do STEP; sleep 1; done").lapses.first().map(super::Lapse::explained);
    assert_eq!(explained.as_deref(), Some("the loop goes on to its next turn when STEP fails"));
}

#[test]
fn scripts_of_other_files_are_followed() {
    let script_of = |path: &str| match path {
        "/dump.sh" => Some("#!/bin/sh\nset -e\nSTEP\n".to_owned()),
        "/lib.sh" => Some("dump() { STEP; }".to_owned()),
        _ => None,
    };
    for (script, does) in
        [("sh -e /dump.sh", true), ("/dump.sh x", true), (". /lib.sh\ndump", true), ("sh /other.sh", false), (". /lib.sh", false)]
    {
        assert_eq!(super::outcomes_with(script, &role_of, &script_of).map(|outcomes| outcomes.does), Ok(does), "{script}");
    }
}
