//! Redaction by pattern: for text that no grammar understood, and for error messages.

use super::secrets::{hidden, is_harmless, may_hold_secret, names_secret, says_secret};

/// What stands in place of a secret.
pub const SECRET_PLACEHOLDER: &str = "<redacted>";

/// Lines are looked at this far, in bytes: nobody reads further.
const LONGEST: usize = 4096;

/// Replaces what looks like a secret in one line of text.
///
/// What lies beyond the first 4,096 bytes goes as well: nobody reads it, and it was not looked at.
///
/// What [`super::secrets::credentials_in`] finds is replaced in its place. The rest of the line after the first name of a secret
/// (`password = …`, `--requirepass …`, `PASSWORD '…'`) goes too: a line that did not parse may quote its values in any
/// way.
#[must_use]
pub fn redact_text(line: &str) -> String {
    if line.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        return redact_text(line.get(..end).unwrap_or("")) + SECRET_PLACEHOLDER;
    }
    if !may_hold_secret(line) {
        return line.to_owned();
    }
    let shown = hidden(line.to_owned());
    if let Some(key) = private_keys(&shown).first() {
        return format!("{}{SECRET_PLACEHOLDER}", shown.get(..key.start).unwrap_or(""));
    }
    match secret_value_start(&shown) {
        Some(at) if !is_harmless(shown.get(at..).unwrap_or("")) => format!("{}{SECRET_PLACEHOLDER}", shown.get(..at).unwrap_or("")),
        _ => shown,
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

/// Where the value after the first secret-looking name begins, if the line has one.
fn secret_value_start(line: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = line.get(from..)?;
        let start = from + rest.find(is_of_name)?;
        let length = line.get(start..)?.find(|c| !is_of_name(c))?;
        let end = start + length;
        from = end;
        if let Some(value) = value_after(line, end)
            && is_secret(line.get(start..end)?, line.get(end..value)?)
        {
            return Some(value);
        }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// With a sign behind it, a name is that of a secret more often than with a blank, as in prose.
fn is_secret(name: &str, separator: &str) -> bool {
    // A comma alone parts the words of a list, as in `authentication, authorization`.
    if separator.trim() == "," && !name.starts_with('-') {
        return false;
    }
    let sign = separator.contains(['=', ':', '：']) || name.starts_with('-') || is_identifier(name);
    if sign { names_secret(name.trim_start_matches('-')) } else { says_secret(name) }
}

/// Whether a name is none that prose has: `db_pass`, `app.clave`, `SENHA`; `server.key` is that of a file.
fn is_identifier(name: &str) -> bool {
    let last = name.rsplit_once('.').map(|(_, last)| last);
    let upper = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
    name.contains('_')
        || last.is_some_and(|last| !["key", "keys", "pem"].iter().any(|ending| last.eq_ignore_ascii_case(ending)))
        || (upper && !matches!(name, "KEY" | "KEYS" | "AUTH" | "PIN"))
}

/// The offset of the value behind a name that ends at `end`, when a separator and a value follow.
fn value_after(line: &str, end: usize) -> Option<usize> {
    let trimmed = line.get(end..)?.trim_start_matches(['"', '\'', '\\']);
    if !trimmed.starts_with(['=', ':', ' ', '\t', ',', '：']) {
        return None;
    }
    let value = trimmed.trim_start_matches([' ', '\t', '=', ':', '：', ',', '"', '\'', '\\']);
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
            ("create role a password 'hunter2'", "create role a password '<redacted>'"),
            ("tls: |-----BEGIN EC PRIVATE KEY-----\\nMHcC", "tls: |-----BEGIN EC PRIVATE KEY-----<redacted>"),
            ("\"--requirepass\", \"hunter2\"", "\"--requirepass\", \"<redacted>\""),
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
            "log_connections = 'authentication, authorization, setup_durations'",
        ] {
            assert_eq!(redact_text(line), line);
        }
    }
}
