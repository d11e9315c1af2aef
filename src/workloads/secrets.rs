//! What makes a name that of a secret, and a value a weak password or a placeholder.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::footprints;

static WEAK: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../rules/data/weak-passwords.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// Last words of the names of secrets; `KEY` only after one of [`KEY_KINDS`].
const SECRET_ENDINGS: &[&str] =
    &["PASSWORD", "PASSWD", "PASS", "PWD", "PW", "PASSPHRASE", "SECRET", "SECRETS", "TOKEN", "CREDENTIAL", "CREDENTIALS", "APIKEY"];

/// What makes a `KEY` a secret one.
const KEY_KINDS: &[&str] =
    &["API", "SECRET", "ACCESS", "PRIVATE", "ENCRYPTION", "ENC", "CIPHER", "OPENSSL", "MASTER", "SIGNING", "APP", "JWT", "AUTH"];

/// Switches that speak of passwords and hold none.
const SWITCHES: &[&str] = &["ALLOW", "RANDOM", "ONETIME", "ENABLE", "ENABLED", "DISABLE", "REQUIRE", "USE", "NO", "PUBLIC"];

/// Whether a variable of this name holds a secret: `DB_PASSWORD`, `PGPASSWORD`, `JWT_SECRET`, `API_KEY`.
///
/// `PASSWORD_MIN_LENGTH`, `POSTGRES_PASSWORD_FILE` and `ALLOW_EMPTY_PASSWORD` do not.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let mut words: Vec<&str> = upper.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    // A number at the end counts instances, or versions: DB_PASSWORD_2, OPENSSL_KEY_V1.
    let counts = |word: &&str| word.strip_prefix('V').filter(|rest| !rest.is_empty()).unwrap_or(word).chars().all(|c| c.is_ascii_digit());
    while words.last().is_some_and(counts) {
        words.pop();
    }
    let Some(last) = words.last() else {
        return false;
    };
    // The token of an etcd cluster tells clusters apart, and protects nothing.
    if words.ends_with(&["CLUSTER", "TOKEN"]) {
        return false;
    }
    if words.iter().any(|word| SWITCHES.contains(word)) || upper == "PWD" || upper == "OLDPWD" {
        return false;
    }
    if matches!(*last, "KEY" | "BASE") {
        return words.len() > 1 && words.iter().rev().skip(1).any(|word| KEY_KINDS.contains(word));
    }
    SECRET_ENDINGS.contains(last) || ["PASSWORD", "PASSWD"].iter().any(|ending| last.ends_with(ending))
}

/// Whether a variable of this name holds the password of a database: `DB_PASS`, `PGPASSWORD`, `MYSQL_ROOT_PASSWORD`, `REDISCLI_AUTH`.
#[must_use]
pub(super) fn is_database_password_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    if footprints::ALL.iter().flat_map(|footprint| footprint.clients).any(|client| client.password_variable == Some(&upper)) {
        return true;
    }
    let password = ["PASSWORD", "PASSWD", "_PASS", "_PWD"].iter().any(|ending| upper.ends_with(ending));
    let means_database =
        |word: &str| ["DB", "DATABASE", "SQL"].contains(&word) || footprints::ALL.iter().any(|known| known.is_called(word));
    password && is_secret_name(name) && upper.split('_').any(|word| means_database(word.trim_end_matches("PASSWORD")))
}

/// Values that are no secret whatever the name says: a path of a key or secret file, a switch, nothing.
#[must_use]
pub(super) fn is_no_secret_value(value: &str) -> bool {
    let lower = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let is_path = lower.contains('/') && [".pem", ".key", ".crt", ".txt", ".json"].iter().any(|ending| lower.ends_with(ending));
    lower.chars().all(|c| matches!(c, '*' | '.' | '-'))
        || lower.starts_with("/run/secrets/")
        || is_path
        || matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "none" | "null" | "nil" | "enabled" | "disabled")
}

/// A value without the quotes around it: in the list form of compose (`- NAME='value'`) they are part of it.
fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(value)
}

/// Whether a variable of this name holds the id of a key, which is no secret: the secret half has a variable of its own
/// (`S3_ACCESS_KEY` beside `S3_SECRET_KEY`).
#[must_use]
pub(super) fn is_key_id<'n>(name: &str, others: impl IntoIterator<Item = &'n str>) -> bool {
    let upper = name.to_ascii_uppercase();
    let Some(prefix) = upper.strip_suffix("ACCESS_KEY").filter(|prefix| !prefix.contains("SECRET")) else { return false };
    let secret_half = |other: &str| {
        let rest = other.strip_prefix(prefix);
        rest.is_some_and(|rest| ["SECRET_KEY", "SECRET_ACCESS_KEY", "ACCESS_SECRET", "SECRET", "ACCESS_SECRET_KEY"].contains(&rest))
    };
    others.into_iter().any(|other| secret_half(&other.to_ascii_uppercase()))
}

/// Letters and digits in lower case: what is left of a password without its decoration.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Endings with which names are turned into passwords.
const SUFFIXES: &[&str] =
    &["", "pass", "password", "passwd", "pwd", "pw", "secret", "root", "rootpw", "admin", "1", "12", "123", "1234", "12345", "123456"];

/// Whether everybody would guess the password: it is on the list of common ones, very short, or one
/// of the given names (project, service, user, database) with nothing or little added.
#[must_use]
pub fn is_weak<'n>(password: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    let password = unquoted(password);
    let bare_password = bare(password);
    // What only holds the place of a password is none.
    if password.is_empty() || is_framed(password) {
        return false;
    }
    if password.chars().count() <= 4 || WEAK.contains(password.to_ascii_lowercase().as_str()) || WEAK.contains(bare_password.as_str()) {
        return true;
    }
    if password.len() <= 8 && password.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    // A common word with a number behind it is the second thing that everybody tries.
    let word = bare_password.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare_password.len() - word.len() <= 4 && WEAK.contains(word) {
        return true;
    }
    names.into_iter().map(bare).filter(|name| !name.is_empty()).any(|name| {
        bare_password.strip_prefix(&name).is_some_and(|rest| SUFFIXES.contains(&rest))
            || bare_password.strip_suffix(&name).is_some_and(|rest| matches!(rest, "my" | "the" | "pass" | "password"))
    })
}

/// Whether a text stands in the brackets of a template: `<password>`, `{{ password }}`.
fn is_framed(text: &str) -> bool {
    let within = |open: &str, close: &str| text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close);
    within("<", ">") || within("{{", "}}") || within("[", "]")
}

/// Whether the value only holds the place of one: `changeme`, `<password>`, `your-secret-here`, its own name.
#[must_use]
pub fn is_placeholder(name: &str, value: &str) -> bool {
    let lower = unquoted(value.trim()).to_ascii_lowercase();
    let bare_value = bare(&lower);
    if lower.is_empty() {
        return false;
    }
    let framed = is_framed(&lower);
    let begins = [
        "changeme",
        "changethis",
        "changeit",
        "replaceme",
        "replacewith",
        "replacethis",
        "yourpassword",
        "yoursecret",
        "yourtoken",
        "yourkey",
        "yourapi",
        "yourdb",
        "yourdatabase",
        "yourstrong",
        "yoursecure",
        "yourown",
        "putyour",
        "insertyour",
        "enteryour",
        "setme",
        "fillme",
        "fillin",
        "placeholder",
        "todo",
        "tobeset",
        "mustchange",
        "pleasechange",
    ];
    let only_x = bare_value.len() >= 3 && bare_value.chars().all(|c| c == 'x');
    framed
        || only_x
        || begins.iter().any(|begin| bare_value.starts_with(begin))
        || bare_value == bare(name)
        || bare_value.ends_with("changeme")
        || bare_value.ends_with("goeshere")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_secrets() {
        for name in [
            "DB_PASSWORD",
            "PGPASSWORD",
            "DB_PASS",
            "JWT_SECRET",
            "SECRET_KEY_BASE",
            "API_KEY",
            "GITHUB_TOKEN",
            "redis_password",
            "PASSWORD_2",
            "PGADMIN_PW",
            "_APP_OPENSSL_KEY_V1",
            "DB_ENC_KEY",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PASSWORD_MIN_LENGTH",
            "POSTGRES_PASSWORD_FILE",
            "ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "TOKEN_TTL",
            "PUBLIC_KEY",
            "KEY",
            "PWD",
            "COMPASS",
            "V1",
            "API_V2",
            "ETCD_INITIAL_CLUSTER_TOKEN",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(is_database_password_name("POSTGRES_PASSWORD") && is_database_password_name("WORDPRESS_DB_PASSWORD"));
        assert!(!is_database_password_name("ADMIN_PASSWORD") && !is_database_password_name("JWT_SECRET"));
    }

    #[test]
    fn quotes_of_the_list_form_hide_no_placeholder() {
        assert!(is_placeholder("WIREGUARD_PRIVATE_KEY", "'<PRIVKEY>'") && is_weak("\"postgres\"", []));
    }

    #[test]
    fn the_id_of_a_key_is_no_secret_beside_its_secret_half() {
        assert!(is_key_id("S3_ACCESS_KEY", ["S3_SECRET_KEY"]) && is_key_id("AWS_ACCESS_KEY", ["AWS_SECRET_ACCESS_KEY"]));
        assert!(!is_key_id("AZURE_ACCESS_KEY", ["S3_SECRET_KEY"]) && !is_key_id("S3_SECRET_ACCESS_KEY", ["S3_SECRET_KEY"]));
    }

    #[test]
    fn weak_passwords_are_those_that_everybody_guesses() {
        let names = ["db", "appuser", "appdb", "shop"];
        for password in [
            "example",
            "securepass",
            "redispass",
            "Passw0rd",
            "appuser",
            "appuser123",
            "shop_password",
            "db-pass",
            "1234",
            "20241120",
            "password2",
            "shoproot",
        ] {
            assert!(is_weak(password, names), "{password}");
        }
        for password in ["apppass", "apppassword", "kX9!mQ2v", "correct-horse-battery", ""] {
            assert!(!is_weak(password, names), "{password}");
        }
    }

    #[test]
    fn switches_and_paths_are_no_secrets() {
        for value in ["", "null", "\"none\"", "disabled", "/run/secrets/db", "%kernel%/config/jwt/private.pem", "********"] {
            assert!(is_no_secret_value(value), "{value}");
        }
        for value in ["kX9mQ2vT7wLp", "a/b", "nullable"] {
            assert!(!is_no_secret_value(value), "{value}");
        }
    }

    #[test]
    fn placeholders_hold_the_place_of_a_value() {
        for value in [
            "changeme",
            "CHANGE_ME",
            "change-me-in-production",
            "<your password>",
            "your-password-here",
            "xxxxx",
            "DB_PASSWORD",
            "replace_me",
        ] {
            assert!(is_placeholder("DB_PASSWORD", value), "{value}");
        }
        for value in ["", "s3cr3t", "youthful-garden", "exchange"] {
            assert!(!is_placeholder("DB_PASSWORD", value), "{value}");
        }
    }
}
