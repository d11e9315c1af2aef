//! Every format and command, every field that a file can fill, every sign and text that would be executed, hidden or shown
//! as something else: nothing of it gets out as it is.

use std::fs;
use std::path::Path;

use crate::oracle::is_harmless;

/// Signs that act on a terminal, change the order of text, or are not seen.
const SIGNS: [&str; 7] = [
    "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{b}\u{c}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{7f}",
    "a\rb\tc\nd",
    "\u{80}\u{84}\u{85}\u{8d}\u{90}\u{98}\u{9b}2J\u{9c}\u{9d}\u{9e}\u{9f}",
    "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{2028}\u{2029}",
    "\u{ad}\u{34f}\u{115f}\u{17b4}\u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{2061}\u{2064}\u{206a}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{fffb}",
    "\u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e0041}\u{e007f}\u{e0100}\u{fffe}\u{10ffff}",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]8;;mailto:x\u{7}link\u{1b}]8;;\u{7}\u{1b}[8mgone\u{1b}]52;c;eA==\u{7}",
];

/// Texts that a CI service or a page acts on.
const TEXTS: [&str; 12] = [
    "::error file=a,line=1::x",
    "::stop-commands::x",
    "x\n::add-mask::y\n  ::set-output name=a::b\n##[group]c",
    "##[add-matcher]x ##vso[task.setvariable variable=a]b ##teamcity[x]",
    "section_start:1:a\r\u{1b}[0K travis_fold:start:x",
    "--- x\n+++ y\n~~~ z",
    "@team a@evil.example www.evil.example #1 GH-2 !3 $a$",
    "[x](javascript:1) ![i](u) [^1] <img src=x> **b** `c` ~~d~~",
    "a|b\\|c\\\\|d",
    "``` `````` `",
    "]]>\"'><testcase name=\"x\">&amp;&#27;",
    "%0A::error::x%25,title=y",
];

/// The text as a string of JSON, which YAML takes as well.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn write(tree: &Path, path: &str, text: &str) {
    let path = tree.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A tree in which a text stands wherever a file can put one.
fn fill(tree: &Path, evil: &str) {
    let name = evil.replace('/', "_");
    let line = evil.replace(['\n', '\r'], " ");
    let in_conf = evil.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n");
    let in_hba = line.replace('"', "\"\"");
    let json = quoted(evil);
    write(
        tree,
        &format!("{name}/postgresql.conf"),
        &format!(
            "fsync = off\nlog_checkpoints = off # {line}\nautovacuum = off # gonogo: ignore[postgresql-autovacuum-off] {line}\nlog_line_prefix = '{in_conf}'\nwal_level = '{in_conf}'\n\
             search_path = '{in_conf}'\narchive_command = '{in_conf}'\narchive_mode = on\nssl_cert_file = '{in_conf}'\nssl = on\nnosuch = '{in_conf}'\nlisten_addresses = '*'\ninclude 'x{in_conf}'\n{line}\n"
        ),
    );
    write(
        tree,
        &format!("{name}/pg_hba.conf"),
        &format!(
            "{line}\nhost all all 10.0.0.5/32 trust\n{line}\nhost \"{in_hba}\" \"{in_hba}\" 0.0.0.0/0 trust\nhost all \"{in_hba}\" \"{in_hba}\" md5\nhost all all 10.0.0.0/8 \"{in_hba}\"\n\
             hostssl all all all ldap ldapserver=\"{in_hba}\" \"{in_hba}\"=1\nhost all all all cert map=\"{in_hba}\"\n@\"{in_hba}\"\n"
        ),
    );
    write(tree, &format!("{name}/pg_ident.conf"), &format!("\"{in_hba}\" \"{in_hba}\" \"{in_hba}\"\n{line}\n"));
    write(
        tree,
        "app/compose.yaml",
        &format!(
            "version: \"3\"\nname: {json}\nservices:\n  {json}:\n    image: postgres:16\n    container_name: {json}\n    {json}: 1\n    environment:\n      POSTGRES_USER: {json}\n      {json}: x\n\
             \x20   command: [postgres, -c, {json}, -c, fsync=off]\n    ports: [\"5432:5432\", {json}]\n    volumes: [{json}]\n    env_file: {json}\n    networks: [{json}]\n\
             \x20   healthcheck: {{test: {json}}}\n    labels:\n      - {json}\n  app:\n    image: {json}\n    depends_on: [{json}, nosuch]\n    environment:\n      DATABASE_URL: {}\n",
            quoted(&format!("postgres://u@{evil}/x?sslmode=disable"))
        ),
    );
    write(tree, "app/.env", &format!("{line}=x\nA='{line}'\nB=${{{line}}}\n{line}\n"));
    write(
        tree,
        "patroni.yml",
        &format!(
            "scope: {json}\nname: {json}\nrestapi: {{listen: {json}}}\npostgresql:\n  listen: \"0.0.0.0:5432\"\n  parameters: {{fsync: off, log_line_prefix: {json}, {json}: 1}}\n  pg_hba: [{json}]\n"
        ),
    );
    write(tree, "broken/compose.yaml", &format!("services:\n  db:\n   image: [\n{line}: {json}\n"));
    write(tree, &format!("skipped/{name}.j2/pg_hba.conf"), "{% for x in y %}\nhost all all {{ x }} md5\n{% endfor %}\n");
}

/// What gonogo.toml states, with the text wherever it takes one; without what is refused as empty.
fn statements(tree: &Path, evil: &str) {
    let toml = quoted(evil).replace('\u{7f}', "\\u007f");
    write(
        tree,
        "gonogo.toml",
        &format!(
            "[[target]]\nname = {toml}\npaths = [\"app\"]\n[[accept]]\nrule = \"postgresql-autovacuum-off\"\npath = \"x\"\nkind = \"accepted\"\nreason = {toml}\nowner = {toml}\nuntil = 2026-12-01\n\
             [[evidence]]\nitem = \"backup/off-site\"\non = 2026-11-01\nby = {toml}\nproof = \"OPS-1\"\n[[plan]]\ncriterion = \"backup\"\nowner = {toml}\naction = {toml}\ndue = 2026-11-25\n\
             [[not_applicable]]\nitem = \"security/row-level-security\"\nreason = {toml}\nby = {toml}\n"
        ),
    );
}

/// A rule with the text wherever a rule has one; `severity` may be wrong.
fn rule(tree: &Path, evil: &str, severity: &str) {
    let toml = quoted(evil.replace(['{', '}'], "").as_str()).replace('\u{7f}', "\\u007f");
    write(
        tree,
        "rules/postgresql-mine.toml",
        &format!(
            "id = \"postgresql-mine\"\ntitle = {toml}\nseverity = {severity}\npillar = \"security\"\nitems = [\"security/tls\"]\nengine = \"postgresql\"\nmessage = {toml}\nfound = {toml}\nexpected = {toml}\n\
             [require]\nsetting = \"fsync\"\nis = true\n[docs]\nwhy = {toml}\nhow = {toml}\nreferences = [\"https://example.org/\"]\n\
             [[bad]]\nexpect = [{{ line = 1 }}]\n\"postgresql.conf\" = \"fsync = off\"\n[[good]]\n\"postgresql.conf\" = \"fsync = on\"\n"
        ),
    );
}

/// Whether a command line or a file that it names may be an error.
fn may_be_refused(words: &[&str]) -> bool {
    words.contains(&"--setting") || !words.contains(&"2026-11-20") && !words.contains(&"postgresql-mine")
}

/// Runs a command and judges both streams; gives what it printed.
#[track_caller]
fn judged(format: &str, words: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = ["gonogo"].iter().chain(words);
    let code = gonogo::cli::run(all, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let (out, err) = (text(out), text(err));
    assert!(code <= 4, "{words:?}");
    // An error would hide what the report has.
    assert!(code != 2 || may_be_refused(words), "{words:?}: {err}");
    for (stream, format) in [(&out, format), (&err, "terminal")] {
        if let Err(why) = is_harmless(stream, format) {
            panic!("{words:?} ({format}): {why}");
        }
    }
    out + &err
}

/// All commands on a tree.
fn all_commands(tree: &Path) -> String {
    let folder = tree.to_str().unwrap();
    let rules = tree.join("rules");
    let rules = ["--rules", rules.to_str().unwrap()];
    let now = ["--now", "2026-11-20", rules[0], rules[1]];
    let mut printed = String::new();
    let forms = ["json", "sarif", "markdown", "junit", "gitlab", "github"];
    for command in ["audit", "lint"] {
        let files = forms.map(|form| format!("{form}={}", tree.parent().unwrap().join(form).display()));
        let formats: Vec<&str> = files.iter().flat_map(|file| ["--format", file]).collect();
        let more = ["--no-ignores", "--timing", "--format", "terminal"];
        let baseline = tree.parent().unwrap().join("baseline").display().to_string();
        printed += &judged("terminal", &[&[command, folder, "--write-baseline", &baseline], &more[..], &formats, &now].concat());
        is_harmless(&fs::read_to_string(&baseline).unwrap(), "json").unwrap();
        for form in forms {
            let text = fs::read_to_string(tree.parent().unwrap().join(form)).unwrap();
            is_harmless(&text, form).unwrap_or_else(|why| panic!("{command} --format {form}: {why}"));
            printed += &text;
        }
    }
    for (format, more) in [("terminal", &[][..]), ("json", &["--format", "json"])] {
        for options in [&["--all", "--target-version", "18"][..], &["--who-can-connect"], &["--sizing", "--memory", "16GB"]] {
            printed += &judged(format, &[&["show", folder], more, options, &now[..]].concat());
        }
        printed += &judged(format, &[&["explain", "postgresql-mine"], more, &rules[..]].concat());
        printed += &judged(format, &[&["explain", "security/tls"], more, &rules[..]].concat());
        printed += &judged(format, &[&["rules"], more, &rules[..]].concat());
    }
    printed += &judged("toml", &[&["init", folder, "--output", "-"], &now[..]].concat());
    printed += &judged("diff", &[&["fix", folder, "--unsafe"], &now[..]].concat());
    printed += &judged("terminal", &[&["fix", folder, "--apply"], &now[..]].concat());
    printed
}

/// A tree with a text everywhere, and everything that is printed about it.
fn everything(evil: &str) -> String {
    let ground = tempfile::tempdir().unwrap();
    let tree = ground.path().join("tree");
    fill(&tree, evil);
    rule(&tree, evil, "\"high\"");
    statements(&tree, evil);
    all_commands(&tree)
}

#[test]
fn signs_of_files_get_into_no_output() {
    for signs in SIGNS {
        let printed = everything(signs);
        let twice = printed.find("u{5c}u{").map(|at| printed.get(at.saturating_sub(200)..at + 60));
        assert_eq!(twice, None, "something is escaped twice");
        // They were there, and can be told apart.
        for sign in signs.chars().filter(|sign| !sign.is_ascii_graphic() && !matches!(sign, ' ' | '\n' | '\r' | '\t')) {
            let escape = format!("\\u{{{:x}}}", u32::from(sign));
            assert!(printed.contains(&escape), "{escape} is in no output");
        }
    }
}

#[test]
fn commands_of_files_get_into_no_output() {
    for text in TEXTS {
        everything(text);
    }
}

#[test]
fn errors_quote_nothing_that_acts() {
    for evil in SIGNS.into_iter().chain(TEXTS) {
        let ground = tempfile::tempdir().unwrap();
        let tree = ground.path().join("tree");
        let folder = tree.to_str().unwrap().to_owned();
        write(&tree, "postgresql.conf", "fsync = off\n");
        let toml = quoted(evil).replace('\u{7f}', "\\u007f");
        let mut configs = vec![
            format!("{toml} = 1\n"),
            format!("[profile]\n{toml} = {toml}\n"),
            format!("[profile]\ncriticality = {toml}\n"),
            format!("[severity]\n{toml} = \"high\"\n"),
            format!("[params.{toml}]\nx = 1\n"),
            format!("[[evidence]]\nitem = {toml}\non = 2026-11-01\nby = \"x\"\nproof = {toml}\n"),
            format!("[[accept]]\nrule = {toml}\nreason = \"x\"\n"),
            format!("rules = [{toml}]\n"),
            format!("[[target]]\nname = {toml}\n[[target]]\nname = {toml}\n"),
            format!("x = {evil} ["),
            evil.to_owned(),
        ];
        let mut commands = ["audit", "lint", "show", "init", "fix"].into_iter().cycle();
        for config in configs.drain(..) {
            write(&tree, "gonogo.toml", &config);
            let command = commands.next().unwrap();
            judged(if command == "fix" { "diff" } else { "terminal" }, &[command, &folder]);
        }
        fs::remove_file(tree.join("gonogo.toml")).unwrap();
        for severity in ["\"nosuch\"".to_owned(), toml.clone()] {
            rule(&tree, evil, &severity);
            let rules = tree.join("rules");
            judged("terminal", &["lint", &folder, "--rules", rules.to_str().unwrap()]);
            judged("terminal", &["rules", "--rules", rules.to_str().unwrap()]);
        }
        let name = tree.join(evil.replace('/', "_"));
        let name = name.to_str().unwrap();
        let option = format!("--{evil}");
        for words in [
            &["lint", name][..],
            &["audit", name, "--format", "json"],
            &["lint", &folder, &option],
            &["lint", &folder, "--as", evil],
            &["lint", &folder, "--now", evil],
            &["lint", &folder, "--memory", evil],
            &["lint", &folder, "--deployment", evil],
            &["lint", &folder, "--format", evil],
            &["lint", &folder, "--config", name],
            &["lint", &folder, "--rules", name],
            &["lint", &folder, "--env-file", name],
            &["lint", &folder, "--baseline", name],
            &["show", &folder, "--setting", evil],
            &["explain", evil],
            &["rules", "--framework", evil],
            &[evil],
        ] {
            let is_json = words.contains(&"json");
            judged(if is_json { "json" } else { "terminal" }, words);
        }
    }
}

/// What is ours: help, manual and completions, which go through the same guard, are what they were.
#[test]
fn our_own_texts_need_no_escape() {
    for words in
        [&["--help"][..], &["man"], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"], &["rules", "--vocabulary"]]
    {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!(gonogo::cli::run(["gonogo"].iter().chain(words), &mut out, &mut err), 0);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.is_empty() && !text.contains("\\u{"), "{words:?}");
    }
}

/// Of two names that differ in one sign that nobody sees, both can be told apart in every form for people.
#[test]
fn names_that_look_alike_are_shown_apart() {
    let ground = tempfile::tempdir().unwrap();
    for name in ["db", "d\u{200b}b", "d\u{200c}b", "d\u{202e}b", "d b", "d\nb", "d\\u{200b}b"] {
        write(ground.path(), &format!("{name}/postgresql.conf"), "fsync = off\n");
    }
    for format in ["terminal", "markdown", "junit", "github"] {
        let printed = judged(format, &["lint", ground.path().to_str().unwrap(), "--format", format]);
        for shown in ["d\\u{200b}b", "d\\u{200c}b", "d\\u{202e}b", "d\\u{a}b", "d\\u{5c}u{200b}b", "d b", "db"] {
            assert!(printed.contains(&format!("{shown}/postgresql.conf")), "{shown} in {format}");
        }
    }
}

/// What patch reads is what git would have written, and applies.
#[test]
fn a_diff_of_a_file_with_a_strange_name_applies() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    if Command::new("patch").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: patch is not installed");
        return;
    }
    let ground = tempfile::tempdir().unwrap();
    for name in [
        "plain.conf",
        "with blank.conf",
        "quo\"te.conf",
        "back\\slash.conf",
        "réglages 漢字 😀.conf",
        "e\u{1b}sc.conf",
        "new\nline.conf",
        "r\u{202e}l.conf",
    ] {
        write(ground.path(), name, "# réglages\r\nfull_page_writes = off\r\n# 漢字\tx\r\n");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    let mut words = vec![
        "fix".to_owned(),
        "--as".to_owned(),
        "postgresql.conf".to_owned(),
        "--select".to_owned(),
        "postgresql-full-page-writes-off".to_owned(),
    ];
    words.extend(fs::read_dir(ground.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()));
    let diff = command.args(&words).current_dir(ground.path()).output().unwrap();
    let text = String::from_utf8(diff.stdout).unwrap();
    is_harmless(&text, "diff").unwrap();
    assert_eq!(text.matches("--- ").count(), 8, "{text}");
    let mut patch =
        Command::new("patch").args(["-p0", "--binary", "--quiet"]).current_dir(ground.path()).stdin(Stdio::piped()).spawn().unwrap();
    patch.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(patch.wait().unwrap().success(), "{text}");
    for entry in fs::read_dir(ground.path()).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert_eq!(text, "# réglages\r\nfull_page_writes = on\r\n# 漢字\tx\r\n");
    }
}
