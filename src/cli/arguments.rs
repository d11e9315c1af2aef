//! Everything that can be typed. Text of the help lives here and nowhere else.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::audit::Kinds;
use crate::deployments;
use crate::engines;
use crate::model::{Date, Deployment, Engine, EngineVersion, Pillar, Severity, Storage, Workload, nearest, parse_date};
use crate::report::Format;
use crate::rules::compliance;
use crate::text::path;

/// Is this database ready for production? GO, GO WITH RESERVATIONS or NO-GO, each point with its file, line and remedy.
#[derive(Clone, Debug, Parser)]
#[command(name = "gonogo", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    bare: AuditOptions,
}

impl Arguments {
    /// The command; `gonogo` alone is `gonogo audit`.
    #[must_use]
    pub fn command(&self) -> Command {
        self.command.clone().unwrap_or_else(|| Command::Audit(self.bare.clone()))
    }
}

impl Arguments {
    /// What is wrong with a first word that is neither a command nor a path, and nearly a command.
    #[must_use]
    pub fn nearly_a_command(&self) -> Option<String> {
        let word = self.bare.input.paths.first().filter(|_| self.command.is_none())?;
        if word.symlink_metadata().is_ok() {
            return None;
        }
        let commands = <Self as clap::CommandFactory>::command();
        let names = || commands.get_subcommands().map(clap::Command::get_name).chain(["help"]);
        let typed = word.to_str()?.to_ascii_lowercase();
        // Few mistype the first letter: `lnit` is `lint` rather than `init`.
        let begins_alike = nearest(&typed, names().filter(|name| name.chars().next() == typed.chars().next()));
        let meant = begins_alike.or_else(|| nearest(&typed, names()))?;
        let word = path::shown(word);
        Some(format!("`{word}` is neither a command nor a path that exists; did you mean `gonogo {meant}`?"))
    }
}

/// Commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Findings, checklist, score and verdict
    Audit(AuditOptions),
    /// Findings only: no evidence needed, no verdict
    Lint(LintOptions),
    /// The effective configuration: each value, where it comes from, what it overrode
    Show(ShowOptions),
    /// Show available fixes as a diff; --apply writes them
    Fix(FixOptions),
    /// Documentation of a rule or of a checklist item
    Explain(ExplainOptions),
    /// List the rules
    Rules(RulesOptions),
    /// Write a commented gonogo.toml with the evidence still missing for what was found here
    Init(InitOptions),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// What to look at, and how to read it.
#[derive(Args, Clone, Debug, Default)]
pub struct InputOptions {
    /// Directories and files to look at; `-` reads standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Kind of the given files, if neither name nor content shows it: postgresql.conf, pg_hba.conf, compose, …
    #[arg(long = "as", value_name = "KIND", value_parser = kind(), hide_possible_values = true)]
    pub kind: Option<String>,
    /// Path to report for standard input
    #[arg(long, value_name = "PATH")]
    pub stdin_path: Option<String>,
    /// Configuration file [default: gonogo.toml in the working directory or above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_local_config")]
    pub config: Option<PathBuf>,
    /// Ignore any gonogo.toml
    #[arg(long)]
    pub no_local_config: bool,
    /// Compose file of the project; several are laid over each other in their order, like `docker compose -f A -f B`
    /// [default: what Docker Compose finds by itself]
    #[arg(long, value_name = "FILE")]
    pub compose_file: Vec<PathBuf>,
    /// File with values for interpolation, in addition to the project's .env
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,
    /// Take this variable from the environment for interpolation
    #[arg(long, value_name = "NAME")]
    pub use_env: Vec<String>,
    /// How the servers are run, if the files do not say: self-managed, container, kubernetes, managed
    #[arg(long, value_name = "WORD", value_parser = words::<Deployment>(Deployment::WORDS), hide_possible_values = true)]
    pub deployment: Option<Deployment>,
    /// Memory of the host, if the files do not say: 16GB
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub memory: Option<i64>,
    /// Processors of the host, if the files do not say
    #[arg(long, value_name = "NUMBER", value_parser = cpus)]
    pub cpus: Option<f64>,
    /// Kind of disk, if the files do not say: ssd, hdd
    #[arg(long, value_name = "WORD", value_parser = words::<Storage>(Storage::WORDS), hide_possible_values = true)]
    pub storage: Option<Storage>,
    /// Kind of workload: web, oltp, dw, mixed
    #[arg(long, value_name = "WORD", value_parser = words::<Workload>(Workload::WORDS), hide_possible_values = true)]
    pub workload: Option<Workload>,
    /// Version of the server, if neither path nor image shows it: 16, or mariadb=10.11
    #[arg(long, value_name = "[ENGINE=]VERSION", value_parser = EngineVersion::from_str)]
    pub engine_version: Vec<EngineVersion>,
    /// Upgrade mode: also say what breaks or changes its meaning with this release: 18, or postgresql=18
    #[arg(long, value_name = "[ENGINE=]VERSION", value_parser = EngineVersion::from_str)]
    pub target_version: Vec<EngineVersion>,
    /// The date that ages are counted from [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub now: Option<Date>,
    /// Directory of additional rules
    #[arg(long = "rules", value_name = "DIR")]
    pub rule_folders: Vec<PathBuf>,
}

/// What to show, and where.
#[derive(Args, Clone, Debug)]
pub struct OutputOptions {
    /// Output format, with a file to write it to (`-`: standard output): terminal, json, sarif, markdown, junit, gitlab, github
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "terminal", value_parser = FormatAndFile, hide_possible_values = true)]
    pub format: Vec<String>,
    /// Show findings from this severity on; never changes the exit code
    #[arg(long, value_name = "SEVERITY", value_parser = words::<Severity>(Severity::WORDS), hide_possible_values = true, default_value = "info")]
    pub min_severity: Severity,
    /// Show only these rules: ids, prefixes, pillars, frameworks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not show these rules: ids, prefixes, pillars, frameworks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// File of known findings, by fingerprint; they are not shown
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to a baseline file
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Show suppressed findings as well
    #[arg(long)]
    pub no_ignores: bool,
    /// In the terminal, show each finding by itself, with its lines and its remedy
    #[arg(long)]
    pub full: bool,
    /// Leave suspicions out: findings that hold only if something does that was not seen
    #[arg(long)]
    pub certain: bool,
    /// Exit 1 for suspicions from this severity on, or `never` [default: high]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on(), hide_possible_values = true)]
    pub fail_on_suspected: Option<FailOn>,
    /// Exit 4 if a discovered file cannot be read or a weighty check of a named one cannot be decided, and 1 on GO WITH RESERVATIONS
    #[arg(long)]
    pub strict: bool,
    /// Print counts and durations to standard error
    #[arg(long)]
    pub timing: bool,
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self {
            format: vec!["terminal".to_owned()],
            min_severity: Severity::Info,
            select: Vec::new(),
            ignore: Vec::new(),
            baseline: None,
            write_baseline: None,
            no_ignores: false,
            full: false,
            certain: false,
            fail_on_suspected: None,
            strict: false,
            timing: false,
        }
    }
}

/// Options of `audit`.
#[derive(Args, Clone, Debug, Default)]
pub struct AuditOptions {
    #[command(flatten)]
    pub input: InputOptions,
    #[command(flatten)]
    pub output: OutputOptions,
    /// How critical the database is: low, medium, high [default: medium]
    #[arg(long, value_name = "WORD", value_parser = ["low", "medium", "high"])]
    pub criticality: Option<String>,
    /// Size of the organisation: startup, company, enterprise [default: company]
    #[arg(long, value_name = "WORD", value_parser = ["startup", "company", "enterprise"])]
    pub size: Option<String>,
    /// Exit 1 below this level of maturity (0 to 4)
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub min_maturity: Option<u8>,
}

/// Options of `lint`.
#[derive(Args, Clone, Debug, Default)]
pub struct LintOptions {
    #[command(flatten)]
    pub input: InputOptions,
    #[command(flatten)]
    pub output: OutputOptions,
    /// Exit 1 from this severity on, or `never` [default: medium]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on(), hide_possible_values = true)]
    pub fail_on: Option<FailOn>,
}

/// From which severity `lint` exits 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    From(Severity),
    /// Never.
    Never,
}

/// Options of `show`.
#[derive(Args, Clone, Debug, Default)]
pub struct ShowOptions {
    #[command(flatten)]
    pub input: InputOptions,
    /// Only this setting, default or not
    #[arg(long, value_name = "NAME")]
    pub setting: Option<String>,
    /// Also the settings that are at their default
    #[arg(long)]
    pub all: bool,
    /// For each path to the server, which access rule decides, and with what method
    #[arg(long)]
    pub who_can_connect: bool,
    /// What memory, worker, WAL and disk settings should be on this machine, with the arithmetic, as lines for
    /// postgresql.conf; needs --memory, gonogo.toml or the limit of a container
    #[arg(long, conflicts_with_all = ["setting", "all", "who_can_connect"])]
    pub sizing: bool,
    /// Output format: terminal, json
    #[arg(long, value_name = "FORMAT", value_parser = ["terminal", "json"], default_value = "terminal")]
    pub format: String,
}

/// Options of `fix`.
#[derive(Args, Clone, Debug, Default)]
pub struct FixOptions {
    #[command(flatten)]
    pub input: InputOptions,
    /// Write the fixes to the files that were named or are in a directory that was
    #[arg(long)]
    pub apply: bool,
    /// Include fixes that need a review
    #[arg(long = "unsafe")]
    pub with_unsafe: bool,
    /// Only fixes for these rules: ids, prefixes, pillars, frameworks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub select: Vec<String>,
    /// No fixes for these rules: ids, prefixes, pillars, frameworks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ignore: Vec<String>,
}

/// Options of `explain`.
#[derive(Args, Clone, Debug)]
pub struct ExplainOptions {
    /// A rule (postgresql-tls-off) or a checklist item (security/tls)
    #[arg(value_name = "RULE|ITEM")]
    pub name: String,
    /// Output format: terminal, json
    #[arg(long, value_name = "FORMAT", value_parser = ["terminal", "json"], default_value = "terminal")]
    pub format: String,
    /// Directory of additional rules
    #[arg(long = "rules", value_name = "DIR")]
    pub rule_folders: Vec<PathBuf>,
}

/// Options of `rules`.
#[derive(Args, Clone, Debug)]
pub struct RulesOptions {
    /// Only rules of this engine
    #[arg(long, value_name = "ENGINE", value_parser = words::<Engine>(Engine::WORDS), hide_possible_values = true)]
    pub engine: Option<Engine>,
    /// Only rules of this pillar
    #[arg(long, value_name = "PILLAR", value_parser = words::<Pillar>(Pillar::WORDS), hide_possible_values = true)]
    pub pillar: Option<Pillar>,
    /// Only rules that can reach this severity
    #[arg(long, value_name = "SEVERITY", value_parser = words::<Severity>(Severity::WORDS), hide_possible_values = true)]
    pub severity: Option<Severity>,
    /// Only rules that a compliance framework has a requirement for: pci-dss-4, iso-27001-2022, …
    #[arg(long, value_name = "NAME", value_parser = framework(), hide_possible_values = true)]
    pub framework: Option<String>,
    /// List the vocabulary of rules: facts, records, fields, conditions
    #[arg(long)]
    pub vocabulary: bool,
    /// Output format: terminal, json
    #[arg(long, value_name = "FORMAT", value_parser = ["terminal", "json"], default_value = "terminal")]
    pub format: String,
    /// Directory of additional rules
    #[arg(long = "rules", value_name = "DIR")]
    pub rule_folders: Vec<PathBuf>,
}

/// Options of `init`.
#[derive(Args, Clone, Debug, Default)]
pub struct InitOptions {
    #[command(flatten)]
    pub input: InputOptions,
    /// Where to write; `-` is standard output
    #[arg(long, value_name = "FILE", default_value = "gonogo.toml")]
    pub output: PathBuf,
}

/// A word of an enumeration: completed by shells, and with the nearest one in the message where there is no such word.
fn words<T: FromStr<Err = String> + Clone + Send + Sync + 'static>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

fn kind() -> PossibleValuesParser {
    PossibleValuesParser::new(Kinds::of(deployments::ALL, engines::ALL).names())
}

fn framework() -> PossibleValuesParser {
    PossibleValuesParser::new(compliance::frameworks().keys().map(String::as_str).collect::<Vec<_>>())
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(Severity::WORDS.iter().copied().chain(["never"])).try_map(|word| match word.as_str() {
        "never" => Ok(FailOn::Never),
        severity => severity.parse().map(FailOn::From),
    })
}

/// `FORMAT`, or `FORMAT=FILE`: shells complete the words; [`super::outputs`] reads the whole.
#[derive(Clone)]
struct FormatAndFile;

impl TypedValueParser for FormatAndFile {
    type Value = String;

    fn parse_ref(&self, command: &clap::Command, argument: Option<&clap::Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::WORDS.iter().copied().map(PossibleValue::new)))
    }
}

fn cpus(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number < 100_000.0 => Ok(number),
        _ => Err("expected a positive number of processors, for example 4".to_owned()),
    }
}

/// Reads `16GB`, `512MB`, `1024kB`, `16G`. A number alone is not taken for bytes: nobody means 16 of them.
pub(super) fn memory(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is not a valid amount of memory; expected a number with kB, MB, GB or TB, for example 16GB");
    let digits = text.trim().find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at(digits);
    let factor: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" if !number.is_empty() => return Err(format!("`{text}` has no unit; did you mean {number}GB?")),
        "b" => 1.0,
        "k" | "kb" | "kib" => 1024.0,
        "m" | "mb" | "mib" => 1024.0 * 1024.0,
        "g" | "gb" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "t" | "tb" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = number.parse::<f64>().map_err(|_| wrong())? * factor;
    // Beyond an exabyte it is a slip of the finger, and would not fit.
    #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
    if (1.0..1e18).contains(&bytes) { Ok(bytes as i64) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_memory() {
        assert_eq!(memory("16GB"), Ok(16 << 30));
        assert_eq!(memory("1.5 GiB"), Ok(3 << 29));
        assert!(memory("16 bananas").is_err());
        assert!(memory("").is_err());
        assert!(memory("16").unwrap_err().ends_with("did you mean 16GB?"));
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        <Arguments as CommandFactory>::command().debug_assert();
    }
}
