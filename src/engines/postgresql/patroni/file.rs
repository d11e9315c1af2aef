//! The file as a whole: what it says of a server, and what it leaves open.

use std::sync::Arc;

use super::node::{self, Placed};
use super::parameters::{self, Parameters};
use super::{credentials, misplaced, problems, rest_api};
use crate::engines::postgresql::effective::{Defaults, Effective};
use crate::engines::postgresql::hba::ImageRule;
use crate::engines::postgresql::image;
use crate::engines::postgresql::versions;
use crate::formats::yaml::{self, Node};
use crate::model::{EnvironmentEntry, Field, Record, RecordSet, SettingState, Subject, Version, Why};
use crate::text::{Files, Source, Span};

/// Where the access rules of the server come from.
#[derive(Debug)]
pub(in crate::engines::postgresql) enum AccessRules {
    /// These lines.
    Listed(Vec<ImageRule>),
    /// They are not in the file.
    Unseen(Why),
}

/// A configuration of Patroni.
pub(in crate::engines::postgresql) struct Patroni {
    /// Its text.
    pub source: Arc<Source>,
    /// The alias at which a part was left out, since it copies too much.
    pub cut_at: Option<Span>,
    /// Name of the cluster.
    pub scope: Option<String>,
    /// Name of the node.
    pub(super) name: Option<Placed>,
    /// Where the others of its cluster reach its server.
    pub(super) address: Option<Placed>,
    /// Settings.
    pub parameters: Parameters,
    /// `postgresql.custom_conf`.
    pub custom_conf: Option<Placed>,
    /// `postgresql.data_dir`.
    pub data_directory: Option<String>,
    /// Where a setting that nothing sets would be written.
    pub anchor: Option<Span>,
    /// What else is to be told of it.
    records: Vec<Record>,
    /// Why settings that the file does not make may be made elsewhere.
    unseen: Option<Why>,
    version: Option<Version>,
    hba: Vec<ImageRule>,
    ident: Vec<ImageRule>,
    no_hba: Option<Why>,
}

impl std::fmt::Debug for Patroni {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Patroni").field("path", &self.source.path()).finish_non_exhaustive()
    }
}

impl Patroni {
    /// Reads a file; nothing where it holds no mapping.
    pub(in crate::engines::postgresql) fn read(source: &Arc<Source>, files: &Files) -> Option<Self> {
        let parsed = yaml::parse(source);
        let root = parsed.documents.first().filter(|root| root.is_mapping())?;
        let text = |path: &[&str]| node::text(root, path);
        let scope = text(&["scope"]).map(|placed| placed.text);
        let names: Vec<String> = scope.iter().cloned().chain(account_names(root)).collect();
        let mut records = credentials::credentials(root, source, &names, files);
        records.push(rest_api::record(root));
        records.extend(problems::timing(root));
        records.extend(misplaced::misplaced(root));
        records.extend(parsed.diagnostics.iter().filter(|diagnostic| diagnostic.fatal).map(syntax_error));
        let broken = parsed.broken_at.map(|span| {
            let line = source.location(span.start).line;
            Why::needing(format!("{} has a syntax error on line {line}", source.path()), "correct the syntax error")
        });
        let cut = |_| Why::new(format!("{}: a part was left out, since its aliases copy too much", source.path()));
        let broken = broken.or_else(|| parsed.cut_at.map(cut));
        let from_path = |path: &str| versions::from_path(path).map(|says| says.version);
        let bin_dir = text(&["postgresql", "bin_dir"]).map(|placed| placed.text);
        let data_directory = text(&["postgresql", "data_dir"]).map(|placed| placed.text);
        let version = bin_dir.as_deref().and_then(from_path).or_else(|| data_directory.as_deref().and_then(from_path));
        let parameters = Parameters::read(root, source, version.as_ref().is_some_and(|version| version.major() < 13));
        let anchor = node::entry(root, &["postgresql", "parameters"]).or_else(|| root.entry("postgresql")).or_else(|| root.entry("scope"));
        let (hba, no_hba) = hba_lines(root);
        redact_lines(&hba, source);
        yaml::hide(source, root);
        let ident = listed(root, "pg_ident").map(to_rules).unwrap_or_default();
        Some(Self {
            source: Arc::clone(source),
            cut_at: parsed.cut_at,
            scope,
            name: text(&["name"]),
            address: text(&["postgresql", "connect_address"]),
            parameters,
            custom_conf: text(&["postgresql", "custom_conf"]),
            data_directory,
            anchor: anchor.map(|entry| entry.key.place()),
            records,
            unseen: broken.clone().or_else(|| not_in_file(root)),
            version,
            hba,
            ident,
            no_hba: broken.or(no_hba),
        })
    }

    /// Adds what is to be told of it.
    pub(super) fn tell(&mut self, record: Record) {
        self.records.push(record);
    }

    /// The version that its paths name.
    pub(in crate::engines::postgresql) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// What holds where nothing is written. `no_conf` is why `custom_conf` was not read.
    pub(in crate::engines::postgresql) fn defaults(&self, no_conf: Option<&Why>) -> Defaults {
        Defaults { unseen: self.unseen.clone().or_else(|| no_conf.cloned()), operator: parameters::defaults(), ..Defaults::default() }
    }

    /// The access rules, unless a setting names a file.
    pub(in crate::engines::postgresql) fn access_rules(&self) -> AccessRules {
        match &self.no_hba {
            Some(why) => AccessRules::Unseen(why.clone()),
            None => AccessRules::Listed(self.hba.clone()),
        }
    }

    /// Lines of `pg_ident.conf`.
    pub(in crate::engines::postgresql) fn ident_lines(&self) -> &[ImageRule] {
        &self.ident
    }

    /// Settings that only Patroni's environment may make, and problems that Patroni does away with.
    pub(in crate::engines::postgresql) fn adjust(&self, effective: &mut Effective) {
        let unset =
            |name: &&str| !matches!(effective.settings.get(name), Some(SettingState::Known(setting)) if setting.origin.span.is_some());
        for name in ["listen_addresses", "port"].into_iter().filter(unset).collect::<Vec<_>>() {
            if matches!(effective.settings.get(name), Some(SettingState::Unknown(_))) {
                continue;
            }
            let why = Why::needing(
                "postgresql.listen is not in the file, and PATRONI_POSTGRESQL_LISTEN may set it",
                "write postgresql.listen into the file",
            );
            effective.settings.insert(name.to_owned(), SettingState::Unknown(why));
        }
        // A node that differs from its cluster is meant to.
        let overrides = |row: &Arc<Record>| {
            let twice = matches!(row.text("code"), Some("duplicate-setting" | "overridden-setting" | "overridden-tuning"));
            twice && row.span.is_some_and(|span| span.source == self.source.id())
        };
        effective.problems.rows.retain(|row| !overrides(row));
        for row in &mut effective.problems.rows {
            if let Some(left_out) = problems::left_out(row, self.source.id()) {
                *row = Arc::new(left_out);
            }
        }
    }

    /// Adds what else is to be told; `variables` are those that Patroni is started with, as far as they were seen.
    pub(in crate::engines::postgresql) fn add_records(&self, subject: &mut Subject, variables: &[EnvironmentEntry]) {
        for kind in ["credential", "rest_api"] {
            subject.records.insert(kind, RecordSet::default());
        }
        let variable = |name: &str| {
            let entry = variables.iter().find(|entry| entry.name == name)?;
            Some(Placed { text: entry.value.value.clone().unwrap_or_default(), span: entry.value.span })
        };
        for record in self.records.iter().chain(&self.parameters.problems).cloned() {
            subject.add(if record.kind == "rest_api" { rest_api::with_environment(record, &variable) } else { record });
        }
        subject.facts.insert("run_by", Field::word("patroni", self.anchor));
    }

    /// Whether the file has settings that count at the first start of the cluster only.
    pub(in crate::engines::postgresql) fn begins_a_cluster(&self) -> bool {
        self.unseen.is_none()
    }
}

/// A syntax error: Patroni does not start with such a file.
fn syntax_error(diagnostic: &crate::formats::Diagnostic) -> Record {
    let mut problem = diagnostic.problem();
    problem.code = "patroni-syntax-error";
    problem.message.push_str(" Patroni does not start with this file.");
    problem.record()
}

/// Names that make a guess of a password: those of the accounts.
fn account_names(root: &Node) -> Vec<String> {
    let accounts = ["superuser", "replication", "rewind"];
    let of_servers = accounts.iter().filter_map(|account| node::text(root, &["postgresql", "authentication", account, "username"]));
    let of_rest = ["restapi", "ctl"].into_iter().filter_map(|section| node::text(root, &[section, "authentication", "username"]));
    of_servers.chain(of_rest).map(|placed| placed.text).collect()
}

/// A list of `postgresql`: that of the node in place of that of the DCS.
fn listed(root: &Node, name: &str) -> Option<Vec<Placed>> {
    node::lines(root, &["postgresql", name]).or_else(|| node::lines(root, &["bootstrap", "dcs", "postgresql", name]))
}

/// The lines of `pg_hba.conf`: of the node, else of the DCS; else what initdb writes, and behind it `bootstrap.pg_hba`.
fn hba_lines(root: &Node) -> (Vec<ImageRule>, Option<Why>) {
    if let Some(lines) = listed(root, "pg_hba") {
        return (to_rules(lines), None);
    }
    if let Some(why) = not_in_file(root) {
        return (Vec::new(), Some(why));
    }
    let span = node::entry(root, &["bootstrap", "initdb"]).or_else(|| root.entry("bootstrap")).map(|entry| entry.key.place());
    let initial = image::initial_hba_of(&initdb_options(root));
    let mut rules: Vec<ImageRule> = initial.lines().map(|text| ImageRule { text: text.to_owned(), span }).collect();
    rules.extend(node::lines(root, &["bootstrap", "pg_hba"]).map(to_rules).unwrap_or_default());
    (rules, None)
}

fn to_rules(lines: Vec<Placed>) -> Vec<ImageRule> {
    lines.into_iter().map(|line| ImageRule { text: line.text, span: Some(line.span) }).collect()
}

/// Lines with the password of a method are not shown.
fn redact_lines(lines: &[ImageRule], source: &Source) {
    for line in lines.iter().filter(|line| crate::text::redact_text(&line.text) != line.text) {
        if let Some(span) = line.span {
            source.redact(span);
        }
    }
}

/// `bootstrap.initdb` as arguments: `- auth-host: scram-sha-256`, `- data-checksums`.
fn initdb_options(root: &Node) -> String {
    let Some(items) = node::entry(root, &["bootstrap", "initdb"]).and_then(|entry| entry.value.items()) else { return String::new() };
    let option = |item: &Node| match item.entries().first() {
        Some(entry) => format!("--{}={}", entry.key.text().unwrap_or_default(), entry.value.text().unwrap_or_default()),
        None => format!("--{}", item.text().unwrap_or_default()),
    };
    items.iter().map(option).collect::<Vec<_>>().join(" ")
}

/// Why what the file does not say may be said elsewhere: nothing of the DCS is in it, or the data directory comes with a
/// configuration of its own.
fn not_in_file(root: &Node) -> Option<Why> {
    if node::entry(root, &["bootstrap", "dcs"]).is_none() {
        return Some(Why::needing(
            "the file has no bootstrap.dcs: what Patroni keeps in the DCS for the cluster is not known",
            "add what `patronictl show-config` prints as bootstrap.dcs",
        ));
    }
    let method = node::text(root, &["bootstrap", "method"]).filter(|method| method.text != "initdb")?;
    let reason = format!("the data directory is made by the method `{}` and brings a configuration of its own", method.text);
    Some(Why::needing(reason, "add postgresql.base.conf as custom_conf, and the rules as postgresql.pg_hba"))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]
        #[test]
        fn whatever_stands_in_the_file_is_survived(
            keys in proptest::collection::vec(("[a-z_]{1,12}|listen|parameters|pg_hba|dcs|postgresql", "[ -~]{0,20}"), 0..12),
            deep in proptest::prelude::any::<bool>(),
        ) {
            let mut text = String::from("scope: shop\nbootstrap:\n  dcs:\n    postgresql:\n      parameters: {a: 1}\npostgresql:\n");
            for (key, value) in keys {
                text += &format!("{}{key}: {value}\n", if deep { "    " } else { "  " });
            }
            let files = Files::in_memory([("patroni.yml", text)]);
            let source = files.read("patroni.yml").unwrap();
            Patroni::read(&source, &files);
        }
    }
}
