//! What one file of TLS is to the server, and what stops the server about it.

use std::sync::Arc;

use super::certificates::days_between;
use super::key::{self, Access};
use super::{CODES, Found, Tls, TlsInput};
use crate::formats::pem;
use crate::formats::private_key::{self, PrivateKey};
use crate::formats::x509::{self, Entry};
use crate::model::{Date, Field, Problem, Record, SettingState, Settings, Value, Why};
use crate::text::ReadError;

/// Files of TLS are small; the largest bundles of authorities have a few hundred kB.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhatFor {
    Certificate,
    Key,
    Authorities,
    Revocations,
    Parameters,
}

impl WhatFor {
    /// Whether the server needs it as soon as TLS is on.
    pub(super) const fn is_needed(self) -> bool {
        matches!(self, Self::Certificate | Self::Key)
    }

    /// What the file must hold.
    const fn holds(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate in PEM form (-----BEGIN CERTIFICATE-----)",
            Self::Key => "a private key in PEM form (-----BEGIN PRIVATE KEY-----)",
            Self::Authorities => "certificates of authorities in PEM form",
            Self::Revocations => "a certificate revocation list in PEM form (-----BEGIN X509 CRL-----)",
            Self::Parameters => "Diffie-Hellman parameters in PEM form",
        }
    }

    /// The kind of file in `inputs`.
    const fn kind(self) -> &'static str {
        match self {
            Self::Certificate | Self::Authorities => "certificate",
            Self::Key => "private key",
            Self::Revocations => "certificate revocation list",
            Self::Parameters => "Diffie-Hellman parameters",
        }
    }
}

/// A file that a setting names.
#[derive(Clone, Copy, Debug)]
pub(super) struct TlsFile<'a> {
    pub setting: &'static str,
    pub what_for: WhatFor,
    /// As the setting says it.
    pub written: &'a str,
}

/// What the bytes of a file say.
enum Content {
    Entries(Vec<Entry>),
    Key(PrivateKey),
    Parameters(bool),
}

impl Found {
    /// Looks into a file.
    pub(super) fn look(&mut self, tls: &mut Tls, input: &TlsInput<'_>, file: &TlsFile<'_>, path: &str) {
        if file.what_for == WhatFor::Key {
            self.access = Some(key::access(input.server, input.files, path));
            file.written.clone_into(&mut self.key_file);
        }
        tls.probed.insert(path.to_owned(), file.what_for.kind());
        let what_for = file.what_for;
        let content = input.files.probe(path, MOST_BYTES, move |bytes| match what_for {
            WhatFor::Key => Content::Key(private_key::read(bytes)),
            WhatFor::Parameters => Content::Parameters(pem::blocks(bytes).iter().any(|block| block.data.is_some())),
            _ => Content::Entries(x509::entries(bytes)),
        });
        match content {
            Ok(Content::Entries(entries)) => self.entries(tls, input, file, path, entries),
            Ok(Content::Key(PrivateKey::Absent | PrivateKey::Broken) | Content::Parameters(false)) => tls.invalid(input, file, None),
            Ok(Content::Key(key)) => self.key = Some(Ok(key)),
            Ok(Content::Parameters(true)) => tls.add_file(input, file, Field::word("good", None), None),
            Err(ReadError::Directory | ReadError::NotRegular) => tls.invalid(input, file, Some("no regular file")),
            Err(ReadError::Missing) => tls.missing(input, file),
            Err(error) => {
                let why = Why::needing(format!("{path} could not be read: {error}"), "run gonogo as a user who may read it");
                if what_for == WhatFor::Key {
                    self.key = Some(Err(why.clone()));
                    tls.unseen.push((why, &["tls-file-invalid", "tls-key-mismatch", "tls-key-passphrase"]));
                } else {
                    tls.not_seen(input, file, &why);
                }
            }
        }
    }

    fn entries(&mut self, tls: &mut Tls, input: &TlsInput<'_>, file: &TlsFile<'_>, path: &str, entries: Vec<Entry>) {
        let found = match file.what_for {
            WhatFor::Certificate => entries.iter().any(|entry| matches!(entry, Entry::Certificate(_) | Entry::NotUnderstood)),
            _ => !entries.is_empty(),
        };
        if !found || entries.contains(&Entry::Broken) {
            let why = if entries.contains(&Entry::Broken) { Some("a block that is cut off or garbled") } else { None };
            return tls.invalid(input, file, why);
        }
        if entries.contains(&Entry::NotUnderstood) {
            let why = Why::new(format!("{path} holds a certificate that gonogo cannot read"));
            tls.certificates.incomplete.get_or_insert(why);
        }
        let due = entries.iter().filter_map(|entry| if let Entry::Revocations(due) = entry { *due } else { None }).min();
        tls.add_file(input, file, Field::word("good", None), due);
        match file.what_for {
            WhatFor::Certificate => self.certificates = Some((path.to_owned(), entries)),
            WhatFor::Authorities => self.authorities = Some((path.to_owned(), entries)),
            _ => {}
        }
    }

    /// What needs more than one file.
    pub(super) fn finish(self, tls: &mut Tls, input: &TlsInput<'_>, settings: &Settings) {
        self.key_record(tls, input, settings);
        self.certificate_records(tls, input);
    }

    fn key_record(&self, tls: &mut Tls, input: &TlsInput<'_>, settings: &Settings) {
        let file = TlsFile { setting: "ssl_key_file", what_for: WhatFor::Key, written: &self.key_file };
        let place = (input.place)(file.setting);
        if let Some(access) = &self.access {
            match access {
                Ok(access) => {
                    tls.problems.extend(access_problem(&file, *access).map(|problem| Problem { span: place, ..problem }.record()))
                }
                Err(why) => tls.unseen.push((Why::clone(why), &["tls-key-access"])),
            }
        }
        let Some(Ok(key)) = &self.key else { return };
        let encrypted = *key == PrivateKey::Encrypted;
        let matches = match self.key_matches() {
            Ok(Some(matches)) => Field::bool(matches, place),
            Ok(None) if encrypted => Field::unknown(Why::new("the key is encrypted, so that it cannot be compared with the certificate")),
            Ok(None) => Field::unknown(Why::new("whether the key belongs to the certificate cannot be told from the files")),
            Err(why) => Field::unknown(why),
        };
        if let crate::model::Datum::Unknown(why) = &matches.datum {
            tls.unseen.push((Why::clone(why), &["tls-key-mismatch"]));
        }
        if matches.datum.known() == Some(&Value::Bool(false)) {
            let message = format!(
                "`{}` does not belong to the certificate of `ssl_cert_file`: \"key values mismatch\". The server does not start.",
                self.key_file
            );
            tls.problem(input, &file, "tls-key-mismatch", message, "the key that the certificate was made for");
        }
        if encrypted {
            self.passphrase(tls, input, &file, settings);
        }
        let access = match &self.access {
            Some(Ok(access)) => Field::word(access.word(), place),
            Some(Err(why)) => Field::unknown(why.clone()),
            None => Field::absent(),
        };
        let record = file_record(input, &file, Field::word("good", place))
            .with("access", access)
            .with("key_encrypted", Field::bool(encrypted, place))
            .with("key_matches", matches);
        tls.files.rows.push(Arc::new(record));
    }

    fn passphrase(&self, tls: &mut Tls, input: &TlsInput<'_>, file: &TlsFile<'_>, settings: &Settings) {
        match settings.get("ssl_passphrase_command") {
            Some(SettingState::Known(command)) if command.value.is_empty() => {
                let message = format!(
                    "`{}` is encrypted and `ssl_passphrase_command` is empty: the server asks for the passphrase on a terminal, and started by a service manager or in a container it does not start.",
                    self.key_file
                );
                tls.problem(input, file, "tls-key-passphrase", message, "ssl_passphrase_command, or a key without a passphrase");
            }
            Some(SettingState::Known(_)) => {}
            _ => tls.unseen.push((Why::new("ssl_passphrase_command is not known"), &["tls-key-passphrase"])),
        }
    }
}

fn access_problem(file: &TlsFile<'_>, access: Access) -> Option<Problem> {
    let name = file.written;
    let (message, expected) = match access {
        Access::Private => return None,
        Access::Open(mode) => (
            format!(
                "`{name}` has mode {mode:04o}: \"private key file has group or world access\". The server does not start, and every other account that may read the key can pose as this server."
            ),
            "mode 0600, or 0640 for a file of root's",
        ),
        Access::Foreign => (
            format!("`{name}` belongs to another account: \"must be owned by the database user or root\". The server does not start."),
            "the account that the server runs as, with mode 0600",
        ),
        Access::RootOnly => (
            format!("`{name}` belongs to root and has no permission for a group: the server cannot read it and does not start."),
            "the account that the server runs as, or mode 0640 with its group",
        ),
    };
    Some(Problem {
        code: "tls-key-access",
        name: file.setting.to_owned(),
        message,
        expected: Some(expected.to_owned()),
        fatal: true,
        ..Problem::default()
    })
}

fn file_record(input: &TlsInput<'_>, file: &TlsFile<'_>, state: Field) -> Record {
    let place = (input.place)(file.setting);
    Record::new("tls_file", file.setting, place)
        .with("setting", Field::text(file.setting, place))
        .with("file", Field::text(file.written, place))
        .with("state", state)
}

impl Tls {
    /// Nothing can be said of any file.
    pub(super) fn nothing_seen(&mut self, why: &Why) {
        self.certificates.incomplete.get_or_insert_with(|| why.clone());
        self.files.incomplete.get_or_insert_with(|| why.clone());
        self.unseen.push((why.clone(), CODES));
    }

    fn add_file(&mut self, input: &TlsInput<'_>, file: &TlsFile<'_>, state: Field, due: Option<Date>) {
        let place = (input.place)(file.setting);
        let days = due.map_or_else(Field::absent, |due| Field::known(Value::Integer(days_between(input.now, due)), place));
        let due = due.map_or_else(Field::absent, |due| Field::text(due.to_string(), place));
        self.files.rows.push(Arc::new(file_record(input, file, state).with("days_left", days).with("due", due)));
    }

    /// A file that cannot be seen.
    pub(super) fn not_seen(&mut self, input: &TlsInput<'_>, file: &TlsFile<'_>, why: &Why) {
        if matches!(file.what_for, WhatFor::Certificate | WhatFor::Authorities) {
            self.certificates.rows.extend(super::certificates::of_unseen(input, file.setting, file.written, why).map(Arc::new));
            self.certificates.incomplete.get_or_insert_with(|| why.clone());
        }
        let mut record = file_record(input, file, Field::unknown(why.clone())).with("days_left", Field::unknown(why.clone()));
        for name in ["access", "key_encrypted", "key_matches"] {
            if file.what_for == WhatFor::Key {
                record = record.with(name, Field::unknown(why.clone()));
            }
        }
        self.files.rows.push(Arc::new(record));
        self.unseen.push((why.clone(), CODES));
    }

    /// A file that is not there.
    pub(super) fn missing(&mut self, input: &TlsInput<'_>, file: &TlsFile<'_>) {
        let message = if file.written.is_empty() {
            format!("`{}` is empty and TLS is on. The server does not start.", file.setting)
        } else {
            format!("`{}` names `{}`, which does not exist. The server does not start.", file.setting, file.written)
        };
        self.problem(input, file, "tls-file-missing", message, file.what_for.holds());
        self.add_file(input, file, Field::word("missing", None), None);
    }

    fn invalid(&mut self, input: &TlsInput<'_>, file: &TlsFile<'_>, found: Option<&str>) {
        let found =
            found.map_or_else(|| format!("not {}", file.what_for.holds()), |found| format!("{found}, not {}", file.what_for.holds()));
        let message = format!("`{}` names `{}`, which is {found}. The server does not start.", file.setting, file.written);
        self.problem(input, file, "tls-file-invalid", message, file.what_for.holds());
        self.add_file(input, file, Field::word("invalid", None), None);
    }

    fn problem(&mut self, input: &TlsInput<'_>, file: &TlsFile<'_>, code: &'static str, message: String, expected: &str) {
        let span = (input.place)(file.setting);
        let problem = Problem {
            code,
            name: file.setting.to_owned(),
            span,
            message,
            expected: Some(expected.to_owned()),
            fatal: true,
            ..Problem::default()
        };
        self.problems.push(problem.record());
    }
}
