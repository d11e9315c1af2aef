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

/// How the words above begin, and what else announces a secret without a sign or an option (`identified by`, `bearer x`,
/// `mc alias set`), in order: a text that has none of these, and nothing but ASCII, holds none by its words.
const BEGINNINGS: [&str; 49] = [
    "access",
    "account",
    "adgangskode",
    "api",
    "auth",
    "basic ",
    "basicauth",
    "bearer ",
    "clave",
    "contrase",
    "cookie",
    "cred",
    "digestauth",
    "has",
    "heslo",
    "hmac",
    "identified",
    "jelsz",
    "jwt",
    "kennwort",
    "key",
    "masterauth",
    "mc ",
    "mcli ",
    "mdp",
    "mot",
    "obscure",
    "oracle",
    "otp",
    "palavra",
    "parol",
    "pass",
    "pin",
    "primaryauth",
    "private",
    "psk",
    "pw",
    "rabbitmqctl",
    "requirepass",
    "salasana",
    "salt",
    "secret",
    "senha",
    "senord",
    "sifre",
    "sqlplus",
    "token",
    "vault ",
    "wachtwoord",
];

/// For each first and second letter, in either case, which of them begin so: every line and every key is asked, and most
/// have none.
static BY_LETTERS: [[(u8, u8); 128]; 128] = by_letters();

#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated by the compiler")]
const fn by_letters() -> [[(u8, u8); 128]; 128] {
    let mut table = [[(0, 0); 128]; 128];
    let mut at = 0;
    while at < BEGINNINGS.len() {
        let word = BEGINNINGS[at].as_bytes();
        let from = match table[word[0] as usize][word[1] as usize] {
            (0, 0) => at as u8,
            (from, _) => from,
        };
        let range = (from, at as u8 + 1);
        table[word[0] as usize][word[1] as usize] = range;
        table[word[0].to_ascii_uppercase() as usize][word[1] as usize] = range;
        table[word[0] as usize][word[1].to_ascii_uppercase() as usize] = range;
        table[word[0].to_ascii_uppercase() as usize][word[1].to_ascii_uppercase() as usize] = range;
        at += 1;
    }
    table
}

/// Whether the beginning of some word of a secret's name stands anywhere in a text, or a letter that is not ASCII.
pub(super) fn may_name_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        return true;
    }
    let mut pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default()).enumerate();
    pairs.any(|(at, (first, second))| {
        let row = BY_LETTERS.get(usize::from(*first)).and_then(|row| row.get(usize::from(*second)));
        let Some((from, to)) = row.filter(|(_, to)| *to > 0) else { return false };
        let words = BEGINNINGS.get(usize::from(*from)..usize::from(*to)).unwrap_or_default();
        let rest = bytes.get(at..).unwrap_or_default();
        words.iter().any(|word| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes())))
    })
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
