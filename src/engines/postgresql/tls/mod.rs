//! What the TLS settings point to: certificates, the key, revocation lists, and whether the server starts with them.
//!
//! The server's answers that this follows are in `tests/vectors/postgresql_tls.toml`. Dates do not stop it:
//! with an expired certificate it starts, and its clients turn away.

mod certificates;
mod files;
mod key;
mod locate;

use std::collections::BTreeMap;

use self::files::{TlsFile, WhatFor};
use self::locate::{Located, Locator};
use super::server::Server;
use crate::engines::frame::Paths;
use crate::formats::private_key::PrivateKey;
use crate::formats::x509::{CertificateFacts, Entry};
use crate::model::{Date, Record, RecordSet, SettingState, Settings, Value, Why};
use crate::text::{Files, Span};

/// Settings that name a file, and what the file is for.
const SETTINGS: [(&str, WhatFor); 5] = [
    ("ssl_cert_file", WhatFor::Certificate),
    ("ssl_key_file", WhatFor::Key),
    ("ssl_ca_file", WhatFor::Authorities),
    ("ssl_crl_file", WhatFor::Revocations),
    ("ssl_dh_params_file", WhatFor::Parameters),
];

/// What is looked at.
pub(super) struct TlsInput<'a> {
    pub server: &'a Server<'a>,
    pub files: &'a Files,
    pub paths: &'a Paths<'a>,
    pub now: Date,
    /// Hosts that clients are told to reach the server at.
    pub hosts: &'a [String],
    /// Where a setting stands, or would be written.
    pub place: &'a dyn Fn(&str) -> Option<Span>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Tls {
    /// Records of the kind `certificate`.
    pub certificates: RecordSet,
    /// Records of the kind `tls_file`.
    pub files: RecordSet,
    /// What stops the server.
    pub problems: Vec<Record>,
    /// Why there may be more of these, with the codes that are open.
    pub unseen: Vec<(Why, &'static [&'static str])>,
    /// Display paths that were looked into, with the kind of file.
    pub probed: BTreeMap<String, &'static str>,
}

/// Codes of the problems that a file of TLS can have.
pub(super) const CODES: &[&str] = &["tls-file-invalid", "tls-file-missing", "tls-key-access", "tls-key-mismatch", "tls-key-passphrase"];

/// Looks at every file that a TLS setting names.
pub(super) fn assemble(input: &TlsInput<'_>, settings: &Settings) -> Tls {
    let mut tls = Tls::default();
    match settings.get("ssl") {
        Some(SettingState::Known(ssl)) if ssl.value == Value::Bool(true) => {}
        Some(SettingState::Known(_)) => return tls,
        Some(SettingState::Unknown(why)) => {
            tls.nothing_seen(why);
            return tls;
        }
        _ => {
            tls.nothing_seen(&Why::new("whether TLS is on is not known"));
            return tls;
        }
    }
    let locator = Locator { server: input.server, files: input.files, paths: input.paths, settings };
    let mut found = Found::default();
    for (setting, what_for) in SETTINGS {
        let written = match settings.get(setting) {
            Some(SettingState::Known(known)) => known.shown.clone(),
            Some(SettingState::Unknown(why)) => {
                tls.not_seen(input, &TlsFile { setting, what_for, written: setting }, why);
                continue;
            }
            _ => continue,
        };
        let file = TlsFile { setting, what_for, written: &written };
        match locator.locate(&file) {
            Located::Here(path) => found.look(&mut tls, input, &file, &path),
            Located::Missing if written.is_empty() && !what_for.is_needed() => {}
            Located::Missing => tls.missing(input, &file),
            Located::Unseen(why) => tls.not_seen(input, &file, &why),
        }
    }
    found.finish(&mut tls, input, settings);
    tls
}

/// What is joined once all files were looked at.
#[derive(Default)]
struct Found {
    /// What `ssl_cert_file` holds, with its path.
    certificates: Option<(String, Vec<Entry>)>,
    /// What `ssl_ca_file` holds.
    authorities: Option<(String, Vec<Entry>)>,
    /// The key, or why it cannot be told.
    key: Option<Result<PrivateKey, Why>>,
    /// Whether the server accepts mode and owner of the key.
    access: Option<Result<key::Access, Why>>,
    /// The key's file as written.
    key_file: String,
}

impl Found {
    fn leaf(&self) -> Option<&CertificateFacts> {
        match self.certificates.as_ref()?.1.first()? {
            Entry::Certificate(facts) => Some(facts),
            _ => None,
        }
    }

    /// Whether the key belongs to the first certificate.
    fn key_matches(&self) -> Result<Option<bool>, Why> {
        match (&self.key, self.leaf()) {
            (Some(Ok(PrivateKey::Plain(key))), Some(leaf)) => Ok(key.is_same(&leaf.key)),
            (Some(Err(why)), _) => Err(why.clone()),
            _ => Ok(None),
        }
    }
}
