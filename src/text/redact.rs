//! Redaction by pattern: for text that no grammar understood, and for error messages.

/// What stands in place of a secret.
pub const SECRET_PLACEHOLDER: &str = "<redacted>";

/// Words that make the name of a key look like that of a secret.
const SECRET_WORDS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "private_key",
    "access_key",
    "credential",
    "requirepass",
    "masterauth",
    "pwd",
];

/// Lines are looked at this far, in bytes: looking for secrets takes square time in the length of a word.
const LONGEST: usize = 4096;

/// Replaces what looks like a secret in one line of text.
///
/// What lies beyond the first 4,096 bytes goes as well: nobody reads it, and it was not looked at.
///
/// Two shapes are known: what follows a key with a secret-looking name (`password = …`,
/// `--requirepass …`, `PASSWORD '…'`), and the password of a URL (`scheme://user:…@`). The rest of
/// the line after such a key goes too: a line that did not parse may quote its values in any way.
#[must_use]
pub fn redact_text(line: &str) -> String {
    if line.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        return redact_text(line.get(..end).unwrap_or("")) + SECRET_PLACEHOLDER;
    }
    let without_urls = redact_urls(line);
    if let Some(key) = private_keys(&without_urls).first() {
        return format!("{}{SECRET_PLACEHOLDER}", without_urls.get(..key.start).unwrap_or(""));
    }
    match secret_value_start(&without_urls) {
        Some(at) => format!("{}{SECRET_PLACEHOLDER}", without_urls.get(..at).unwrap_or("")),
        None => without_urls,
    }
}

/// What stands inside the armour of private keys (`-----BEGIN PRIVATE KEY-----`), up to its end or that of the text.
pub(super) fn private_keys(text: &str) -> Vec<std::ops::Range<usize>> {
    const LABEL: &str = "PRIVATE KEY-----";
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, label) in text.match_indices(LABEL) {
        let start = at + label.len();
        // The label at the end of one key begins none.
        if found.last().is_none_or(|last| last.end < at.saturating_sub(LABEL.len() + 12)) {
            let length = text.get(start..).and_then(|rest| rest.find("-----END ")).unwrap_or(text.len() - start);
            found.push(start..start + length);
        }
    }
    found
}

/// Cuts the user-info of every `scheme://user:password@host`.
fn redact_urls(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        let end = tail.find([' ', '\t', '"', '\'', '/', '?', '#', ',', ')', ']', '}']).unwrap_or(tail.len());
        // A password may itself hold such characters: the last `@` of the word decides.
        let word_end = tail.find([' ', '\t', '"', '\'', ',']).unwrap_or(tail.len());
        let authority_end = tail.get(..word_end).and_then(|word| word.rfind('@')).map_or(end, |at| at.max(end));
        let authority = tail.get(..authority_end.min(word_end)).unwrap_or("");
        match authority.rfind('@').or_else(|| tail.get(..word_end).and_then(|word| word.rfind('@'))) {
            Some(at_sign) => {
                let user_info = tail.get(..at_sign).unwrap_or("");
                if let Some(colon) = user_info.find(':') {
                    out.push_str(user_info.get(..=colon).unwrap_or(""));
                    out.push_str(SECRET_PLACEHOLDER);
                } else {
                    out.push_str(user_info);
                }
                rest = tail.get(at_sign..).unwrap_or("");
            }
            None => {
                out.push_str(authority);
                rest = tail.get(authority.len()..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// Where the value after a secret-looking key begins, if the line has one.
fn secret_value_start(line: &str) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    let mut best: Option<usize> = None;
    for word in SECRET_WORDS {
        for (at, _) in lower.match_indices(word) {
            if let Some(start) = value_after_key(line, at + word.len()) {
                best = Some(best.map_or(start, |found| found.min(start)));
            }
        }
    }
    best
}

/// Given an offset inside a key, the offset of its value, when a separator and a value follow.
fn value_after_key(line: &str, inside: usize) -> Option<usize> {
    let tail = line.get(inside..)?;
    let name_rest = tail.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(tail.len());
    let name = tail.get(..name_rest)?;
    // `PASSWORD_FILE=/run/secrets/x` and `password_encryption = scram` name no secret.
    let suffix = name.to_ascii_lowercase();
    if ["_file", "_encryption", "-file", "_hash_algorithm", "_min", "_policy", "_command", "_warnings", "_expiration"]
        .iter()
        .any(|s| suffix.starts_with(s))
    {
        return None;
    }
    let after = tail.get(name_rest..)?;
    let trimmed = after.trim_start_matches(['"', '\'']);
    let separator = trimmed.chars().next()?;
    if !matches!(separator, '=' | ':' | ' ' | '\t' | ',') {
        return None;
    }
    let value = trimmed.trim_start_matches([' ', '\t', '=', ':', ',', '"', '\'']);
    (!value.is_empty()).then(|| line.len() - value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_cut_and_names_are_kept() {
        for (line, expected) in [
            ("DATABASE_URL=postgres://app:hunter2@db:5432/x", "DATABASE_URL=postgres://app:<redacted>@db:5432/x"),
            ("- URL=postgres://app:hun/ter2@db/x", "- URL=postgres://app:<redacted>@db/x"),
            ("POSTGRES_PASSWORD: hunter2", "POSTGRES_PASSWORD: <redacted>"),
            ("  - MYSQL_ROOT_PASSWORD='hunter2' # c", "  - MYSQL_ROOT_PASSWORD='<redacted>"),
            ("redis-server --requirepass hunter2", "redis-server --requirepass <redacted>"),
            ("create role a password 'hunter2'", "create role a password '<redacted>"),
            ("key: |-----BEGIN EC PRIVATE KEY-----\\nMHcC", "key: |-----BEGIN EC PRIVATE KEY-----<redacted>"),
            ("\"--requirepass\", \"hunter2\"", "\"--requirepass\", \"<redacted>"),
        ] {
            assert_eq!(redact_text(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for line in [
            "password_encryption = scram-sha-256",
            "POSTGRES_PASSWORD_FILE: /run/secrets/db",
            "http://example.com/a@b",
            "local all all peer",
        ] {
            assert_eq!(redact_text(line), line);
        }
    }
}
