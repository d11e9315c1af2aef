//! Reading a rule: everything but its examples.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::condition::condition;
use super::literal::Params;
use super::names::Names;
use super::place::{self, message};
use super::{Depth, Loader, area_of, query, remedy};
use crate::model::records::{self, RecordSpec};
use crate::model::{Compliance, Engine, Pillar, Platform, Severity, SubjectKind};
use crate::rules::condition::{Condition, Quantifier};
use crate::rules::reader::{Item, Problems, Table, text_of};
use crate::rules::versions::{VersionRange, Versions};
use crate::rules::{Check, CheckKind, Docs, Head, Logic, Rule, SeverityCase};
use crate::text::Source;

/// Reads a rule from its table. Errors are noted; `None` only where no rule can be made at all.
pub(super) fn read(root: &Table<'_>, loader: &Loader<'_>, source: &Source, depth: Depth) -> Option<Rule> {
    let id = id(root, source);
    let title = required(root, "title", "write the problem in one line");
    let engines = root.words::<Engine>("engine", Engine::WORDS);
    let subject = subject(root, &engines);
    let platforms = root.words("platform", Platform::WORDS);
    let versions = versions(root, &engines);
    let overrides = id.and_then(|id| loader.overrides?.get(id));
    let params = Params::read(root.table("params", "[params]"), overrides);
    let names = Names {
        catalogue: loader.known.catalogue,
        engines: &engines,
        versions: &versions,
        subject: subject.unwrap_or(SubjectKind::Project),
        record: None,
        others: &[],
        params: &params,
        problems: root.problems(),
        thorough: depth == Depth::Full,
    };
    let guard = root.has("when").then(|| condition(root.table("when", "`when`")?, names));
    let check = check(root, loader, names);
    let native = matches!(check, Some(Check::Native { .. }));
    // Messages, places and severities are asked of one finding at a time, and so see its record.
    let judged = check.as_ref().map(judged_records).unwrap_or_default();
    let of_finding = Names { record: judged.first().copied(), others: judged.get(1..).unwrap_or_default(), ..names };
    let severity_cases = severities(root, of_finding);
    let text = |key| {
        let item = root.item(key)?;
        if native {
            root.problems().report(item.span(), "a native check writes its own messages");
            return None;
        }
        Some(message_of(key, item, of_finding))
    };
    let (message, found, expected) = (text("message"), text("found"), text("expected"));
    let at = root.item("at").map(|item| place::at(item, of_finding));
    let also_at = root.items("also_at").into_iter().filter_map(|item| place::also_at(item, of_finding)).collect();
    let (applicability, remedy) = remedy::read(root, of_finding);
    let pillar = root.word::<Pillar>("pillar", Pillar::WORDS);
    if !root.has("pillar") {
        root.missing("pillar", format!("one of {}", Pillar::WORDS.join(", ")));
    }
    // A head may come without its documentation, which is then read when somebody asks for it.
    let docs = if depth == Depth::Full || root.has("docs") { docs(root) } else { Docs::default() };
    let (items, benchmarks) = (items(root, loader), benchmarks(root, &engines));
    let yields_to = root.texts("yields_to").into_iter().map(|(id, _)| Cow::Owned(id.to_owned())).collect();
    let on_image_defaults = root.bool("on_image_defaults").unwrap_or(false);
    // Only now, when every part was looked at and has said what is wrong with it, may one that is missing end the reading.
    let (guard, check, message, at) = (whole(guard)?, check?, whole(message)?, whole(at)?);
    let (found, expected) = (whole(found)?, whole(expected)?);
    if let Some(name) = params.unused().filter(|_| !native) {
        root.problems().report(root.span_of("params"), format!("nothing uses the parameter `{name}`"));
    }
    let (kind, severities) = (CheckKind::of(&check), severity_cases.iter().map(|case| case.severity).collect::<Vec<_>>());
    let params = params.into_values();
    let logic = Logic {
        versions,
        guard,
        check,
        severity_cases: severity_cases.into(),
        message,
        found,
        expected,
        at,
        also_at,
        yields_to,
        on_image_defaults,
        remedy,
        params,
    };
    let head = Head {
        id: Cow::Owned(id?.to_owned()),
        title: Cow::Owned(title?.to_owned()),
        severities: Cow::Owned(severities),
        pillar: pillar?,
        items: Cow::Owned(items),
        engines: Cow::Owned(engines),
        platforms: Cow::Owned(platforms),
        subject: subject?,
        kind,
        fix: applicability,
    };
    Some(Rule { head: Cow::Owned(head), docs: docs.into(), benchmarks: benchmarks.into(), shipped: false, logic, text: Cow::Borrowed("") })
}

/// A part that is there and could not be read must not turn into one that is not there.
fn whole<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    part.map_or(Some(None), |read| read.map(Some))
}

fn message_of(key: &str, item: Item<'_>, names: Names<'_>) -> Option<crate::rules::message::Message> {
    message(text_of(item, &format!("`{key}`"), names.problems)?, item.span(), names)
}

fn required<'d>(root: &Table<'d>, key: &'static str, help: &str) -> Option<&'d str> {
    if !root.has(key) {
        root.missing(key, help);
        return None;
    }
    let text = root.text(key)?;
    if text.trim().is_empty() {
        root.problems().report(root.span_of(key), format!("`{key}` is empty"));
    }
    Some(text)
}

/// The id: kebab-case, with its area before the first dash, and the name of its file.
fn id<'d>(root: &Table<'d>, source: &Source) -> Option<&'d str> {
    let id = required(root, "id", "write the name of the file, without .toml")?;
    let span = root.item("id").map_or(0..0, |item| item.span());
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !id.contains('-') || !id.split('-').all(plain) {
        let help = "lower-case words with dashes, beginning with the area, for example `compose-no-restart-policy`";
        root.problems().report_with_help(span, format!("`{id}` is not a valid rule id"), help);
        return None;
    }
    let stem = source.file_name().trim_end_matches(".toml");
    if stem != id {
        let help = format!("the file must be `{}/{id}.toml`", area_of(id));
        root.problems().report_with_help(span, format!("the id `{id}` is not the name of its file, `{stem}`"), help);
    }
    Some(id)
}

fn subject(root: &Table<'_>, engines: &[Engine]) -> Option<SubjectKind> {
    if root.has("subject") {
        return root.word("subject", SubjectKind::WORDS);
    }
    if engines.is_empty() && !root.has("engine") {
        root.missing("subject", format!("a rule without an engine says what it is about: {}", SubjectKind::WORDS.join(", ")));
        return None;
    }
    Some(SubjectKind::Instance)
}

/// `versions = ">=14"`, or by engine where there are several: `versions = { mysql = ">=8.4", mariadb = ">=10.6" }`.
fn versions(root: &Table<'_>, engines: &[Engine]) -> Versions {
    let Some(item) = root.item("versions") else { return Versions::default() };
    let range = |item: Item<'_>| -> Option<VersionRange> {
        let text = text_of(item, "`versions`", root.problems())?;
        text.parse().map_err(|message: String| root.problems().report(item.span(), message)).ok()
    };
    if let Some(each) = by_engine(item, engines, root.problems()) {
        return Versions::new(each.into_iter().filter_map(|(engine, item)| Some((engine, range(item)?))));
    }
    match engines {
        [only] => Versions::new(range(item).map(|range| (*only, range))),
        [] => {
            root.problems().report_with_help(item.span(), "versions of no engine", "say `engine = \"…\"`");
            Versions::default()
        }
        [first, ..] => {
            let help = format!("write versions = {{ {first} = \"…\" }}, with a range for each engine that needs one");
            root.problems().report_with_help(item.span(), "each engine counts its versions in its own way", help);
            Versions::default()
        }
    }
}

/// The entries of a table by engine, where the item is one; the engines are those that the rule is about.
fn by_engine<'d>(item: Item<'d>, engines: &[Engine], problems: &'d Problems<'d>) -> Option<Vec<(Engine, Item<'d>)>> {
    let table = Table::new("a table by engine", item.get_ref().as_table()?, item.span(), problems);
    let words: Vec<&'static str> = engines.iter().map(|engine| engine.word()).collect();
    let entry = |(name, span, item): (&str, Range<usize>, Item<'d>)| {
        let known = engines.iter().find(|engine| engine.word() == name);
        if known.is_none() {
            problems.unknown(span, "engine of this rule", name, words.iter().copied());
        }
        Some((*known?, item))
    };
    Some(table.others().into_iter().filter_map(entry).collect())
}

/// The check of a rule: exactly one of `[require]`, `native`, `[[query]]`.
fn check(root: &Table<'_>, loader: &Loader<'_>, names: Names<'_>) -> Option<Check> {
    let given: Vec<_> = ["require", "native", "query"].into_iter().filter(|key| root.has(key)).collect();
    let reads = root.texts("reads");
    match given.as_slice() {
        [] => {
            root.missing("require", "say the good state in [require], or name a `native` check, or ask a server with [[query]]");
            None
        }
        [first, second, ..] => {
            root.problems().report(root.span_of(second), format!("a rule decides in one way; found `{first}` and `{second}`"));
            None
        }
        [one] => match *one {
            "require" => condition(root.table("require", "[require]")?, names).map(Check::Table),
            "native" => native(root, loader, &reads, names),
            _ => query::read_all(root, names).map(Check::Query),
        },
    }
}

fn native(root: &Table<'_>, loader: &Loader<'_>, reads: &[(&str, Range<usize>)], names: Names<'_>) -> Option<Check> {
    let name = root.text("native")?;
    let span = root.item("native").map_or(0..0, |item| item.span());
    if !loader.known.natives.contains(&name) {
        names.problems.unknown(span, "native check", name, loader.known.natives.iter().copied());
        return None;
    }
    if reads.is_empty() && !root.has("reads") {
        root.missing("reads", "say what the check must see, as reads = [\"problem\", \"setting NAME\", \"fact memory\"]");
    }
    let reads = reads.iter().filter_map(|(text, span)| place::read_of(text, span.clone(), names)).collect();
    Some(Check::Native { name: Cow::Owned(name.to_owned()), reads })
}

/// The severity: one word, or cases of which the last holds always.
fn severities(root: &Table<'_>, names: Names<'_>) -> Vec<SeverityCase> {
    let words = Severity::WORDS;
    let Some(item) = root.item("severity") else {
        root.missing("severity", format!("one of {}", words.join(", ")));
        return Vec::new();
    };
    if item.get_ref().as_str().is_some() {
        let severity = root.word("severity", words);
        return severity.map(|severity| SeverityCase { severity, when: None }).into_iter().collect();
    }
    let cases: Vec<_> = root.tables("severity", "a case of `severity`").into_iter().filter_map(|table| case(table, names)).collect();
    if cases.last().is_none_or(|case| case.when.is_some()) {
        root.problems().report_with_help(item.span(), "no severity is left when no case holds", "end with a case without `when`");
    }
    cases
}

fn case(table: Table<'_>, names: Names<'_>) -> Option<SeverityCase> {
    let severity = table.word("is", Severity::WORDS);
    if !table.has("is") {
        table.missing("is", "the severity of this case");
    }
    let when = table.has("when").then(|| condition(table.table("when", "`when`")?, names));
    table.finish();
    Some(SeverityCase { severity: severity?, when: whole(when)? })
}

/// The kinds of record that findings of the check are about.
fn judged_records(check: &Check) -> Vec<&'static RecordSpec> {
    let Check::Table(condition) = check else {
        return Vec::new();
    };
    let mut kinds = Vec::new();
    judged_kinds(condition, false, &mut kinds);
    kinds.dedup();
    kinds.into_iter().filter_map(records::record).collect()
}

/// Kinds of record that can decide a condition to be `value`; a mirror of `evaluate::deciders`.
fn judged_kinds(condition: &Condition, value: bool, kinds: &mut Vec<&'static str>) {
    match condition {
        Condition::Not(inner) => judged_kinds(inner, !value, kinds),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| judged_kinds(part, value, kinds)),
        Condition::Records(records) if (records.quantifier == Quantifier::Some) == value => kinds.push(records.kind),
        Condition::Records(_) | Condition::Test(_) => {}
    }
}

fn items(root: &Table<'_>, loader: &Loader<'_>) -> Vec<Cow<'static, str>> {
    let texts = root.texts("items");
    for (item, span) in &texts {
        if !loader.known.items.contains(item) {
            root.problems().unknown(span.clone(), "checklist item", item, loader.known.items.iter().copied());
        }
    }
    texts.into_iter().map(|(item, _)| Cow::Owned(item.to_owned())).collect()
}

pub(super) fn docs(root: &Table<'_>) -> Docs {
    let Some(table) = root.table("docs", "[docs]") else {
        if !root.has("docs") {
            root.missing("docs", "write [docs] with `why`, `how` and `references`");
        }
        return Docs::default();
    };
    let why = required(&table, "why", "what goes wrong, concretely, in one to four sentences").unwrap_or_default().trim().to_owned();
    let how = required(&table, "how", "what to do, with the line to write").unwrap_or_default().trim().to_owned();
    let in_container = table.text("in_container").map(|text| text.trim().to_owned());
    let references = table.texts("references");
    if references.is_empty() {
        table.missing("references", "at least one page that says so");
    }
    for (url, span) in &references {
        if !url.starts_with("https://") {
            table.problems().report(span.clone(), format!("`{url}` is not a valid address; expected one that begins with https://"));
        }
    }
    let how_for = table.table("how_for", "[docs.how_for]").map(|table| how_for(&table)).unwrap_or_default();
    table.finish();
    Docs { why, how, in_container, how_for, references: references.into_iter().map(|(url, _)| url.to_owned()).collect() }
}

/// What to do, by engine: `mysql = "…"`, or several texts of which the first that can be said counts.
fn how_for(table: &Table<'_>) -> BTreeMap<Engine, Vec<String>> {
    let each = table.others().into_iter().filter_map(|(word, span, item)| {
        let engine: Option<Engine> = word.parse().ok();
        if engine.is_none() {
            table.problems().unknown(span, "engine", word, Engine::WORDS.iter().copied());
        }
        let text = |item: Item<'_>| Some(text_of(item, "what to do", table.problems())?.trim().to_owned());
        let texts = match item.get_ref().as_array() {
            Some(several) => several.iter().map(text).collect::<Option<Vec<_>>>()?,
            None => vec![text(item)?],
        };
        Some((engine?, texts))
    });
    each.collect()
}

/// `cis = ["4.2"]`, or by engine where there are several: `cis = { mysql = ["4.2"], mariadb = ["4.3"] }`, whose numbers
/// come with the engine that they are of.
fn benchmarks(root: &Table<'_>, engines: &[Engine]) -> Compliance {
    let Some(table) = root.table("compliance", "[compliance]") else {
        return Compliance::new();
    };
    let texts = |item: Item<'_>| -> Option<Vec<String>> {
        let items = item.get_ref().as_array();
        if items.is_none() {
            root.problems().report(item.span(), "the requirements of a framework are a list of texts");
        }
        items?.iter().map(|item| text_of(item, "a requirement", root.problems()).map(ToOwned::to_owned)).collect()
    };
    let requirements = |(framework, _, item): (&str, Range<usize>, Item<'_>)| {
        let Some(each) = by_engine(item, engines, root.problems()) else { return Some((framework.to_owned(), texts(item)?)) };
        let each = each.into_iter().filter_map(|(engine, item)| Some((engine, texts(item)?)));
        let all = each.flat_map(|(engine, list)| list.into_iter().map(move |one| format!("{engine} {one}"))).collect();
        Some((framework.to_owned(), all))
    };
    table.others().into_iter().filter_map(requirements).collect()
}
