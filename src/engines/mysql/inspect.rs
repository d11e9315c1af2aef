//! One main file as a server reads it, for whoever compares that with a real one.

use super::effective::evaluate;
use super::flavour::Reader;
use super::reading::{self, Part, Reading, Step, World};
use crate::engines::frame::Pass;
use crate::model::{Engine, Settings, Version, Why};
use crate::text::Files;

/// What a server makes of a main file.
#[derive(Debug)]
pub struct Answer {
    /// What it says before it gives up, where it does not start.
    pub refused: Vec<String>,
    /// What it says, and starts all the same.
    pub remarks: Vec<String>,
    /// Its options.
    pub settings: Settings,
}

fn read(files: &Files, main: &str) -> Reading {
    let to_display = |path: &str| Ok::<_, Why>(path.trim_start_matches('/').to_owned());
    reading::read(World { files, to_display: &to_display, listing: &|_| None }, &[Part::File(main.to_owned())])
}

/// The options that some groups of a main file and of what it includes have, as `my_print_defaults` prints them; `None` where
/// it gives up.
#[must_use]
pub fn arguments(files: &Files, main: &str, groups: &[&str]) -> Option<Vec<String>> {
    let reading = read(files, main);
    let is_asked = |group: &str| groups.iter().any(|asked| asked.eq_ignore_ascii_case(group));
    let is_broken = reading.steps.iter().any(|step| matches!(step, Step::Broken(_))) || reading.diagnostics.iter().any(|fault| fault.fatal);
    let of_line = |line: &reading::Line| match &line.value {
        Some(value) => format!("--{}={value}", line.name),
        None => format!("--{}", line.name),
    };
    let lines = reading.lines().filter(|line| line.group.as_deref().is_some_and(is_asked));
    (!is_broken).then(|| lines.map(of_line).collect())
}

/// What a release makes of a main file.
#[must_use]
pub fn answer(files: &Files, main: &str, engine: Engine, version: &Version) -> Answer {
    let effective = evaluate(&read(files, main), &Reader::new(engine, version), None, Pass::Seen);
    let said = |fatal: bool| {
        let of_kind = effective.problems.iter().filter(move |problem| (problem.truth("fatal") == Some(true)) == fatal);
        of_kind.filter_map(|problem| problem.text("message").map(str::to_owned)).collect()
    };
    Answer { refused: said(true), remarks: said(false), settings: effective.settings.clone() }
}
