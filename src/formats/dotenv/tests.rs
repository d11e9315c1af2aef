//! Files of variables in all their forms.

use super::*;
use crate::formats::Claim;

fn read(text: &str) -> Vec<(String, Option<String>, Quoting)> {
    let source = Source::detached(".env", text);
    parse(&source).entries.into_iter().map(|entry| (entry.name, entry.value, entry.quoting)).collect()
}

fn value(text: &str) -> String {
    read(text)[0].1.clone().unwrap()
}

#[test]
fn forms_that_compose_accepts() {
    assert_eq!(
        read("\u{feff}A=1\r\nexport B=two\r\nC: three\n"),
        [
            ("A".to_owned(), Some("1".to_owned()), Quoting::None),
            ("B".to_owned(), Some("two".to_owned()), Quoting::None),
            ("C".to_owned(), Some("three".to_owned()), Quoting::None),
        ]
    );
    for (text, expected) in [
        ("A =  spaced out  ", "spaced out"),
        ("A=unquoted # comment", "unquoted"),
        ("A=no#comment", "no#comment"),
        ("A=a\t# tab", "a\t# tab"),
        ("A= # c", "# c"),
        ("A=a'b'c", "a'b'c"),
        ("A='lit $X \\n' # c", "lit $X \\n"),
        ("A='it\\'s'", "it's"),
        ("A=\"dq \\n \\\" \\\\ \\x \\$X\"", "dq \n \" \\ \\x $$X"),
        ("A=\"two\nlines\"", "two\nlines"),
        ("A=\"\\0101 \\01\"", "A \\1"),
        ("A=a\\nb", "a\\nb"),
        ("A=", ""),
        ("A=\nB=1", ""),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    assert_eq!(read("A\nB=1\n")[0].1, None);
    assert_eq!(read("A=\"x\"y\nB=1\n").len(), 3, "what follows a closing quote is a statement of its own");
}

#[test]
fn errors_have_a_line_and_reading_goes_on() {
    let source = Source::detached(".env", "A B=1\n#!c\nif true; then\nX=\"open\nY=2\nY=3\n");
    let dotenv = parse(&source);
    let lines: Vec<_> = dotenv.diagnostics.iter().map(|d| (d.code, source.location(d.span.start).line)).collect();
    assert_eq!(lines, [("dotenv-syntax-error", 1), ("dotenv-syntax-error", 3), ("dotenv-syntax-error", 4), ("dotenv-duplicate-key", 6)]);
    assert_eq!(dotenv.entries.len(), 2);
}

#[test]
fn secrets_are_hidden() {
    let text = "DB_PASSWORD=hunter2\nURL=postgres://u:hunter2@h/d\nKEY='hunter2'\nREDIS_PASS=\"hunter2\nhunter2\"\nX=\"hunter2";
    let source = Source::detached(".env", text);
    let _ = parse(&source);
    for line in 1..=source.line_count() {
        let excerpt = source.excerpt_of_line(line, source.span(0, 0));
        assert!(!excerpt.text.contains("hunter2"), "{}", excerpt.text);
    }
}

#[test]
fn recognised_by_name_and_content() {
    for name in [".env", ".env.production", "prod.env", "app/.env.example", "003-owner-repo-.env", "env.example", ".env.local"] {
        assert_eq!(claims(name, "A=1\n"), Claim::Yes, "{name}");
    }
    for name in [".env.js", "env.ts", "run.sh", "config.env.yml", ".envrc", "environment"] {
        assert_eq!(claims(name, "A=1\n"), Claim::No, "{name}");
    }
    assert_eq!(claims("x.env", "#!/bin/sh\nA=1\n"), Claim::No);
    assert_eq!(claims("x.env", "[section]\nA=1\n"), Claim::No);
    assert_eq!(claims(".env", ""), Claim::Yes);
}
