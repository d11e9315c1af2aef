//! Whether an output is harmless: nothing in it is executed by a terminal or by a CI service that reads the log, nothing is
//! hidden from who reads it, and a page that shows it makes no link, mention or markup of a text of a file.
//!
//! Written without a look at the code that it judges: lists and forms are from the services' own documentation.

use std::iter::Peekable;
use std::str::Chars;

/// Checks one output; `format` is that of the report, or `diff` (`fix`) or `toml` (`init`).
///
/// # Errors
/// What would be executed or hidden, with its line.
pub fn is_harmless(text: &str, format: &str) -> Result<(), String> {
    let text = if format == "terminal" { without_colours(text) } else { text.to_owned() };
    let text = if format == "diff" { text.replace("\r\n", "\n") } else { text };
    for line in text.split('\n') {
        signs(line)?;
        commands(line, format)?;
    }
    match format {
        "json" | "gitlab" if text.trim().is_empty() => Ok(()),
        "json" | "gitlab" => serde_json::from_str::<serde_json::Value>(&text).map(drop).map_err(|error| format!("no JSON: {error}")),
        "sarif" => sarif(&text),
        "junit" => xml(&text),
        "markdown" => markdown(&text),
        "github" => text.lines().try_for_each(annotation),
        "diff" => diff(&text),
        "toml" => match text.lines().find(|line| !line.is_empty() && !line.starts_with('#')) {
            Some(line) => Err(format!("`init` states something: {line:.200?}")),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// No sign that acts, and none that is not seen.
fn signs(line: &str) -> Result<(), String> {
    let mut before = ' ';
    for sign in line.chars() {
        let in_emoji = matches!(sign, '\u{200d}' | '\u{fe0f}') && !before.is_ascii() && !before.is_alphanumeric()
            || sign == '\u{fe0f}' && (before.is_ascii_digit() || matches!(before, '#' | '*')) && line.contains("\u{fe0f}\u{20e3}");
        if sign != '\t' && !in_emoji && (sign.is_control() || is_not_seen(sign)) {
            return Err(format!("the sign {sign:?} in {line:.200?}"));
        }
        before = sign;
    }
    Ok(())
}

/// `Default_Ignorable_Code_Point`, `Bidi_Control`, the two separators, and what is no character.
fn is_not_seen(sign: char) -> bool {
    const RANGES: [(u32, u32); 24] = [
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x2029),
        (0x202a, 0x202e),
        (0x2060, 0x206f),
        (0x3164, 0x3164),
        (0xfdd0, 0xfdef),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfff8),
        (0xfff9, 0xfffb),
        (0xfffe, 0xffff),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0x1fffe, 0x1ffff),
        (0xe0000, 0xe0fff),
        (0xffffe, 0xfffff),
        (0x10fffe, 0x10ffff),
    ];
    RANGES.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(sign)))
}

/// Nothing that a CI service takes out of a log.
fn commands(line: &str, format: &str) -> Result<(), String> {
    let found = |what: &str| Err(format!("a command of {what} in {line:.200?}"));
    let begins = line.trim_start();
    if format != "github" && begins.starts_with("::") && begins.get(2..).is_some_and(|rest| rest.contains("::") && !rest.starts_with(':')) {
        return found("GitHub");
    }
    for (at, _) in line.match_indices("##") {
        let word = line.get(at + 2..).unwrap_or_default();
        if word.trim_start_matches(|sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_').starts_with('[') {
            return found("Azure, TeamCity or the older GitHub");
        }
    }
    if ["section_start:", "section_end:", "travis_fold:", "travis_time:"].iter().any(|word| line.contains(word)) {
        return found("GitLab or Travis");
    }
    if ["--- ", "+++ ", "~~~ ", "^^^ "].iter().any(|mark| line.starts_with(mark)) && format != "diff" {
        return found("Buildkite");
    }
    Ok(())
}

/// One annotation, and nothing else, whatever is in it.
fn annotation(line: &str) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("{why} in {line:.300?}"));
    let level = ["::error ", "::warning ", "::notice "].into_iter().find(|level| line.starts_with(level));
    let Some((properties, data)) = level.and_then(|level| line.get(level.len()..)?.split_once("::")) else {
        return wrong("no annotation of ours");
    };
    for property in properties.split(',') {
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        match property.split_once('=') {
            Some((name, value)) if known.contains(&name) && !value.contains(':') => {}
            _ => return wrong("a property that is not ours"),
        }
    }
    let is_escape = |rest: &str| ["25", "0A", "0D", "3A", "2C"].iter().any(|code| rest.starts_with(code));
    let all = [properties, data].join(" ");
    if all.match_indices('%').any(|(at, _)| !all.get(at + 1..).is_some_and(is_escape)) {
        return wrong("a `%` that is not escaped");
    }
    Ok(())
}

fn sarif(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let report: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    let mut open = vec![&report["runs"]];
    while let Some(value) = open.pop() {
        if let Some(message) = value.get("message").and_then(|message| message["text"].as_str()) {
            for (at, _) in message.match_indices("](") {
                let to_a_place = message.get(at + 2..).is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()));
                let is_apart = message.get(..at).is_some_and(|before| before.ends_with('\\'));
                if !to_a_place && !is_apart {
                    return Err(format!("a link in the message {message:.200?}"));
                }
            }
        }
        match value {
            serde_json::Value::Array(list) => open.extend(list),
            serde_json::Value::Object(map) => open.extend(map.values()),
            _ => {}
        }
    }
    Ok(())
}

/// Well-formed XML with our four elements.
fn xml(text: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap_or(text);
    let mut signs = body.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '<' => tag(&mut signs, &mut open)?,
            '>' => return Err("a `>` outside a tag".to_owned()),
            '&' => entity(&mut signs)?,
            _ => {}
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("not closed: {open:?}")) }
}

fn tag(signs: &mut Peekable<Chars<'_>>, open: &mut Vec<String>) -> Result<(), String> {
    let (mut name, mut is_quoted, mut all) = (String::new(), false, String::new());
    loop {
        match signs.next() {
            Some('"') => is_quoted = !is_quoted,
            Some('<') | None => return Err(format!("a tag does not end: {all:.100}")),
            Some('&') => entity(signs)?,
            Some('>') if !is_quoted => break,
            Some(sign) => {
                all.push(sign);
                if !is_quoted {
                    name.push(sign);
                }
            }
        }
    }
    let word = name.split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_owned();
    let known = ["testsuites", "testsuite", "testcase", "failure", "skipped", "properties", "property"];
    if !known.contains(&word.trim_start_matches('/')) {
        return Err(format!("an element that is not ours: {all:.100}"));
    }
    if let Some(closed) = word.strip_prefix('/') {
        return if open.pop().as_deref() == Some(closed) { Ok(()) } else { Err(format!("</{closed}> closes nothing")) };
    }
    if !name.ends_with('/') {
        open.push(word);
    }
    Ok(())
}

fn entity(signs: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    let name: String = std::iter::from_fn(|| signs.next_if(|sign| *sign != ';' && *sign != ' ')).collect();
    let known = ["amp", "lt", "gt", "quot", "#10"].contains(&name.as_str()) && signs.next_if_eq(&';').is_some();
    if known { Ok(()) } else { Err(format!("an entity that is not ours: &{name}")) }
}

/// Tables have the cells of their heads, blocks of code end where they should, and outside code nothing is found.
fn markdown(text: &str) -> Result<(), String> {
    let (mut fence, mut cells) = (None, None);
    for line in text.lines() {
        let wrong = |why: &str| Err(format!("{why} in {line:.300?}"));
        let ticks = line.trim_start().bytes().take_while(|byte| *byte == b'`').count();
        if let Some(width) = fence {
            if ticks >= width && line.trim().len() == ticks {
                fence = None;
            }
            continue;
        }
        if ticks >= 3 {
            fence = Some(ticks);
            continue;
        }
        let width = line.starts_with('|').then(|| pipes(line));
        match (cells, width) {
            (Some(wanted), Some(width)) if wanted != width => return wrong("a row with other cells than its head"),
            _ => cells = width,
        }
        let Some(prose) = prose(line) else { return wrong("code that does not end") };
        for mark in ["://", "@", "www.", "mailto:", "<"] {
            if prose.to_lowercase().contains(mark) {
                return wrong(&format!("`{mark}`"));
            }
        }
        let followed = |sign: char| {
            prose
                .match_indices(sign)
                .any(|(at, _)| prose.get(at + 1..).is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit())))
        };
        if ['#', '!'].into_iter().any(followed) || prose.contains('[') || prose.contains('>') {
            return wrong("a reference, a link or a quotation");
        }
    }
    if fence.is_some() { Err("a block of code does not end".to_owned()) } else { Ok(()) }
}

/// Pipes that separate cells: a backslash before one takes it into the text, in code as well.
fn pipes(line: &str) -> usize {
    let (mut count, mut is_escaped) = (0, false);
    for sign in line.chars() {
        count += usize::from(sign == '|' && !is_escaped);
        is_escaped = sign == '\\' && !is_escaped;
    }
    count
}

/// A line without its code; signs after a backslash stay but for brackets, which make nothing then.
fn prose(line: &str) -> Option<String> {
    let (mut out, mut is_escaped, mut is_code) = (String::new(), false, false);
    for sign in line.chars() {
        if is_code {
            is_code = sign != '`';
        } else if is_escaped {
            is_escaped = false;
            if !matches!(sign, '[' | ']' | '\\' | '`') {
                out.push(sign);
            }
        } else {
            (is_escaped, is_code) = (sign == '\\', sign == '`');
            if !is_escaped && !is_code {
                out.push(sign);
            }
        }
    }
    (!is_code).then_some(out)
}

/// Heads of files only where they belong, hunks as long as they say.
fn diff(text: &str) -> Result<(), String> {
    let mut lines = text.lines().peekable();
    let (mut old, mut new) = (0, 0);
    while let Some(line) = lines.next() {
        let wrong = |why: &str| Err(format!("{why} in {line:.200?}"));
        if (old, new) != (0, 0) {
            match line.chars().next() {
                Some(' ') | None => (old, new) = (old - 1, new - 1),
                Some('-') if !line.starts_with("--- ") => old -= 1,
                Some('+') if !line.starts_with("+++ ") => new -= 1,
                Some('\\') => {}
                _ => return wrong("a line that is not of its hunk"),
            }
        } else if let Some(name) = line.strip_prefix("--- ") {
            if lines.next() != Some(&format!("+++ {name}")) {
                return wrong("two names of one file");
            }
        } else if let Some(numbers) = line.strip_prefix("@@ -").and_then(|rest| rest.strip_suffix(" @@")) {
            let mut lengths = numbers.split(" +").filter_map(|range| range.split_once(',')?.1.parse::<i64>().ok());
            (old, new) = (lengths.next().unwrap_or(-1), lengths.next().unwrap_or(-1));
        } else if !line.starts_with('\\') {
            return wrong("a line outside a hunk");
        }
    }
    Ok(())
}

/// Without the colours that a report for a terminal has: `ESC [ number m`, and nothing else of the kind.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let is_colour = matches!(part.get(..digits).and_then(|number| number.parse().ok()), Some(0..=4 | 22 | 30..=37 | 39 | 90..=97));
        match part.get(digits..).and_then(|rest| rest.strip_prefix('m')) {
            Some(rest) if is_colour => plain.push_str(rest),
            _ => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}
