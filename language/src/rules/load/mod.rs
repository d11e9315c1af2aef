//! From TOML to checked rules. Loading is checking: every name, type, unit and word of a rule is held
//! against the vocabulary and the catalogues, and every error has its place in the rule file.

mod condition;
mod head;
mod literal;
mod names;
mod operand;
mod place;
mod predicate;
mod query;
pub mod remedy;

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::de::DeTable;

pub use literal::Literal;

use super::catalogue::SettingCatalogue;
use super::error::RuleError;
use super::examples;
use super::reader::{Problems, Table};
use super::{Docs, Documentation, Rule};
use crate::text::Source;

/// Thresholds that gonogo.toml changes: rule id → name → value.
pub type Overrides = BTreeMap<String, BTreeMap<String, Literal>>;

/// What a rule may name beside the vocabulary.
#[derive(Clone, Copy)]
pub struct Known<'l> {
    /// The settings of the engines.
    pub catalogue: &'l dyn SettingCatalogue,
    /// The ids of the checklist.
    pub items: &'l [&'l str],
    /// The names of the native checks.
    pub natives: &'l [&'l str],
    /// The ids of the shipped rules, sorted.
    pub rules: &'l [&'l str],
}

/// Loads rules, and checks them against what exists.
#[derive(Clone, Copy)]
pub struct Loader<'l> {
    known: Known<'l>,
    overrides: Option<&'l Overrides>,
}

/// How much of a rule file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// Everything but the examples; those of shipped rules are checked when the program is built.
    Head,
    /// Everything.
    Full,
}

impl<'l> Loader<'l> {
    /// A loader of rules that may name all this.
    #[must_use]
    pub const fn new(known: Known<'l>) -> Self {
        Self { known, overrides: None }
    }

    /// The same with thresholds of gonogo.toml; one whose type does not fit is not used.
    #[must_use]
    pub fn with_overrides(self, overrides: &'l Overrides) -> Self {
        Self { overrides: Some(overrides), ..self }
    }

    /// A shipped rule, from its text: all but its documentation and examples, which are read when they are asked for.
    ///
    /// # Errors
    /// What is wrong with it, which can only be what a threshold of gonogo.toml makes of it.
    pub fn shipped(&self, id: &str, text: &'static str) -> Result<Rule, Vec<RuleError>> {
        // Only the head is read, and so only the head is copied.
        let source = Source::detached(&shipped_path(id), head_of(text));
        self.load(&source, Cow::Borrowed(text), Depth::Head, true)
    }

    /// A shipped rule in full: for the build script, which lets no wrong rule become part of the program.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn shipped_in_full(&self, id: &str, text: &'static str) -> Result<Rule, Vec<RuleError>> {
        let source = Source::detached(&shipped_path(id), text);
        let rule = self.load(&source, Cow::Borrowed(text), Depth::Full, true)?;
        self.check_yields(&rule, &source, &[]).map_or(Ok(rule), |error| Err(vec![error]))
    }

    /// The rules that the user brought, each a file of the form of ours.
    ///
    /// # Errors
    /// What is wrong with any of them.
    pub fn brought(&self, sources: &[&Source]) -> Result<Vec<Rule>, Vec<RuleError>> {
        let (mut rules, mut errors): (Vec<(Rule, &Source)>, _) = (Vec::new(), Vec::new());
        for &source in sources {
            match self.load(source, Cow::Owned(source.text().to_owned()), Depth::Full, false) {
                Ok(rule) if self.is_shipped(&rule.id) || rules.iter().any(|(known, _)| known.id == rule.id) => {
                    errors.push(duplicate(source, &rule));
                }
                Ok(rule) => rules.push((rule, source)),
                Err(found) => errors.extend(found),
            }
        }
        let ids: Vec<&str> = rules.iter().map(|(rule, _)| &*rule.id).collect();
        errors.extend(rules.iter().filter_map(|(rule, source)| self.check_yields(rule, source, &ids)));
        if errors.is_empty() { Ok(rules.into_iter().map(|(rule, _)| rule).collect()) } else { Err(errors) }
    }

    /// `yields_to` names rules that exist, shipped or brought, and not the rule itself.
    fn check_yields(&self, rule: &Rule, source: &Source, brought: &[&str]) -> Option<RuleError> {
        let exists = |id: &str| id != rule.id && (brought.contains(&id) || self.is_shipped(id));
        let missing = rule.logic.yields_to.iter().find(|id| !exists(id))?;
        let start = source.text().find(&**missing).unwrap_or(0);
        let known = self.known.rules.iter().chain(brought).copied();
        let help = super::error::did_you_mean(missing, known).map(|id| format!("did you mean `{id}`?"));
        Some(RuleError::new(source, start..start + missing.len(), format!("unknown rule `{missing}`"), help))
    }

    fn is_shipped(&self, id: &str) -> bool {
        self.known.rules.binary_search(&id).is_ok()
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
                rule.text = text;
                Ok(rule)
            }
            _ => Err(errors),
        }
    }
}

/// What is wrong with thresholds of gonogo.toml for one rule: name, and why it cannot be used. `known` are the parameters
/// of the rule, nothing where there is no such rule.
#[must_use]
pub fn wrong_overrides(id: &str, known: Option<&BTreeMap<String, Literal>>, given: &BTreeMap<String, Literal>) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    for (name, given) in given {
        let reason = match (known, known.and_then(|params| params.get(name))) {
            (None, _) => format!("there is no rule `{id}`"),
            (_, None) => format!("`{id}` has no parameter `{name}`"),
            (_, Some(shipped)) if !shipped.same_kind(given) => format!("`{name}` must be of the kind of {}", shipped.untyped()),
            _ => continue,
        };
        wrong.push((name.clone(), reason));
    }
    wrong
}

/// The prefix of an id, which is also the folder of its file: `postgresql`, `hba`, `compose`, …
#[must_use]
pub fn area_of(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// The path under which errors of shipped rules are shown.
fn shipped_path(id: &str) -> String {
    format!("rules/{}/{id}.toml", area_of(id))
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
    let start = source.text().find(&*rule.id).unwrap_or(0);
    let help = "choose another id; rules of the program cannot be replaced";
    RuleError::new(source, start..start + rule.id.len(), format!("there is already a rule `{}`", rule.id), Some(help.to_owned()))
}

#[cfg(test)]
mod tests;
