//! Options whose values are secrets: they are masked where they are read.

use super::catalogue;
use crate::model::Engine;
use crate::text::secrets::{is_harmless, names_secret};
use crate::text::{SECRET_PLACEHOLDER, redact_text};

/// Options of a server that hold a secret, or an account with its password.
const SECRET: [&str; 9] = [
    "aws_key_management_master_key_id",
    "hashicorp_key_management_token",
    "keyring_hashicorp_secret_id",
    "keyring_migration_password",
    "authentication_ldap_sasl_bind_root_pwd",
    "authentication_ldap_simple_bind_root_pwd",
    "report_password",
    "ssl_passphrase",
    "wsrep_sst_auth",
];

/// A value as it may be kept: without what is secret in it.
pub(super) fn masked(name: &str, value: &str) -> String {
    let name = name.replace('-', "_").to_ascii_lowercase();
    // The name alone makes no secret of an option of the server: `ssl_key` names a file.
    let is_secret = SECRET.contains(&name.as_str()) || names_secret(&name) && !is_known(&name) && !begins_known(&name);
    if is_secret && !is_harmless(value) {
        return SECRET_PLACEHOLDER.to_owned();
    }
    // A list of ciphers looks like an account with its password before a host.
    if name.ends_with("_cipher") || name.ends_with("ciphersuites") { value.to_owned() } else { redact_text(value) }
}

/// Whether some release of the servers, or of their clients, has an option that is called after a secret and holds none.
fn is_known(name: &str) -> bool {
    let of_client = matches!(name, "ssl_key" | "server_public_key_path" | "enable_cleartext_plugin" | "default_auth");
    of_client || [Engine::Mariadb, Engine::Mysql].into_iter().any(|engine| !catalogue::series_that_know(engine, name).is_empty())
}

/// Whether a name is the beginning of an option that is called after a key: what is cut short may be meant so.
fn begins_known(name: &str) -> bool {
    let bare = ["loose_", "skip_", "enable_", "disable_"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let begins = |engine| catalogue::names(engine).iter().any(|known| known.starts_with(bare));
    bare.len() > 4 && !bare.contains("pass") && [Engine::Mariadb, Engine::Mysql].into_iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_go_and_paths_stay() {
        for (name, value, shown) in [
            ("password", "hunter2", "<redacted>"),
            ("wsrep-sst-auth", "sst:hunter2", "<redacted>"),
            ("loose_key_cache_block_siz", "1024", "1024"),
            ("ssl-key", "/etc/mysql/key.pem", "/etc/mysql/key.pem"),
            ("report_password", "hunter2", "<redacted>"),
            ("default_password_lifetime", "90", "90"),
            ("ssl_cipher", "HIGH:!aNULL:@SECLEVEL=0", "HIGH:!aNULL:@SECLEVEL=0"),
            ("validate_password_policy", "STRONG", "STRONG"),
        ] {
            assert_eq!(masked(name, value), shown, "{name}");
        }
    }
}
