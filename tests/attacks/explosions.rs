//! Inputs that explode: a small text that would become seconds and gigabytes is bounded, what is cut off is said, and what
//! was read is judged.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::frame::{Attack, CANARY, Ground, attack};

/// Longest time that a row takes to be made; what is too slow to write is no attack of a pull request.
const LONGEST_TO_WRITE: Duration = Duration::from_secs(5);

pub fn rows() -> Vec<Attack> {
    [variables(), includes(), lists(), repeats(), aliases(), projects(), others()].into_iter().flatten().collect()
}

/// Lines that count.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A row of one file of a folder of its own.
fn file(name: &'static str, path: &'static str, text: impl Fn() -> String + Send + Sync + 'static) -> Attack {
    attack(name, move |ground| {
        let started = Instant::now();
        ground.write(format!("hostile/{path}"), text());
        assert!(started.elapsed() < LONGEST_TO_WRITE, "{name} is slow to write");
    })
}

/// A compose file with one database, whose password is the variable `LAST`.
const DATABASE: &str = "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${LAST}\n";

/// Variables that each hold the one before `form` says how often.
fn variable_lines(count: usize, form: &str) -> String {
    let mut text = "A0=x\n".to_owned();
    for number in 1..count {
        let _ = writeln!(text, "A{number}={}", form.replace('?', &(number - 1).to_string()));
    }
    let _ = writeln!(text, "LAST=${{A{}}}", count - 1);
    text
}

fn dotenv(name: &'static str, text: impl Fn() -> String + Send + Sync + 'static) -> Attack {
    file(name, ".env", text)
}

fn variables() -> Vec<Attack> {
    let with_database = |ground: &Ground, env: String| {
        ground.write("hostile/.env", env);
        ground.write("hostile/compose.yaml", DATABASE);
    };
    vec![
        dotenv("variables-double", || variable_lines(40, "${A?}${A?}")).says(&["not expanded"]).as_process(),
        attack("variables-double-for-a-compose-file", move |ground| with_database(ground, variable_lines(40, "${A?}${A?}")))
            .says(&["A18 expands to more than"])
            .as_process(),
        attack("variables-double-in-defaults", move |ground| {
            with_database(ground, variable_lines(40, "${U:-${A?}${A?}}"));
        })
        .says(&["not expanded"]),
        attack("variables-double-in-replacements", move |ground| {
            with_database(ground, variable_lines(40, "${A0:+${A?}${A?}}"));
        })
        .says(&["not expanded"]),
        attack("variables-double-with-a-secret-in-them", move |ground| {
            let secret = variable_lines(40, "${A?}${A?}").replacen("A0=x", &format!("A0={CANARY}"), 1);
            with_database(ground, secret.replace("LAST", "DB_PASSWORD"));
        })
        .says(&["not expanded"]),
        attack("variables-double-in-an-env-file", |ground| {
            ground.write("hostile/db.env", variable_lines(40, "${A?}${A?}"));
            ground.write("hostile/compose.yaml", "services:\n  db:\n    image: postgres:16\n    env_file: db.env\n");
        })
        .says(&["not expanded"]),
        attack("variables-double-on-the-command-line", |ground| {
            ground.write("hostile/more.env", variable_lines(40, "${A?}${A?}"));
            ground.write("hostile/compose.yaml", DATABASE);
        })
        .options(&["--env-file", "{tree}hostile/more.env"])
        .says(&["not expanded"]),
        attack("variables-grow-in-a-chain", move |ground| with_database(ground, variable_lines(8_000, "${A?}x")))
            .says(&["expand to more than"])
            .as_process(),
        attack("a-long-variable-is-used-often", |ground| {
            ground.write("hostile/.env", format!("BIG={}\n", "y".repeat(50_000)));
            let uses = lines(1_000, |number| format!("      V{number}: $BIG\n"));
            ground.write("hostile/compose.yaml", format!("services:\n  db:\n    image: postgres:16\n    environment:\n{uses}"));
        })
        .says(&["expand to more than"])
        .as_process(),
        attack("a-long-variable-is-passed-on-often", |ground| {
            ground.write("hostile/.env", format!("BIG={}\n", "y".repeat(100_000)));
            let uses = "      - BIG\n".repeat(500);
            ground.write("hostile/compose.yaml", format!("services:\n  db:\n    image: postgres:16\n    environment:\n{uses}"));
        })
        .says(&["expand to more than"]),
        dotenv("a-long-variable-is-repeated-by-its-name", || format!("BIG={}\n{}", "y".repeat(100_000), "BIG\n".repeat(500)))
            .says(&["expand to more than"]),
        file("one-text-of-many-variables", "compose.yaml", || {
            format!("services:\n  app:\n    image: app:1\n    command: \"{}\"\n", "${X:-y} ".repeat(20_000))
        })
        .as_process(),
    ]
}

/// Files that each include the next one so often.
fn nest(ground: &Ground, first: &str, times: usize, directive: impl Fn(&str) -> String, last: &str) {
    ground.write(format!("hostile/{first}"), directive("a1").repeat(times));
    for level in 1..10 {
        ground.write(format!("hostile/a{level}"), directive(&format!("a{}", level + 1)).repeat(times));
    }
    ground.write("hostile/a10", last);
}

fn includes() -> Vec<Attack> {
    let quoted = |name: &str| format!("include '{name}'\n");
    let plain = |name: &str| format!("include {name}\n");
    vec![
        attack("conf-includes-double", move |ground| {
            nest(ground, "postgresql.conf", 10, quoted, "work_mem = 4MB\n");
        })
        .options(&["--engine-version", "17"])
        .says(&["from here on no other is read"])
        .as_process(),
        attack("conf-includes-in-a-circle", |ground| {
            ground.write("hostile/postgresql.conf", "include 'b.conf'\n".repeat(20));
            ground.write("hostile/b.conf", "include 'postgresql.conf'\n".repeat(20));
        })
        .says(&["eleventh level of includes"]),
        attack("hba-includes-double", move |ground| {
            nest(ground, "pg_hba.conf", 10, plain, "host all all 10.0.0.0/8 md5\n");
        })
        .options(&["--engine-version", "17"])
        .says(&["the rest was not read"]),
        attack("hba-includes-in-a-circle", |ground| {
            ground.write("hostile/pg_hba.conf", "host all all 0.0.0.0/0 md5\ninclude b\n".repeat(20));
            ground.write("hostile/b", "include pg_hba.conf\n".repeat(20));
        })
        .says(&["hba-md5"]),
        attack("ident-includes-double", move |ground| {
            ground.write("hostile/pg_hba.conf", "local all all peer map=m\n");
            nest(ground, "pg_ident.conf", 10, plain, "m a b\n");
        })
        .options(&["--engine-version", "17"])
        .says(&["the rest was not read"]),
        attack("include-dir-of-many-files", |ground| {
            ground.write("hostile/postgresql.conf", "include_dir 'conf.d'\n");
            for number in 0..1_200 {
                ground.write(format!("hostile/conf.d/{number:05}.conf"), "log_min_messages = warning\n");
            }
            ground.write("hostile/conf.d/99999.conf", "full_page_writes = off\n");
        })
        .says(&["postgresql-full-page-writes-off"])
        .as_process(),
        attack("include-of-many-files", |ground| {
            ground.write("hostile/postgresql.conf", lines(1_200, |number| format!("include 'c{number}.conf'\n")));
            for number in 0..1_200 {
                ground.write(
                    format!("hostile/c{number}.conf"),
                    if number == 1_199 { "full_page_writes = off\n" } else { "work_mem = 4MB\n" },
                );
            }
        })
        .says(&["postgresql-full-page-writes-off"]),
        attack("include-of-more-files-than-are-read", |ground| {
            let of = |folder: &str| format!("include_dir '{folder}'\n");
            ground.write("hostile/postgresql.conf", of("x").repeat(60));
            for number in 0..200 {
                ground.write(format!("hostile/x/{number:05}.conf"), "work_mem = 4MB\n");
            }
            ground.write("hostile/last.conf", "full_page_writes = off\n");
        })
        .options(&["--engine-version", "17"])
        .says(&["from here on no other is read"]),
    ]
}

fn lists() -> Vec<Attack> {
    vec![
        attack("hba-lists-of-many-names-on-many-lines", |ground| {
            ground.write("hostile/pg_hba.conf", lines(100, |number| format!("host all @names 10.0.{number}.0/24 md5\n")));
            ground.write("hostile/names", lines(5_000, |number| format!("user{number}\n")));
        })
        .options(&["--engine-version", "17"])
        .says(&["hba-md5", "the rest was not read"])
        .as_process(),
        attack("hba-lists-nest-too-deep", |ground| {
            ground.write("hostile/pg_hba.conf", "host all @n1 0.0.0.0/0 md5\n");
            for level in 1..14 {
                ground.write(format!("hostile/n{level}"), format!("@n{}\n", level + 1));
            }
            ground.write("hostile/n14", "bob\n");
        })
        .says(&["hba-md5", "nests deeper than the server reads"])
        .as_process(),
        attack("hba-lists-in-a-circle", |ground| {
            ground.write("hostile/pg_hba.conf", "host all @n1 0.0.0.0/0 md5\n");
            ground.write("hostile/n1", "@n2,@n2,@n2,@n2\n");
            ground.write("hostile/n2", "@n1,@n1,@n1,@n1\n");
        })
        .says(&["hba-md5", "nests deeper than the server reads"]),
        attack("hba-lists-double", |ground| {
            ground.write("hostile/pg_hba.conf", "host all @n1 0.0.0.0/0 md5\n");
            for level in 1..9 {
                ground.write(format!("hostile/n{level}"), format!("@n{} ", level + 1).repeat(10));
            }
            ground.write("hostile/n9", "bob\n");
        })
        .says(&["hba-md5"]),
        file("hba-two-long-lists", "pg_hba.conf", || {
            let names = |order: &mut dyn Iterator<Item = usize>| order.map(|number| format!("d{number}")).collect::<Vec<_>>().join(",");
            let (up, down) = (names(&mut (0..40_000)), names(&mut (0..40_000).rev()));
            format!("host {up} all 10.0.0.0/8 md5\nhost {down} all 10.0.0.0/8 md5\n")
        })
        .says(&["hba-md5"])
        .as_process(),
        file("hba-many-host-names", "pg_hba.conf", || lines(1_000, |number| format!("host all all h{number}.example.com md5\n")))
            .options(&["--engine-version", "17"])
            .says(&["hba-md5"])
            .as_process(),
        file("hba-more-rules-than-are-read", "pg_hba.conf", || "host all all 10.0.0.0/8 md5\n".repeat(10_500))
            .options(&["--engine-version", "17"])
            .says(&["hba-md5", "not read"])
            .as_process(),
        file("hba-many-fields", "pg_hba.conf", || format!("host all all 10.0.0.0/8 md5 {}\n", "a=b ".repeat(50_000)))
            .says(&["more than 1000 fields"])
            .as_process(),
        file("hba-many-bad-lines", "pg_hba.conf", || lines(2_000, |number| format!("host all all 10.0.0.0/99 m{number}\n")))
            .options(&["--engine-version", "17"])
            .says(&["places are listed"]),
        attack("ident-many-bad-lines", |ground| {
            ground.write("hostile/pg_hba.conf", "local all all peer map=m\n");
            ground.write("hostile/pg_ident.conf", lines(5_000, |number| format!("m u{number}\n")));
        })
        .options(&["--engine-version", "17"])
        .says(&["places are listed"]),
        attack("ident-more-lines-than-are-read", |ground| {
            ground.write("hostile/pg_hba.conf", "local all all peer map=m\n");
            ground.write("hostile/pg_ident.conf", lines(10_500, |number| format!("m u{number} d{number}\n")));
        })
        .options(&["--engine-version", "17"])
        .says(&["were not read"]),
    ]
}

fn repeats() -> Vec<Attack> {
    let conf = |name, text: fn() -> String| file(name, "postgresql.conf", text);
    vec![
        conf("one-setting-again-and-again", || format!("{}full_page_writes = off\n", "work_mem = 4MB\n".repeat(3_000)))
            .options(&["--engine-version", "17"])
            .says(&["postgresql-full-page-writes-off", "places are listed"])
            .as_process(),
        conf("one-setting-to-many-values", || {
            format!("{}full_page_writes = off\n", lines(3_000, |number| format!("full_page_writes = on # {number}\n")))
        })
        .options(&["--engine-version", "17"])
        .says(&["postgresql-full-page-writes-off", "places are listed"]),
        conf("many-unknown-settings", || format!("full_page_writes = off\n{}", lines(3_000, |number| format!("nosuch_{number} = 1\n"))))
            .options(&["--engine-version", "17"])
            .says(&["unknown-setting: the first 1000 places are listed"])
            .as_process(),
        conf("many-custom-settings", || lines(3_000, |number| format!("my.own_{number} = 1\n")))
            .options(&["--engine-version", "17"])
            .says(&["are listed, this one is not"])
            .as_process(),
        conf("many-wrong-values", || lines(3_000, |number| format!("work_mem = 'z{number}'\n")))
            .options(&["--engine-version", "17"])
            .says(&["places are listed"]),
        conf("many-syntax-errors", || "= = =\n".repeat(20_000)),
        conf("one-long-list", || {
            format!("shared_preload_libraries = '{}'\n", (0..20_000).map(|n| format!("l{n}")).collect::<Vec<_>>().join(","))
        }),
        conf("one-long-name", || format!("{} = 1\n", "x".repeat(1_000_000))).as_process(),
        file("ignore-comments-of-many-rules", "postgresql.conf", || {
            format!(
                "full_page_writes = off\nwork_mem = 4MB # gonogo: ignore[{}] x\n",
                (0..20_000).map(|n| format!("r-{n}")).collect::<Vec<_>>().join(",")
            )
        })
        .says(&["postgresql-full-page-writes-off"]),
        file("patroni-many-bad-rules", "patroni.yml", || {
            let rules = "    - nonsense\n".repeat(2_000);
            format!("scope: a\nname: b\npostgresql:\n  data_dir: /x\n  listen: 127.0.0.1:5432\n  pg_hba:\n{rules}")
        })
        .says(&["places are listed"]),
    ]
}

/// A compose file with an anchored mapping of so many variables that so many services take over.
fn anchored(variables: usize, services: usize, takes_over: &str) -> String {
    let anchor = lines(variables, |number| format!("  V{number}: v\n"));
    let services = lines(services, |number| format!("  s{number}:\n    image: postgres:16\n    environment: {takes_over}\n"));
    format!("x-shared: &shared\n{anchor}services:\n{services}")
}

fn aliases() -> Vec<Attack> {
    let compose = |name, text: fn() -> String| file(name, "compose.yaml", text);
    vec![
        compose("an-anchor-of-many-variables-for-many-services", || anchored(1_000, 200, "*shared")).says(&["copy more than"]).as_process(),
        compose("a-merge-key-of-many-variables-for-many-services", || anchored(1_000, 200, "{<<: *shared, X: y}"))
            .says(&["copy more than"])
            .as_process(),
        compose("an-anchor-of-a-long-text-for-many-services", || {
            let services = lines(500, |number| format!("  s{number}:\n    image: postgres:16\n    command: *words\n"));
            format!("x-words: &words {}\nservices:\n{services}", "x ".repeat(20_000))
        })
        .says(&["copy more than"])
        .as_process(),
        compose("merge-keys-in-a-chain", || {
            let mut text = "x-0: &a0\n  k0: v\n".to_owned();
            for number in 1..200 {
                let _ = write!(text, "x-{number}: &a{number}\n  <<: *a{}\n  k{number}: v\n", number - 1);
            }
            text + "services:\n" + &lines(200, |number| format!("  s{number}:\n    <<: *a199\n    image: postgres:16\n"))
        })
        .says(&["copy more than"]),
        compose("merge-keys-that-double", || {
            let mut text = "x-0: &a0 {image: 'postgres:16'}\n".to_owned();
            for number in 1..20 {
                let list = vec![format!("*a{}", number - 1); 20].join(", ");
                let _ = write!(text, "x-{number}: &a{number}\n  <<: [{list}]\n");
            }
            text + "services:\n  s:\n    <<: *a19\n"
        }),
        compose("aliases-that-double", || {
            let mut text = "x-0: &a0 [x, x]\n".to_owned();
            for number in 1..40 {
                let _ = writeln!(text, "x-{number}: &a{number} [*a{0}, *a{0}]", number - 1);
            }
            text + "services:\n  s:\n    image: postgres:16\n"
        }),
        compose("brackets-without-end", || format!("services: {}", "[".repeat(300_000))).as_process(),
        compose("braces-without-end", || format!("services: {}", "{a: ".repeat(100_000))),
    ]
}

fn projects() -> Vec<Attack> {
    vec![
        attack("an-env-file-of-many-lines-for-many-services", |ground| {
            ground.write("hostile/db.env", lines(1_000, |number| format!("V{number}=v\n")));
            let services = lines(200, |number| format!("  s{number}:\n    image: app:1\n    env_file: db.env\n"));
            ground.write("hostile/compose.yaml", format!("services:\n{services}"));
        })
        .says(&["variables into the services"])
        .as_process(),
        attack("an-env-file-named-again-and-again", |ground| {
            ground.write("hostile/db.env", lines(1_000, |number| format!("V{number}=v\n")));
            let names = "      - db.env\n".repeat(2_000);
            ground.write("hostile/compose.yaml", format!("services:\n  db:\n    image: postgres:16\n    env_file:\n{names}"));
        })
        .says(&["variables into the services"]),
        file("more-services-than-are-read", "compose.yaml", || {
            format!("services:\n{}", lines(1_100, |number| format!("  s{number}:\n    image: app:1\n")))
        })
        .says(&["more than 1000 services"])
        .as_process(),
        file("services-of-many-documents", "compose.yaml", || {
            lines(1_100, |number| format!("---\nservices:\n  s{number}:\n    image: app:1\n"))
        })
        .says(&["more than 1000 services"]),
        file("a-chain-of-dependencies", "compose.yaml", || {
            format!("services:\n{}", lines(1_000, |number| format!("  s{}:\n    image: app:1\n    depends_on: [s{number}]\n", number + 1)))
        }),
        file("many-settings-on-a-command-line", "compose.yaml", || {
            let words = lines(3_000, |number| format!("-c my.own_{number}=4MB "));
            format!("services:\n  db:\n    image: postgres:16\n    command: postgres {words}\n")
        })
        .says(&["are listed, this one is not"])
        .as_process(),
    ]
}

fn others() -> Vec<Attack> {
    vec![
        attack("gonogo-toml-with-many-unknown-rules", |ground| {
            ground.write("gonogo.toml", format!("[severity]\n{}", lines(20_000, |number| format!("r{number} = \"low\"\n"))));
        })
        .exits(&[2])
        .as_process(),
        attack("gonogo-toml-with-many-unknown-keys", |ground| {
            ground.write("gonogo.toml", lines(20_000, |number| format!("a{number} = 1\n")));
        })
        .exits(&[2]),
        attack("gonogo-toml-with-brackets-without-end", |ground| {
            ground.write("gonogo.toml", format!("a = {}", "[".repeat(300_000)));
        })
        .exits(&[2])
        .as_process(),
    ]
}
