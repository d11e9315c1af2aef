//! YAML texts that trip readers up, and what the tree makes of them.

use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::text::{Source, Span};

fn read(text: &str) -> (Source, Yaml) {
    let source = Source::detached("a.yaml", text);
    let yaml = parse(&source);
    (source, yaml)
}

fn codes(yaml: &Yaml) -> Vec<&'static str> {
    yaml.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn line(source: &Source, span: Span) -> u32 {
    source.location(span.start).line
}

#[test]
fn every_key_and_value_has_its_place() {
    let text = "\u{feff}# head\r\na: 1 # one\r\nb:\r\n  - x\r\n  - {k: 'v v'}\r\n# in between\r\nc:\r\nd: |\r\n  two\r\n  lines\r\n";
    let (source, yaml) = read(text);
    assert_eq!(codes(&yaml), Vec::<&str>::new());
    let root = &yaml.documents[0];
    assert_eq!(source.slice(root.entry("a").unwrap().key.span), "a");
    assert_eq!(source.slice(root.get("a").unwrap().span), "1");
    let b = root.get("b").unwrap();
    assert_eq!(source.slice(b.span), "- x\r\n  - {k: 'v v'}");
    assert_eq!(source.slice(b.items().unwrap()[1].span), "{k: 'v v'}");
    assert_eq!(source.slice(b.items().unwrap()[1].get("k").unwrap().span), "'v v'");
    let c = root.get("c").unwrap();
    assert!(c.is_null());
    assert_eq!(line(&source, c.span), 7);
    assert_eq!(root.get("d").unwrap().text(), Some("two\nlines\n"));
    assert_eq!(line(&source, root.get("d").unwrap().span), 9);
    assert_eq!(line(&source, root.span), 2);
    let comments: Vec<_> = yaml.comments.iter().map(|comment| (source.slice(comment.span), comment.trailing)).collect();
    assert_eq!(comments, [("# head", false), ("# one", true), ("# in between", false)]);
}

#[test]
fn anchors_are_shared_and_merge_keys_apply_on_look_up() {
    let text = "base: &base\n  image: x\n  restart: always\nmore: &more {image: y, user: z}\na:\n  <<: [*base, *more]\n  restart: 'no'\nb:\n  <<: *base\nc: *base\n---\nd: *base\n";
    let (source, yaml) = read(text);
    assert_eq!(codes(&yaml), Vec::<&str>::new());
    let a = yaml.documents[0].get("a").unwrap();
    let keys: Vec<_> = a.entries().iter().map(|entry| (entry.key.text().unwrap(), entry.value.text().unwrap())).collect();
    assert_eq!(keys, [("restart", "no"), ("image", "x"), ("user", "z")]);
    assert_eq!(line(&source, a.get("image").unwrap().span), 2);
    let c = yaml.documents[0].get("c").unwrap();
    assert_eq!((line(&source, c.span), line(&source, c.place())), (2, 10));
    assert_eq!(yaml.documents[1].get("d").unwrap().get("image").unwrap().text(), Some("x"), "an anchor lives on in the next document");
}

#[test]
fn a_key_that_repeats_is_told_with_both_places() {
    let (source, yaml) = read("a: 1\nb: {c: 1, c: 2}\na: 3\n");
    let places: Vec<_> = yaml.diagnostics.iter().map(|d| (d.code, line(&source, d.span), line(&source, d.related[0].0))).collect();
    assert_eq!(places, [("yaml-duplicate-key", 2, 2), ("yaml-duplicate-key", 3, 1)]);
    assert_eq!(yaml.documents[0].get("a").unwrap().text(), Some("3"), "the last one wins");
    assert_eq!(codes(&read("a: {<<: {x: 1}, <<: {y: 1}}\n").1), ["yaml-duplicate-key"]);
}

#[test]
fn tags_stay() {
    let (source, yaml) = read("ports: !override\n  - 80\ncommand: !reset null\nid: !!str 007\n");
    let root = &yaml.documents[0];
    assert!(root.get("ports").unwrap().has_tag("!override"));
    assert_eq!(source.slice(root.get("command").unwrap().tag.as_ref().unwrap().span), "!reset");
    assert_eq!(root.get("id").unwrap().rendered().as_deref(), Some("007"));
}

#[test]
fn what_was_read_before_an_error_stays() {
    let (source, yaml) = read("a:\n  b: 1\n  c: [1, 2\nd: 3\n---\ne: 5\n");
    assert_eq!(codes(&yaml), ["yaml-syntax-error"]);
    assert_eq!(yaml.documents[0].get("a").unwrap().get("b").unwrap().text(), Some("1"));
    assert_eq!(yaml.documents[1].get("e").unwrap().text(), Some("5"));
    assert!(yaml.broken_at.is_some());
    assert!((3..=5).contains(&line(&source, yaml.diagnostics[0].span)));
}

#[test]
fn errors_say_what_to_do() {
    for (text, at, words) in [
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: b: c\n", 1, "`:`"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, "merge conflict"),
        ("a: \"x\nb: 1\n", 1, "quote"),
        ("a: [1, 2\n", 1, "bracket"),
        ("a: 1\n b: 2\n", 2, "indentation"),
        ("a: *nowhere\n", 1, "anchor"),
        ("a: &x [*x]\n", 1, "itself|very node"),
        ("a: @x\n", 1, "quotes"),
        ("a:\n  - b\n\t- c\n", 3, "tab"),
        ("a:\n b: c # d\n  e: f\n", 2, "comment"),
        ("a:\n  - b\n  c: d\n", 3, "indentation"),
    ] {
        let (source, yaml) = read(text);
        assert_eq!(yaml.diagnostics.len(), 1, "{text:?}: {:?}", yaml.diagnostics);
        let diagnostic = &yaml.diagnostics[0];
        assert_eq!(line(&source, diagnostic.span), at, "{text:?}: {}", diagnostic.message);
        assert!(words.split('|').any(|word| diagnostic.message.contains(word)), "{text:?}: {}", diagnostic.message);
    }
}

#[test]
fn tabs_that_go_programs_refuse() {
    for (text, count) in [("a: 1\n\t\nb: 2\n", 1), ("\t# c\na: 1\n", 1), ("a: [1,\n\t\n 2]\n", 0), ("a: 1\t\nb:\t2\t# c\n", 0)] {
        let (source, yaml) = read(text);
        assert_eq!(codes(&yaml), Vec::<&str>::new(), "{text:?}");
        assert_eq!(refused_tabs(&source, &yaml).len(), count, "{text:?}");
    }
}

#[test]
fn templates_are_told_from_values_with_templates() {
    for text in [
        "a: {{ .Values.x }}\n",
        "{% if x %}\na: 1\n{% endif %}\n",
        "<% if x %>\na: 1\n",
        "a: <%= @x %>\n",
        "a: 1\n{{- with .x }}\nb: 2\n{{- end }}\n",
    ] {
        assert!(read(text).1.template.is_some(), "{text}");
    }
    for text in
        ["a: \"{{ $labels.x }}\"\n", "a: it is {{ $labels.x }}\n", "a: |\n  {{ x }}\n  {% if %}\n", "# {{ x }}\na: 1\n", "a: {b: {c: d}}\n"]
    {
        assert_eq!(read(text).1.template, None, "{text}");
    }
}

#[test]
fn scalars_mean_what_go_programs_read() {
    for (text, expected) in [
        ("0123", "83"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("1e3", "1000"),
        ("1.10", "1.1"),
        ("yes", "yes"),
        ("True", "true"),
        (".5", "0.5"),
        ("22:22", "22:22"),
        ("1e100", "1e+100"),
        ("0o17", "15"),
        ("-0", "0"),
        (".inf", "+Inf"),
        ("100000000000000000000", "1e+20"),
        ("\"0123\"", "0123"),
        ("0b11", "3"),
        ("1.0", "1"),
        ("123456789.5", "1.234567895e+08"),
        ("+5", "5"),
        ("089", "89"),
        ("12e", "12e"),
        ("0.00001", "1e-05"),
        ("!!str 0123", "0123"),
        ("1.", "1"),
        ("18446744073709551615", "18446744073709551615"),
        ("1_0.5", "10.5"),
        ("-0x1F", "-31"),
        ("1234567890.123", "1.234567890123e+09"),
        ("1e6", "1e+06"),
        ("0xG", "0xG"),
        ("0o8", "0o8"),
        ("-.5", "-0.5"),
        ("2020-13-01", "2020-13-01"),
    ] {
        assert_eq!(read(&format!("a: {text}\n")).1.documents[0].get("a").unwrap().rendered().as_deref(), Some(expected), "{text}");
    }
    for text in ["~", "null", "", "2020-01-01", "2020-01-01 10:00:00"] {
        assert_eq!(read(&format!("a: {text}\n")).1.documents[0].get("a").unwrap().rendered(), None, "{text}");
    }
    let sexagesimal = |text: &str| looks_sexagesimal(read(&format!("a: {text}\n")).1.documents[0].get("a").unwrap());
    assert!(sexagesimal("22:22") && sexagesimal("8080:53") && sexagesimal("1:2:3"));
    assert!(!sexagesimal("5432:5432") && !sexagesimal("'22:22'") && !sexagesimal("022:22") && !sexagesimal("22"));
}

#[test]
fn words_of_a_scalar_have_their_own_place() {
    let text = "a: >-\n  postgres\n  -c fsync=off\n\n  -c x=\"é\"\nb: \"q\\\"uote\\n \\u00e9nd\"\nc: 'it''s ok'\nd: |\n    one\n      two\ne: plain\n  goes on\n";
    let (source, yaml) = read(text);
    for (key, word, at) in [("a", "fsync=off", 3), ("a", "x=\"é\"", 5), ("b", "nd", 6), ("c", "ok", 7), ("d", "two", 10), ("e", "on", 12)]
    {
        let node = yaml.documents[0].get(key).unwrap();
        let start = node.text().unwrap().find(word).unwrap();
        let span = Offsets::of(&source, node).span(start, start + word.len());
        assert_eq!(source.slice(span), word, "{key}");
        assert_eq!(line(&source, span), at, "{key}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    let started = Instant::now();
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", level - 1));
    }
    assert!(codes(&read(&bomb).1).contains(&"yaml-alias-bound"));
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..5000 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert!(codes(&read(&chain).1).contains(&"yaml-alias-bound"));
    assert_eq!(codes(&read(&"[".repeat(10_000)).1), ["yaml-syntax-error"]);
    assert_eq!(codes(&read(&"{a: ".repeat(10_000)).1), ["yaml-syntax-error"]);
    let steps: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(codes(&read(&steps).1), ["yaml-syntax-error"]);
    assert_eq!(codes(&read(&"- ".repeat(10_000)).1), ["yaml-syntax-error"]);
    let comments = format!("a:\n{}  b: 1\n", "# c\n".repeat(50_000));
    assert_eq!(codes(&read(&comments).1), Vec::<&str>::new());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn aliases_that_copy_too_much_are_left_out_with_their_keys() {
    let items = "x, ".repeat(6_000);
    let (source, yaml) = read(&format!("a: &a [{items}]\nb: *a\nc: *a\nd: *a\ne: {{f: *a, g: h}}\ni: [*a, j]\n"));
    assert_eq!(codes(&yaml), Vec::<&str>::new());
    assert_eq!(source.slice(yaml.cut_at.unwrap()), "*a");
    assert_eq!(line(&source, yaml.cut_at.unwrap()), 5);
    let root = &yaml.documents[0];
    assert!(root.get("d").is_some() && root.get("e").unwrap().get("f").is_none());
    assert_eq!(root.get("e").unwrap().get("g").unwrap().text(), Some("h"));
    assert_eq!(root.get("i").unwrap().items().unwrap().len(), 1);
    let long = "y".repeat(100_000);
    let (_, yaml) = read(&format!("a: &a {long}\nb: [{}]\n", "*a, ".repeat(50)));
    assert!(yaml.cut_at.is_some(), "a long text counts for more than one");
}

const SAMPLE: &str = "x: &x\n  a: [1, 'two', \"th\\tree\"]\n  b: |\n    t: ${X:-y}\n  c: >-\n    f\n    g\ny:\n  <<: *x\n  z: !reset null\n---\n? k\n: v\n# c\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_it_panic(edits in prop::collection::vec((0usize..200, prop::sample::select(vec!["", " ", "\t", "\n", ":", "- ", "[", "}", "&a", "*x", "'", "\"", "|", "#", "\u{feff}", "é", "%", "---\n", "\r", "\\"])), 1..8)) {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for (at, insert) in edits {
            let at = at.min(text.len());
            if insert.is_empty() && at < text.len() {
                text.remove(at);
            } else {
                text.splice(at..at, insert.chars());
            }
        }
        let (source, yaml) = read(&text.into_iter().collect::<String>());
        for document in &yaml.documents {
            check(&source, document);
        }
    }
}

/// Places are within the text, and words of scalars lie within their scalar.
fn check(source: &Source, node: &Node) {
    assert!(node.span.end as usize <= source.text().len());
    assert!(source.text().get(node.span.range()).is_some());
    if let Some(text) = node.text() {
        let span = Offsets::of(source, node).span(0, text.len());
        assert!(source.text().get(span.range()).is_some());
    }
    node.items().unwrap_or_default().iter().for_each(|item| check(source, item));
    for entry in node.entries() {
        check(source, &entry.key);
        check(source, &entry.value);
    }
}
