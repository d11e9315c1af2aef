//! Exceptions: what hides a finding, what is heard in the verdict, and which exceptions are dead.

use crate::common::{Project, Ran};

fn lint(files: &[(&str, &str)]) -> Ran {
    Project::with(files).run(&["lint", ".", "--format", "json", "--now", "2026-11-20", "--fail-on", "never"])
}

/// Rules with a finding that nothing suppresses.
fn open(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let open = json["findings"].as_array().unwrap().iter().filter(|finding| finding["suppressed"].is_null());
    open.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn has(ran: &Ran, rule: &str, wanted: bool) {
    assert_eq!(open(ran).contains(&rule.to_owned()), wanted, "{rule}: {:?}", open(ran));
}

#[test]
fn a_comment_with_a_reason_hides_a_finding_in_lint() {
    let ran = lint(&[("postgresql.conf", "fsync = off # gonogo: ignore[postgresql-fsync-off] rebuilt every night\n")]);
    has(&ran, "postgresql-fsync-off", false);
    assert!(!open(&ran).iter().any(|rule| rule.starts_with("suppression-")), "{:?}", open(&ran));
}

#[test]
fn a_comment_before_a_block_holds_for_the_block() {
    let compose = "services:
  # gonogo: ignore[compose-db-no-healthcheck] watched from outside
  db:
    image: postgres:17
  other:
    image: postgres:17
";
    let ran = lint(&[("compose.yaml", compose)]);
    let json = ran.json();
    let of_rule = |suppressed: bool| {
        json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["rule"] == "compose-db-no-healthcheck" && finding["suppressed"].is_null() != suppressed)
            .count()
    };
    assert_eq!((of_rule(true), of_rule(false)), (1, 1));
}

#[test]
fn dead_exceptions_are_findings() {
    for (rule, conf) in [
        ("suppression-unused", "fsync = on # gonogo: ignore[postgresql-fsync-off] rebuilt every night\n"),
        ("suppression-unknown-rule", "fsync = off # gonogo: ignore[postgresql-fsync] rebuilt every night\n"),
        ("suppression-no-reason", "fsync = off # gonogo: ignore[postgresql-fsync-off]\n"),
        ("suppression-malformed", "fsync = off # gonogo: ignore postgresql-fsync-off\n"),
    ] {
        let ran = lint(&[("postgresql.conf", conf)]);
        has(&ran, rule, true);
        has(&ran, "postgresql-fsync-off", rule != "suppression-unused");
    }
}

fn accept(rule: &str, until: &str) -> String {
    format!(
        "[[accept]]\nrule = \"{rule}\"\npath = \"postgresql.conf\"\nkind = \"accepted\"\nreason = \"a test\"\nowner = \"DBA\"\nuntil = {until}\n"
    )
}

#[test]
fn an_accept_counts_until_its_day_and_never_for_what_is_critical() {
    let conf = ("postgresql.conf", "fsync = off\nautovacuum = off\n");
    let in_force = accept("postgresql-autovacuum-off", "2027-03-01");
    let ran = lint(&[conf, ("gonogo.toml", &in_force)]);
    has(&ran, "postgresql-autovacuum-off", false);
    let outcome = |ran: &Ran, rule: &str| {
        let json = ran.json();
        let outcome = json["outcomes"].as_array().unwrap().iter().find(|outcome| outcome["rule"] == rule).cloned().unwrap();
        outcome["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(outcome(&ran, "postgresql-autovacuum-off"), "accepted");

    let over = accept("postgresql-autovacuum-off", "2026-11-19");
    let ran = lint(&[conf, ("gonogo.toml", &over)]);
    has(&ran, "postgresql-autovacuum-off", true);
    has(&ran, "suppression-expired", true);

    let critical = accept("postgresql-fsync-off", "2027-03-01");
    let ran = lint(&[conf, ("gonogo.toml", &critical)]);
    assert_eq!(outcome(&ran, "postgresql-fsync-off"), "fail");
}

#[test]
fn a_comment_never_changes_the_verdict() {
    let project = Project::copy_of("fixtures/webshop-ready");
    let conf = project.read("db/postgresql.conf") + "fsync = off # gonogo: ignore[postgresql-fsync-off] faster\n";
    project.write("db/postgresql.conf", conf.as_bytes());
    let ran = project.run(&["audit", ".", "--now", "2026-11-20"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(ran.out.contains("postgresql-fsync-off"), "what alone makes NO-GO is shown: {}", ran.out);
}

#[test]
fn a_baseline_hides_what_was_known_and_nothing_new() {
    let project = Project::with(&[("postgresql.conf", "autovacuum = off\n")]);
    let run = |more: &[&str]| project.run(&[&["lint", ".", "--format", "json", "--now", "2026-11-20", "--fail-on", "high"], more].concat());
    let written = run(&["--write-baseline", "known.json"]);
    assert_eq!(written.code, 0, "what is known from now on is no failure: {}", written.all());
    assert!(written.err.contains("findings to known.json; --baseline known.json hides them"), "{}", written.err);
    assert_eq!(run(&["--baseline", "known.json"]).code, 0);
    project.write("postgresql.conf", b"# moved down by a comment\nautovacuum = off\ntrack_counts = off\n");
    let ran = run(&["--baseline", "known.json"]);
    assert_eq!(ran.code, 1);
    has(&ran, "postgresql-autovacuum-off", false);
    has(&ran, "postgresql-track-counts-off", true);
}

#[test]
fn a_finding_of_several_services_is_known_by_each_of_them() {
    let compose = "x-db: &db\n  image: postgres:17\n  environment:\n    POSTGRES_PASSWORD: hunter2\nservices:\n  one:\n    <<: *db\n  two:\n    <<: *db\n";
    let project = Project::with(&[("compose.yaml", compose)]);
    let run = |more: &[&str]| project.run(&[&["lint", ".", "--format", "json", "--now", "2026-11-20"], more].concat());
    run(&["--write-baseline", "known.json"]);
    let unchanged = run(&["--baseline", "known.json"]);
    assert_eq!(open(&unchanged), Vec::<String>::new(), "an unchanged tree has nothing new");
    assert_eq!(unchanged.json()["summary"]["gone"], 0);
    project.write("compose.yaml", (compose.to_owned() + "  three:\n    <<: *db\n").as_bytes());
    has(&run(&["--baseline", "known.json"]), "compose-weak-password-literal", true);
    project.write("compose.yaml", b"services:\n  one:\n    image: postgres:17\n");
    let fewer = run(&["--baseline", "known.json"]);
    assert!(fewer.json()["summary"]["gone"].as_u64().unwrap() > 0);
    let words = project.run(&["lint", ".", "--now", "2026-11-20", "--baseline", "known.json"]);
    assert!(words.out.contains("no longer occur"), "{}", words.out);
}

#[test]
fn one_password_of_several_services_is_one_finding() {
    let secret = "kX9mQ2vT7wLp";
    let compose = format!(
        "services:\n  api:\n    image: api:1\n    environment:\n      DB_PASSWORD: {secret}\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: {secret}\n  cron:\n    image: cron:1\n    environment:\n      DATABASE_URL: postgres://shop:other@db/shop\n      DB_PASSWORD: {secret}\n"
    );
    let project = Project::with(&[("compose.yaml", &compose)]);
    let run = |more: &[&str]| project.run(&[&["lint", ".", "--format", "json", "--now", "2026-11-20"], more].concat());
    let found = run(&["--write-baseline", "known.json"]);
    let json = project.run(&["lint", ".", "--format", "json", "--now", "2026-11-20"]).json();
    let of_rule = |rule: &str| json["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == rule).cloned().collect::<Vec<_>>();
    let literal = of_rule("compose-literal-db-password");
    assert_eq!(literal.len(), 1, "{}", found.all());
    // The database comes first, since its remedy speaks its language.
    assert_eq!((&literal[0]["line"], &literal[0]["subject"]["id"]), (&9.into(), &"db".into()));
    assert!(literal[0]["message"].as_str().unwrap().ends_with("; the same in api and cron"), "{}", literal[0]);
    let related: Vec<u64> = literal[0]["related"].as_array().unwrap().iter().map(|place| place["line"].as_u64().unwrap()).collect();
    assert_eq!(related, [5, 14]);
    assert!(literal[0]["help"].as_str().unwrap().contains("docker compose exec db psql"), "{}", literal[0]);
    assert_eq!(of_rule("compose-credential-in-url").len(), 1, "another password is another finding");
    assert_eq!(open(&run(&["--baseline", "known.json"])), Vec::<String>::new(), "an unchanged tree has nothing new");
    // Each of them is known by itself.
    let two = compose.replacen(&format!("      POSTGRES_PASSWORD: {secret}\n"), "      POSTGRES_PASSWORD_FILE: /run/secrets/db\n", 1);
    project.write("compose.yaml", two.as_bytes());
    has(&run(&["--baseline", "known.json"]), "compose-literal-db-password", false);
}

/// A repository whose database lies in a folder of its own.
fn repository() -> Project {
    let project = Project::with(&[("shop/db/postgresql.conf", "fsync = off\nfull_page_writes = off\n")]);
    std::fs::create_dir(project.path(".git")).unwrap();
    project
}

#[test]
fn a_baseline_holds_wherever_gonogo_is_run() {
    let project = repository();
    let written = project.run(&["lint", "shop", "--write-baseline", "known.json", "--fail-on", "never"]);
    assert_eq!(written.code, 0, "{}", written.all());
    for (folder, path, baseline) in
        [("", ".", "known.json"), ("shop", ".", "../known.json"), ("shop/db", "postgresql.conf", "../../known.json")]
    {
        let ran = project.run_in(folder, &["lint", path, "--baseline", baseline, "--format", "json"]);
        assert_eq!(ran.code, 0, "in `{folder}`: {}", ran.all());
        assert_eq!(open(&ran), Vec::<String>::new(), "in `{folder}`");
    }
}

#[test]
fn paths_and_fingerprints_do_not_depend_on_the_working_directory() {
    let places = |project: &Project, folder: &str, path: &str| {
        let json = project.run_in(folder, &["lint", path, "--format", "json", "--fail-on", "never"]).json();
        let mut findings = json["findings"].as_array().unwrap().iter();
        let finding = findings.find(|finding| finding["rule"] == "postgresql-fsync-off").unwrap();
        [finding["path"].clone(), finding["fingerprint"].clone(), json["inputs"][0]["path"].clone()]
    };
    // Of a repository they count from its root, elsewhere from what was named.
    for (project, wanted) in [(repository(), "shop/db/postgresql.conf"), (outside_a_repository(), "postgresql.conf")] {
        let first = places(&project, "", "shop/db");
        assert_eq!((&first[0], &first[2]), (&wanted.into(), &wanted.into()));
        let absolute = project.path("shop/db").display().to_string();
        for (folder, path) in [("shop", "db"), ("shop/db", "."), ("shop/db", "postgresql.conf"), ("", &absolute), ("shop", "../shop/db")] {
            assert_eq!(places(&project, folder, path), first, "`{path}` in `{folder}`");
        }
    }
}

fn outside_a_repository() -> Project {
    Project::with(&[("shop/db/postgresql.conf", "fsync = off\nfull_page_writes = off\n")])
}

#[test]
fn an_accept_counts_from_the_project_or_from_gonogo_toml() {
    for path in ["shop/db/postgresql.conf", "db/postgresql.conf"] {
        let project = repository();
        let accept = format!(
            "[[accept]]\nrule = \"postgresql-fsync-off\"\npath = \"{path}\"\nreason = \"rebuilt\"\nowner = \"DBA\"\nuntil = 2026-12-31\n"
        );
        project.write("shop/gonogo.toml", accept.as_bytes());
        for (folder, named) in [("", "shop"), ("shop", ".")] {
            let ran = project.run_in(folder, &["lint", named, "--format", "json", "--now", "2026-11-20"]);
            has(&ran, "postgresql-fsync-off", false);
            has(&ran, "postgresql-full-page-writes-off", true);
        }
    }
}

#[test]
fn a_finding_about_gonogo_toml_is_placed_there() {
    let accept = "[[accept]]\nrule = \"postgresql-fsync-off\"\npath = \"a.conf\"\nreason = \"x\"\nowner = \"x\"\nuntil = 2026-11-01\n";
    let project = Project::with(&[("postgresql.conf", "fsync = off\n"), ("gonogo.toml", accept), ("a.conf", "")]);
    for config in [&["--config", "gonogo.toml"][..], &[]] {
        let ran = project.run(&[&["lint", ".", "--format", "json", "--now", "2026-11-20"], config].concat());
        let json = ran.json();
        let about =
            json["findings"].as_array().unwrap().iter().find(|finding| finding["rule"].as_str().unwrap().starts_with("suppression-"));
        let about = about.unwrap_or_else(|| panic!("{}", ran.all()));
        assert_eq!((&about["path"], &about["line"]), (&"gonogo.toml".into(), &1.into()), "{about}");
    }
}
