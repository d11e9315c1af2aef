//! `gonogo show`: the configuration in effect, where each value comes from, and what it overrode.

mod access;
mod connect;
mod json;
mod places;
mod sizing;
mod text;
mod upgrade;

pub use json::show_json;
pub use sizing::{Judging, Verdict, sizing_text};
pub use text::show_text;

use crate::engines::Families;
use crate::model::{Instance, Setting, Value, View};
use crate::text::{SECRET_PLACEHOLDER, redact_text};

/// What of the configuration is shown.
#[derive(Clone, Debug, Default)]
pub struct ShowOptions {
    /// Only these settings, whatever their case; empty for all.
    pub settings: Vec<String>,
    /// Show defaults too, and what is not known; text leaves them out otherwise.
    pub all: bool,
    /// Show who can connect instead of the settings (text), beside them (JSON).
    pub who_can_connect: bool,
    /// Add what the settings should be on this machine (JSON), and judge what they are with these rules.
    pub sizing: Option<Judging>,
    /// The families that the servers are of.
    pub families: Families,
    /// Whether to write colours.
    pub colour: bool,
    /// Width of the terminal in columns.
    pub width: usize,
}

impl ShowOptions {
    fn wants(&self, name: &str) -> bool {
        self.settings.is_empty() || self.settings.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    }
}

/// The view under the newest version that the instance may have.
fn newest(instance: &Instance) -> Option<&View> {
    instance.views.last()
}

/// What the server would show, unless that is a secret.
fn shown_value(setting: &Setting) -> String {
    match setting.value {
        Value::Secret(_) => SECRET_PLACEHOLDER.to_owned(),
        _ => redact_text(&setting.shown),
    }
}

/// An earlier value as written, unless the setting holds a secret.
fn overridden_value(setting: &Setting, raw: &str) -> String {
    match setting.value {
        Value::Secret(_) => SECRET_PLACEHOLDER.to_owned(),
        _ => redact_text(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Assignment, Deployment, Encryption, Engine, Environment, Field, HbaDecision, HostFacts, Origin, OriginKind, Purpose, Reach,
        ReachKnown, ReachStep, Record, Secret, SettingState, Subject, SubjectKind, Version, VersionBasis, VersionCandidates, Why,
    };
    use crate::text::{Files, Source, Span};
    use std::sync::Arc;

    const CONF: &str = "# é😀\nshared_buffers = 256MB\nshared_buffers = 1GB\nsecret = 'hunter2-canary'\n";
    const HBA: &str = "host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 trust\n";

    fn span(source: &Source, needle: &str) -> Option<Span> {
        source.text().find(needle).map(|start| source.span(start, start + needle.len()))
    }

    fn setting(name: &str, value: Value, shown: &str, kind: OriginKind, span: Option<Span>) -> Setting {
        let origin = Origin { kind, span, name_span: None };
        Setting {
            name: name.to_owned(),
            value,
            shown: shown.to_owned(),
            base: None,
            unit: None,
            special: None,
            origin,
            overrode: Vec::new(),
        }
    }

    fn instance(files: &Files) -> Instance {
        let conf = files.read("postgresql.conf").unwrap();
        let hba = files.read("pg_hba.conf").unwrap();
        let mut subject = Subject::new(SubjectKind::Instance, "db");
        subject.version = Some(Version(vec![18]));
        let mut buffers = setting("shared_buffers", Value::Bytes(1 << 30), "1GB", OriginKind::File, span(&conf, "1GB"));
        buffers.base = Some(131_072.0);
        buffers.unit = Some("8kB");
        let origin = Origin { kind: OriginKind::File, span: span(&conf, "256MB"), name_span: None };
        buffers.overrode = vec![Assignment { raw: "256MB".to_owned(), origin }];
        let mut secret = setting("secret", Value::Secret(Secret::new("x")), "hunter2-canary", OriginKind::File, span(&conf, "'hunter2"));
        secret.overrode = vec![Assignment { raw: "hunter2-canary".to_owned(), origin: secret.origin.clone() }];
        for known in [buffers, secret, setting("fsync", Value::Bool(true), "on", OriginKind::Default, None)] {
            subject.settings.insert(known.name.clone(), SettingState::Known(Box::new(known)));
        }
        subject.settings.insert("data_checksums".to_owned(), SettingState::Unknown(Why::new("initdb decides it")));
        subject.settings.insert("gone".to_owned(), SettingState::NotInVersion);
        let first = Record::new("hba", "0", span(&hba, "host all all 10.0.0.0/8")).with("address", Field::word("10.0.0.0/8", None));
        let first = Arc::new(first);
        let second = Record::new("hba", "1", span(&hba, "host all all 10.1.0.0/16"))
            .with("type", Field::word("host", None))
            .with("databases", Field::known(Value::List(vec!["all".to_owned()]), None))
            .with("address", Field::word("10.1.0.0/16", None))
            .with("method", Field::word("trust", None))
            .with("shadowed_by", Field::known(Value::text("0"), None).with_record(Arc::clone(&first)));
        subject.records.entry("hba").or_default().rows.push(first);
        subject.add(second);
        subject.add(Record::new("problem", "p", span(&conf, "secret")).with("message", Field::word("unknown setting", None)));
        let decision = HbaDecision {
            from: "10.1.0.0/16".to_owned(),
            encryption: Some(Encryption::None),
            databases: "all".to_owned(),
            users: "all".to_owned(),
            method: "md5".to_owned(),
            options: Vec::new(),
            span: span(&hba, "host all all 10.0.0.0/8"),
        };
        let chain = vec![ReachStep { message: "listen_addresses is *".to_owned(), span: span(&conf, "shared") }];
        let older = View { subject: Subject::new(SubjectKind::Instance, "db"), presumed: None, who_can_connect: Vec::new() };
        Instance {
            id: "db".to_owned(),
            engine: Engine::Postgresql,
            versions: VersionCandidates {
                candidates: vec![Version(vec![17]), Version(vec![18])],
                basis: VersionBasis::Unstated,
                span: None,
            },
            platform: None,
            deployment: Deployment::SelfManaged,
            purpose: Purpose::Store,
            environment: Environment::Production,
            reach: ReachKnown { least: Reach::Private, most: Reach::Any, chain, presumed: Vec::new() },
            host: HostFacts::default(),
            group: None,
            sources: Vec::new(),
            service: None,
            views: vec![older, View { subject, presumed: None, who_can_connect: vec![decision] }],
        }
    }

    fn text(options: &ShowOptions) -> String {
        let files = Files::in_memory([("postgresql.conf", CONF), ("pg_hba.conf", HBA)]);
        show_text(&[instance(&files)], &files, &ShowOptions { width: 90, ..options.clone() })
    }

    #[test]
    fn what_is_set_is_shown_with_its_place_and_what_it_overrode() {
        let shown = text(&ShowOptions::default());
        insta::assert_snapshot!(shown);
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_setting_that_is_asked_for_is_answered_whatever_it_is() {
        let asked = |name: &str| text(&ShowOptions { settings: vec![name.to_owned()], ..ShowOptions::default() });
        assert!(asked("FSYNC").contains("fsync    on     default"), "{}", asked("FSYNC"));
        assert!(asked("data_checksums").contains("initdb decides it"));
        assert!(asked("gone").contains("this version has no such setting"));
        assert!(asked("nonsense").contains("no setting of this name is known"));
    }

    #[test]
    fn who_can_connect_names_the_deciding_rule() {
        let shown = text(&ShowOptions { who_can_connect: true, ..ShowOptions::default() });
        assert!(shown.contains("10.1.0.0/16  no         all        all    md5     pg_hba.conf:1"), "{shown}");
    }

    #[test]
    fn json_has_settings_rules_and_errors() {
        let files = Files::in_memory([("postgresql.conf", CONF), ("pg_hba.conf", HBA)]);
        let options = ShowOptions { who_can_connect: true, ..ShowOptions::default() };
        let text = show_json(&[instance(&files)], &files, &options).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let instance = &json["instances"][0];
        assert!(instance["version"].is_null());
        assert_eq!(instance["reach"], "unknown");
        let of = |name: &str| instance["settings"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap();
        let expected = serde_json::json!({
            "name": "shared_buffers", "value": "1GB", "base_value": 131_072, "unit": "8kB", "origin": "file",
            "path": "postgresql.conf", "line": 3, "column": 18,
            "overrides": [{"value": "256MB", "origin": "file", "path": "postgresql.conf", "line": 2}]
        });
        assert_eq!(of("shared_buffers"), expected);
        assert_eq!(of("secret")["value"], "<redacted>");
        assert_eq!(of("data_checksums")["reason"], "initdb decides it");
        assert_eq!(instance["hba"][1]["netmask"], "255.255.0.0");
        assert_eq!(instance["hba"][1]["shadowed_by"], serde_json::json!({"path": "pg_hba.conf", "line": 1}));
        assert_eq!(instance["errors"][0]["message"], "unknown setting");
        assert_eq!(instance["who_can_connect"][0]["line"], 1);
    }
}
