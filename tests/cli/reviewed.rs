//! What no program understands and a person reads: `[[reviewed]]`, and `relays` of a `[[target]]`.

use std::process::Command;

use crate::common::{Project, Ran};

const NOW: &str = "2026-11-20";

struct Case {
    project: Project,
    config: String,
}

impl Case {
    /// The ready project with texts of its compose file replaced, and more files.
    fn new(replaced: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        let project = Project::copy_of("fixtures/webshop-ready");
        let mut compose = project.read("compose.yaml");
        for (from, to) in replaced {
            assert!(compose.contains(from), "{from}");
            compose = compose.replace(from, to);
        }
        project.write("compose.yaml", compose.as_bytes());
        files.iter().for_each(|(path, text)| project.write(path, text.as_bytes()));
        let config = project.read("gonogo.toml");
        Self { project, config }
    }

    /// The same with more lines in gonogo.toml.
    fn audit(&self, more: &str, options: &[&str]) -> Ran {
        self.project.write("gonogo.toml", format!("{}\n{more}", self.config).as_bytes());
        self.project.run(&[&["audit", "--now", NOW, "--format", "json"], options].concat())
    }

    fn review(&self, path: &str, changes: &str, more: &str) -> String {
        let printed = Command::new("sha256sum").arg(self.project.path(path)).output().unwrap().stdout;
        let sha256 = String::from_utf8(printed).unwrap().split(' ').next().unwrap().to_owned();
        format!(
            "[[reviewed]]\npath = \"{path}\"\nsha256 = \"{sha256}\"\nchanges = [{changes}]\nby = \"DBA on call\"\non = 2026-11-10\n{more}"
        )
    }
}

fn decision(ran: &Ran) -> String {
    ran.json()["verdict"]["decision"].as_str().unwrap().to_owned()
}

fn basis(ran: &Ran, id: &str) -> String {
    let json = ran.json();
    let pillars = json["instances"].as_array().unwrap().iter().flat_map(|instance| instance["pillars"].as_array().unwrap());
    let mut items = pillars.flat_map(|pillar| pillar["items"].as_array().unwrap());
    let item = items.find(|item| item["id"] == id).unwrap();
    item["basis"].as_str().unwrap_or_else(|| item["status"].as_str().unwrap()).to_owned()
}

const ACCESS: &str = "      - ./db/pg_hba.conf:/etc/postgresql/pg_hba.conf:ro\n";

/// A first start that is not understood.
fn first_start() -> Case {
    let mounted = format!("{ACCESS}      - ./db/init:/docker-entrypoint-initdb.d:ro\n");
    Case::new(&[(ACCESS, &mounted)], &[("db/init/10.sh", "#!/bin/sh\npython3 /setup.py\n")])
}

#[test]
fn a_first_start_that_is_not_understood_can_be_answered_for_and_then_is_attested() {
    let case = first_start();
    let open = case.audit("", &[]);
    assert_eq!(decision(&open), "no-go", "{}", open.all());
    assert!(open.all().contains("[[reviewed]] with path = \\\"db/init/10.sh\\\", sha256 = \\\"7fc6e4cd"), "{}", open.all());
    let nothing = case.audit(&case.review("db/init/10.sh", "\"nothing\"", ""), &[]);
    assert_eq!(decision(&nothing), "go", "{}", nothing.all());
    for item in ["configuration/durability", "security/authentication", "security/app-not-superuser"] {
        assert_eq!(basis(&nothing, item), "attested", "{item}");
    }
    assert_eq!(basis(&nothing, "configuration/resource-limits"), "verified");
}

#[test]
fn what_a_review_says_that_the_file_changes_stays_open() {
    let case = first_start();
    let roles = case.audit(&case.review("db/init/10.sh", "\"roles\"", ""), &[]);
    assert_eq!(basis(&roles, "security/app-not-superuser"), "unknown");
    assert_eq!(basis(&roles, "configuration/durability"), "attested");
    let settings = case.audit(&case.review("db/init/10.sh", "\"settings\", \"access\"", ""), &[]);
    assert_eq!(decision(&settings), "no-go", "{}", settings.all());
    assert!(settings.all().contains("its [[reviewed]] says that it changes settings, access"), "{}", settings.all());
}

#[test]
fn a_review_is_void_when_the_file_changes_and_expires() {
    let case = first_start();
    let review = case.review("db/init/10.sh", "\"nothing\"", "");
    case.project.write("db/init/10.sh", b"#!/bin/sh\npython3 /setup.py again\n");
    let changed = case.audit(&review, &[]);
    assert_eq!(decision(&changed), "no-go", "{}", changed.all());
    let now = case.review("db/init/10.sh", "", "").lines().nth(2).unwrap().replace("sha256 = ", "").replace('"', "");
    let said = format!("the file has changed since it was read; its sha256 is now {now}");
    assert!(changed.all().contains(&said), "{}", changed.all());
    let remarks = changed.json()["remarks"].clone();
    assert_eq!((&remarks[0]["code"], &remarks[0]["path"]), (&"review-refused".into(), &"gonogo.toml".into()), "{remarks:#}");
    let text = case.project.run(&["audit", "--now", NOW]).all();
    assert!(text.contains("the [[reviewed]] of db/init/10.sh counts for nothing: the file has changed"), "{text}");
    let old = case.review("db/init/10.sh", "\"nothing\"", "").replace("2026-11-10", "2026-05-01");
    let expired = case.audit(&old, &[]);
    assert!(decision(&expired) == "no-go" && expired.all().contains("expired since 2026-10-28"), "{}", expired.all());
}

#[test]
fn in_profile_high_somebody_else_must_have_read_it_too() {
    let case = first_start();
    for (more, counts) in [("", false), ("reviewed_by = \"DBA on call\"", false), ("reviewed_by = \"security\"", true)] {
        let ran = case.audit(&case.review("db/init/10.sh", "\"nothing\"", more), &["--criticality", "high"]);
        assert_eq!(basis(&ran, "configuration/durability") == "attested", counts, "{more}");
        assert_eq!(ran.all().contains("somebody else must have read it too"), !counts, "{more}");
    }
}

#[test]
fn a_review_counts_for_nothing_where_a_rule_finds_fault_with_the_file() {
    let mounted = format!("{ACCESS}      - ./db/init:/docker-entrypoint-initdb.d:ro\n");
    let script = "#!/bin/sh\npython3 /setup.py\npsql -c \"CREATE ROLE someone LOGIN PASSWORD 'someone'\"\n";
    let case = Case::new(&[(ACCESS, &mounted)], &[("db/init/10.sh", script)]);
    let ran = case.audit(&case.review("db/init/10.sh", "\"nothing\"", ""), &[]);
    assert!(!decision(&ran).starts_with("go"), "{}", ran.all());
    assert!(ran.all().contains("a rule finds fault with the file"), "{}", ran.all());
}

const COMMAND: &str = "    command: [\"postgres\", \"-c\", \"config_file=/etc/postgresql/postgresql.conf\"]\n";
const DATA: &str = "      - db_data:/var/lib/postgresql/data\n";

#[test]
fn a_script_that_starts_the_server_is_read_and_what_else_it_runs_can_be_answered_for() {
    let start = "    entrypoint: [\"bash\", \"/start.sh\"]\n";
    let mounted = format!("{DATA}      - ./db/start.sh:/start.sh:ro\n");
    let server = "exec docker-entrypoint.sh postgres -c config_file=/etc/postgresql/postgresql.conf\n";
    let of = |lines: &str| {
        Case::new(&[(COMMAND, start), (DATA, &mounted)], &[("db/start.sh", &format!("#!/bin/bash\nset -e\n{lines}{server}"))])
    };
    assert_eq!(decision(&of("").audit("", &[])), "go");
    let case = of("/opt/prepare\n");
    assert!(!decision(&case.audit("", &[])).starts_with("go"));
    let ran = case.audit(&case.review("db/start.sh", "\"nothing\"", ""), &[]);
    assert_eq!((decision(&ran).as_str(), basis(&ran, "configuration/durability").as_str()), ("go", "attested"), "{}", ran.all());
    let ran = case.audit(&case.review("db/start.sh", "\"settings\"", ""), &[]);
    assert!(!decision(&ran).starts_with("go"), "{}", ran.all());
}

#[test]
fn an_image_that_is_built_here_can_be_answered_for() {
    let image = "    image: postgres:16.14-bookworm\n";
    let built = format!("{image}    build: ./db\n");
    let case = Case::new(&[(image, &built)], &[("db/Dockerfile", "FROM postgres:16.14-bookworm\nRUN /opt/prepare\n")]);
    let open = case.audit("", &[]);
    assert_eq!(decision(&open), "not-evaluated", "{}", open.all());
    let ran = case.audit(&case.review("db/Dockerfile", "\"nothing\"", ""), &[]);
    assert_eq!((decision(&ran).as_str(), basis(&ran, "security/firewall").as_str()), ("go", "attested"), "{}", ran.all());
}

#[test]
fn a_backup_script_that_is_not_understood_can_be_answered_for() {
    let case = Case::new(&[], &[]);
    let script = case.project.read("backup/backup.sh").replace("pg_dump --format", "\"$DUMP\" --format");
    case.project.write("backup/backup.sh", script.as_bytes());
    let evidence = "[[evidence]]\nitem = \"backup/scheduled\"";
    assert!(case.config.contains(evidence));
    let without = Case { config: case.config.replace(evidence, "[[evidence]]\nitem = \"configuration/tested-in-staging\""), ..case };
    let open = without.audit("", &[]);
    assert_eq!(basis(&open, "backup/scheduled"), "unknown", "{}", open.all());
    let ran = without.audit(&without.review("backup/backup.sh", "\"nothing\"", ""), &[]);
    assert_eq!(basis(&ran, "backup/scheduled"), "attested", "{}", ran.all());
    let ran = without.audit(&without.review("backup/backup.sh", "\"backup\"", ""), &[]);
    assert_eq!(basis(&ran, "backup/scheduled"), "unknown", "{}", ran.all());
}

#[test]
fn a_target_says_which_services_pass_clients_on() {
    let networks = "networks:\n  front:\n";
    let gate = "  gate:\n    image: registry.example.com/gate:1.0\n    ports: [\"5432:9999\"]\n    networks: [front, data]\n\nnetworks:\n  front:\n";
    let case = Case::new(&[(networks, gate)], &[]);
    let reach = |ran: &Ran| ran.json()["instances"][0]["reach"].as_str().unwrap().to_owned();
    let stated =
        |relays: &str| case.audit(&format!("[[target]]\nname = \"db\"\nrelays = {relays}\nrelays_reason = \"gate speaks HTTP\"\n"), &[]);
    assert_eq!(reach(&case.audit("", &[])), "unknown");
    let none = stated("[]");
    assert_eq!((reach(&none).as_str(), basis(&none, "security/firewall").as_str()), ("host", "attested"), "{}", none.all());
    assert!(none.all().contains("gate speaks HTTP"), "{}", none.all());
    assert_ne!(reach(&stated("[\"gate\"]")), "host");
    let mistyped = stated("[\"gates\"]");
    assert!(reach(&mistyped) != "host" && mistyped.all().contains("no service has that name"), "{}", mistyped.all());
    // What a file shows counts more than what is said.
    let forwards = Case::new(
        &[(
            networks,
            "  gate:\n    image: alpine/socat:1.8.0.1\n    command: TCP-LISTEN:9999,fork TCP:db:5432\n    ports: [\"9999:9999\"]\n    networks: [front, data]\n\nnetworks:\n  front:\n",
        )],
        &[],
    );
    let said = forwards.audit("[[target]]\nname = \"db\"\nrelays = []\nrelays_reason = \"none\"\n", &[]);
    assert_ne!(reach(&said), "host", "{}", said.all());
}
