//! The whole way, from a small tree of files to every report, `show`, `init` and `fix`.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::audit::{self, Named, Request};
use gonogo::engines::mysql::inspect;
use gonogo::fix::{Draft, choose, diff};
use gonogo::formats::my_cnf;
use gonogo::model::{Engine, HostFacts, InputStatus, Severity, Version};
use gonogo::report::show::{Judging, ShowOptions, show_json, show_text, sizing_text};
use gonogo::report::{Format, Mode, RenderOptions, Report, Shown, render};
use gonogo::text::{Files, Source};

use super::places::Places;
use super::printed::{CANARY, Form, check};
use super::stated::{checklist, configuration, shipped, today};
use super::text_of;
use super::tree::Tree;

/// Every report, and whether it is JSON.
const FORMATS: [(Format, Form); 7] = [
    (Format::Terminal, Form::Text),
    (Format::Json, Form::Json),
    (Format::Sarif, Form::Json),
    (Format::Markdown, Form::Text),
    (Format::Junit, Form::Text),
    (Format::Gitlab, Form::Json),
    (Format::Github, Form::Annotations),
];

/// A tree of files.
pub fn pipeline(data: &[u8]) {
    let mut tree = Tree::of(&text_of(data), "postgresql.conf");
    plant(&mut tree);
    whole(&tree);
}

/// Patroni's file, alone.
pub fn patroni(data: &[u8]) {
    let mut tree = Tree::of(&text_of(data), "patroni.yml");
    plant(&mut tree);
    whole(&tree);
}

/// The main file of a pooler, in front of a server, with its list of users and its access rules.
pub fn pgbouncer(data: &[u8]) {
    let mut tree = Tree::of(&text_of(data), "pgbouncer.ini");
    tree.0.entry("postgresql.conf".to_owned()).or_default();
    plant(&mut tree);
    whole(&tree);
}

/// Option files of a server, and what they include.
pub fn my_cnf(data: &[u8]) {
    let text = text_of(data);
    one_option_file(&text);
    // The whole way takes a hundred times as long.
    if text.len().is_multiple_of(16) {
        let mut tree = Tree::of(&text, "my.cnf");
        plant(&mut tree);
        whole(&tree);
    }
}

/// Lines and places of one option file, and what releases make of it.
fn one_option_file(text: &str) {
    let source = Source::detached("my.cnf", text);
    let file = my_cnf::parse(&source);
    let places = Places::in_source(&source);
    places.comments(&file.comments);
    places.diagnostics(&file.diagnostics);
    for statement in &file.statements {
        let name = match statement {
            my_cnf::Statement::Group(name) => name,
            my_cnf::Statement::Entry(entry) => {
                places.span(entry.value_span);
                &entry.name
            }
            my_cnf::Statement::Include(include) => &include.path,
            my_cnf::Statement::Broken(span) => {
                places.span(*span);
                continue;
            }
        };
        assert_eq!(source.slice(name.span), name.text, "a name is what stands there");
    }
    let files = Tree::of(text, "my.cnf").files();
    for (engine, version) in [(Engine::Mariadb, vec![10, 11]), (Engine::Mariadb, vec![10, 1]), (Engine::Mysql, vec![9, 7])] {
        let answer = inspect::answer(&files, "my.cnf", engine, &Version(version));
        let places = Places::in_files(&files);
        answer.settings.iter().for_each(|(_, state)| places.setting(state));
    }
}

/// Ignore comments: each line becomes one of a file of settings.
pub fn suppressions(data: &[u8]) {
    let text: String = text_of(data).lines().map(|line| format!("fsync = off # gonogo: {line}\n")).collect();
    let access: String = text_of(data).lines().map(|line| format!("# gonogo: {line}\nhost all all all trust\n")).collect();
    let tree = Tree(BTreeMap::from([("postgresql.conf".to_owned(), text), ("pg_hba.conf".to_owned(), access)]));
    report(&tree, Mode::Lint);
}

/// Puts a password where files hold one: at the head of each, where what follows cannot change what it means.
fn plant(tree: &mut Tree) {
    for (path, text) in &mut tree.0 {
        let line = match path.rsplit('/').next().unwrap_or(path) {
            name if name.ends_with("postgresql.conf") => format!("primary_conninfo = 'host=a password={CANARY}'\n"),
            name if name.ends_with("pg_hba.conf") => {
                format!("host canary all 10.99.0.0/16 ldap ldapserver=a ldapprefix=a ldapbindpasswd={CANARY}\n")
            }
            name if name.ends_with("pgbouncer.ini") => format!("[databases]\ncanary = password={CANARY}\n"),
            name if name.ends_with(".cnf") => format!("[client]\npassword={CANARY}\n[mysqld]\nwsrep_sst_auth=canary:{CANARY}\n"),
            name if name.ends_with("userlist.txt") => format!("\"canary\" \"{CANARY}\"\n"),
            name if name.ends_with(".env") => format!("CANARY_PASSWORD={CANARY}\n"),
            name if name.ends_with(".yml") || name.ends_with(".yaml") => format!("x-canary: {{password: {CANARY}}}\n"),
            _ => continue,
        };
        text.insert_str(0, &line);
    }
}

/// The audit with its reports, and one of the other things that commands do: which one, the tree decides.
fn whole(tree: &Tree) {
    let before = report(tree, Mode::Audit);
    let sum: usize = tree.0.values().flat_map(|text| text.bytes()).map(usize::from).sum();
    match sum % 4 {
        0 => {
            let again = run(tree.files(), Mode::Audit);
            assert!(printed(&before, Format::Json) == printed(&again, Format::Json), "two runs differ");
        }
        1 => drop(report(tree, Mode::Lint)),
        2 => shown(tree),
        _ => fixed(tree, &before),
    }
}

/// Of what nothing tells the version of, that of the option is taken: judging all of them takes six times as long.
/// The gonogo.toml is read among the texts that are judged, since findings point into it.
fn request(mode: Mode, files: &Files) -> Request {
    let mut request = Request::plain(mode, today(), shipped());
    request.config = configuration(files).unwrap_or_default();
    request.engine_versions = vec![Version(vec![17]).into()];
    request
}

fn run(files: Files, mode: Mode) -> Report {
    let request = request(mode, &files);
    audit::run(files, &Named::default(), request, checklist())
}

/// A report in every form.
fn report(tree: &Tree, mode: Mode) -> Report {
    let report = run(tree.files(), mode);
    let places = Places::in_files(&report.files);
    places.outcomes(&report.outcomes);
    report.findings.iter().for_each(|finding| places.finding(finding));
    for (format, form) in FORMATS {
        check(&format.to_string(), &printed(&report, format), form);
    }
    report
}

fn printed(report: &Report, format: Format) -> String {
    let shown = Shown { min_severity: Severity::Info, suppressed: true, full: false };
    render(report, format, shown, RenderOptions::default()).expect("a report can be written")
}

/// The configuration in effect, and gonogo.toml with what is missing.
fn shown(tree: &Tree) {
    let files = tree.files();
    let mut request = request(Mode::Lint, &files);
    request.host = HostFacts { memory: Some((16 << 30, None)), cpus: Some((4.0, None)), ..HostFacts::default() };
    let survey = audit::survey(files, &Named::default(), &request);
    let places = Places::in_files(&survey.files);
    survey.instances.iter().for_each(|instance| places.instance(instance));
    survey.services.iter().chain(&survey.files_seen).for_each(|subject| places.subject(subject));
    let judging = || Judging { rules: shipped(), now: today() };
    for who_can_connect in [false, true] {
        let options = ShowOptions { all: who_can_connect, who_can_connect, width: 100, ..ShowOptions::default() };
        check("show", &show_text(&survey.instances, &survey.files, &options), Form::Text);
    }
    let options = ShowOptions { who_can_connect: true, sizing: Some(judging()), ..ShowOptions::default() };
    check("show as JSON", &show_json(&survey.instances, &survey.files, &options).expect("it can be written"), Form::Json);
    check("sizing", &sizing_text(&survey.instances, &survey.files, &judging(), 100, gonogo::engines::ALL), Form::Text);
    check("init", &audit::missing_evidence(tree.files(), &Named::default(), &request, checklist()).0, Form::Text);
}

/// Every edit that can be made at once: the texts are still read, and the diff can be shown.
fn fixed(tree: &Tree, before: &Report) {
    let chosen = choose(&before.findings);
    let mut files = tree.files();
    let mut drafts = Vec::new();
    for id in chosen.sources() {
        let source = before.files.source(id).expect("the text of an edit was read");
        let mut draft = Draft::of(Arc::clone(&source));
        let edits = chosen.edits_of(id);
        draft.edit(&edits);
        let mut expected = source.text().to_owned();
        edits.iter().rev().for_each(|edit| expected.replace_range(edit.span.range(), &edit.replacement));
        assert_eq!(draft.text(), expected, "an edit changes what it says");
        files.add_text(source.path(), &draft.text());
        drafts.push(draft);
    }
    if drafts.is_empty() {
        return;
    }
    let after = run(files, Mode::Lint);
    let unread = |report: &Report| report.inputs.iter().filter(|input| input.status != InputStatus::Parsed).count();
    assert!(unread(&after) <= unread(before), "a text that was edited is not read any more");
    for draft in drafts {
        let text = after.files.read(draft.original.path()).expect("it was read");
        check("the diff", &diff::unified(&draft, &text), Form::Diff);
    }
}
