//! From TOML to checked rules. Loading is checking: every name, type, unit and word of a rule is held
//! against the vocabulary and the catalogues, and every error has its place in the rule file.

mod condition;
mod head;
mod literal;
mod names;
mod place;
mod predicate;
mod query;
pub mod remedy;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

pub use literal::Literal;

use super::catalogue::SettingCatalogue;
use super::error::RuleError;
use super::examples;
use super::reader::{Problems, Table};
use super::{Docs, Documentation, Rule, RuleSet, embedded};
use crate::text::Source;

/// Thresholds that gonogo.toml changes: rule id → name → value.
pub type Overrides = BTreeMap<String, BTreeMap<String, Literal>>;

/// Loads rules, and checks them against what exists.
#[derive(Clone, Copy)]
pub struct Loader<'l> {
    catalogue: &'l dyn SettingCatalogue,
    items: &'l [&'l str],
    overrides: Option<&'l Overrides>,
}

/// How much of a rule file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// Everything but the examples; embedded rules are checked in full by a test.
    Head,
    /// Everything.
    Full,
}

impl<'l> Loader<'l> {
    /// `items` are the ids of the checklist.
    #[must_use]
    pub fn new(catalogue: &'l dyn SettingCatalogue, items: &'l [&'l str]) -> Self {
        Self { catalogue, items, overrides: None }
    }

    /// The same with thresholds of gonogo.toml; one whose type does not fit is not used, see [`Loader::check_overrides`].
    #[must_use]
    pub fn with_overrides(self, overrides: &'l Overrides) -> Self {
        Self { overrides: Some(overrides), ..self }
    }

    /// The embedded rules of the areas that have a subject (`postgresql`, `hba`, `compose`, …).
    ///
    /// # Errors
    /// What is wrong with them; a test of the project keeps them right.
    pub fn embedded(&self, wanted: impl Fn(&str) -> bool) -> Result<RuleSet, Vec<RuleError>> {
        let wanted: Vec<(&str, &'static str)> = embedded::all().filter(|(id, _)| wanted(embedded::area_of(id))).collect();
        let load = |(id, text): &(&str, &'static str)| {
            // Only the head is read, and so only the head is copied.
            let source = Source::detached(&embedded_path(id), head_of(text));
            self.load(&source, Cow::Borrowed(*text), Depth::Head, true)
        };
        let mut set = RuleSet { digest: digest_of_embedded(), ..RuleSet::default() };
        let mut errors = Vec::new();
        for loaded in wanted.par_iter().map(load).collect::<Vec<_>>() {
            match loaded {
                Ok(rule) => _ = set.rules.insert(rule.id.clone(), rule),
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(set) } else { Err(errors) }
    }

    /// One embedded rule, in full: for `explain`, and for the test of every rule.
    ///
    /// # Errors
    /// What is wrong with it; nothing when there is no rule of that id.
    pub fn embedded_rule(&self, id: &str) -> Result<Rule, Vec<RuleError>> {
        let text = embedded::text(id).ok_or_else(Vec::new)?;
        let source = Source::detached(&embedded_path(id), text);
        let rule = self.load(&source, Cow::Borrowed(text), Depth::Full, true)?;
        check_yields(&rule, &source, &RuleSet::default()).map_or(Ok(rule), |error| Err(vec![error]))
    }

    /// Adds the rules that the user brought, each a file of the form of ours.
    ///
    /// # Errors
    /// What is wrong with them; those that are right have been added.
    pub fn add(&self, set: &mut RuleSet, sources: &[&Source]) -> Result<(), Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut digest = Sha256::new();
        digest.update(&set.digest);
        let mut added = Vec::new();
        for source in sources {
            digest.update(source.text());
            match self.load(source, Cow::Owned(source.text().to_owned()), Depth::Full, false) {
                Ok(rule) if set.rules.contains_key(&rule.id) || embedded::text(&rule.id).is_some() => errors.push(duplicate(source, &rule)),
                Ok(rule) => {
                    added.push((rule.id.clone(), *source));
                    set.rules.insert(rule.id.clone(), rule);
                }
                Err(found) => errors.extend(found),
            }
        }
        errors.extend(added.iter().filter_map(|(id, source)| check_yields(set.get(id)?, source, set)));
        set.digest = hexadecimal(&digest.finalize());
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What is wrong with thresholds of gonogo.toml: rule, name, and why it cannot be used.
    #[must_use]
    pub fn check_overrides(set: &RuleSet, overrides: &Overrides) -> Vec<(String, String, String)> {
        let mut wrong = Vec::new();
        for (id, params) in overrides {
            let known = set.get(id).map(|rule| &rule.logic.params);
            for (name, given) in params {
                let reason = match (known, known.and_then(|params| params.get(name))) {
                    (None, _) => format!("there is no rule `{id}`"),
                    (_, None) => format!("`{id}` has no parameter `{name}`"),
                    (_, Some(shipped)) if !shipped.same_kind(given) => format!("`{name}` must be of the kind of {}", shipped.untyped()),
                    _ => continue,
                };
                wrong.push((id.clone(), name.clone(), reason));
            }
        }
        wrong
    }

    /// Reads one rule file.
    fn load(&self, source: &Source, text: Cow<'static, str>, depth: Depth, shipped: bool) -> Result<Rule, Vec<RuleError>> {
        let head = if depth == Depth::Head { without_docs(head_of(source.text())) } else { source.text() };
        let document = DeTable::parse(head).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            source.distrust();
            vec![RuleError::new(source, span, format!("no TOML: {}", error.message()), None)]
        })?;
        let problems = Problems::new(source);
        let root = Table::new("a rule", document.get_ref(), 0..head.len(), &problems);
        let rule = head::read(&root, self, source, depth);
        if depth == Depth::Full {
            examples::read(&root);
        }
        root.finish();
        let errors = problems.into_errors();
        match rule {
            Some(mut rule) if errors.is_empty() => {
                rule.shipped = shipped;
                if let (Depth::Head, Cow::Borrowed(text)) = (depth, &text) {
                    rule.docs = Documentation::of_embedded(text);
                }
                rule.logic.text = text;
                Ok(rule)
            }
            _ => Err(errors),
        }
    }
}

/// Digest over the texts of all embedded rules, whether they were asked for or not.
fn digest_of_embedded() -> String {
    let mut digest = Sha256::new();
    embedded::all().for_each(|(_, text)| digest.update(text));
    hexadecimal(&digest.finalize())
}

/// The path under which errors of embedded rules are shown.
fn embedded_path(id: &str) -> String {
    format!("rules/{}/{id}.toml", embedded::area_of(id))
}

/// Everything before the first example.
fn head_of(text: &str) -> &str {
    let starts = ["\n[[bad]]", "\n[[good]]", "\n[[unknown]]"].into_iter().filter_map(|header| text.find(header));
    starts.min().and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// Where the documentation begins.
const DOCS: &str = "\n[docs]\n";

/// The head without its documentation, where that stands last.
fn without_docs(head: &str) -> &str {
    let Some(at) = head.find(DOCS) else { return head };
    let (before, after) = head.split_at(at + 1);
    let is_last = !["\n[compliance]", "\n[params]", "\n[fix]", "\n[require]", "\n[when]"].iter().any(|header| after.contains(header));
    if is_last { before } else { head }
}

/// The documentation in the text of an embedded rule; a test of the project keeps it right.
pub(super) fn docs_of_embedded(text: &str) -> Docs {
    let head = head_of(text);
    let section = head.find(DOCS).and_then(|at| head.get(at..)).unwrap_or(head);
    let source = Source::detached("", section);
    let problems = Problems::new(&source);
    let read = |document: &DeTable<'_>| head::docs(&Table::new("a rule", document, 0..section.len(), &problems));
    DeTable::parse(section).map(|document| read(document.get_ref())).unwrap_or_default()
}

fn duplicate(source: &Source, rule: &Rule) -> RuleError {
    let start = source.text().find(&rule.id).unwrap_or(0);
    let help = "choose another id; rules of the program cannot be replaced";
    RuleError::new(source, start..start + rule.id.len(), format!("there is already a rule `{}`", rule.id), Some(help.to_owned()))
}

/// `yields_to` names rules that exist, and not the rule itself.
fn check_yields(rule: &Rule, source: &Source, set: &RuleSet) -> Option<RuleError> {
    let exists = |id: &str| id != rule.id && (set.rules.contains_key(id) || embedded::text(id).is_some());
    let missing = rule.logic.yields_to.iter().find(|id| !exists(id))?;
    let start = source.text().find(missing.as_str()).unwrap_or(0);
    let own = set.rules.keys().map(String::as_str);
    let known: Vec<&str> = embedded::all().map(|(id, _)| id).collect();
    let known = known.into_iter().map(|id| -> &str { id }).chain(own);
    let help = super::error::did_you_mean(missing, known).map(|id| format!("did you mean `{id}`?"));
    Some(RuleError::new(source, start..start + missing.len(), format!("unknown rule `{missing}`"), help))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
