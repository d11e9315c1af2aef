//! Which names say that what they name is a secret. Every other part asks here, so that there is one list of words.

/// Words that make a name secret wherever they stand in it, in lower case.
const ANYWHERE: [&str; 42] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "accountkey",
    "account_key",
    "privatekey",
    "private_key",
    "requirepass",
    "masterauth",
    "primaryauth",
    "basicauth",
    "digestauth",
    "authorization",
    // German, French, Spanish, Portuguese, Italian and Romanian, Dutch, Swedish, Norwegian, Danish, Finnish, Hungarian.
    "passwort",
    "kennwort",
    "mot_de_passe",
    "motdepasse",
    "contrase",
    "palavra_passe",
    "parola",
    "wachtwoord",
    "senord",
    "passord",
    "adgangskode",
    "salasana",
    "jelsz",
    // Russian and Ukrainian, Chinese, Japanese, Korean.
    "парол",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "비밀번호",
];

/// Words that make a name secret as a whole part of it: `DB_PASS`, `dbKey`.
const AS_PART: [&str; 23] = [
    "pass", "pwd", "pw", "key", "keys", "auth", "salt", "pin", "psk", "otp", "jwt", "hmac", "cookie", "mdp", "clave", "senha", "haslo",
    "hasło", "heslo", "parol", "sifre", "şifre", "암호",
];

/// Endings of names that speak about a secret without holding one.
const NOT_THE_SECRET: [&str; 35] = [
    "_file",
    "-file",
    "_files",
    "_path",
    "_dir",
    "_encryption",
    "_algorithm",
    "_policy",
    "_length",
    "_expiry",
    "_expiration",
    "_lifetime",
    "_enabled",
    "_warnings",
    "_min",
    "_max",
    "_ttl",
    "_timeout",
    "_delay",
    "_interval",
    "_count",
    "_threshold",
    "_supports_reload",
    "index_keys",
    "session_authorization",
    "_method",
    "_methods",
    "_rounds",
    "_iterations",
    "auth-host",
    "auth-local",
    "require_auth",
    "auth_type",
    "auth_plugin",
    "milliseconds",
];

/// How the words above begin, by their first letter, and what else announces a secret without a sign or an option: what
/// has none of these holds none by its words.
fn may_begin_word(rest: &[u8]) -> bool {
    let Some(first) = rest.first() else { return false };
    let begins =
        |stems: &[&str]| stems.iter().any(|stem| rest.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem.as_bytes())));
    match first.to_ascii_lowercase() {
        b'p' => begins(&["pass", "pw", "pin", "parol", "psk", "private", "primaryauth", "palavra"]),
        b's' => begins(&["secret", "senha", "senord", "sifre", "salt", "salasana", "sqlplus"]),
        b't' => begins(&["token"]),
        b'k' => begins(&["key", "kennwort"]),
        b'a' => begins(&["auth", "api", "access", "account", "adgangskode"]),
        b'c' => begins(&["cred", "clave", "contrase", "cookie"]),
        b'm' => begins(&["mdp", "masterauth", "mot", "mc ", "mcli "]),
        b'h' => begins(&["has", "heslo", "hmac"]),
        b'w' => begins(&["wachtwoord"]),
        b'j' => begins(&["jelsz", "jwt"]),
        b'o' => begins(&["otp", "obscure", "oracle"]),
        b'r' => begins(&["requirepass", "rabbitmqctl"]),
        b'b' => begins(&["basicauth", "basic ", "bearer "]),
        b'v' => begins(&["vault "]),
        b'd' => begins(&["digestauth"]),
        // No name, and announces a secret, as some words above do: `identified by`, `bearer x`, `mc alias set`.
        b'i' => begins(&["identified"]),
        _ => !first.is_ascii(),
    }
}

/// Whether the beginning of some word of a secret's name stands anywhere in a text. Every line and every key is asked,
/// and most have none.
pub(super) fn may_name_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| bytes.get(at..).is_some_and(may_begin_word))
}

/// Whether the name of a key says that its value is a secret.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    if !may_name_secret(name) {
        return false;
    }
    let name = name.trim();
    let lower = name.to_lowercase();
    if NOT_THE_SECRET.iter().any(|ending| lower.ends_with(ending)) {
        return false;
    }
    ANYWHERE.iter().any(|word| lower.contains(word))
        || parts(name).any(|part| AS_PART.contains(&part.as_str()) || part.ends_with("pass") || part.ends_with("pwd"))
}

/// Whether the name means a secret whatever stands around it, even in prose: `password`, and neither `key` nor `auth`.
pub(in crate::text) fn says_secret(name: &str) -> bool {
    if !may_name_secret(name) {
        return false;
    }
    let lower = name.to_lowercase();
    !NOT_THE_SECRET.iter().any(|ending| lower.ends_with(ending))
        && (lower.contains("pwd") || ANYWHERE.iter().any(|word| lower.contains(word)))
}

/// The lower-case parts of `DB_PASS`, `db-pass`, `dbPass`.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (before_lower && c.is_uppercase()) {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for name in [
            "DB_PASSWORD",
            "PGPASSWORD",
            "dbPass",
            "API_KEY",
            "SECRET_KEY_BASE",
            "JWT_TOKEN",
            "REDIS_AUTH",
            "aws.secretAccessKey",
            "DBPWD",
            "scram_client_key",
            "sslpassword",
            "oauth_client_secret",
            "traefik.http.middlewares.a.basicauth.users",
            "DB_PASSWORT",
            "MYSQL_KENNWORT",
            "MOT_DE_PASSE",
            "BDD_MDP",
            "CLAVE_DB",
            "CONTRASENA",
            "CONTRASEÑA",
            "SENHA",
            "HASLO",
            "DB_HASŁO",
            "PAROLA",
            "WACHTWOORD",
            "LOSENORD",
            "LÖSENORD",
            "ПАРОЛЬ",
            "DB_密码",
            "パスワード",
            "비밀번호",
        ] {
            assert!(names_secret(name), "{name}");
        }
        let long = format!("{}_PASSWORD", "A".repeat(10_000));
        assert!(names_secret(&long));
    }

    #[test]
    fn names_about_secrets_and_other_names_do_not() {
        for name in [
            "POSTGRES_PASSWORD_FILE",
            "KEYCLOAK_URL",
            "MONKEY",
            "POSTGRES_USER",
            "PATH",
            "AUTHOR",
            "password_encryption",
            "passfile",
            "md5_password_warnings",
            "ENCLAVE",
            "require_auth",
            "auth-host",
            "sslkey",
            "größe",
        ] {
            assert!(!names_secret(name), "{name}");
        }
        assert!(says_secret("my_token") && !says_secret("key") && !says_secret("auth"));
    }

    /// The quick look must let every word through.
    #[test]
    fn no_word_is_lost_by_the_quick_look() {
        for word in ANYWHERE.iter().chain(&AS_PART) {
            assert!(may_name_secret(word), "{word}");
            assert!(names_secret(word) && names_secret(&format!("DB_{}", word.to_uppercase())), "{word}");
        }
    }
}
