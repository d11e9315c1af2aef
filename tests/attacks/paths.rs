//! Paths that a tree names: nothing outside it is read, nothing hangs, nothing disappears in silence.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::frame::{Attack, CANARY, Ground, OUTSIDE, attack};

pub fn rows() -> Vec<Attack> {
    let quiet = attack("a-quiet-tree", |_| {}).as_process().traced();
    [vec![quiet], rules(), config(), proofs(), includes(), mounts(), trees(), names(), env_files()].into_iter().flatten().collect()
}

/// A rule that loads and finds something, for honest rule folders.
pub const RULE: &str = r#"id = "postgresql-of-the-team"
title = "work_mem is set"
severity = "low"
pillar = "configuration"
items = ["configuration/work-memory"]
engine = "postgresql"

[require]
setting = "work_mem"
is = "4MB"

[docs]
why = "It is a test."
how = "Remove it."
references = ["https://www.postgresql.org/docs/current/runtime-config-resource.html"]

[[bad]]
"postgresql.conf" = "work_mem = 8MB\n"
expect = [{ line = 1 }]

[[good]]
"postgresql.conf" = "work_mem = 4MB\n"
"#;

/// A row whose gonogo.toml names rules.
fn names_rules(name: &'static str, written: &'static str, prepare: impl Fn(&Ground) + Send + Sync + 'static) -> Attack {
    attack(name, move |ground| {
        let written = written.replace("{outside}", &ground.outside("").to_string_lossy());
        ground.write("gonogo.toml", format!("rules = [\"{written}\"]\n"));
        prepare(ground);
    })
    .exits(&[2])
}

fn rules() -> Vec<Attack> {
    vec![
        names_rules("rules-of-the-project", "policies", |ground| {
            ground.write("policies/postgresql-of-the-team.toml", RULE);
        })
        .exits(&[1]),
        names_rules("rules-name-the-shadow-file", "/etc/shadow", |_| {})
            .says(&["outside the project"])
            .never(&["root:"])
            .as_process()
            .traced(),
        names_rules("rules-name-the-environment", "/proc/self/environ", |_| {})
            .says(&["outside the project"])
            .never(&["CARGO"])
            .as_process(),
        names_rules("rules-name-a-device", "/dev/zero", |_| {}).says(&["outside the project"]).as_process(),
        names_rules("rules-name-a-file-outside", "{outside}secret.txt", |_| {}).says(&["outside the project"]),
        names_rules("rules-climb-out", "../outside/secret.txt", |_| {}).says(&["outside the project"]).traced(),
        names_rules("rules-climb-out-of-a-folder", "a/../../outside", |_| {}).says(&["outside the project"]),
        names_rules("rules-are-a-link-to-a-file-outside", "mine.toml", |ground| {
            ground.link("mine.toml", ground.outside("secret.txt"));
        })
        .says(&["outside the project"])
        .as_process()
        .traced(),
        names_rules("rules-are-a-link-to-a-folder-outside", "policies", |ground| {
            ground.write_outside("policies/secret.toml", format!("id = \"secret\"\npassword = \"{OUTSIDE}\"\n"));
            ground.link("policies", ground.outside("policies"));
        })
        .says(&["outside the project"]),
        names_rules("a-rule-file-is-a-link-out", "policies", |ground| {
            ground.write_outside("secret.toml", format!("password = \"{OUTSIDE}\"\n"));
            ground.link("policies/secret.toml", ground.outside("secret.toml"));
        })
        .traced(),
        names_rules("rules-name-a-secret-of-the-project", "secrets.toml", |ground| {
            ground.write("secrets.toml", format!("[db]\nkeyword = \"{CANARY}\"\n"));
        })
        .says(&["not a rule file"]),
        names_rules("rules-name-broken-text-of-the-project", "secrets.toml", |ground| {
            ground.write("secrets.toml", format!("{CANARY}\n"));
        })
        .says(&["not a rule file"]),
        names_rules("rules-name-a-file-of-variables", ".env", |ground| {
            ground.write(".env", format!("WORD={CANARY}\n"));
        })
        .says(&["not a rule file"]),
        names_rules("rules-name-a-folder-with-a-secret", "config", |ground| {
            ground.write("config/deep/secret.toml", format!("word = \"{CANARY}\"\n"));
        })
        .says(&["not a rule file"]),
        names_rules("a-rule-file-is-a-pipe", "policies", |ground| ground.fifo("policies/postgresql-a.toml"))
            .says(&["not a regular file"])
            .as_process(),
        names_rules("rules-are-a-pipe", "policies.toml", |ground| ground.fifo("policies.toml")).says(&["not a regular file"]),
        names_rules("a-rule-folder-links-to-itself-thirty-times", "policies", |ground| {
            ground.write("policies/postgresql-of-the-team.toml", RULE);
            (0..30).for_each(|number| ground.link(format!("policies/loop{number}"), "."));
        })
        .exits(&[1])
        .as_process(),
        names_rules("rules-are-a-folder-of-links-in-a-circle", "policies", |ground| {
            ground.link("policies/a.toml", "b.toml");
            ground.link("policies/b.toml", "a.toml");
        }),
        names_rules("a-rule-file-of-a-terabyte", "policies", |ground| ground.sparse("policies/postgresql-a.toml", 1 << 40)).as_process(),
        names_rules("three-thousand-rule-files", "policies", |ground| {
            (0..3_000).for_each(|number| ground.write(format!("policies/postgresql-{number}.toml"), ""));
        })
        .says(&["more than 2000 rule files"])
        .as_process(),
        names_rules("a-rule-with-a-mistake-shows-no-secret", "policies", |ground| {
            ground.write("policies/postgresql-a.toml", format!("id = \"postgresql-a\"\ntitle = \"x\"\npassword = \"{CANARY}\"\n"));
        }),
        names_rules("rules-are-the-tree-itself", ".", |ground| ground.write("Cargo.toml", format!("[{CANARY}]\n")))
            .says(&["not a rule file"]),
        attack("given-rules-are-a-device", |_| {})
            .options(&["--rules", "/dev/zero"])
            .exits(&[2])
            .says(&["not a regular file"])
            .as_process(),
        attack("given-rules-are-a-pipe", |ground| ground.fifo("pipe.toml")).options(&["--rules", "{tree}/pipe.toml"]).exits(&[2]),
        attack("given-rules-hold-a-link-out", |ground| {
            ground.link("policies/secret.toml", ground.outside("secret.txt"));
        })
        .options(&["--rules", "{tree}/policies"])
        .exits(&[2]),
        attack("given-rules-link-to-themselves", |ground| {
            (0..30).for_each(|number| ground.link(format!("policies/loop{number}"), "."));
        })
        .options(&["--rules", "{tree}/policies"])
        .exits(&[2])
        .as_process(),
        attack("given-rules-are-sparse", |ground| ground.sparse("policies/a.toml", 1 << 40))
            .options(&["--rules", "{tree}/policies"])
            .exits(&[2]),
    ]
}

fn config() -> Vec<Attack> {
    vec![
        attack("the-configuration-is-a-pipe", |ground| ground.fifo("gonogo.toml")).exits(&[2]).says(&["not a regular file"]).as_process(),
        attack("the-configuration-is-a-link-out", |ground| ground.link("gonogo.toml", ground.outside("secret.txt")))
            .exits(&[2])
            .as_process()
            .traced(),
        attack("the-configuration-is-a-link-to-a-device", |ground| ground.link("gonogo.toml", "/dev/zero")).exits(&[2]).as_process(),
        attack("the-configuration-is-a-link-to-itself", |ground| ground.link("gonogo.toml", "gonogo.toml")).exits(&[2]),
        attack("the-configuration-is-a-folder", |ground| ground.write("gonogo.toml/a", "")),
        attack("the-configuration-is-a-terabyte", |ground| ground.sparse("gonogo.toml", 1 << 40)).exits(&[2]).as_process(),
        attack("the-configuration-is-two-megabytes", |ground| ground.write("gonogo.toml", "# x\n".repeat(1 << 19))).exits(&[2]),
        attack("the-configuration-is-broken-beside-a-secret", |ground| {
            ground.write("gonogo.toml", format!("[[target]]\nname = \"a\"\nurl = \"postgres://me:{CANARY}@db/x\nbroken\n"));
        })
        .exits(&[2]),
        attack("the-configuration-is-not-utf8", |ground| ground.write("gonogo.toml", b"# caf\xe9\n")).exits(&[2]).says(&["UTF-8"]),
        attack("a-given-configuration-is-a-pipe", |ground| ground.fifo("pipe")).options(&["--config", "{tree}/pipe"]).exits(&[2]),
        attack("a-given-configuration-is-a-device", |_| {}).options(&["--config", "/dev/zero"]).exits(&[2]).as_process(),
        attack("a-given-configuration-is-sparse", |ground| ground.sparse("big.toml", 1 << 40)).options(&["--config", "{tree}/big.toml"]).exits(&[2]),
        attack("a-given-configuration-takes-rules-from-beside-it", |ground| {
            ground.write_outside("gonogo.toml", "rules = [\"policies\"]\n");
            ground.write_outside("policies/postgresql-of-the-team.toml", RULE);
            ground.write("policies/secret.toml", CANARY);
        })
        .options(&["--config", "{outside}/gonogo.toml"]),
        attack("compose-files-that-lead-out", |ground| {
            let outside = ground.outside("secret.txt").display().to_string();
            ground.write("gonogo.toml", format!("[project]\ncompose_files = [{outside:?}]\n"));
        })
        .exits(&[2])
        .says(&["leads out of the project"])
        .as_process()
        .traced(),
        attack("a-compose-file-that-is-a-pipe", |ground| {
            ground.write("gonogo.toml", "[project]\ncompose_files = [\"pipe\"]\n");
            ground.fifo("pipe");
        })
        .exits(&[2])
        .says(&["not a regular file"])
        .as_process(),
        attack("accepted-by-the-change-itself", |ground| {
            let accept = "[[accept]]\nrule = \"postgresql-fsync-off\"\npath = \"good/postgresql.conf\"\nreason = \"x\"\nowner = \"x\"\nuntil = 2027-03-01\n";
            ground.write("gonogo.toml", accept);
        })
        .exits(&[0, 1]),
    ]
}

/// A gonogo.toml with evidence whose proof is `proof`.
fn evidence(proof: &str) -> String {
    format!("[[evidence]]\nitem = \"backup/restore-tested\"\non = 2026-11-02\nby = \"DBA\"\nresult = \"pass\"\nproof = \"{proof}\"\n")
}

fn proofs() -> Vec<Attack> {
    let of = |name, proof: &'static str, prepare: fn(&Ground)| {
        attack(name, move |ground| {
            ground.write("gonogo.toml", evidence(proof));
            prepare(ground);
        })
        .exits(&[2])
    };
    vec![
        of("a-proof-is-the-shadow-file", "/etc/shadow", |_| {}).traced(),
        of("a-proof-climbs-out", "../outside/secret.txt", |_| {}).traced(),
        of("a-proof-is-a-link-out", "proof.log", |ground| ground.link("proof.log", ground.outside("secret.txt"))).traced(),
        of("a-proof-is-a-pipe", "proof.log", |ground| ground.fifo("proof.log")).as_process(),
        of("a-proof-is-a-link-to-a-device", "proof.log", |ground| ground.link("proof.log", "/dev/zero")).as_process(),
        of("a-proof-is-a-terabyte", "proof.log", |ground| ground.sparse("proof.log", 1 << 40)).as_process(),
        attack("one-proof-for-two-thousand-statements", |ground| {
            ground.sparse("proof.log", 60 << 20);
            ground.write("gonogo.toml", evidence("proof.log").repeat(2_000));
        })
        .as_process(),
        attack("a-hundred-large-proofs", |ground| {
            (0..100).for_each(|number| ground.sparse(&format!("proof{number}.log"), 60 << 20));
            ground.write("gonogo.toml", (0..100).map(|number| evidence(&format!("proof{number}.log"))).collect::<String>());
        })
        .exits(&[2]),
        attack("a-proof-is-found-from-the-project", |ground| {
            ground.write(".github/gonogo.toml", evidence("docs/restore.log"));
            ground.write("docs/restore.log", "restored\n");
        })
        .options(&["--config", "{tree}/.github/gonogo.toml"]),
    ]
}

/// A postgresql.conf that names a path, `{outside}` replaced.
fn conf(name: &'static str, text: &'static str) -> Attack {
    attack(name, move |ground| {
        ground.write("db/postgresql.conf", text.replace("{outside}", &ground.outside("").to_string_lossy()));
        ground.write("db/pg_hba.conf", "local all all peer\n");
    })
}

fn includes() -> Vec<Attack> {
    let hba = |name, line: &'static str| {
        attack(name, move |ground| {
            ground.write("db/postgresql.conf", "work_mem = 4MB\n");
            ground.write("db/pg_hba.conf", line.replace("{outside}", &ground.outside("").to_string_lossy()));
        })
    };
    vec![
        conf("an-include-leads-out-of-the-tree", "include '{outside}postgresql.conf'\n").never(&["includes itself"]).as_process().traced(),
        conf("an-include-climbs-out", "include '../../outside/postgresql.conf'\n").traced(),
        conf("an-include-is-the-shadow-file", "include '/etc/shadow'\n").never(&["root:"]).traced(),
        conf("an-include-is-a-device", "include '/dev/zero'\n").as_process(),
        conf("an-include-if-exists-leads-out", "include_if_exists = '{outside}postgresql.conf'\n"),
        conf("an-include-directory-leads-out", "include_dir '{outside}'\n"),
        conf("an-include-directory-is-the-root", "include_dir '/'\n").as_process(),
        conf("an-access-file-outside", "hba_file = '{outside}secret.txt'\nident_file = '/etc/passwd'\n").never(&["daemon:"]).traced(),
        conf("a-data-directory-outside", "data_directory = '{outside}'\n"),
        conf("keys-outside", "ssl = on\nssl_key_file = '/etc/shadow'\nssl_cert_file = '{outside}secret.txt'\n").traced(),
        attack("an-include-is-a-link-out", |ground| {
            ground.write("db/postgresql.conf", "include 'more.conf'\n");
            ground.link("db/more.conf", ground.outside("postgresql.conf"));
        })
        .exits(&[1])
        .traced(),
        attack("an-include-is-a-pipe", |ground| {
            ground.write("db/postgresql.conf", "include 'more.conf'\n");
            ground.fifo("db/more.conf");
        })
        .as_process(),
        attack("an-include-directory-is-a-link-out", |ground| {
            ground.write("db/postgresql.conf", "include_dir 'conf.d'\n");
            ground.link("db/conf.d", ground.outside(""));
        })
        .traced(),
        hba("names-of-an-access-rule-outside", "host @/etc/passwd @{outside}secret.txt 10.0.0.0/8 scram-sha-256\n")
            .never(&["daemon"])
            .traced(),
        hba("an-access-file-includes-a-file-outside", "include {outside}secret.txt\ninclude_dir /etc\nlocal all all peer\n"),
        hba("an-access-file-includes-a-device", "include /dev/zero\nlocal all all peer\n").as_process(),
    ]
}

/// A compose file whose service `db` has these lines.
fn service(name: &'static str, lines: &'static str) -> Attack {
    attack(name, move |ground| {
        let lines = lines.replace("{outside}", &ground.outside("").to_string_lossy());
        ground.write("compose.yaml", format!("services:\n  db:\n    image: postgres:17\n{lines}"));
    })
}

fn mounts() -> Vec<Attack> {
    vec![
        service(
            "variables-of-a-file-outside",
            "    env_file: [\"/proc/self/environ\", \"{outside}secret.txt\", \"../outside/secret.txt\"]\n",
        )
        .traced(),
        service("a-mounted-file-outside", "    command: -c config_file=/c.conf\n    volumes: [\"{outside}postgresql.conf:/c.conf\"]\n")
            .traced(),
        service(
            "a-mounted-file-climbs-out",
            "    command: -c config_file=/c.conf\n    volumes: [\"../outside/postgresql.conf:/c.conf\"]\n",
        )
        .traced(),
        service("a-base-service-outside", "    extends: {file: ../outside/compose.yaml, service: x}\n"),
        service("a-configuration-entry-outside", "    configs: [c]\nconfigs:\n  c: {file: /etc/shadow}\n").never(&["root:"]),
        service("a-secret-entry-outside", "    secrets: [s]\nsecrets:\n  s: {file: \"{outside}secret.txt\"}\n"),
        attack("an-included-project-outside", |ground| {
            ground.write_outside(
                "compose.yaml",
                format!("services:\n  x:\n    image: postgres # {OUTSIDE}\n    container_name: {OUTSIDE}\n"),
            );
            ground.write("compose.yaml", "include: [../outside/compose.yaml]\nservices:\n  db:\n    image: postgres:17\n");
        })
        .traced(),
        attack("the-variables-of-the-project-are-a-link-out", |ground| {
            ground.write("compose.yaml", "services:\n  db:\n    image: postgres:${WORD}\n");
            ground.write_outside("env", format!("WORD={OUTSIDE}\n"));
            ground.link(".env", ground.outside("env"));
        })
        .traced(),
        attack("the-variables-of-the-project-are-a-pipe", |ground| {
            ground.write("compose.yaml", "services:\n  db:\n    image: postgres:${WORD}\n");
            ground.fifo(".env");
        })
        .as_process(),
    ]
}

fn trees() -> Vec<Attack> {
    let ignoring = |name, prepare: fn(&Ground)| {
        attack(name, move |ground| {
            ground.write("hidden/postgresql.conf", "full_page_writes = off\n");
            prepare(ground);
        })
    };
    vec![
        attack("folders-link-to-themselves-thirty-times", |ground| {
            (0..30).for_each(|number| ground.link(format!("loop{number}"), "."));
        })
        .as_process(),
        attack("a-link-in-a-circle", |ground| ground.link("postgresql.conf", "postgresql.conf")),
        attack("a-link-to-a-folder-outside", |ground| ground.link("more", ground.outside(""))).traced(),
        attack("a-link-to-a-file-outside", |ground| ground.link("more/postgresql.conf", ground.outside("postgresql.conf"))).traced(),
        attack("a-pipe-with-the-name-of-every-kind", |ground| {
            for name in
                ["compose.yaml", "postgresql.conf", "pg_hba.conf", "pg_ident.conf", ".env", "patroni.yml", "PG_VERSION", ".gitignore"]
            {
                ground.fifo(&format!("pipes/{name}"));
            }
        })
        .says(&["not a regular file"])
        .as_process(),
        attack("a-socket-with-the-name-of-a-configuration", |ground| {
            fs::create_dir_all(ground.tree("s")).unwrap();
            drop(std::os::unix::net::UnixListener::bind(ground.tree("s/pg_hba.conf")).unwrap());
        })
        .says(&["not a regular file"]),
        attack("a-configuration-of-a-terabyte", |ground| ground.sparse("big/postgresql.conf", 1 << 40)).as_process(),
        attack("ignored-by-a-pipe", |ground| ground.fifo(".gonogoignore")).says(&["it hides nothing"]).as_process(),
        attack("ignored-by-a-device", |ground| ground.link(".gonogoignore", "/dev/zero")).says(&["it hides nothing"]).as_process(),
        attack("ignored-by-a-file-outside", |ground| {
            ground.write_outside("ignore", "good\n");
            ground.link(".gonogoignore", ground.outside("ignore"));
        })
        .says(&["it hides nothing"])
        .traced(),
        attack("ignored-by-another-file-of-the-tree", |ground| {
            ground.write("patterns", "good\n");
            ground.link(".gonogoignore", "patterns");
        })
        .says(&["it hides nothing"]),
        attack("ignored-by-a-terabyte", |ground| ground.sparse(".gonogoignore", 1 << 40)).says(&["it hides nothing"]).as_process(),
        attack("ignored-by-two-thousand-lines", |ground| ground.write(".gonogoignore", "good/**/*a*b*c*\n".repeat(2_000)))
            .says(&["it hides nothing"])
            .as_process(),
        attack("ignored-by-a-pattern-that-is-not-valid", |ground| ground.write(".gonogoignore", "good\n[z-a]\n"))
            .says(&["it hides nothing"]),
        attack("ignored-by-bytes", |ground| ground.write(".gonogoignore", b"good\n\xff\n")).says(&["it hides nothing"]),
        attack("ignored-by-a-folder", |ground| ground.write(".gonogoignore/a", "good\n")).says(&["it hides nothing"]),
        ignoring("a-database-is-hidden", |ground| ground.write(".gonogoignore", "hidden\n"))
            .says(&["hides 1 file", "hidden by .gonogoignore"])
            .never(&["half written"]),
        ignoring("a-database-is-hidden-in-its-own-folder", |ground| ground.write("hidden/.gonogoignore", "*\n"))
            .says(&["hidden by .gonogoignore"]),
        ignoring("hidden-and-shown-again", |ground| {
            ground.write(".gonogoignore", "*.conf\n");
            ground.write("good/.gonogoignore", "!postgresql.conf\n");
        })
        .says(&["hidden by .gonogoignore"]),
        attack("everything-is-hidden", |ground| ground.write(".gonogoignore", "*\n"))
            .exits(&[3, 4])
            .says(&["hidden by .gonogoignore"])
            .alone(),
        attack("a-configuration-in-a-skipped-folder-is-named", |ground| ground.write("vendor/postgresql.conf", "fsync = off\n"))
            .paths(&["vendor/postgresql.conf"]),
    ]
}

fn names() -> Vec<Attack> {
    let bytes = |name: &'static [u8]| OsStr::from_bytes(name);
    vec![
        attack("a-folder-whose-name-is-not-utf8", move |ground| {
            ground.write(bytes(b"caf\xe9"), "");
            ground.write(std::path::Path::new(bytes(b"d\xe9")).join("postgresql.conf"), "full_page_writes = off\n");
        })
        .says(&["d\\\\xE9/postgresql.conf", "postgresql-full-page-writes-off"])
        .as_process(),
        attack("two-names-that-look-alike-once-decoded", move |ground| {
            ground.write(std::path::Path::new(bytes(b"d\xe9")).join("postgresql.conf"), "full_page_writes = off\n");
            ground.write(std::path::Path::new(bytes(b"d\xff")).join("postgresql.conf"), "autovacuum = off\n");
            ground.write("d\u{fffd}/postgresql.conf", "zero_damaged_pages = on\n");
            ground.write("d\\xE9/postgresql.conf", "ignore_checksum_failure = on\n");
        })
        .says(&["postgresql-full-page-writes-off", "postgresql-autovacuum-off", "d\\\\xE9/postgresql.conf", "d\\\\xFF/postgresql.conf", "d\\\\x5CxE9/postgresql.conf"])
        .as_process(),
        attack("a-named-file-whose-name-is-not-utf8", move |ground| {
            let text = "listen_addresses = '*'\nshared_buffers = 1GB\nwal_level = replica\nmax_connections = 100\nfsync = off\n";
            ground.write(bytes(b"caf\xe9.conf"), text);
        })
        .paths(&["caf\\xE9.conf"])
        .says(&["caf\\\\xE9.conf"])
        .as_process(),
        attack("a-named-file-that-is-missing-and-not-utf8", |_| {}).paths(&["good", "caf\\xE9.conf"]).exits(&[1]).says(&["caf\\\\xE9.conf"]),
        attack("a-mounted-name-that-only-looks-like-a-byte", move |ground| {
            ground.write("compose.yaml", "services:\n  db:\n    image: postgres:17\n    command: -c config_file=/c.conf\n    volumes: ['./a\\xE9.conf:/c.conf']\n");
            ground.write(bytes(b"a\xe9.conf"), "fsync = on\n");
            ground.write("a\\xE9.conf", "full_page_writes = off\n");
        })
        .says(&["postgresql-full-page-writes-off"]),
        attack("an-included-name-that-only-looks-like-a-byte", move |ground| {
            ground.write("db/postgresql.conf", "include 'a\\\\xE9.conf'\n");
            ground.write(std::path::Path::new("db").join(bytes(b"a\xe9.conf")), "fsync = on\n");
            ground.write("db/a\\xE9.conf", "full_page_writes = off\n");
        })
        .says(&["postgresql-full-page-writes-off"]),
        attack("a-name-longer-than-the-system-opens", |_| {})
            .paths(&[concat!("good/", "a123456789b123456789c123456789d123456789e123456789f123456789g123456789h123456789i123456789j123456789k123456789l123456789m123456789n123456789o123456789p123456789q123456789r123456789s123456789t123456789u123456789v123456789w123456789x123456789y123456789z123456789")])
            .exits(&[4])
            .says(&["longer than the system can open"])
            .alone()
            .as_process(),
        attack("a-tree-deeper-than-the-system-opens", |ground| {
            let name = "d".repeat(200);
            let mut folder = fs::File::open(ground.tree("")).unwrap();
            // Made step by step, as a path of its own would be too long.
            for _ in 0..30 {
                let here = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&folder));
                fs::create_dir(format!("{here}/{name}")).unwrap();
                fs::write(format!("{here}/{name}/postgresql.conf"), "autovacuum = off\n").unwrap();
                folder = fs::File::open(format!("{here}/{name}")).unwrap();
            }
        })
        .says(&["longer than the system can open"])
        .as_process(),
        attack("a-name-of-an-include-with-a-null-byte", |ground| ground.write("db/postgresql.conf", "include 'a\0b.conf'\nwork_mem = 4MB\n")),
        attack("a-name-that-is-all-dots", |ground| {
            ground.write(".../postgresql.conf", "full_page_writes = off\n");
        })
        .says(&["postgresql-full-page-writes-off"]),
    ]
}

fn env_files() -> Vec<Attack> {
    let compose = "services:\n  db:\n    image: postgres:${TAG}\n";
    let given = move |name, option: &'static str, prepare: fn(&Ground)| {
        attack(name, move |ground| {
            ground.write("compose.yaml", compose);
            prepare(ground);
        })
        .options(&["--env-file", option])
        .exits(&[1, 2])
    };
    let mut many = String::new();
    (0..100_000).for_each(|number| _ = writeln!(many, "NAME_{number}=x"));
    vec![
        given("given-variables-are-a-pipe", "{tree}/pipe", |ground| ground.fifo("pipe")).as_process(),
        given("given-variables-are-a-device", "/dev/zero", |_| {}).as_process(),
        given("given-variables-are-sparse", "{tree}/env", |ground| ground.sparse("env", 1 << 40)).as_process(),
        given("given-variables-are-a-folder", "{tree}/good", |_| {}),
        given("given-variables-are-missing", "{tree}/nowhere", |_| {}),
        attack("given-variables-are-many", move |ground| {
            ground.write("compose.yaml", compose);
            ground.write("env", &many);
        })
        .options(&["--env-file", "{tree}/env"])
        .as_process(),
    ]
}
