//! Values of settings that may hold a password: they are masked where they are read, and their places marked.

use super::catalogue::is_known;
use crate::model::{Secret, Value};
use crate::text::secrets::names_secret;
use crate::text::{SECRET_PLACEHOLDER, redact_text};

/// What a text value becomes when part of it, or all, is a secret.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Masked {
    /// The value: a secret, or text whose secret parts are replaced.
    pub value: Value,
    /// The same as text that may be shown.
    pub text: String,
}

/// Masks the value of a setting, or tells with `None` that nothing in it is secret.
///
/// The name alone makes no secret of a setting of the server's own (`password_encryption`); that of
/// anything else may (`app.jwt_secret`, `DB_PASSWORD`).
pub(super) fn mask(name: &str, raw: &str) -> Option<Masked> {
    // `HIGH:!aNULL:@SECLEVEL=0` looks like an account with its password before a host.
    if name.to_ascii_lowercase().starts_with("ssl_") && name.to_ascii_lowercase().ends_with("ciphers") {
        return None;
    }
    let by_name = names_secret(name) && !is_known(name);
    if by_name || name.eq_ignore_ascii_case("ssl_passphrase_command") && !raw.is_empty() {
        return Some(Masked { value: Value::Secret(Secret::new(raw)), text: SECRET_PLACEHOLDER.to_owned() });
    }
    let text = if name.eq_ignore_ascii_case("primary_conninfo") && !raw.contains("://") { mask_connection(raw) } else { redact_text(raw) };
    (text != raw).then(|| Masked { value: Value::text(&text), text })
}

/// Replaces the passwords of a connection string of the form `key=value key='value'`, and nothing else.
fn mask_connection(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let value_start = rest.find('=').map_or(rest.len(), |at| at + 1);
        let (key, after) = rest.split_at_checked(value_start).unwrap_or((rest, ""));
        let blanks = after.len() - after.trim_start().len();
        let (value, tail) = after.split_at_checked(blanks + value_length(after.trim_start())).unwrap_or((after, ""));
        out.push_str(key);
        let secret = names_secret(key.trim().trim_end_matches('=').trim());
        out.push_str(if secret && !value.trim().is_empty() { SECRET_PLACEHOLDER } else { value });
        rest = tail;
    }
    out
}

/// The bytes of a value of a connection string: up to a blank, or to the closing quote.
fn value_length(text: &str) -> usize {
    let quoted = text.starts_with('\'');
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if quoted && at > 0 => return at + 1,
            c if !quoted && c.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_no_setting_hides_its_line() {
        let secret = crate::engines::postgresql::catalogue::names().iter().filter(|name| names_secret(name));
        assert_eq!(secret.copied().collect::<Vec<_>>(), ["ssl_passphrase_command"]);
    }

    #[test]
    fn passwords_go_and_the_rest_stays() {
        for (name, raw, expected) in [
            ("primary_conninfo", "host=db password=hunter2 sslmode=require", Some("host=db password=<redacted> sslmode=require")),
            ("primary_conninfo", "password = 'hun \\'ter2' host=db", Some("password =<redacted> host=db")),
            ("primary_conninfo", "postgres://u:hunter2@db/x", Some("postgres://u:<redacted>@db/x")),
            ("primary_conninfo", "host=db user=replicator", None),
            ("ssl_ciphers", "HIGH:eNULL:!aNULL:@SECLEVEL=0", None),
            ("app.jwt_secret", "hunter2", Some("<redacted>")),
            ("POSTGRES_PASSWORD", "hunter2", Some("<redacted>")),
            ("md5_password_warnings", "on", None),
            ("archive_command", "PGPASSWORD=hunter2 cp %p /x", Some("PGPASSWORD=<redacted>")),
            ("archive_command", "cp %p /x", None),
            ("primary_conninfo", "host=a scram_client_key=hunter2 passfile=/x", Some("host=a scram_client_key=<redacted> passfile=/x")),
            ("archive_command", "curl -u me:hunter2 -T %p https://b/%f", Some("curl -u <redacted> -T %p https://b/%f")),
            (
                "archive_command",
                "mc alias set b https://m k hunter2; mc cp %p b/%f",
                Some("mc alias set b https://m <redacted> <redacted>; mc cp %p b/%f"),
            ),
            ("restore_command", "openssl enc -d -k hunter2 -in /a/%f -out %p", Some("openssl enc -d -k <redacted> -in /a/%f -out %p")),
            ("archive_command", "7z a -phunter2 /a/%f.7z %p", Some("7z a -p<redacted> /a/%f.7z %p")),
            ("ssl_passphrase_command", "echo hunter2", Some("<redacted>")),
        ] {
            let masked = mask(name, raw);
            assert_eq!(masked.map(|masked| masked.text).as_deref(), expected, "{raw}");
        }
    }
}
