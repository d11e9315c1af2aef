//! Which names say that what they name is a secret. Every other part asks here, so that there is one list of words.

/// Words that make a name secret wherever they are in it, in lower case and in order.
const ANYWHERE: [&str; 36] = [
    "access-key",
    "access_key",
    "accesskey",
    "account_key",
    "accountkey",
    "adgangskode",
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "basicauth",
    "contrase",
    "credential",
    "digestauth",
    "jelsz",
    "kennwort",
    "masterauth",
    "mot_de_passe",
    "motdepasse",
    "palavra_passe",
    "parola",
    "passcode",
    "passord",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "primaryauth",
    "private_key",
    "privatekey",
    "requirepass",
    "salasana",
    "secret",
    "senord",
    "token",
    "wachtwoord",
];

/// The same in Russian and Ukrainian, Chinese, Japanese, Korean.
const ANYWHERE_IN_OTHER_LETTERS: [&str; 6] = ["парол", "密码", "密碼", "口令", "パスワード", "비밀번호"];

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

/// Words of ASCII, found in a text in one pass: every line and every key is asked, and most have none.
struct Words<const COUNT: usize> {
    words: [&'static str; COUNT],
    /// For each first and second letter, in either case, which of the words begin so; both 0 where none does.
    by_letters: [[(u8, u8); 128]; 128],
}

static BEGIN: Words<49> = Words::of(BEGINNINGS);
static SECRET: Words<36> = Words::of(ANYWHERE);

impl<const COUNT: usize> Words<COUNT> {
    /// `words` are in order, so that those of two letters are neighbours.
    #[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated by the compiler")]
    const fn of(words: [&'static str; COUNT]) -> Self {
        let mut table = [[(0, 0); 128]; 128];
        let mut at = 0;
        while at < COUNT {
            let word = words[at].as_bytes();
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
        Self { words, by_letters: table }
    }

    /// Whether one of them is anywhere in a text, in either case.
    fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let Some((first, rest)) = bytes.split_first() else { return false };
        let mut row = self.by_letters.get(usize::from(*first));
        for (at, byte) in rest.iter().enumerate() {
            let range = row.and_then(|row| row.get(usize::from(*byte)));
            row = self.by_letters.get(usize::from(*byte));
            let Some((from, to)) = range.filter(|(_, to)| *to > 0) else { continue };
            let words = self.words.get(usize::from(*from)..usize::from(*to)).unwrap_or_default();
            let rest = bytes.get(at..).unwrap_or_default();
            if words.iter().any(|word| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))) {
                return true;
            }
        }
        false
    }
}

/// Whether the beginning of some word of a secret's name is anywhere in a text, or a letter that is not ASCII.
pub(super) fn may_name_secret(text: &str) -> bool {
    !text.is_ascii() || BEGIN.are_in(text)
}

/// Whether a word that makes a name secret wherever it is in it is in this one.
fn has_secret_word(name: &str) -> bool {
    if name.is_ascii() {
        return SECRET.are_in(name);
    }
    let lower = name.to_lowercase();
    ANYWHERE.iter().chain(&ANYWHERE_IN_OTHER_LETTERS).any(|word| lower.contains(word))
}

/// Whether a text ends so, in either case; `ending` is ASCII.
fn ends_with(text: &str, ending: &str) -> bool {
    let tail = text.len().checked_sub(ending.len()).and_then(|from| text.as_bytes().get(from..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
}

fn speaks_about_secrets(name: &str) -> bool {
    NOT_THE_SECRET.iter().any(|ending| ends_with(name, ending))
}

/// Whether the name of a key says that its value is a secret.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    if !may_name_secret(name) {
        return false;
    }
    let name = name.trim();
    !speaks_about_secrets(name) && (has_secret_word(name) || parts(name).any(is_secret_part))
}

/// Whether the name means a secret whatever stands around it, even in prose: `password`, and neither `key` nor `auth`.
pub(in crate::text) fn says_secret(name: &str) -> bool {
    may_name_secret(name) && !speaks_about_secrets(name) && (has_secret_word(name) || name.to_lowercase().contains("pwd"))
}

/// Whether a part of a name makes the name secret.
fn is_secret_part(part: &str) -> bool {
    if ends_with(part, "pass") || ends_with(part, "pwd") {
        return true;
    }
    if part.is_ascii() {
        return AS_PART.iter().any(|word| word.eq_ignore_ascii_case(part));
    }
    AS_PART.contains(&part.to_lowercase().as_str())
}

/// The parts of `DB_PASS`, `db-pass`, `dbPass`, as they are written.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut before_lower = false;
        for (at, sign) in rest.char_indices() {
            // A sign ends a part, and is in none; a capital letter begins the next.
            let ends = !sign.is_alphanumeric();
            if ends || (before_lower && sign.is_uppercase()) {
                let (part, behind) = rest.split_at(at);
                rest = if ends { behind.get(sign.len_utf8()..).unwrap_or_default() } else { behind };
                return Some(part);
            }
            before_lower = sign.is_lowercase();
        }
        ended = true;
        Some(rest)
    })
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
        assert!(ANYWHERE.is_sorted() && BEGINNINGS.is_sorted(), "those that begin alike are neighbours");
        for word in ANYWHERE.iter().chain(&ANYWHERE_IN_OTHER_LETTERS).chain(&AS_PART) {
            assert!(may_name_secret(word), "{word}");
            assert!(names_secret(word) && names_secret(&format!("DB_{}", word.to_uppercase())), "{word}");
        }
    }
}
