//! Files that are not UTF-8: a server reads bytes, and so does gonogo.

use crate::common::{Project, Ran};

fn lint(project: &Project, path: &str) -> Ran {
    project.run(&["lint", path, "--format", "json", "--engine-version", "17"])
}

fn finding<'j>(json: &'j serde_json::Value, rule: &str) -> &'j serde_json::Value {
    json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule).unwrap_or_else(|| panic!("{rule}: {json}"))
}

#[test]
fn a_letter_of_latin_1_hides_nothing() {
    let project = Project::new();
    project.write("db/postgresql.conf", b"# Zugriff f\xfcr alle\ncluster_name = 'caf\xe9'\nfsync = off # \xe9\n");
    project.write("db/pg_hba.conf", b"# f\xfcr alle\nlocal all \"r\xe9mi\" peer\nhost all all 0.0.0.0/0 trust\n");
    for path in ["db", "db/postgresql.conf"] {
        let ran = lint(&project, path);
        assert_eq!(ran.code, 1, "{}", ran.all());
        let json = ran.json();
        let fsync = finding(&json, "postgresql-fsync-off");
        assert_eq!((&fsync["line"], &fsync["column"]), (&3.into(), &9.into()));
        let trust = finding(&json, "hba-trust-remote");
        assert_eq!(trust["line"], 3);
        let inputs = json["inputs"].as_array().unwrap();
        assert!(inputs.iter().all(|input| input["status"] == "parsed"), "{inputs:?}");
    }
    let people = project.run(&["lint", "db", "--full"]);
    assert!(people.out.contains("line 1: byte 0xFC is not UTF-8") && people.out.contains("fsync = off # \u{fffd}"), "{}", people.all());
    // Written back, it would be another letter.
    let fixed = project.run(&["fix", "db", "--apply"]);
    assert!(std::fs::read(project.path("db/postgresql.conf")).unwrap().contains(&0xe9), "{}", fixed.all());
}

#[test]
fn utf16_is_said_to_be_that() {
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let project = Project::new();
    for (name, text) in [("postgresql.conf", "\u{feff}fsync = off\n"), ("tuned.conf", "shared_buffers = 1GB\nwal_level = minimal\n")] {
        project.write(&format!("db/{name}"), &units(text));
        for path in ["db".to_owned(), format!("db/{name}")] {
            let ran = lint(&project, &path);
            let inputs = ran.json()["inputs"].to_string();
            assert!(inputs.contains("UTF-16 text") && inputs.contains("unreadable"), "{path}: {}", ran.all());
            assert!(!path.ends_with("conf") || ran.code == 4, "{path}: {}", ran.all());
        }
    }
}

#[test]
fn a_compose_file_must_be_utf8() {
    let project = Project::new();
    project.write("compose.yaml", b"# f\xfcr alle\nservices:\n  db:\n    image: postgres:17\n");
    let ran = lint(&project, ".");
    let json = ran.json();
    let broken = json["findings"].as_array().unwrap().iter().find(|finding| finding["message"].to_string().contains("0xFC is not UTF-8"));
    let broken = broken.unwrap_or_else(|| panic!("{}", ran.all()));
    assert_eq!((&broken["line"], &broken["column"]), (&1.into(), &4.into()));
}
