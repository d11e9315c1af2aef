//! No false GO: every bad example of every rule that can be critical or high is planted into projects
//! that are ready, and is then no longer overlooked by the verdict.
//!
//! A critical finding makes NO-GO, and a high one fails an item that its rule names. An example that
//! fits no base is listed in [`NOT_PLANTED`] with its reason; one that neither fires nor is listed fails,
//! and so does one that is listed and fires after all.

use crate::common::Project;
use crate::verdict_projects::{TODAY, machine, shop};
use gonogo::model::Severity;
use gonogo::rules::examples::{self, Example, ExampleKind};
use gonogo::rules::{Rule, RuleSet};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

/// Examples that cannot be planted: rule, number of the example, and why.
const NOT_PLANTED: &[(&str, usize, &str)] = &[
    ("compose-syntax-error", 1, "a text that is no YAML cannot be laid over another file"),
    ("compose-syntax-error", 2, "laid over another file, the key is there once"),
    ("postgresql-memory-beyond-machines", 1, "the bases say how much memory there is, which another rule compares with"),
    ("postgresql-memory-beyond-machines", 2, "the bases say how much memory there is, which another rule compares with"),
    ("postgresql-memory-beyond-machines", 3, "the bases say how much memory there is, which another rule compares with"),
    ("hba-client-refused", 1, "the rules of the bases let in every account of the networks of their containers"),
    ("hba-client-refused", 3, "the rules of the bases let in every account of the networks of their containers"),
    ("compose-depends-on-missing-health", 1, "the database of the bases has a health check"),
    ("backup-makes-no-dump", 6, "a service of the image of the server becomes the server of the bases"),
    ("compose-service-destroys-data", 1, "a service of the image of the server becomes the server of the bases"),
    ("compose-service-destroys-data", 2, "a service of the image of the server becomes the server of the bases"),
    ("compose-service-destroys-data", 3, "the volume of the example is not that of the bases"),
    ("postgresql-first-start-fails", 2, "the rules of the bases let the entrypoint in"),
    ("hba-client-by-chance", 1, "the rules of the bases let in every account of the networks of their containers"),
    ("postgresql-eol", 2, "the bases say which release they are, and a path does not overrule that"),
    ("postgresql-worst-case-memory", 3, "whoever made the bases has sized their servers"),
    ("compose-two-servers-one-volume", 2, "laid over the shop, only one of the two servers gets the volume"),
    ("compose-database-passed-on", 1, "the bases have networks of their own, which the example does not join"),
    ("compose-database-passed-on", 2, "the bases have networks of their own, which the example does not join"),
    ("mysql-max-connections-below-peak", 1, "the bases say how many clients there are at peak"),
    ("mysql-dedicated-server-in-container", 1, "an option file beside the bases is of a machine"),
    ("mysql-option-include-ignored", 2, "of a tree that a server only has, a mode says nothing of the files beside it"),
    ("pgbouncer-needs-newer-release", 1, "nothing in the bases says of which release the pooler is"),
];

/// What else is changed so that an example has its effect: rule, file, what stands there, and what is put there.
/// It is about what an example leaves out, and about clients who come from farther away than the example says.
const ADJUSTED: &[(&str, &str, &str, &str)] = &[
    ("compose-no-data-volume", "compose.yaml", "      - db_data:/var/lib/postgresql/data\n", ""),
    ("hba-superuser-remote", "db/pg_hba.conf", "10.0.0.0/24", "0.0.0.0/0"),
    ("postgresql-password-encryption-md5", "db/postgresql.conf", "password_encryption = scram-sha-256\n", ""),
    // Whoever states an rpo of a day has accepted the loss of the last transactions.
    ("postgresql-synchronous-commit-off", "gonogo.toml", "rpo = \"24h\"\n", ""),
    // And nobody who may lose a day needs the WAL.
    ("postgresql-archive-mode-off", "gonogo.toml", "rpo = \"24h\"\n", "rpo = \"5m\"\n"),
    ("mysql-flush-log-not-1", "gonogo.toml", "rpo = \"24h\"\n", ""),
    ("mysql-log-bin-off", "gonogo.toml", "rpo = \"24h\"", "rpo = \"1h\""),
];

/// Other major versions that an example is planted with: the severity of some rules depends on them.
const OTHER_MAJORS: [&str; 2] = ["18", "15"];

/// A project that an example is planted into.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Base {
    /// Containers of one host, nothing published.
    Shop,
    /// The same, and the port of the database is published on every address, for clients of every address.
    PublishedShop,
    /// A machine that listens on an address of a private network.
    Machine,
    /// The same, listening on every address, for clients of every address.
    OpenMachine,
}

impl Base {
    const ALL: [Self; 4] = [Self::Shop, Self::Machine, Self::PublishedShop, Self::OpenMachine];

    fn project(self, major: Option<&str>) -> Project {
        match self {
            Self::Shop | Self::PublishedShop => {
                let project = shop();
                if let Some(major) = major {
                    edit(&project, "compose.yaml", |text| text.replace("postgres:16.14-bookworm", &format!("postgres:{major}-bookworm")));
                }
                if major == Some("18") {
                    edit(&project, "compose.yaml", |text| text.replace(":/var/lib/postgresql/data", ":/var/lib/postgresql"));
                }
                if self == Self::PublishedShop {
                    edit(&project, "compose.yaml", |text| text.replace("    shm_size:", "    ports:\n      - 5432:5432\n    shm_size:"));
                    edit(&project, "db/pg_hba.conf", |text| text + "host reports reader 0.0.0.0/0 scram-sha-256\n");
                }
                project
            }
            Self::Machine | Self::OpenMachine => {
                let project = machine();
                if let Some(major) = major.filter(|major| *major != "17") {
                    edit(&project, "gonogo.toml", |text| text.replace("engine_version = \"17\"", &format!("engine_version = \"{major}\"")));
                }
                if self == Self::OpenMachine {
                    edit(&project, "db/postgresql.conf", |text| text.replace("'localhost, 10.20.0.5'", "'*'"));
                    edit(&project, "db/pg_hba.conf", |text| text + "hostssl reports reader 0.0.0.0/0 scram-sha-256\n");
                }
                project
            }
        }
    }

    const fn has_compose(self) -> bool {
        matches!(self, Self::Shop | Self::PublishedShop)
    }
}

fn edit(project: &Project, path: &str, change: impl FnOnce(String) -> String) {
    let before = project.read(path);
    let after = change(before.clone());
    assert_ne!(before, after, "nothing to change in {path}");
    project.write(path, after.as_bytes());
}

/// One test for each rule that can be critical or high, under its id with `(planted)`.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = [None, Some("15"), Some("17"), Some("18")]
        .into_iter()
        .map(|major| Trial::test(format!("bases-are-ready-{}", major.unwrap_or("as-written")), move || ready(major)))
        .collect();
    let rules = RuleSet::shipped();
    for rule in rules.heads().filter(|head| head.highest_severity() >= Severity::High).filter_map(|head| rules.get(&head.id)).cloned() {
        let id = rule.id.clone();
        let bad = examples::of(&rule).into_iter().filter(|example| example.kind == ExampleKind::Bad).collect::<Vec<_>>();
        trials.push(Trial::test(format!("{id} (planted)"), move || judge(&rule, &bad)));
    }
    trials
}

/// Nothing is wrong with the bases before something is planted, whatever the version.
fn ready(major: Option<&str>) -> Result<(), Failed> {
    for base in [Base::Shop, Base::Machine] {
        let report = audit(&base.project(major));
        if report["verdict"]["decision"] != "go" {
            return Err(format!("{base:?}: {:#}", report["verdict"]["reasons"]).into());
        }
    }
    Ok(())
}

fn audit(project: &Project) -> Value {
    project.run(&["audit", ".", "--now", TODAY, "--format", "json"]).json()
}

/// What became of an example in a base.
enum Planted {
    /// It weighs as much as it should.
    Counts,
    /// It fires, and is neither critical nor high there.
    Mild,
    /// The rule does not fire; these do.
    Quiet(String),
    /// It fires, and the verdict does not care.
    Overlooked(String),
}

fn judge(rule: &Rule, examples: &[Example]) -> Result<(), Failed> {
    let mut counted = false;
    for (number, example) in examples.iter().enumerate() {
        let listed = NOT_PLANTED.iter().any(|(id, at, _)| *id == rule.id && *at == number + 1);
        let felt = felt(rule, example).map_err(|why| format!("example {}: {why}", number + 1))?;
        match (felt, listed) {
            (Felt::Nowhere(quiet), false) => {
                let help = "give it a place, or list it in NOT_PLANTED with the reason";
                return Err(format!("example {} has no finding anywhere; {help}\n{quiet}", number + 1).into());
            }
            (Felt::Nowhere(_), true) => counted = true,
            (_, true) => return Err(format!("example {} has findings: remove it from NOT_PLANTED", number + 1).into()),
            (Felt::Mildly, false) => {}
            (Felt::Fully, false) => counted = true,
        }
    }
    if counted { Ok(()) } else { Err("none of its examples is ever high or critical: add one that is".into()) }
}

/// How an example is felt, over all bases and versions.
enum Felt {
    Fully,
    Mildly,
    Nowhere(String),
}

fn felt(rule: &Rule, example: &Example) -> Result<Felt, String> {
    let own = example.given.version.as_deref();
    let mut felt = Felt::Nowhere(String::new());
    for major in std::iter::once(own).chain(OTHER_MAJORS.map(Some)) {
        for base in Base::ALL {
            let Some(project) = plant(rule, example, base, major) else { continue };
            match (weigh(rule, &audit(&project)), &mut felt) {
                (Planted::Counts, _) => felt = Felt::Fully,
                (Planted::Mild, Felt::Nowhere(_)) => felt = Felt::Mildly,
                (Planted::Quiet(others), Felt::Nowhere(quiet)) => *quiet += &format!("{base:?}: {others}\n"),
                (Planted::Overlooked(why), _) => return Err(format!("{base:?}, {major:?}: {why}")),
                _ => {}
            }
        }
        if matches!(felt, Felt::Fully) {
            break;
        }
    }
    Ok(felt)
}

/// The project with the example in it; none where the base has no place for its files.
fn plant(rule: &Rule, example: &Example, base: Base, major: Option<&str>) -> Option<Project> {
    if example.files.iter().any(|(path, _)| path == "compose.yaml") && !base.has_compose() {
        return None;
    }
    // Most examples say 17 where any version does: the shop keeps its own.
    let project = base.project(major.filter(|major| *major != "17"));
    // What a rule lays its files over lies beside the main file there, and so does what marks a data directory.
    if let Some(tree) = &example.tree {
        project.lay_into("db", tree);
    }
    let beside_main = |path: &str| if example.tree.is_some() || path == "PG_VERSION" { format!("db/{path}") } else { path.to_owned() };
    let own_server = example.given.engine.as_deref();
    if let Some(engine) = own_server {
        beside(&project, example, engine);
    }
    for (path, text) in example.files.iter().filter(|_| own_server.is_none()) {
        match path.as_str() {
            "compose.yaml" => edit(&project, path, |shop| super::compose_merge::plant(&shop, text)),
            "postgresql.conf" if text.starts_with('\u{feff}') => edit(&project, "db/postgresql.conf", |conf| joined(text, &conf)),
            "postgresql.conf" => edit(&project, "db/postgresql.conf", |conf| joined(&conf, text)),
            // The first line that fits a client decides: what is planted comes first.
            "pg_hba.conf" if rule.id == "hba-no-entries" => project.write("db/pg_hba.conf", text.as_bytes()),
            "pg_hba.conf" => edit(&project, "db/pg_hba.conf", |hba| joined(text, &hba)),
            "pg_ident.conf" if base.has_compose() => return None,
            "pg_ident.conf" => project.write("db/pg_ident.conf", text.as_bytes()),
            _ => project.write(&beside_main(path), text.as_bytes()),
        }
    }
    for (_, path, from, to) in ADJUSTED.iter().filter(|(id, ..)| *id == rule.id) {
        edit(&project, path, |text| text.replace(from, to));
    }
    let own = |path: &str| matches!(path, "postgresql.conf" | "pg_hba.conf" | "pg_ident.conf");
    for (path, mode) in &example.modes {
        let placed = match own_server {
            Some(engine) => format!("{engine}/{path}"),
            None if own(path) => format!("db/{path}"),
            None => beside_main(path),
        };
        set_mode(&project, &placed, mode.mode);
    }
    Some(project)
}

/// A server of another engine, beside that of the base, with what the example states of it.
fn beside(project: &Project, example: &Example, engine: &str) {
    for (path, text) in example.files.iter().filter(|(path, _)| path != "gonogo.toml") {
        project.write(&format!("{engine}/{path}"), text.as_bytes());
    }
    let given = &example.given;
    let version = given.version.as_ref().map(|version| format!("engine_version = \"{version}\"\n"));
    let memory = given.memory.as_ref().map(|memory| format!("host = {{ memory = \"{memory}\" }}\n"));
    let stated = version.into_iter().chain(memory).collect::<String>();
    let target = format!("\n[[target]]\nname = \"{engine}\"\npaths = [\"{engine}\"]\n{stated}");
    edit(project, "gonogo.toml", |text| text + &target);
}

fn joined(first: &str, second: &str) -> String {
    let between = if first.ends_with('\n') || first.is_empty() { "" } else { "\n" };
    format!("{first}{between}{second}")
}

#[cfg(unix)]
fn set_mode(project: &Project, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(project.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Project, _: &str, _: u32) {}

/// Whether the rule fires as critical or high, and whether that is felt.
fn weigh(rule: &Rule, report: &Value) -> Planted {
    let list = |key: &str| report[key].as_array().unwrap();
    let severity = |finding: &Value| finding["shipped_severity"].as_str().and_then(|word| word.parse::<Severity>().ok());
    // A suspicion decides nothing.
    let counts = |finding: &&Value| finding["rule"] == *rule.id && finding["certainty"] == "certain";
    let findings = list("findings").iter().filter(counts);
    // A rule whose finding another one tells better fails without one.
    let told_better = || list("outcomes").iter().any(|of| of["rule"] == *rule.id && of["status"] == "fail");
    let severity = findings.filter_map(severity).max().or_else(|| told_better().then(|| rule.highest_severity()));
    let decision = report["verdict"]["decision"].as_str().unwrap();
    let (blocks, fails) = (blocks(rule, report), fails_an_item(rule, report));
    match severity {
        None => Planted::Quiet(list("findings").iter().filter_map(|finding| finding["rule"].as_str()).collect::<Vec<_>>().join(", ")),
        Some(Severity::Critical) if decision == "no-go" && blocks => Planted::Counts,
        Some(Severity::Critical) => Planted::Overlooked(format!("critical, and no blocker; the verdict is {decision}")),
        Some(Severity::High) if fails || blocks => Planted::Counts,
        Some(Severity::High) => Planted::Overlooked(format!("high, and none of {:?} fails; the verdict is {decision}", rule.items)),
        Some(_) => Planted::Mild,
    }
}

fn blocks(rule: &Rule, report: &Value) -> bool {
    let tells = |blocker: &Value, id: &str| blocker["rule"] == id || blocker["item"] == id;
    let told_as = || rule.items.iter().map(|item| &**item).chain(rule.logic.yields_to.iter().map(|rule| &**rule)).chain([&*rule.id]);
    report["verdict"]["blockers"].as_array().unwrap().iter().any(|blocker| told_as().any(|id| tells(blocker, id)))
}

fn fails_an_item(rule: &Rule, report: &Value) -> bool {
    let instances = report["instances"].as_array().unwrap();
    let items = instances
        .iter()
        .flat_map(|instance| instance["pillars"].as_array().unwrap())
        .flat_map(|pillar| pillar["items"].as_array().unwrap());
    items.filter(|item| rule.items.iter().any(|id| item["id"] == **id)).any(|item| item["status"] == "fail")
}
