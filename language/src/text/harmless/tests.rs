//! What each form does to each kind of sign.

use super::*;

#[test]
fn a_field_stays_one_line_and_each_sign_keeps_its_identity() {
    assert_eq!(one_line("a\u{1b}[31mb\nc\u{9b}2J\u{202e}\u{2028}"), "a\\u{1b}[31mb\\u{a}c\\u{9b}2J\\u{202e}\\u{2028}");
    assert_eq!(one_line("a\tb\r"), "a\\u{9}b\\u{d}");
    assert_ne!(one_line("a\u{200b}b"), one_line("a\u{200c}b"));
    // What reads like an escape is none.
    assert_eq!(one_line("a\\u{202e}"), "a\\u{5c}u{202e}");
}

#[test]
fn ordinary_text_stays() {
    for text in ["", "fsync = off", "réglages 漢字 عربي हिन्दी", "😀 ⚠️ 👩‍💻 🏳️‍🌈 1️⃣ ❤️", "a \\d \\u0041 # b", "::1/128", "C:\\x", "[a](b) ##"]
    {
        assert_eq!(one_line(text), text);
        assert_eq!(lines(text, Dialect::Text), text);
        assert_eq!(json(text.to_owned()), text);
        assert_eq!(excerpt(text, 0..text.len()), (text.to_owned(), 0..text.len()));
    }
    // Outside an emoji the same signs are not seen.
    assert_eq!(one_line("a\u{200d}b\u{fe0f} 😀\u{200d}\u{200d}😀"), "a\\u{200d}b\\u{fe0f} 😀\\u{200d}\\u{200d}😀");
}

#[test]
fn every_hidden_sign_is_escaped_in_every_form() {
    for sign in ('\0'..=char::MAX).filter(|sign| is_hidden(*sign)) {
        let text = format!("a{sign}b");
        for shown in [one_line(&text), json(text.clone()), toml_string(&text), excerpt(&text, 0..1).0] {
            let may_stay = sign == '\t' && shown == excerpt(&text, 0..1).0 || sign == '\n' && shown == json(text.clone());
            assert!(!shown.contains(sign) || may_stay, "{sign:?} in {shown:?}");
        }
        let shown = lines(&text, Dialect::Text);
        assert_eq!(shown.contains(sign), matches!(sign, '\t' | '\n'), "{sign:?} in {shown:?}");
    }
    for seen in ['a', 'é', '漢', '😀', '\u{301}', ' ', '\u{a0}', '\u{3000}', '\u{e000}', '\u{10fffd}'] {
        assert!(!is_hidden(seen), "{seen:?}");
    }
}

#[test]
fn commands_lose_the_sign_that_makes_them() {
    assert_eq!(one_line("x ##[error]y"), "x #\\u{23}[error]y");
    assert_eq!(one_line("###vso[task.setvariable a=b]"), "##\\u{23}vso[task.setvariable a=b]");
    assert_eq!(one_line("##teamcity[x"), "#\\u{23}teamcity[x");
    assert_eq!(one_line("section_start:1:a"), "section_start\\u{3a}1:a");
    assert_eq!(lines("a\n \u{a0}::error file=a::b\nc\n", Dialect::Text), "a\n \u{a0}\\u{3a}:error file=a::b\nc\n");
    assert_eq!(lines("--- a\n+++ b\n", Dialect::Text), "\\u{2d}-- a\n\\u{2b}++ b\n");
    assert_eq!(lines("--- a\n+++ b\n ::x::y\n", Dialect::Diff), "--- a\n+++ b\n \\u{3a}:x::y\n");
    let ours = "::error title=a::b\n::stop-commands::x\n";
    assert_eq!(lines(ours, Dialect::Annotations), "::error title=a::b\n\\u{3a}:stop-commands::x\n");
    // A place of ours, and an address.
    for line in [" ::: a:4:1\n", "::1\n", "::1/128 x\n"] {
        assert_eq!(lines(line, Dialect::Text), line);
    }
}

#[test]
fn of_colours_only_ours_stay_and_only_where_they_belong() {
    let ours = "\u{1b}[1m\u{1b}[31mhigh\u{1b}[0m: é\u{1b}[0m\n";
    assert_eq!(lines(ours, Dialect::Coloured), ours);
    assert!(!lines(ours, Dialect::Text).contains('\u{1b}'));
    for code in ["\u{1b}[8m", "\u{1b}[2J", "\u{1b}[31;8m", "\u{1b}]8;;x\u{7}", "\u{1b}", "\u{1b}[", "\u{1b}[m", "\u{1b}[111m"] {
        assert!(!lines(code, Dialect::Coloured).contains('\u{1b}'), "{code:?}");
    }
    // A colour hides no command: it is gone where the output is no terminal.
    assert_eq!(lines("\u{1b}[1m::error::x\u{1b}[0m", Dialect::Coloured), "\u{1b}[1m\\u{3a}:error::x\u{1b}[0m");
    assert_eq!(lines("#\u{1b}[1m#[x]", Dialect::Coloured), "#\u{1b}[1m\\u{23}[x]");
}

#[test]
fn an_excerpt_moves_what_it_points_at() {
    let text = "\ta\u{1b}b \u{202e}word\u{7f}";
    let start = text.find("word").unwrap();
    let (shown, range) = excerpt(text, start..start + 4);
    assert_eq!((shown.as_str(), shown.get(range)), ("\ta\\u{1b}b \\u{202e}word\\u{7f}", Some("word")));
    let (shown, range) = excerpt(text, start..text.len());
    assert_eq!(shown.get(range), Some("word\\u{7f}"));
    let (shown, range) = excerpt("\u{1b}", 1..1);
    assert_eq!(range, shown.len()..shown.len());
}

#[test]
fn a_json_text_keeps_its_values() {
    for value in ["\u{2028}a\u{e0041}\\##[x]\u{9b}\u{7f}", "section_start:1", "\\\u{202e}"] {
        let written = json(serde_json::to_string_pretty(&[value]).unwrap());
        assert!(written.is_ascii() && !written.contains("##["), "{written}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&written).unwrap(), [value]);
    }
}

#[test]
fn a_toml_string_is_one_line_and_keeps_its_value() {
    for value in ["a", "a\n[[accept]]\n\"\\'''", "\u{202e}##[x]\u{0}\u{7f}\u{e0041}é", "\"\"\""] {
        let written = toml_string(value);
        assert!(!written.contains('\n') && !is_harmful(&written), "{written}");
        assert_eq!(toml::from_str::<toml::Table>(&format!("a = {written}")).unwrap()["a"].as_str(), Some(value));
    }
}

#[test]
fn what_went_through_once_stays_as_it_is() {
    let hostile = "::error::x\u{1b}[2J##[y]\u{202e}\r\n--- z\u{85}\n\tsection_end:1\r";
    for dialect in [Dialect::Text, Dialect::Coloured, Dialect::Diff, Dialect::Annotations] {
        let once = lines(hostile, dialect).into_owned();
        assert_eq!(lines(&once, dialect), once);
        assert!(!is_harmful(&once.replace("\r\n", "\n")), "{once:?}");
    }
}
