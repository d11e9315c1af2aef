//! Values that show by themselves what they are: keys of known issuers, tokens of the web, hashes of passwords, addresses
//! of webhooks.

use std::ops::Range;

/// How a token begins, and how many characters of one must follow at least.
const TOKENS: [(&str, usize); 37] = [
    ("AKIA", 12),
    ("ASIA", 12),
    ("AIza", 20),
    ("AGE-SECRET-KEY-", 10),
    ("dckr_pat_", 10),
    ("dop_v1_", 10),
    ("github_pat_", 10),
    ("ghp_", 10),
    ("gho_", 10),
    ("ghu_", 10),
    ("ghs_", 10),
    ("ghr_", 10),
    ("glpat-", 8),
    ("glrt-", 8),
    ("gldt-", 8),
    ("hf_", 20),
    ("hvs.", 10),
    ("hvb.", 10),
    ("pypi-AgE", 20),
    ("rk_live_", 8),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_test_", 8),
    ("sk-", 20),
    ("shpat_", 10),
    ("SG.", 20),
    ("xapp-", 8),
    ("xoxa-", 8),
    ("xoxb-", 8),
    ("xoxe-", 8),
    ("xoxp-", 8),
    ("xoxr-", 8),
    ("xoxs-", 8),
    ("ya29.", 10),
    ("eyJ", 12),
    ("SCRAM-SHA-256$", 10),
    ("{SHA}", 8),
];

/// How far the dot behind the first part of a web token is looked for, in bytes.
const FIRST_PART: usize = 512;

/// How the hash of a password begins in `crypt`, the dollars of which may be doubled in a compose file.
const HASHES: [&str; 12] = ["apr1$", "2a$", "2b$", "2y$", "1$", "5$", "6$", "7$", "y$", "argon2i$", "argon2id$", "argon2d$"];

/// What stands before the secret part of the address of a webhook, from the dot on.
const WEBHOOKS: [&str; 8] = [
    ".slack.com/services/",
    ".slack.com/workflows/",
    ".com/api/webhooks/",
    ".webhook.office.com/",
    ".office.com/webhook/",
    ".zapier.com/hooks/",
    ".ifttt.com/use/",
    ".telegram.org/bot",
];

/// Whether some of the above may begin here, by the first two bytes of it.
fn may_begin(rest: &[u8]) -> bool {
    let [first, second, ..] = rest else { return false };
    match first {
        b'A' => matches!(second, b'K' | b'S' | b'I' | b'G'),
        b'S' => matches!(second, b'G' | b'C'),
        b'd' => matches!(second, b'c' | b'o'),
        b'e' => *second == b'y',
        b'g' => matches!(second, b'i' | b'h' | b'l'),
        b'h' => matches!(second, b'f' | b'v'),
        b'p' | b'y' => matches!(second, b'y' | b'a'),
        b'r' => *second == b'k',
        b's' => matches!(second, b'k' | b'h'),
        b'x' => matches!(second, b'a' | b'o'),
        b'.' => matches!(second.to_ascii_lowercase(), b's' | b'c' | b'w' | b'o' | b'z' | b'i' | b't'),
        b'{' => *second == b'S',
        b'$' => true,
        _ => false,
    }
}

/// Whether some of the above may stand in a text; quick, and sometimes yes for nothing.
pub(super) fn may_hold_token(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |rest: &[u8]| may_begin(rest) && (begins_token(rest) || hash_at(rest).is_some() || webhook_at(rest).is_some());
    (0..bytes.len()).any(|at| bytes.get(at..).is_some_and(begins))
}

fn begins_token(rest: &[u8]) -> bool {
    TOKENS.iter().any(|(head, least)| begins_with(rest, head) && rest.len() >= head.len() + least)
}

/// The first byte tells most of them apart, before two texts are compared.
fn begins_with(rest: &[u8], head: &str) -> bool {
    rest.first() == head.as_bytes().first() && rest.starts_with(head.as_bytes())
}

/// How much of a text, which begins with a dollar, announces the hash of a password.
fn hash_at(rest: &[u8]) -> Option<usize> {
    if rest.first() != Some(&b'$') {
        return None;
    }
    let dollars = rest.iter().take(4).take_while(|byte| **byte == b'$').count();
    let behind = rest.get(dollars..)?;
    HASHES.iter().any(|head| behind.starts_with(head.as_bytes())).then_some(dollars)
}

fn webhook_at(rest: &[u8]) -> Option<usize> {
    let starts = |head: &&&str| rest.get(..head.len()).is_some_and(|found| found.eq_ignore_ascii_case(head.as_bytes()));
    WEBHOOKS.iter().find(starts).map(|head| head.len())
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b'=' | b':' | b'$' | b',')
}

/// The places of such values, in one pass over the text.
pub(super) fn places(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let start = at;
        at += 1;
        if !may_begin(rest) {
            continue;
        }
        if let Some(head) = webhook_at(rest) {
            let end = super::scan::end_of_word(text, start + head);
            found.push(start + head..end);
            at = end.max(at);
        } else if let Some(end) = token_end(bytes, start).or_else(|| hash_end(rest, start)) {
            found.push(start..end);
            at = end;
        }
    }
}

/// The end of the token that begins at a place; within a word none begins.
fn token_end(bytes: &[u8], start: usize) -> Option<usize> {
    let inside = start.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric);
    let rest = bytes.get(start..).filter(|_| !inside)?;
    let (head, least) = TOKENS.iter().find(|(head, _)| begins_with(rest, head))?;
    // The first part of a web token is short, and a dot ends it.
    let mut first_part = rest.iter().take(FIRST_PART).take_while(|byte| is_of_token(**byte));
    if *head == "eyJ" && !first_part.any(|byte| *byte == b'.') {
        return None;
    }
    let tail = rest.get(head.len()..)?.iter().take_while(|byte| is_of_token(**byte)).count();
    (tail >= *least).then_some(start + head.len() + tail)
}

fn hash_end(rest: &[u8], start: usize) -> Option<usize> {
    hash_at(rest)?;
    let length = rest.iter().take_while(|byte| is_of_token(**byte)).count();
    (length >= 12).then_some(start + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::secrets::found_by;

    fn hidden(text: &str) -> Vec<&str> {
        let found = found_by(places, text);
        assert!(found.is_empty() || may_hold_token(text), "the quick look misses {text}");
        found
    }

    #[test]
    fn known_tokens_are_seen() {
        for (text, expected) in [
            ("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln y", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"),
            ("id AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            ("\"ghp_0123456789abcdef\"", "ghp_0123456789abcdef"),
            ("xoxb-1234-5678-abcd", "xoxb-1234-5678-abcd"),
            ("https://hooks.slack.com/services/T0/B0/XyZ end", "T0/B0/XyZ"),
            ("https://DISCORD.com/api/webhooks/1/abc", "1/abc"),
            ("admin:$apr1$abcdefgh$0123456789", "$apr1$abcdefgh$0123456789"),
            ("admin:$$2y$$05$$abcdefghijkl", "$$2y$$05$$abcdefghijkl"),
        ] {
            assert_eq!(hidden(text), [expected], "{text}");
        }
    }

    #[test]
    fn other_words_are_no_tokens() {
        for text in ["task-0123456789012345678901234567", "$1", "eyJ", "http://hooks.slack.com/", "AKIA", "npm_config_cache=/x", "$6.50"] {
            assert_eq!(hidden(text), Vec::<&str>::new(), "{text}");
        }
    }
}
