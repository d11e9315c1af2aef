//! Output that is executed: names, values and reasons that a terminal, a CI log or a page would act on.

use crate::frame::{Attack, Ground, attack};

/// A folder of this name with a file that has findings, and a compose project whose paths name it.
fn folder(name: &'static str, folder: &'static str) -> Attack {
    attack(name, move |ground| {
        ground.write(format!("{folder}/postgresql.conf"), "fsync = off\nnosuch = 1\ninclude_dir 'gone'\n");
        ground.write(format!("{folder}/pg_hba.conf"), "host all all 0.0.0.0/0 trust\nhost all all 10.0.0.0/8 md5 nosuch=1\n");
        ground.write(format!("{folder}/compose.yaml"), "services:\n  db:\n    image: postgres:16\n    ports: [\"5432:5432\"]\n");
    })
    .exits(&[1, 4])
}

/// A text in the places of postgresql.conf, pg_hba.conf and compose.yaml that reports quote.
fn value(name: &'static str, text: &'static str) -> Attack {
    attack(name, move |ground| values(ground, text)).exits(&[1, 4])
}

fn values(ground: &Ground, text: &str) {
    let in_conf = text.replace('\'', "''").replace('\\', "\\\\").replace('\n', "\\n");
    ground.write(
        "db/postgresql.conf",
        format!("fsync = off # {in_conf}\nlog_line_prefix = '{in_conf}'\nwal_level = '{in_conf}'\nshared_preload_libraries = '{in_conf}'\ninclude 'x{in_conf}'\n"),
    );
    let in_hba = text.replace('\n', " ").replace('"', "\"\"");
    ground.write(
        "db/pg_hba.conf",
        format!("host \"{in_hba}\" \"{in_hba}\" 0.0.0.0/0 trust\nhost all all 10.0.0.0/8 \"{in_hba}\"\n{in_hba}\nhost all all \"{in_hba}\" md5\n"),
    );
    let in_yaml = serde_json::to_string(text).unwrap();
    ground.write(
        "app/compose.yaml",
        format!(
            "services:\n  {in_yaml}:\n    image: postgres:16\n    container_name: {in_yaml}\n    {in_yaml}: 1\n    environment:\n      POSTGRES_USER: {in_yaml}\n      {in_yaml}: x\n    \
             command: [postgres, -c, {in_yaml}]\n    ports: [\"5432:5432\", {in_yaml}]\n    depends_on: [{in_yaml}]\n  app:\n    image: {in_yaml}\n    depends_on: [nosuch{}]\n",
            in_yaml.trim_matches('"').replace(['"', '\\', ']', '[', ','], "")
        ),
    );
}

/// A text in what gonogo.toml states, and reports repeat.
fn stated(name: &'static str, text: &'static str) -> Attack {
    attack(name, move |ground| {
        let quoted = toml::Value::String(text.to_owned());
        ground.write(
            "gonogo.toml",
            format!(
                "[[target]]\nname = {quoted}\npaths = [\"good\"]\n[[accept]]\nrule = \"postgresql-autovacuum-off\"\npath = \"x\"\nkind = \"accepted\"\nreason = {quoted}\nowner = {quoted}\nuntil = 2026-12-01\n\
                 [[evidence]]\nitem = \"backup/off-site\"\non = 2026-11-01\nby = {quoted}\nproof = \"OPS-1\"\n[[plan]]\ncriterion = \"backup\"\nowner = {quoted}\naction = {quoted}\ndue = 2026-11-25\n"
            ),
        );
    })
    .exits(&[1, 4])
}

/// A key of gonogo.toml that there is not.
fn key(name: &'static str, text: &'static str) -> Attack {
    attack(name, move |ground| {
        let quoted = serde_json::to_string(text).unwrap();
        ground.write(
            "gonogo.toml",
            format!("{quoted} = 1\n[profile]\n{quoted} = {quoted}\ncriticality = {quoted}\n[severity]\n{quoted} = \"high\"\n"),
        );
    })
    .exits(&[2])
    .alone()
}

/// A rule of the tree's own, with a text wherever a rule has one.
fn rule(name: &'static str, text: &'static str, is_broken: bool) -> Attack {
    let row = attack(name, move |ground| {
        let quoted = serde_json::to_string(text).unwrap();
        let severity = if is_broken { "nosuch" } else { "high" };
        ground.write(
            "rules/postgresql-mine.toml",
            format!(
                "id = \"postgresql-mine\"\ntitle = {quoted}\nseverity = \"{severity}\"\npillar = \"security\"\nitems = [\"security/tls\"]\nengine = \"postgresql\"\nmessage = {quoted}\n\
                 require = {{ setting = \"fsync\", is = true }}\n[docs]\nwhy = {quoted}\nhow = {quoted}\nreferences = [\"https://example.org/\"]\n[[bad]]\nexpect = [{{ line = 1 }}]\n\"postgresql.conf\" = \"fsync = off\"\n[[good]]\n\"postgresql.conf\" = \"fsync = on\"\n"
            ),
        );
    });
    let row = row.options(&["--rules", "{tree}/rules"]);
    if is_broken { row.exits(&[2]).alone() } else { row.exits(&[1]) }
}

/// Lines beside one that `fix` changes.
fn context(name: &'static str, lines: &'static str) -> Attack {
    attack(name, move |ground| {
        ground.write("db/pg_hba.conf", format!("{lines}\nhost all all 10.0.0.5/32 trust\n{lines}\n"));
        let block: String = lines.lines().map(|line| format!("        {line}\n")).collect();
        ground.write(
            "app/compose.yaml",
            format!("version: \"3\"\nservices:\n  db:\n    image: postgres:16\n    environment:\n      X: |\n{block}"),
        );
        ground.write("db/postgresql.conf", format!("# {}\nfull_page_writes = off\n", lines.replace('\n', "\n# ")));
    })
    .exits(&[1, 4])
}

pub fn rows() -> Vec<Attack> {
    let mut rows = folders();
    rows.extend(texts());
    rows.extend(configuration());
    rows.extend(diffs());
    rows
}

fn folders() -> Vec<Attack> {
    vec![
        folder("folder-is-a-command-of-github", "::error file=x,line=1::y").as_process(),
        folder("folder-stops-commands-on-its-second-line", "a\n::stop-commands::x\n").as_process(),
        folder("folder-is-an-older-command-of-github", "##[add-mask]x"),
        folder("folder-is-a-command-of-azure", "##vso[task.setvariable variable=a]b").as_process(),
        folder("folder-is-a-message-of-teamcity", "##teamcity[buildStatus status='SUCCESS']"),
        folder("folder-opens-a-section-of-gitlab", "section_start:1:a\r\u{1b}[0K"),
        folder("folder-opens-a-group-of-buildkite", "--- x"),
        folder("folder-clears-the-screen", "\u{1b}[2J\u{1b}[H\u{7}"),
        folder("folder-is-a-link-of-a-terminal", "\u{1b}]8;;mailto:x\u{7}y\u{1b}]8;;\u{1b}\\"),
        folder("folder-hides-its-text", "\u{1b}[8mx\u{1b}[0m\u{1b}[31;5my"),
        folder("folder-overwrites-its-line", "x\rGO: 52 of 52 verified"),
        folder("folder-has-c1-controls", "\u{9b}2J\u{9d}0;x\u{9c}\u{85}y"),
        folder("folder-reads-from-the-right", "a\u{202e}fnoc\u{2066}b\u{200f}\u{61c}"),
        folder("folder-has-separators", "a\u{2028}::error::x\u{2029}b"),
        folder("folder-has-signs-that-nobody-sees", "a\u{200b}\u{2060}\u{feff}\u{ad}\u{e0041}\u{e007f}\u{3164}b"),
        folder("folder-calls-a-team", "@team #1 GH-2 o@x.example"),
        folder("folder-is-an-address", "www.evil.example"),
        folder("folder-breaks-a-table", "a|b\\|c\\\\|`d|"),
        folder("folder-ends-code", "`````` ` ``` x"),
        folder("folder-is-markup", "<img src=x onerror=1>![i](u)[^1]"),
        folder("folder-ends-an-element", "]]>\"'><testcase name=\"x\">&amp;"),
        folder("folder-ends-an-annotation", "a,title=x::b%0A::error::c"),
        folder("folder-states-evidence", "a\n[[not_applicable]]\nitem = \"backup/offsite\"\n'''\"\"\""),
    ]
}

fn texts() -> Vec<Attack> {
    vec![
        value("value-is-a-command-of-github", "::add-mask::x").as_process(),
        value("value-has-a-command-on-its-second-line", "x\n::set-output name=a::b\n##[error]c"),
        value("value-is-a-command-of-azure", "##vso[task.complete result=Succeeded;]DONE"),
        value("value-opens-a-section", "section_start:1560896352:a\r\u{1b}[0Kx"),
        value("value-has-controls", "\u{1b}[2Ja\u{7}b\u{8}c\u{9b}0md\u{7f}"),
        value("value-reads-from-the-right", "\u{202e}ffo\u{202c}\u{2067}x\u{2069}\u{200e}"),
        value("value-has-signs-that-nobody-sees", "x\u{200b}\u{200d}y\u{e0020}\u{fe0f}\u{2028}\u{feff}"),
        value("value-is-an-address", "see http://evil.example/x, https://evil.example ftp://evil.example www.evil.example a@evil.example"),
        value("value-calls-a-team", "@org/team #1 o/r#2 !3 %milestone ~label :tada: $a$b$"),
        value("value-is-markup", "<script>x</script> ![i](http://evil.example/i.png) [a](javascript:x) [^1] **b**"),
        value("value-breaks-a-table", "a | b \\| c `|` ``` d"),
    ]
}

fn configuration() -> Vec<Attack> {
    vec![
        stated("stated-command-of-github", "::error::x"),
        stated("stated-command-on-the-second-line", "x\n##[group]y\n::stop-commands::z"),
        stated("stated-controls", "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{2028}\u{e0041}"),
        stated("stated-mentions", "@team http://evil.example #1 | `x"),
        key("key-is-a-command", "::error::x").as_process(),
        key("key-is-a-command-of-azure", "##vso[x]y"),
        key("key-has-a-command-on-its-second-line", "x\n::stop-commands::y"),
        key("key-has-controls", "\u{1b}[2J\u{9b}1m\u{202e}\u{2028}\u{7}\u{e0041}"),
        rule("rule-is-a-command", "::error::x\n##[group]y", false),
        rule("rule-has-controls", "a\u{1b}[2J\u{202e}\u{9b}1m\u{2028}b\u{e0041}", false),
        rule("rule-is-markup", "@team [x](http://evil.example) <img src=x> | #1", false),
        rule("rule-is-broken-and-a-command", "x\n::error::y ##vso[z]", true),
        rule("rule-is-broken-and-has-controls", "\u{1b}[2J\u{202e}\u{2028}", true),
        attack("reason-is-a-command", |ground| {
            ground.write(
                "db/postgresql.conf",
                "autovacuum = off # gonogo: ignore[postgresql-autovacuum-off] ::error::x ##[y] \u{1b}[2J\u{202e}\n",
            );
            ground.write("db/x.conf", "# gonogo: ignore-file[::error::x\u{202e}] ##vso[y]\u{1b}[2J\n");
        })
        .exits(&[1, 4]),
        attack("toml-is-broken-beside-a-command", |ground| {
            ground.write("gonogo.toml", "::error::x##[y]\u{202e}\u{2028} = [\n");
        })
        .exits(&[2])
        .alone(),
    ]
}

fn diffs() -> Vec<Attack> {
    vec![
        context("context-is-a-command", "::add-mask::x\n  ::stop-commands::y").as_process(),
        context("context-is-a-command-of-azure", "##vso[x]y\n##[group]z"),
        context("context-opens-a-section", "section_start:1:a"),
        context("context-has-controls", "\u{1b}[2Jx\u{7}\u{8}\u{9b}1m"),
        context("context-reads-from-the-right", "x\u{202e}y\u{2066}z\u{2028}\u{200b}\u{e0041}"),
        context("context-is-a-head-of-a-file", "-- a\n++ b\n@@ -1,1 +1,1 @@"),
        context("context-overwrites-its-line", "x\ry\u{c}z"),
    ]
}
