//! Values that tell nothing, whatever they are called: switches, words of a method, references to a variable.

/// A switch beside a name such as `ALLOW_EMPTY_PASSWORD`, or the name of a way to log in.
const HARMLESS: [&str; 19] = [
    "",
    "yes",
    "no",
    "true",
    "false",
    "on",
    "off",
    "0",
    "1",
    "null",
    "none",
    "~",
    "trust",
    "md5",
    "scram-sha-256",
    "peer",
    "ident",
    "cert",
    "<redacted>",
];

/// Whether a value need not be hidden: a switch, or nothing but references such as `${DB_PASSWORD}`.
#[must_use]
pub fn is_harmless(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    HARMLESS.iter().any(|word| word.eq_ignore_ascii_case(value)) || is_reference(value)
}

/// Whether a value is one variable without a default: it names a secret and does not tell it.
pub(super) fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else {
        return false;
    };
    let name = match rest.trim_start_matches('$').strip_prefix('{') {
        Some(braced) => match braced.strip_suffix('}') {
            // What stands after `:?` is a message for people.
            Some(inner) => inner.split('?').next().unwrap_or("").trim_end_matches(':'),
            None => return false,
        },
        None => rest.trim_start_matches('$'),
    };
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_tell_nothing_and_defaults_do() {
        for value in ["$A", "${A}", "$$A", "$${A}", "\"${A:?set it}\"", "yes", "scram-sha-256"] {
            assert!(is_harmless(value), "{value}");
        }
        for value in ["${A:-x}", "${A-x}", "${A:+x}", "$A$B!", "x", "$apr1$x", "12"] {
            assert!(!is_harmless(value), "{value}");
        }
    }
}
