//! The examples of a rule: small trees of files, and what the rule must say of them.
//!
//! They are documentation and test in one. A *mark* is a line of comment sign, blanks, carets and a
//! text; it is removed before anything is parsed, and points at the line above.

use std::ops::Range;

use toml::de::DeTable;

use super::Rule;
use super::load::Literal;
use super::reader::{Item, Problems, Table, kind_of, text_of};
use crate::model::words::words;
use crate::model::{Engine, EngineVersion, Finding, parse_date};
use crate::text::{Location, Permissions, Source};

words! {
    /// What an example shows.
    ExampleKind {
        /// The rule fires, there, with that text.
        Bad = "bad",
        /// The rule passes.
        Good = "good",
        /// The rule cannot tell, and says why.
        Unknown = "unknown",
        /// The rule cannot tell, and what was seen is suspected, there, with that text.
        Suspected = "suspected",
    }
}

/// What is given to the tool beside files, as options give it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The engine that `version` and `target` are of, where several could be meant.
    pub engine: Option<String>,
    /// `--engine-version`.
    pub version: Option<String>,
    /// `--target-version`.
    pub target: Option<String>,
    /// `--memory`.
    pub memory: Option<String>,
    /// `--cpus`.
    pub cpus: Option<f64>,
    /// `--storage`.
    pub storage: Option<String>,
    /// `--workload`.
    pub workload: Option<String>,
    /// `--deployment`.
    pub deployment: Option<String>,
    /// `--now`.
    pub now: Option<String>,
    /// Whether a running server answers with `rows`.
    pub live: bool,
}

impl Given {
    /// A version that is given, with the engine that it is of.
    ///
    /// # Errors
    /// When it is not a version.
    pub fn version_of(&self, text: Option<&str>) -> Result<Vec<EngineVersion>, String> {
        let engine = self.engine.as_deref().map(str::parse).transpose()?;
        Ok(text.map(str::parse).transpose()?.into_iter().map(|version| EngineVersion { engine, version }).collect())
    }
}

/// What a rule must say of an example; a part that is not stated is not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// File of the finding.
    pub file: Option<String>,
    /// 1-based line.
    pub line: Option<u32>,
    /// 1-based column in UTF-16 units.
    pub column: Option<u32>,
    /// The column after the last one.
    pub end_column: Option<u32>,
    /// Text that stands in the finding's message or label, or in the reason of an unknown.
    pub text: Option<String>,
}

impl Expected {
    /// Whether a finding is the one that is expected. `start` and `end` are those of its primary place.
    #[must_use]
    pub fn describes(&self, finding: &Finding, path: Option<&str>, start: Option<Location>, end: Option<Location>) -> bool {
        let column = |location: Option<Location>| location.map(|location| location.column);
        let same = |wanted: Option<u32>, found: Option<u32>| wanted.is_none_or(|wanted| found == Some(wanted));
        self.file.as_deref().is_none_or(|file| path == Some(file))
            && same(self.line, start.map(|start| start.line))
            && same(self.column, column(start))
            && same(self.end_column, column(end))
            && self.says(&finding.message, finding.primary.as_ref().map_or("", |label| &label.message))
    }

    /// Whether one of two texts says what is expected.
    #[must_use]
    pub fn says(&self, message: &str, label: &str) -> bool {
        self.text.as_deref().is_none_or(|text| message.contains(text) || label.contains(text))
    }
}

/// One example.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows.
    pub kind: ExampleKind,
    /// Path and text of its files, without marks; sorted by path.
    pub files: Vec<(String, String)>,
    /// Path and permissions, where they matter.
    pub modes: Vec<(String, Permissions)>,
    /// A folder of `fixtures/` that the files are laid over.
    pub tree: Option<String>,
    /// What is given beside files.
    pub given: Given,
    /// Rows that a query returns.
    pub rows: Vec<Vec<Literal>>,
    /// Queries that the server denies.
    pub denied: Vec<String>,
    /// What the rule must say.
    pub expectations: Vec<Expected>,
}

/// The examples of a loaded rule, in the order bad, good, unknown, suspected.
#[must_use]
pub fn of(rule: &Rule) -> Vec<Example> {
    let source = Source::detached(&rule.id, &rule.text);
    let Ok(document) = DeTable::parse(source.text()) else {
        return Vec::new();
    };
    let problems = Problems::new(&source);
    read(&Table::new("a rule", document.get_ref(), 0..source.text().len(), &problems))
}

/// Reads every example of a rule, and notes what is wrong or missing.
pub(super) fn read(root: &Table<'_>) -> Vec<Example> {
    let sections =
        [("bad", ExampleKind::Bad), ("good", ExampleKind::Good), ("unknown", ExampleKind::Unknown), ("suspected", ExampleKind::Suspected)];
    let mut examples = Vec::new();
    for (key, kind) in sections {
        let tables = root.tables(key, "an example");
        if tables.is_empty() && matches!(kind, ExampleKind::Bad | ExampleKind::Good) {
            root.missing(key, format!("write [[{key}]] with the smallest file that shows it"));
        }
        examples.extend(tables.into_iter().map(|table| example(kind, &table)));
    }
    examples
}

fn example(kind: ExampleKind, table: &Table<'_>) -> Example {
    let mut example = Example {
        kind,
        given: table.table("given", "`given`").map(given).unwrap_or_default(),
        modes: table.table("modes", "`modes`").map(modes).unwrap_or_default(),
        tree: table.text("tree").map(ToOwned::to_owned),
        rows: table.items("rows").into_iter().filter_map(|item| row(item, table.problems())).collect(),
        denied: table.texts("denied").into_iter().map(|(text, _)| text.to_owned()).collect(),
        expectations: table.tables("expect", "an expectation").into_iter().map(expected).collect(),
        files: Vec::new(),
    };
    for (name, span, item) in table.others() {
        if !name.contains(['.', '/']) {
            let help = "a file has a dot or slash in its name (`./Dockerfile`); known: given, modes, tree, rows, denied, expect";
            table.problems().report_with_help(span, format!("unknown key of an example `{name}`"), help);
            continue;
        }
        if let Some(text) = text_of(item, &format!("the file `{name}`"), table.problems()) {
            let (text, marks) = without_marks(name, text);
            example.expectations.extend(marks);
            example.files.push((name.trim_start_matches("./").to_owned(), text));
        }
    }
    check(&example, table);
    example
}

/// A bad example says what is found; a good one has nothing to say; an unknown one gives the reason.
fn check(example: &Example, table: &Table<'_>) {
    let text_given = example.expectations.iter().any(|expected| expected.text.is_some());
    if example.files.is_empty() && example.tree.is_none() && example.rows.is_empty() && example.denied.is_empty() {
        table.problems().report(table.span(), "an example without a file");
    }
    match example.kind {
        ExampleKind::Bad | ExampleKind::Suspected if example.expectations.is_empty() => {
            let help = "put a mark under the offending text (`#   ^^^ expected on`), or write `expect`";
            table.problems().report_with_help(table.span(), format!("a {} example does not say what is found in it", example.kind), help);
        }
        ExampleKind::Good if !example.expectations.is_empty() => {
            table.problems().report(table.span(), "a good example expects a finding");
        }
        ExampleKind::Unknown if !text_given => {
            let help = "write expect = [{ text = \"…\" }] with words of the reason";
            table.problems().report_with_help(table.span(), "an unknown example does not say why it is unknown", help);
        }
        _ => {}
    }
}

fn given(table: Table<'_>) -> Given {
    let text = |key| table.text(key).map(ToOwned::to_owned);
    let cpus = table.item("cpus").and_then(|item| match Literal::of(item.get_ref()) {
        #[expect(clippy::cast_precision_loss, reason = "a number of processors")]
        Some(Literal::Integer(number)) => Some(number as f64),
        Some(Literal::Real(number)) => Some(number),
        _ => {
            table.problems().report(item.span(), format!("`cpus` must be a number; found {}", kind_of(item.get_ref())));
            None
        }
    });
    let given = Given {
        engine: text("engine"),
        version: text("version"),
        target: text("target"),
        memory: text("memory"),
        cpus,
        storage: text("storage"),
        workload: text("workload"),
        deployment: text("deployment"),
        now: text("now"),
        live: table.bool("live").unwrap_or(false),
    };
    if let Some(Err(reason)) = given.now.as_deref().map(parse_date) {
        table.problems().report(table.span_of("now"), reason);
    }
    if let Some(engine) = given.engine.as_deref().filter(|engine| engine.parse::<Engine>().is_err()) {
        table.problems().unknown(table.span_of("engine"), "engine", engine, Engine::WORDS.iter().copied());
    }
    table.finish();
    given
}

fn modes(table: Table<'_>) -> Vec<(String, Permissions)> {
    let mode = |(name, _, item): (&str, Range<usize>, Item<'_>)| {
        let text = text_of(item, "a mode, as \"0640\",", table.problems())?;
        let stated = permissions(text);
        if stated.is_none() {
            let expected = "expected octal digits, for example \"0640\", and, where they matter, owner and group: \"0640 105:113\"";
            table.problems().report(item.span(), format!("`{text}` is not a valid mode; {expected}"));
        }
        Some((name.to_owned(), stated?))
    };
    table.others().into_iter().filter_map(mode).collect()
}

/// `0640`, or `0640 105:113` with the numbers of owner and group.
fn permissions(text: &str) -> Option<Permissions> {
    let (mode, who) = text.split_once(' ').map_or((text, None), |(mode, who)| (mode, Some(who)));
    let mode = u32::from_str_radix(mode, 8).ok()?;
    let Some(who) = who else { return Some(Permissions { mode, owner: None, group: None }) };
    let (owner, group) = who.split_once(':')?;
    Some(Permissions { mode, owner: Some(owner.parse().ok()?), group: Some(group.parse().ok()?) })
}

fn row(item: Item<'_>, problems: &Problems<'_>) -> Option<Vec<Literal>> {
    match Literal::of(item.get_ref()) {
        Some(Literal::List(cells)) => Some(cells),
        _ => {
            problems.report(item.span(), "a row is a list of values");
            None
        }
    }
}

fn expected(table: Table<'_>) -> Expected {
    let number = |key| {
        let item = table.item(key)?;
        let number = match Literal::of(item.get_ref()) {
            Some(Literal::Integer(number)) => u32::try_from(number).ok(),
            _ => None,
        };
        if number.is_none() {
            table.problems().report(item.span(), format!("`{key}` must be a number from 1 on"));
        }
        number
    };
    let text = |key| table.text(key).map(ToOwned::to_owned);
    let expected = Expected {
        file: text("file"),
        line: number("line"),
        column: number("column"),
        end_column: number("end_column"),
        text: text("text"),
    };
    table.finish();
    expected
}

/// A file without its marks, and what they expect.
fn without_marks(file: &str, text: &str) -> (String, Vec<Expected>) {
    let mut kept = String::new();
    let mut marks = Vec::new();
    let mut above = "";
    let mut line = 0;
    for current in text.split_inclusive('\n') {
        match mark(current.trim_end_matches(['\n', '\r'])) {
            Some(mark) if line > 0 => marks.push(Expected {
                file: Some(file.trim_start_matches("./").to_owned()),
                line: Some(line),
                column: Some(utf16_column(above, mark.columns.start)),
                end_column: Some(utf16_column(above, mark.columns.end)),
                text: (!mark.text.is_empty()).then(|| mark.text.to_owned()),
            }),
            _ => {
                kept.push_str(current);
                above = current;
                line += 1;
            }
        }
    }
    (kept, marks)
}

/// A mark: which characters of the line above, and the text.
struct Mark<'t> {
    columns: Range<usize>,
    text: &'t str,
}

fn mark(line: &str) -> Option<Mark<'_>> {
    let indented = line.trim_start();
    let body = ["#", ";", "//", "--"].into_iter().find_map(|sign| indented.strip_prefix(sign))?;
    let carets = body.trim_start();
    let text = carets.trim_start_matches('^');
    let start = line.chars().count() - carets.chars().count();
    let end = line.chars().count() - text.chars().count();
    (end > start).then(|| Mark { columns: start..end, text: text.trim() })
}

/// The 1-based column in UTF-16 units of the character at an index.
fn utf16_column(line: &str, index: usize) -> u32 {
    let units: usize = line.chars().take(index).map(char::len_utf16).sum();
    u32::try_from(units + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_removed_and_point_at_the_line_above() {
        let (text, marks) = without_marks("db/postgresql.conf", "# ssl\nssl = off\n#     ^^^ expected on\n#     ^^^\nport = 1\n");
        assert_eq!(text, "# ssl\nssl = off\nport = 1\n");
        let expected = Expected {
            file: Some("db/postgresql.conf".to_owned()),
            line: Some(2),
            column: Some(7),
            end_column: Some(10),
            text: Some("expected on".to_owned()),
        };
        assert_eq!(marks, [expected.clone(), Expected { text: None, ..expected }]);
    }

    #[test]
    fn columns_of_marks_count_utf16_units() {
        let (_, marks) = without_marks("a.yml", "  é😀: x\n  #  ^ here\n");
        assert_eq!((marks[0].column, marks[0].end_column), (Some(7), Some(8)));
    }

    #[test]
    fn ordinary_comments_stay() {
        for line in ["# a ^ b", "#", "x # ^", "^^^"] {
            assert!(mark(line).is_none(), "{line}");
        }
    }
}
