//! Grammars, and what engines read with them.

use gonogo::deployments::compose;
use gonogo::engines::postgresql::ServerFile;
use gonogo::engines::postgresql::effective::{Defaults, ServerConfiguration, ServerInputs};
use gonogo::engines::postgresql::{hba, ident, standby_names};
use gonogo::formats::yaml::{Node, Offsets, Yaml};
use gonogo::formats::{self, pem, private_key, x509};
use gonogo::model::{Version, Why};
use gonogo::text::{Files, Source, redact_text, secrets};

use super::places::Places;
use super::text_of;
use super::tree::Tree;

/// The head of a text without what reads further files: files that include one another meet the bounds on that, which takes
/// seconds in a build for tests.
fn head(text: &str) -> String {
    let end = (0..=text.len().min(300)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..end].split_inclusive('\n').filter(|line| !line.contains("include") && !line.contains('@')).collect()
}

pub fn postgresql_conf(data: &[u8]) {
    let text = text_of(data);
    one_postgresql_conf(&text);
    let tree = Tree::of(&text, "postgresql.conf");
    let main = tree.0.get("postgresql.conf").cloned().unwrap_or_default();
    let files = tree.with("a", &head(&main)).with("d/1.conf", "include '../a'").files();
    let main = ServerFile { display: "postgresql.conf".to_owned(), server: None };
    let auto = ServerFile { display: "postgresql.auto.conf".to_owned(), server: None };
    let nowhere = |path: &str| Err(Why::new(format!("{path} was not given")));
    let auto = files.exists("postgresql.auto.conf").is_ok_and(|exists| exists).then_some(&auto);
    let inputs = ServerInputs { files: &files, main: Some(&main), auto, to_display: &nowhere, words: &[], environment: &[] };
    let configuration = ServerConfiguration::read(&inputs);
    let places = Places::in_files(&files);
    places.spans(configuration.anchor());
    places.spans(configuration.commented_out().values().copied());
    for major in [13, 18] {
        let effective = configuration.evaluate(&Version(vec![major]), &Defaults::default());
        effective.settings.iter().for_each(|(_, state)| places.setting(state));
        effective.problems.rows.iter().chain(&effective.assignments.rows).for_each(|record| places.record(record));
    }
    let _ = standby_names::awaited(&text);
}

fn one_postgresql_conf(text: &str) {
    let source = Source::detached("postgresql.conf", text);
    let conf = formats::pg_conf::parse(&source);
    let places = Places::in_source(&source);
    places.comments(&conf.comments);
    places.diagnostics(&conf.diagnostics);
    places.spans(conf.statements.iter().flat_map(|statement| [statement.name_span, statement.value_span]));
    places.spans(conf.unreadable.iter().map(|line| line.span));
    for statement in &conf.statements {
        let written = source.slice(statement.name_span).trim_start_matches('\u{feff}');
        assert_eq!(written, statement.name.trim_start_matches('\u{feff}'), "a name is what stands there");
    }
    let _ = formats::pg_conf::claims("x", text);
}

pub fn pg_hba(data: &[u8]) {
    let text = text_of(data);
    access_lines(&text);
    let _ = formats::pg_hba::claims("x", &text);
    let tree = Tree::of(&text, "pg_hba.conf");
    let main = tree.0.get("pg_hba.conf").cloned().unwrap_or_default();
    let files = tree.with("users", &head(&main)).with("a", "include d/1.conf\n").with("d/1.conf", &head(&main)).files();
    for (major, ssl) in [(13, None), (18, Some(true))] {
        let input =
            hba::HbaInput { files: &files, path: Some("pg_hba.conf"), major, ssl, resolve: &|_| None, ident_maps: None, image_rules: &[] };
        let view = hba::assemble(&input);
        let places = Places::in_files(&files);
        view.records.rows.iter().for_each(|record| places.record(record));
        view.problems.iter().for_each(|record| places.record(record));
        places.spans(view.maps_used.values().copied());
        places.spans(view.who_can_connect.iter().filter_map(|decision| decision.span));
    }
}

/// Lines and words of an access file, whatever they mean.
fn access_lines(text: &str) {
    let source = Source::detached("pg_hba.conf", text);
    let document = formats::pg_hba::parse(&source);
    let places = Places::in_source(&source);
    places.spans(document.lines.iter().map(|line| line.span));
    for continuation in [false, true] {
        for line in formats::pg_hba::records(&document, continuation) {
            places.span(line.span);
            places.spans(line.comment.map(|comment| comment.span));
            places.spans(line.swallowed);
            for field in &line.fields {
                assert!(!field.tokens.is_empty(), "a field has a word");
                places.spans(field.tokens.iter().map(|token| token.span));
            }
        }
    }
}

pub fn pg_ident(data: &[u8]) {
    let text = text_of(data);
    access_lines(&text);
    let _ = formats::pg_hba::claims_ident("x", &text);
    let tree = Tree::of(&text, "pg_ident.conf");
    let main = tree.0.get("pg_ident.conf").cloned().unwrap_or_default();
    let files = tree.with("users", &head(&main)).with("a", &head(&main)).files();
    for major in [13, 18] {
        let (records, unused) = ident::records(&mut ident::read(&files, "pg_ident.conf", major, &|_| None), None);
        let places = Places::in_files(&files);
        records.rows.iter().for_each(|record| places.record(record));
        unused.iter().for_each(|record| places.record(record));
    }
}

pub fn dotenv(data: &[u8]) {
    let text = text_of(data);
    let source = Source::detached(".env", &text);
    let places = Places::in_source(&source);
    for read in [formats::dotenv::parse(&source), formats::dotenv::parse_raw(&source)] {
        places.comments(&read.comments);
        places.diagnostics(&read.diagnostics);
        places.spans(read.entries.iter().flat_map(|entry| [entry.name_span, entry.value_span]));
    }
    let _ = formats::dotenv::claims(".env", &text);
    every_excerpt(&source);
}

pub fn yaml(data: &[u8]) {
    let text = text_of(data);
    let source = Source::detached("a.yaml", &text);
    let read = formats::yaml::parse(&source);
    yaml_places(&source, &read);
    read.documents.iter().for_each(|document| scalars(&source, document));
    every_excerpt(&source);
}

fn yaml_places(source: &Source, read: &Yaml) {
    let places = Places::in_source(source);
    places.comments(&read.comments);
    places.diagnostics(&read.diagnostics);
    places.spans(read.template.into_iter().chain(read.broken_at));
    read.documents.iter().for_each(|document| places.node(document));
    places.spans(formats::yaml::refused_tabs(source, read));
}

/// What scalars mean, and where each part of their text stands.
fn scalars(source: &Source, node: &Node) {
    let places = Places::in_source(source);
    if let Some(text) = node.text() {
        let offsets = Offsets::of(source, node);
        let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        places.spans([offsets.span(0, text.len()), offsets.span(0, middle), offsets.span(middle, text.len())]);
        let _ = formats::yaml::looks_sexagesimal(node);
    }
    for entry in node.entries().into_iter().filter(|entry| entry.value.alias.is_none()) {
        scalars(source, &entry.key);
        scalars(source, &entry.value);
    }
    node.items().unwrap_or_default().iter().filter(|item| item.alias.is_none()).for_each(|item| scalars(source, item));
}

pub fn compose(data: &[u8]) {
    let text = text_of(data);
    let tree = Tree::of(&text, "compose.yaml");
    let main = tree.0.get("compose.yaml").cloned().unwrap_or_default();
    let files = tree.with("a.yaml", &main).with(".env", "X=1\n").files();
    project(&files);
    let _ = compose::claims("x.yaml", &text);
}

/// Reads `compose.yaml` of a tree.
fn project(files: &Files) -> Option<compose::ComposeProject> {
    let source = files.read("compose.yaml").ok()?;
    let project = compose::read(&source, files, &compose::Variables::default(), false);
    let places = Places::in_files(files);
    places.comments(&project.comments);
    places.diagnostics(&project.diagnostics);
    places.spans(project.notes.iter().map(|note| note.span));
    places.spans(project.missing.iter().map(|missing| missing.span));
    places.spans(project.variables.iter().map(|used| used.span));
    for placement in &project.placements {
        places.spans([placement.name_span, placement.span]);
        places.spans(placement.environment.iter().flat_map(|entry| [entry.name_span, entry.value.span]));
        places.spans(placement.environment.iter().filter_map(|entry| entry.value.defined_at));
        places.spans(placement.ports.iter().map(|port| port.span));
        places.spans(placement.mounts.iter().map(|mount| mount.span));
        places.spans(placement.command.iter().chain(&placement.entrypoint).flat_map(|command| &command.words).map(|word| word.span));
        places.spans(placement.other.values().flatten().map(|(_, span)| *span).chain(placement.incomplete.iter().map(|gap| gap.span)));
    }
    Some(project)
}

/// A text behind a key of a compose file, with a `.env` beside it.
pub fn interpolation(data: &[u8]) {
    let tree = Tree::of(&text_of(data), "text");
    let written = tree.0.get("text").cloned().unwrap_or_default();
    let written: String =
        written.chars().filter(|sign| !sign.is_control() && !matches!(sign, '\u{2028}' | '\u{2029}' | '\u{feff}')).collect();
    let quoted = written.replace('\'', "''");
    let text = format!("services:\n  a:\n    image: a\n    environment:\n      PLAIN: '{quoted}'\n    labels:\n      a: '{quoted}'\n");
    let files = tree.with(".env", "X=1\nY=${X}\nEMPTY=\n").with("compose.yaml", &text).files();
    let Some(project) = project(&files) else { return };
    let value = project.placements.first().and_then(|placement| placement.environment.first()).map(|entry| &entry.value);
    if !written.contains('$')
        && let Some(value) = value
    {
        let expected = written.replace('\u{10fffe}', "\u{10ffff}");
        assert_eq!(value.value.as_deref(), Some(expected.as_str()), "a text without a dollar stays as it is");
    }
}

pub fn shell_words(data: &[u8]) {
    let text = text_of(data);
    for command in formats::shell::commands(&text) {
        for word in command.words.iter().chain(command.program_words()) {
            assert!(text.get(word.range.clone()).is_some(), "{:?} lies outside the text or within a character", word.range);
        }
        let _ = command.program();
    }
    for range in secrets::credentials_in(&text) {
        assert!(text.get(range.clone()).is_some(), "{range:?} lies outside the text or within a character");
    }
    text.lines().for_each(|line| drop(redact_text(line)));
}

/// Certificates, revocation lists and private keys: as the bytes are, and the bytes as what the armour holds.
pub fn armoured(data: &[u8]) {
    look_into(data);
    for label in ["CERTIFICATE", "X509 CRL", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
        let armoured = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(data));
        look_into(armoured.as_bytes());
    }
}

fn look_into(bytes: &[u8]) {
    let _ = pem::looks_armoured(&text_of(bytes));
    let own = private_key::read(bytes);
    for entry in x509::entries(bytes) {
        let x509::Entry::Certificate(facts) = entry else { continue };
        let names = facts.names();
        assert!(names.iter().all(|name| !name.contains(char::is_control)), "a name without control characters");
        names.iter().for_each(|name| _ = facts.covers(name));
        if let private_key::PrivateKey::Plain(key) = &own {
            let _ = facts.key.is_same(key);
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        let signs = [18, 12, 6, 0].map(|shift| char::from(SIGNS[number >> shift & 63]));
        out.extend(&signs[..=chunk.len()]);
        out.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    out
}

/// Every line can be shown.
fn every_excerpt(source: &Source) {
    let whole = source.span(0, source.text().len());
    for line in 1..=source.line_count().min(200) {
        let excerpt = source.excerpt_of_line(line, whole);
        assert!(excerpt.text.get(excerpt.highlight.clone()).is_some(), "{:?} lies outside the line", excerpt.highlight);
    }
}
