//! What the grammar makes of texts; that the program agrees is shown by the vectors.

use proptest::prelude::*;

use super::*;
use crate::formats::Claim;

fn read(text: &str) -> (Source, PgbouncerIni) {
    let source = Source::detached("pgbouncer.ini", text);
    let ini = parse(&source);
    (source, ini)
}

/// Each statement in a few signs, with the line that it is on.
fn told(text: &str) -> Vec<String> {
    let (source, ini) = read(text);
    let line = |span: Span| source.location(span.start).line;
    let one = |statement: &Statement| match statement {
        Statement::Section(name) => format!("{}[{}]", line(name.span), name.text),
        Statement::Include(path) => format!("{}%{}", line(path.span), path.text),
        Statement::Entry(entry) => format!("{}{}={}", line(entry.name.span), entry.name.text, entry.value),
        Statement::Broken(span) => format!("{}!", line(*span)),
    };
    ini.statements.iter().map(one).collect()
}

#[test]
fn a_value_runs_to_the_end_of_its_line() {
    assert_eq!(told("[pgbouncer]\nstats_users = a ; b # c\n"), ["1[pgbouncer]", "2stats_users=a ; b # c"]);
    assert_eq!(told("[x]\na =\nb=1=2\n'c d'=e"), ["1[x]", "2a=", "3b=1=2", "4c d=e"]);
    assert_eq!(told("[x]\r\na = 1 \t\r\n"), ["1[x]", "2a=1"]);
}

#[test]
fn more_may_follow_on_a_line() {
    assert_eq!(told("[pgbouncer] listen_port = 1\n"), ["1[pgbouncer]", "1listen_port=1"]);
    assert_eq!(told("[pgbouncer] ; note\n  # another\n  %include\t x.ini \n"), ["1[pgbouncer]", "3%x.ini"]);
    let (_, ini) = read("[pgbouncer] ; note\n# another\n");
    assert_eq!(ini.comments.iter().map(|comment| comment.trailing).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_cannot_be_read_is_one_line() {
    assert_eq!(told("[a\nb=1\nstats users = 2\n%includex\nc\n'd\ne=3\n"), ["1!", "2b=1", "3!", "4!", "5!", "6!", "7e=3"]);
    let (_, ini) = read("\u{feff}[pgbouncer]\n[b\n");
    assert_eq!(ini.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["bom", "syntax-error"]);
    assert_eq!(told("a=1\0\nb"), ["1a=1"]);
}

#[test]
fn pairs_have_quotes_of_their_own() {
    let (source, ini) = read("a = host='h' password='it''s' user = u port=5433,5434 dbname=\\x");
    let Some(Statement::Entry(entry)) = ini.statements.first() else { panic!("an entry") };
    let list = pairs(&source, entry.value_span);
    let shown: Vec<_> =
        list.pairs.iter().map(|pair| (pair.key.text.as_str(), pair.value.as_str(), source.slice(pair.value_span))).collect();
    let wanted = [
        ("host", "h", "h"),
        ("password", "it's", "it''s"),
        ("user", "u", "u"),
        ("port", "5433,5434", "5433,5434"),
        ("dbname", "\\x", "\\x"),
    ];
    assert_eq!(shown, wanted);
    assert!(!source.excerpt(entry.value_span).text.contains("it"));
    for (text, keys) in [("host", 0), ("host=''", 0), ("a=1 password='x", 1), ("host=h ; c", 1), ("=x", 0), ("host='h'port=1", 2)] {
        let source = Source::detached("x", text);
        let list = pairs(&source, source.span(0, text.len()));
        assert_eq!((list.pairs.len(), list.fault.is_some()), (keys, !text.ends_with('1')), "{text}");
    }
}

#[test]
fn the_file_is_known_by_its_name_or_its_main_section() {
    for (name, head, claim) in [
        ("etc/pgbouncer.ini", "", Claim::Yes),
        ("pool.conf", "; x\n[databases]\na = host=h\n[pgbouncer]\n", Claim::Yes),
        ("006-a-pgbouncer.ini", "[databases]\n", Claim::Maybe),
        ("setup.cfg", "# [pgbouncer]\n[tox]\n", Claim::No),
        ("notes.md", "[pgbouncer]\n", Claim::No),
    ] {
        assert_eq!(claims(name, head), claim, "{name}");
    }
}

proptest! {
    #[test]
    fn every_place_is_in_its_text(text in r"([\[\]=;#'%a-z \t\n*\.\\]|%include |password=|\PC){0,80}") {
        let (source, ini) = read(&text);
        let mut last = 0;
        for statement in &ini.statements {
            let span = match statement {
                Statement::Section(name) | Statement::Include(name) => name.span,
                Statement::Entry(entry) => {
                    prop_assert_eq!(source.slice(entry.value_span), entry.value.as_str());
                    for pair in pairs(&source, entry.value_span).pairs {
                        prop_assert!(entry.value_span.contains(pair.key.span) && entry.value_span.contains(pair.value_span));
                    }
                    entry.name.span
                }
                Statement::Broken(span) => *span,
            };
            prop_assert!(span.start >= last && span.end as usize <= text.len());
            last = span.start;
        }
    }
}
