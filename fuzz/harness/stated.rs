//! What teams state: gonogo.toml, rules of their own, a baseline.

use std::sync::{Arc, OnceLock};

use gonogo::audit::{self, Named, Request};
use gonogo::config::{Config, Names};
use gonogo::exceptions::Baseline;
use gonogo::model::{Date, parse_date};
use gonogo::report::Mode;
use gonogo::rules::{Overrides, Rule, RuleError, RuleSet, examples};
use gonogo::text::{Files, Source};
use gonogo::verdict::checklist::Checklist;

use super::places::Places;
use super::text_of;
use super::tree::Tree;

/// The date of every run.
pub fn today() -> Date {
    parse_date("2026-11-20").expect("a date")
}

/// The shipped rules.
pub fn shipped() -> Arc<RuleSet> {
    static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(RuleSet::shipped())))
}

/// The shipped checklist.
pub fn checklist() -> &'static Checklist {
    static CHECKLIST: OnceLock<Checklist> = OnceLock::new();
    CHECKLIST.get_or_init(|| Checklist::embedded().expect("the shipped checklist loads"))
}

fn item_ids() -> Vec<&'static str> {
    static IDS: OnceLock<Vec<String>> = OnceLock::new();
    IDS.get_or_init(|| checklist().item_ids().into_iter().collect()).iter().map(String::as_str).collect()
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| checklist().names(&shipped()))
}

/// The gonogo.toml of a tree, where it has one that is right.
pub fn configuration(files: &Files) -> Option<Config> {
    let source = files.read("gonogo.toml").ok()?;
    let places = Places::in_files(files);
    let errors = match Config::read(&source, files, today()) {
        Ok(config) => match config.check_names(&source, names()) {
            errors if errors.is_empty() => return Some(config),
            errors => errors,
        },
        Err(errors) => errors,
    };
    assert!(!errors.is_empty(), "a refusal says why");
    for error in errors {
        places.span(error.span);
        let _ = error.to_string();
    }
    None
}

pub fn gonogo_toml(data: &[u8]) {
    let tree = Tree::of(&text_of(data), "gonogo.toml").with("docs/restore.md", "restored").with("docs/empty", "");
    if let Some(config) = configuration(&tree.files()) {
        let overrides = audit::overrides(&config);
        let mut set = RuleSet::shipped();
        let _ = set.change(&overrides, &item_ids());
        let _ = set.wrong_overrides(&overrides);
    }
}

/// A rule of the user's own; one that loads is asked about its own examples.
pub fn rules(data: &[u8]) {
    let text = text_of(data);
    let source = Source::detached("rule.toml", &text);
    let mut set = RuleSet::default();
    match set.add(&[&source], &Overrides::new(), &item_ids()) {
        Ok(()) => set.iter().for_each(examples_of),
        Err(errors) => {
            assert!(!errors.is_empty(), "a refusal says why");
            errors.iter().for_each(|error| drop(RuleError::render(error)));
        }
    }
}

fn examples_of(rule: &Rule) {
    for example in examples::of(rule).into_iter().take(4) {
        let files = Files::in_memory(example.files.clone());
        let set: RuleSet = std::iter::once(rule.clone()).collect();
        let report = audit::run(files, &Named::default(), Request::plain(Mode::Lint, today(), Arc::new(set)), checklist());
        Places::in_files(&report.files).outcomes(&report.outcomes);
    }
}

/// A list of known findings: what was read is written, and read again, as the same.
pub fn baseline(data: &[u8]) {
    match Baseline::parse(&text_of(data)) {
        Ok(known) => {
            let written = known.to_json().expect("a baseline can be written");
            assert_eq!(Baseline::parse(&written).ok(), Some(known), "a baseline that was written can be read");
        }
        Err(error) => drop(error.to_string()),
    }
}
