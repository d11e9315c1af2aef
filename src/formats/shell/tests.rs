//! What scripts are read as.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn seen(text: &str) -> Vec<Vec<String>> {
    commands(text).iter().map(|command| command.words.iter().map(|word| word.text.clone()).collect()).collect()
}

#[test]
fn commands_are_split_and_seen_through() {
    let script = "while true; do\n  tar -czf /b/db-$(date +%F).tar.gz /data # copy\n  sleep 86400\ndone";
    let expected = [vec!["true"], vec!["tar", "-czf", "/b/db-$(date +%F).tar.gz", "/data"], vec!["date", "+%F"], vec!["sleep", "86400"]];
    assert_eq!(seen(script), expected);
    assert_eq!(commands(script)[0].keywords, ["while"]);
}

#[test]
fn inner_scripts_keep_their_place() {
    let text = "sh -c 'PGPASSWORD=x /usr/bin/pg_dump -h db app | gzip > /b/x.gz'";
    let all = commands(text);
    let dump = all.iter().find(|command| command.program() == Some("pg_dump")).unwrap();
    assert!(dump.piped);
    let word = &dump.program_words()[0];
    assert_eq!(text.get(word.range.clone()), Some("/usr/bin/pg_dump"));
    assert_eq!(dump.words[0].text, "PGPASSWORD=x");
}

#[test]
fn what_is_no_command_is_left_out() {
    assert_eq!(seen("cat <<EOF\ntar /data\nEOF\npg_dump x 2>&1 >/dev/null"), [vec!["cat"], vec!["pg_dump", "x"]]);
    assert_eq!(seen("# tar x\nDIR=/backups"), [vec!["DIR=/backups"]]);
    assert_eq!(seen("pg_dump \\\n  -h db"), [vec!["pg_dump", "-h", "db"]]);
}

/// Scripts that every shell takes, with the commands in them.
#[test]
fn constructs_of_the_language_are_read() {
    for (text, expected) in [
        ("if a; then b; elif c; then d; else e; fi", "a b c d e"),
        ("for x in 1 2 $(seq 3); do a; b; done; c", "a b c"),
        ("for x\ndo a; done", "a"),
        ("case $1 in (x|y) a;; *) b; c;; esac; d", "a b c d"),
        ("case x in a) ;; esac; b", "b"),
        ("f() { a; }; f; function g { b; }; g () (c)", "a f b c"),
        ("{ a; b; } > /dev/null 2>&1 && (c; d) | e", "a b c d e"),
        ("a `b \\`c\\`` \"$(d \"e f\")\"", "a b d"),
        ("cat <<-'A' <<B | c\n\tx\n\tA\ny $(z)\nB\nd", "cat c d"),
        ("[[ -f x && ! -d y ]] || a; (( x > 3 )) && b", "[[ a b"),
        ("for (( i = 0; i < 3; i++ )); do a; done; b", "a b"),
        ("x=(1 2 3); a \"${x[@]}\"", "x= a"),
        ("diff <(a b) >(c)", "diff a c"),
        ("a & b &\nwait; ! c", "a b wait c"),
        ("a ${x:-\"}\"} b; c ${#y} \"it's ${z:-don't}\"", "a c"),
        ("a &> /x; b &>> /y; c >| z <<< w", "a b c"),
        ("echo $((1 + (2 * 3))) $( (a) ); b", "echo a b"),
        ("until a; do b; done; { c; }", "a b c"),
        ("if { a; }; then ( b ); fi", "a b"),
        ("echo then if done", "echo"),
    ] {
        let found: Vec<String> = commands(text).iter().map(|command| command.words[0].text.clone()).collect();
        assert_eq!(found.join(" "), expected, "{text}");
        assert_eq!(parse(text).fault, None, "{text}");
    }
}

#[test]
fn what_no_shell_takes_is_told_and_the_rest_is_read() {
    for (text, kind, expected) in [
        ("a 'b", FaultKind::Unclosed, "a"),
        ("a \"b", FaultKind::Unclosed, "a"),
        ("a $(b", FaultKind::Unclosed, "a b"),
        ("if a; then b", FaultKind::Unclosed, "a b"),
        ("while a; do b;", FaultKind::Unclosed, "a b"),
        ("(a; b", FaultKind::Unclosed, "a b"),
        ("a; fi; b", FaultKind::Unexpected, "a b"),
        ("a ) b", FaultKind::Unexpected, "a b"),
        ("a && ; b", FaultKind::Unexpected, "a b"),
        ("; a", FaultKind::Unexpected, "a"),
        ("case x in a) b", FaultKind::Unclosed, "b"),
    ] {
        let found: Vec<String> = commands(text).iter().map(|command| command.words[0].text.clone()).collect();
        assert_eq!(found.join(" "), expected, "{text}");
        assert_eq!(parse(text).fault.map(|fault| fault.kind), Some(kind), "{text}");
    }
}

#[test]
fn depth_and_size_are_bounded() {
    for text in
        ["(".repeat(30_000), "$(".repeat(30_000), "\"$(".repeat(30_000), "a;".repeat(60_000), "if ".repeat(30_000), "`".repeat(30_001)]
    {
        let _ = commands(&text);
        assert!(parse(&text).fault.is_some());
    }
}

/// The text between single quotes, as a shell takes it back.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn places(list: &List, all: &mut Vec<Place>) {
    for item in &list.items {
        for pipeline in std::iter::once(&item.and_or.first).chain(item.and_or.rest.iter().map(|linked| &linked.pipeline)) {
            all.push(pipeline.place.clone());
            for stage in &pipeline.stages {
                all.push(stage.place.clone());
                all.extend(stage.redirections.iter().map(|redirection| redirection.target.place.clone()));
                if let Commands::Simple(simple) = &stage.kind {
                    all.extend(simple.words.iter().map(|word| word.place.clone()));
                    all.extend(simple.assignments.iter().map(|assignment| assignment.value.place.clone()));
                    simple.words.iter().flat_map(Word::substitutions).for_each(|list| places(list, all));
                }
                stage.kind.lists().into_iter().for_each(|list| places(list, all));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]
    #[test]
    fn any_text_is_read_and_its_places_are_in_it(text in "([a-c$(){}'\"`\\\\;|&<> \n#=!*-]|if |then |fi;|do |done;|case |esac|in |<<A|é){0,40}") {
        let script = parse(&text);
        let mut all = Vec::new();
        places(&script.list, &mut all);
        for place in all {
            prop_assert!(text.get(place.clone()).is_some(), "{place:?}");
        }
        for word in commands(&text).into_iter().flat_map(|command| command.words) {
            prop_assert!(text.get(word.range).is_some());
        }
    }

    #[test]
    fn words_are_read_back(words in proptest::collection::vec("[a-z$(){}'\"`\\\\;|&<> \n#=é-]{1,12}", 1..5)) {
        let text = format!("echo {}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
        let found = seen(&text);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0][1..], words.as_slice());
        prop_assert_eq!(parse(&text).fault, None);
    }
}
