//! `gonogo show` as it is typed: sizing, who can connect, upgrades.

use crate::common::Project;

const CONF: &str = "shared_buffers = 128MB\nmax_connections = 100\nwork_mem = 64MB\nlisten_addresses = '*'\n";
const HBA: &str = "\
local   all         all                      peer map=ops
hostssl all         +dba      10.0.0.0/8     scram-sha-256 clientcert=verify-full
host    all         monitor   10.1.0.0/16    trust
hostssl replication standby   10.2.0.0/24    scram-sha-256
host    all         all       0.0.0.0/0      md5
";

#[test]
fn sizing_is_a_block_with_its_arithmetic() {
    let project = Project::with(&[("db/postgresql.conf", CONF)]);
    let ran = project.run(&["show", "db", "--sizing", "--memory", "16GB", "--cpus", "4", "--storage", "ssd", "--engine-version", "17"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    insta::assert_snapshot!(ran.out);
}

#[test]
fn what_sizing_prints_is_a_configuration() {
    let project = Project::with(&[("db/postgresql.conf", CONF)]);
    let machine = ["--memory", "16GB", "--cpus", "4", "--storage", "ssd", "--engine-version", "17"];
    let block = project.run(&[["show", "db", "--sizing"].as_slice(), &machine].concat()).out;
    project.write("new/postgresql.conf", block.as_bytes());
    let again = project.run(&[["show", "new", "--sizing", "--format", "json"].as_slice(), &machine].concat()).json();
    for line in again["instances"][0]["sizing"]["lines"].as_array().unwrap() {
        assert!(line["verdict"] == "fine" || line["verdict"].is_null(), "{line}");
        assert_eq!(line["value"], line["now"]["value"], "{line}");
    }
}

#[test]
fn the_memory_comes_from_where_it_is_said() {
    let compose = "services:\n  db:\n    image: postgres:17\n    mem_limit: 4g\n    cpus: 2\n    volumes: [\"data:/var/lib/postgresql/data\"]\nvolumes:\n  data:\n";
    let sizing = |files: &[(&str, &str)], options: &[&str]| {
        let project = Project::with(files);
        project.run(&[["show", ".", "--sizing", "--format", "json"].as_slice(), options].concat()).json()["instances"][0]["sizing"].clone()
    };
    let by_limit = sizing(&[("compose.yaml", compose)], &[]);
    assert_eq!((by_limit["memory"].as_i64(), by_limit["cpus"].as_f64()), (Some(4 << 30), Some(2.0)));
    let by_config = sizing(&[("postgresql.conf", CONF), ("gonogo.toml", "[host]\nmemory = \"8GB\"\nworkload = \"oltp\"\n")], &[]);
    assert_eq!((by_config["memory"].as_i64(), &by_config["workload"]), (Some(8 << 30), &serde_json::json!("oltp")));
    let by_peak = sizing(
        &[("postgresql.conf", CONF), ("gonogo.toml", "[host]\nmemory = \"64GB\"\ncpus = 32\n[objectives]\npeak_clients = 150\n")],
        &[],
    );
    assert_eq!(
        (&by_peak["lines"][0]["name"], &by_peak["lines"][0]["value"]),
        (&serde_json::json!("max_connections"), &serde_json::json!("188"))
    );
    let unknown = sizing(&[("postgresql.conf", CONF)], &["--no-local-config"]);
    assert!(unknown["unknown"]["needs"].as_str().unwrap().contains("--memory"), "{unknown}");
    assert!(unknown["lines"].as_array().unwrap().is_empty());
}

#[test]
fn who_can_connect_is_a_table_with_how_to_read_it() {
    let project = Project::with(&[("db/postgresql.conf", &format!("{CONF}ssl = on\n")), ("db/pg_hba.conf", HBA)]);
    let ran = project.run(&["show", "db", "--who-can-connect", "--engine-version", "17"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    insta::assert_snapshot!(ran.out);
}

#[test]
fn an_upgrade_shows_what_breaks() {
    let old = "vacuum_defer_cleanup_age = 10\neffective_io_concurrency = 1\nssl_ecdh_curve = 'prime256v1'\n#checkpoint_timeout = 5min\n";
    let project = Project::with(&[
        ("etc/postgresql/15/main/postgresql.conf", old),
        ("etc/postgresql/15/main/pg_hba.conf", "host /^shop all 10.0.0.0/8 md5\n"),
    ]);
    let ran = project.run(&["show", ".", "--target-version", "18"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    insta::assert_snapshot!(ran.out);
    let json = project.run(&["show", ".", "--target-version", "18", "--format", "json"]).json();
    let codes: Vec<_> =
        json["instances"][0]["upgrade"].as_array().unwrap().iter().map(|change| change["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes, ["refused-setting", "access-changed", "checksums", "md5", "meaning-changed", "renamed-setting", "default-changed"]);
}

#[test]
fn the_target_is_an_option_of_lint_and_audit_too() {
    let project = Project::with(&[("postgresql.conf", "old_snapshot_threshold = 1h\n")]);
    let of = |arguments: &[&str]| {
        let rules = project.run(&[arguments, ["--format", "json", "--engine-version", "16"].as_slice()].concat()).rules();
        rules.into_iter().filter(|rule| rule.starts_with("postgresql-upgrade-refused")).collect::<Vec<_>>()
    };
    assert_eq!(of(&["lint", ".", "--target-version", "17"]), ["postgresql-upgrade-refused-setting"]);
    assert_eq!(of(&["audit", ".", "--target-version", "17"]), ["postgresql-upgrade-refused-setting"]);
    assert_eq!(of(&["lint", "."]), Vec::<String>::new());
    // Of an unknown version only what every candidate takes and the target does not.
    let rules = project.run(&["lint", ".", "--target-version", "17", "--format", "json"]).rules();
    assert!(rules.contains(&"postgresql-upgrade-refused-setting".to_owned()), "{rules:?}");
    let wrong = project.run(&["lint", ".", "--target-version", "40"]);
    assert!(wrong.code == 2 && wrong.err.contains("gonogo knows PostgreSQL 10 to 19"), "{}", wrong.all());
}
