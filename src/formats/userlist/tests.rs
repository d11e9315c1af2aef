//! What the program makes of lists of users; asked of 1.18 and 1.26.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> (Vec<(String, &'static str)>, bool) {
    let list = parse(&Source::detached("userlist.txt", text));
    (list.users.iter().map(|user| (user.name.clone(), user.kept.word())).collect(), !list.diagnostics.is_empty())
}

fn users(names: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    names.iter().map(|(name, kept)| ((*name).to_owned(), *kept)).collect()
}

#[test]
fn users_and_how_their_passwords_are_kept() {
    let text = "; c\n\"a\" \"x\" \"more\"\n\"b\"\n\"md598455b3585818e23c2653a59f6d84551\"\n\"c\" \"SCRAM-SHA-256$4096:s$k:v\"\n\"d\" \"\"";
    assert_eq!(read(text), (users(&[("a", "plain"), ("b", "md5"), ("c", "scram"), ("d", "empty")]), false));
    assert_eq!(read("\"a\"\"x\" \"p\"\"q\"\n"), (users(&[("a\"x", "plain")]), false));
}

#[test]
fn what_follows_a_broken_line_is_lost() {
    for text in ["\"a\" \"x\"\n# c\n\"b\" \"y\"\n", "\"a\" \"x\"\nb y\n\"c\" \"z\"\n", "\"a\" \"x\"\n\"b\" \"y\n", "\"a\" \"x\"\n\"b\"\n"] {
        assert_eq!(read(text), (users(&[("a", "plain")]), true), "{text}");
    }
}

#[test]
fn no_password_is_shown() {
    let source = Source::detached("userlist.txt", "\"a\" \"hunter2\"\n\"b\" hunter3\n");
    let list = parse(&source);
    assert!(!format!("{list:?}").contains("hunter"));
    for line in 1..=2 {
        let range = source.line_range(line);
        assert!(!source.excerpt(source.span(range.start, range.end)).text.contains("hunter"), "{line}");
    }
}

proptest! {
    #[test]
    fn every_place_is_in_its_text(text in r#"(["; \na-z$]|\PC){0,60}"#) {
        let source = Source::detached("userlist.txt", &text);
        for user in parse(&source).users {
            prop_assert!(user.name_span.end <= user.password_span.start && user.password_span.end as usize <= text.len());
        }
    }
}
