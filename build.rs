//! Checks the shipped rules and makes them part of the program: an index, which is always there, and the logic of each
//! rule packed, which is read when a subject of it was found. The table of engines becomes a constant of the program.
//!
//! A rule is `rules/<area>/<area>-….toml`. Everything else below `rules/` (the checklist, profiles, data) belongs to other
//! rooms. A rule that is wrong ends the build, with its line and what to write instead.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use engines::mysql::shapes as mysql;
use engines::pgbouncer::shapes as pgbouncer;
use engines::postgresql::shapes as postgresql;
use gonogo_language::model::{Engine, Series, SettingShape};
use gonogo_language::rules::{Head, Known, Loader, Rule, RuleError, SettingCatalogue, area_of, packed};
use gonogo_language::text::{Source, hexadecimal};
use gonogo_language::{footprints, presumptions};
use hmac_sha256::Hash;
use toml::de::DeTable;

// The catalogues name it by its place in the program.
use gonogo_language::model;

/// The catalogues of the engines, without the engines: what rules compare with is typed by them.
#[allow(dead_code, reason = "rules need the types of settings alone")]
#[path = "src/engines"]
mod engines {
    pub mod frame {
        pub mod rows;
    }
    pub mod mysql {
        pub mod catalogue;
        mod catalogue_table;
        pub mod entry;
        pub mod shapes;
    }
    pub mod pgbouncer {
        pub mod catalogue;
        pub mod shapes;
    }
    pub mod postgresql {
        pub mod catalogue;
        mod catalogue_table;
        pub mod shapes;
    }
}

/// The settings of every engine that is catalogued.
struct Catalogues;

impl SettingCatalogue for Catalogues {
    fn setting(&self, engine: Engine, series: Series, name: &str) -> Option<SettingShape> {
        match engine {
            Engine::Postgresql => postgresql::shape(series, name),
            Engine::Pgbouncer => pgbouncer::shape(series, name),
            Engine::Mysql | Engine::Mariadb => mysql::shape(engine, series, name),
            _ => None,
        }
    }

    fn series(&self, engine: Engine) -> &[Series] {
        match engine {
            Engine::Postgresql => &postgresql::USUAL,
            Engine::Pgbouncer => pgbouncer::usual(),
            Engine::Mysql | Engine::Mariadb => mysql::usual(engine),
            _ => &[],
        }
    }

    fn names(&self, engine: Engine) -> Vec<String> {
        match engine {
            Engine::Postgresql => postgresql::names(),
            Engine::Pgbouncer => pgbouncer::names(),
            Engine::Mysql | Engine::Mariadb => mysql::names(engine),
            _ => Vec::new(),
        }
    }
}

/// The table of native checks has their names and functions; rules name them.
macro_rules! native_checks {
    ($($name:literal => $run:path),+ $(,)?) => { const NATIVE: &[&str] = &[$($name),+]; };
}
include!("src/rules/checks/table.in");

/// A rule file.
struct Shipped {
    id: String,
    text: &'static str,
}

fn main() -> Result<(), Box<dyn Error>> {
    for read in [
        "rules",
        "build.rs",
        "src/engines/mysql/catalogue.tsv",
        "src/engines/pgbouncer/catalogue.tsv",
        "src/engines/postgresql/catalogue.tsv",
        "src/rules/checks/table.in",
    ] {
        println!("cargo::rerun-if-changed={read}");
    }
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let folder = manifest.join("rules");
    let files = rule_files(&folder)?;
    let rules = match load(&folder, &files)? {
        Ok(rules) => rules,
        Err(errors) => return refuse("a shipped rule is wrong", &errors),
    };
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let (index, packed) = index(&files, &rules)?;
    fs::write(out.join("rules.rs"), index)?;
    fs::write(out.join("rules.packed"), packed)?;
    match engines_as_rust(&folder)? {
        Ok(engines) => fs::write(out.join("engines.rs"), engines)?,
        Err(errors) => return refuse("the table of engines is wrong", &errors),
    }
    match presumptions_as_rust(&folder)? {
        Ok(presumptions) => fs::write(out.join("presumptions.rs"), presumptions)?,
        Err(errors) => return refuse("the table of presumptions is wrong", &errors),
    }
    Ok(())
}

/// The table of presumptions as a constant, or everything that is wrong with it.
fn presumptions_as_rust(folder: &Path) -> Result<Result<String, Vec<RuleError>>, Box<dyn Error>> {
    let source = Source::detached("rules/data/presumptions.toml", &fs::read_to_string(folder.join("data/presumptions.toml"))?);
    Ok(presumptions::load(&source).map(|rows| presumptions::as_rust(&rows)))
}

/// The table of engines as an expression, or everything that is wrong with it.
fn engines_as_rust(folder: &Path) -> Result<Result<String, Vec<RuleError>>, Box<dyn Error>> {
    let source = Source::detached("rules/data/engines.toml", &fs::read_to_string(folder.join("data/engines.toml"))?);
    Ok(footprints::load(&source).map(|engines| footprints::as_rust(engines.leak())))
}

/// Every rule file, sorted by id, as the look-up by binary search needs it.
fn rule_files(folder: &Path) -> Result<Vec<Shipped>, Box<dyn Error>> {
    let mut found = Vec::new();
    for area in fs::read_dir(folder)? {
        let area = area?;
        if !area.file_type()?.is_dir() {
            continue;
        }
        let prefix = format!("{}-", area.file_name().to_string_lossy());
        for file in fs::read_dir(area.path())? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if let Some(id) = name.strip_suffix(".toml").filter(|id| id.starts_with(&prefix)) {
                found.push(Shipped { id: id.to_owned(), text: fs::read_to_string(file.path())?.leak() });
            }
        }
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

/// All rules, or everything that is wrong with them.
fn load(folder: &Path, files: &[Shipped]) -> Result<Result<Vec<Rule>, Vec<RuleError>>, Box<dyn Error>> {
    let checklist = fs::read_to_string(folder.join("checklist.toml"))?;
    let checklist = DeTable::parse(&checklist)?;
    let items =
        checklist.get_ref().get("item").and_then(|items| items.get_ref().as_array()).ok_or("rules/checklist.toml has no [[item]]")?;
    let items: Vec<&str> = items.iter().filter_map(|item| item.get_ref().get("id")?.get_ref().as_str()).collect();
    let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
    let loader = Loader::new(Known { catalogue: &Catalogues, items: &items, natives: NATIVE, rules: &ids });
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        match loader.shipped_in_full(&file.id, file.text) {
            Ok(rule) => rules.push(rule),
            Err(found) => errors.extend(found),
        }
    }
    Ok(if errors.is_empty() { Ok(rules) } else { Err(errors) })
}

/// Ends the build, saying what is wrong where, and what to write instead.
#[allow(clippy::print_stderr, reason = "this is how a build script speaks")]
fn refuse(what: &str, errors: &[RuleError]) -> Result<(), Box<dyn Error>> {
    eprintln!();
    for error in errors {
        let (line, excerpt) = (error.location.line, &error.excerpt);
        let before = excerpt.text.get(..excerpt.highlight.start).map_or(0, |before| before.chars().count());
        let carets = "^".repeat(excerpt.text.get(excerpt.highlight.clone()).map_or(0, |part| part.chars().count()).max(1));
        eprintln!("error: {error}\n{line:>5} | {}\n      | {:before$}{carets}\n", excerpt.text, "");
    }
    let each: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Err(format!("{what}\n{}", each.join("\n")).into())
}

/// The index as Rust, and the logic of every rule.
fn index(files: &[Shipped], rules: &[Rule]) -> Result<(String, String), Box<dyn Error>> {
    let (mut all, mut digest) = (String::new(), Hash::new());
    let mut table = String::from("static RULES: &[Shipped] = &[\n");
    for (file, rule) in files.iter().zip(rules) {
        digest.update(file.text);
        let start = all.len();
        let own = packed::pack(rule);
        is_kept(rule, &own)?;
        all.push_str(&own);
        let (area, id) = (area_of(&file.id), &file.id);
        // The macros are resolved by the compiler, so that no path of the building machine becomes part of the program.
        let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{area}/{id}.toml\"))");
        writeln!(table, "    Shipped {{ head: {}, packed: ({start}, {}), text: {text} }},", head(&rule.head), all.len())?;
    }
    let digest = hexadecimal(&digest.finalize());
    writeln!(table, "];\n\n/// SHA-256 over the texts of all shipped rules.\nconst DIGEST: &str = {digest:?};")?;
    Ok((table, all))
}

/// Whether the program will get back what was loaded here.
fn is_kept(rule: &Rule, packed: &str) -> Result<(), String> {
    let head: &'static Head = Box::leak(Box::new(rule.head.clone().into_owned()));
    let text: &'static str = rule.text.clone().into_owned().leak();
    let again = packed::unpack(head, packed.to_owned().leak(), text);
    let same = again.is_some_and(|again| again.logic == rule.logic && again.benchmarks == rule.benchmarks && *again.docs == *rule.docs);
    if same { Ok(()) } else { Err(format!("{}: what is packed is not what was loaded; [docs] and the examples come last", rule.id)) }
}

/// The head of a rule as Rust.
fn head(head: &Head) -> String {
    let Head { id, title, severities, pillar, items, engines, platforms, subject, kind, fix } = head;
    let list = |of: &str, words: Vec<String>| {
        let words: Vec<String> = words.iter().map(|word| format!("{of}::{word}")).collect();
        format!("Cow::Borrowed(&[{}])", words.join(", "))
    };
    let severities = list("Severity", severities.iter().map(|severity| format!("{severity:?}")).collect());
    let engines = list("Engine", engines.iter().map(|engine| format!("{engine:?}")).collect());
    let platforms = list("Platform", platforms.iter().map(|platform| format!("{platform:?}")).collect());
    let items: Vec<String> = items.iter().map(|item| format!("Cow::Borrowed({item:?})")).collect();
    let fix = fix.map_or_else(|| "None".to_owned(), |fix| format!("Some(Applicability::{fix:?})"));
    format!(
        "Head {{ id: Cow::Borrowed({id:?}), title: Cow::Borrowed({title:?}), severities: {severities}, pillar: Pillar::{pillar:?}, \
         items: Cow::Borrowed(&[{}]), engines: {engines}, platforms: {platforms}, subject: SubjectKind::{subject:?}, kind: CheckKind::{kind:?}, fix: {fix} }}",
        items.join(", ")
    )
}
